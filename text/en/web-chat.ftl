# The chat page.

chat-title = Chat
chat-about = You are talking to the AI assistant of { $organisation }.
chat-log = Conversation
chat-you = You
chat-assistant = Assistant (AI)
chat-script = Fixed text, not AI
chat-stopped = Broken off
chat-earlier = Earlier conversations
chat-earlier-none = You have no saved conversations yet.
chat-new = New conversation
chat-own-data = My data
chat-delete = Erase conversation
chat-delete-sure = This conversation disappears for good, from our backups too. It cannot be undone.
chat-delete-do = Yes, erase this conversation
chat-welcome = How can I help you?
chat-welcome-1 = We replace personal data in your message before the AI model gets anything.
chat-welcome-2 = While you type, you see what we replace.
chat-welcome-3 = Feel free to ask: ‘what data do you have about me?’ or ‘delete my data’.
chat-accuracy = This is AI. An answer can be wrong. Check what matters.
chat-human = Rather talk to a person?

label-model = Model
label-place = Place
label-kept = Keeping
label-masked = your data replaced
place-own = with us
place-eu = in the EU
place-outside = outside the EU
kept-on = on
kept-off = off
kept-until = gone on { $day }

history-legend = Keep this conversation?
history-on = Yes, keep it
history-on-text = You will find it among your earlier conversations, in this browser. It disappears after { $period }.
history-off = No, do not keep it
history-off-text = It does not appear in your list. We erase it { $period } after the first message.

composer-label = Your message
composer-placeholder = Type your question
composer-send = Send
composer-stop = Stop
found-label = Found in your message

refused-title = This message was not sent
refused-ways = What you can do:

sides-open = What did the model see?
sides-you = You see this
sides-model = The model saw this

js-writing = The assistant is writing.
js-done = The answer is complete.
js-failed = Sending failed. Your text is still in the box.
js-offline = There is no connection. Your text is still in the box.
js-copy = Copy
js-copied = Copied
js-strike = This is not personal data
js-unstrike = It is personal data after all
js-verdict-replace = will be replaced
js-verdict-widen = goes in wider words
js-verdict-remove = will be removed
js-verdict-warn = take care
js-verdict-block = may not be sent
js-verdict-allow = stays as it is

# Kinds of data, and why they were found.

kind-person = name
kind-email = e-mail address
kind-phone = telephone number
kind-bsn = citizen service number
kind-iban = bank account number
kind-credit-card = card number
kind-address = address
kind-postcode = postcode
kind-city = place of residence
kind-date-of-birth = date of birth
kind-licence-plate = licence plate
kind-customer-number = customer number
kind-employee-number = employee number
kind-patient-number = patient number
kind-id-number = identity document number
kind-ip = IP address
kind-device-id = device number
kind-username = user name
kind-url-personal = personal web address
kind-api-key = password or key
kind-health = health
kind-religion = religion
kind-ethnicity = ethnic origin
kind-political = political opinion
kind-union = trade union
kind-sexual-orientation = sexual orientation
kind-criminal = criminal offence
kind-biometric-genetic = biometric or genetic data
kind-quasi = feature that points to a person
kind-organisation = organisation
kind-location = place
kind-date = date
why-eleven-test = the digits pass the eleven-test
why-mod-97 = the check digits fit
why-luhn = the check digit of cards fits
why-check-digit = the check digit fits
why-format = it has the shape of one
why-after-label = a label before it says so
why-column = the column or key says so
why-key-prefix = it begins like a known key
why-random-text = it looks as random as a key
why-name-cue = a form of address stands beside it
why-name-list = it is on a list of names
why-initials = initials stand before it
why-own-recogniser = it fits a recogniser of this organisation
why-letter-form = it stands where a letter has a name
why-found-before = it was found earlier in the text
why-street-and-number = a street with a house number
why-residence = the text says that somebody lives there
why-special-word = a word for sensitive data
why-description = the description points to somebody
why-model = the trained part recognises it

# What screening says.

chat-untitled = Conversation
found-blocked = This may not be sent
found-replaced = { $n ->
    [one] 1 item will be replaced
   *[other] { $n } items will be replaced
}
refused-direct-identifier = Your message holds data of a person, such as a name or address. It may not go to this model.
refused-indirect-identifier = Your message holds data that together points to one person. It may not go to this model.
refused-bulk-list = Your message is about many persons at once. Such a list may not go to this model.
refused-national-number = Your message holds a citizen service number or the number of an identity document. That may never go to an AI model.
refused-special-category = Your message says something sensitive about somebody, such as health, religion or an offence. It may not go to this model.
refused-credential = Your message holds a password, key or card number. That may never go to an AI model.
refused-not-personal = This message may not go to this model.
refused-by-choice = The organisation chose this, with this reason: { $why }
refused-send-anyway = Send anyway
second-waits = This message may go only when somebody else in the organisation agrees. The question is there, with number { $reference } and without the text. Keep the message yourself. After a yes send the very same message again, before { $until }.
second-no = Somebody else in the organisation looked at this and said no. The number is { $reference }.
second-nobody = This message may go only when somebody else in the organisation agrees. That cannot be asked here now.
second-why = What is this needed for? Choose what fits best:
second-reason-care = to help or treat somebody
second-reason-duty = because a law or task asks for it
second-reason-contract = for an agreement with that person
second-reason-claim = for a complaint, objection or court case
second-reason-safety = for somebody's safety
way-without = Take out the marked words and send the message again.
way-new = It stands earlier in the conversation, perhaps in an answer. Begin a new conversation.
way-fewer = Send data of fewer persons, or of none.
way-template = Ask it without data: ‘What should somebody do who …?’
way-own-model = Begin a new conversation with the own model ‘{ $model }’.
way-strike = Is a marked word not personal data? Strike it out and send again.
way-human = Ask a member of staff.

stream-no-longer = The answer stopped: you withdrew consent, objected or erased the conversation.
stream-broken = The answer broke off. What had come was kept.
stream-not-kept = The answer could not be kept.
stream-unanswered = The model gives no answer now. Your message does stand in the conversation. Try again in a few minutes.

step-access = You can see right away what we keep about you, why and for how long.
step-erase = We can erase all that we keep about you in this chat.
step-withdraw = You withdraw consent yourself, at once and without a reason.
step-other = We can make this a request. You get a number and a date at once.
step-look-first = See your data first
step-to-model = No, just send my message
