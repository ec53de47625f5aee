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
js-verdict-remove = will be removed
js-verdict-warn = take care
js-verdict-block = may not be sent
js-verdict-allow = stays as it is
