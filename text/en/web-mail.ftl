# Mails, and the page on which somebody says that they want no more of them.

mail-foot-from = This message is from { $organisation }.
mail-foot-privacy = How we handle your data: { $link }
mail-foot-stop = Do you want no more messages of this kind? Sign off here, without a password: { $link }

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
