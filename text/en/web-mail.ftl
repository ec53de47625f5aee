# Mails, and the page on which somebody says that they want no more of them.

mail-foot-from = This message is from { $organisation }.
mail-foot-privacy = How we handle your data: { $link }
mail-foot-stop = Do you want no more messages of this kind? Sign off here, without a password: { $link }
mail-foot-consents = See or withdraw what you consented to, without a password: { $link }

mail-change-subject = Our privacy notice changes on { $day }
mail-change-lead = From { $day } we handle your data in another way.
mail-change-added = This is then in our privacy notice:
mail-change-removed = This is then no longer in it:
mail-change-whole = You can read the whole notice here: { $link }
mail-change-rights = Do you disagree? You can object, or have your data erased: { $link }

mail-stop-title = No more messages of this kind
mail-stop-lead = Press the button. Then we send you no more messages of this kind. You need not say why.
mail-stop-do = Sign off
mail-stop-done = You are signed off. We send you no more messages of this kind.
mail-stop-rest = Messages that belong to the service, or that we must send, go on.
mail-stop-unknown = This link does not work. Perhaps a part of it was lost. Open the link in the message again, or fill in your address.
mail-consents-lead = You consented to this. Press a button to withdraw it. It holds at once.
mail-consents-none = We know of no consent of yours that stands now.

mail-code-subject = Your code for request { $reference }
mail-code-code = Your code is { $code }. Fill it in at { $link } or tell it to our member of staff. It works once, until { $until }.
mail-code-rest = Did you ask for nothing? Then you need not do anything.

mail-received-subject = We received request { $reference }
mail-received-what = On { $received } we received your request { $reference }: { $right }.
mail-received-when = We want to have answered it on { $aim }. The last day that the law allows is { $latest }.
mail-received-rest = How it is doing you can read with the code of your request at { $link }. You can also always complain to the supervisory authority. Our privacy notice says which one that is.

mail-extended-subject = Request { $reference } takes longer

mail-answered-subject = There is an answer to request { $reference }
mail-answered-what = There is an answer to your request { $reference }: { $right }. It is not in this e-mail, because others may read along on the way.
mail-answered-link = Read it here, once and until { $until }: { $link }
mail-answered-rest = After that you read it with the code of your request at { $here }. The answer also says where you can complain and how to go to court.
