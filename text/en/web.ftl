# The people's side: frame, notice, consent, cookies, problems.

month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

skip-to-content = Skip to content
optional = (optional)
nav-main = Main menu
nav-language = Language
nav-foot = At the bottom of the page
nav-chat = Chat
nav-privacy = Privacy
nav-rights = Your rights
nav-overview = Overview
nav-requests = Requests
nav-register = Register
nav-audit = Audit log
nav-try = Try it
foot-privacy = Privacy statement
foot-cookies = Cookies
foot-withdraw = Withdraw consent
foot-rights = Your rights
foot-accessibility = Accessibility
foot-note = This site uses only necessary cookies and loads nothing from other sites.

banner-label = Please note
banner-test-clock = Test clock: for this system it is now { $day }. Terms here do not match the real date.
banner-observe = This system only measures. Personal data is neither replaced nor held back.
banner-demo = This is an example with invented data. The municipality does not exist.

contact-phone = Call
human-title = Rather talk to a person?
human-before = You do not have to use this chat. A member of staff will help you too.
human-problem = Does it not work? A member of staff will help you.
human-rights = You can also put your question to a member of staff, or send a letter.
human-chat = You can always talk to a member of staff. This is how:

notice-title = Before you start
notice-lead = You are talking to a computer here (AI), not to a person. First read what happens with your data.
notice-read-all = Read the whole privacy statement
notice-acknowledge = I have read this and want to start
notice-acknowledge-means = This button gives no consent. We remember that you have seen this.
notice-version = Version { $version }
notice-since = applies since
notice-was-refused = Your message was not received. Please read this first. Then you can send it again.
notice-has-changed = This text has changed. Please read the new text before you go on.

consent-legend = May we also do the following?
consent-hint = You do not have to tick anything. The chat works without it.
consent-for = This holds for { $entity } only.
consent-title = Your consent
consent-lead = Here you see what you consented to. Withdrawing is as easy as giving.
consent-none = This chat does not ask your consent for anything. So there is nothing to withdraw.
consent-given = Given on { $day }
consent-not-given = Not given
consent-give = Give consent
consent-withdraw = Withdraw consent
consent-changed = Your choice is saved and applies from now on.
consent-proof = If you withdraw consent, we stop at once. What was done earlier with your consent remains lawful. We do keep the proof that you gave it.

cookies-title = Cookies
cookies-lead = A cookie is a small file in your browser. We only use cookies that are needed. That is why we do not ask your consent for them.
cookies-list = All cookies of this site
cookies-name = Name
cookies-aim = What for
cookies-provider = From whom
cookies-lifetime = How long
cookies-category = Kind
cookies-session = Until you close the browser
cookies-without-title = Rather no cookies?
cookies-without = If you block cookies, you can still read everything and send a request. Only the chat will not work: without a cookie we do not know which conversation is yours.
cookies-signal-title = A signal from your browser
cookies-signal = Does your browser send ‘Global Privacy Control’? We do not share or sell your data for advertising, with or without that signal.

privacy-title = Privacy statement
privacy-contents = On this page
privacy-other-title = Read another version
privacy-other = Choose a day. You will see the statement that applied on that day.
privacy-at = Day
privacy-residence = Country where you live
privacy-show = Show

accessibility-title = Accessibility
accessibility-lead = Everybody must be able to use this site.
accessibility-aim = We follow the guideline WCAG 2.2, level AA. Every page was tested with a program. An independent inspection has not been done yet.
accessibility-works-title = This works
accessibility-works-1 = You can do everything with the keyboard. Escape stops an answer.
accessibility-works-2 = A screen reader reads an answer sentence by sentence, not word by word.
accessibility-works-3 = Without JavaScript you can read, chat and send a request.
accessibility-works-4 = The site fits a narrow screen and follows your setting for dark, contrast and motion.
accessibility-trouble-title = Does something not work?
accessibility-trouble = Tell us. We will solve it or help you in another way.

problem-to-start = To the chat
problem-to-rights = To your rights
problem-form-title = Something is wrong in what you sent
problem-form = We could not read it. Nothing was kept. Go back and try again.
problem-forbidden-title = This is not allowed here
problem-forbidden = You have no access to this page, or the page was open for too long. Go back, load the page again and try once more.
problem-missing-title = This page does not exist
problem-missing = Perhaps the address is wrong, or what you are looking for was erased.
problem-large-title = Your message is too large
problem-large = We did not receive it. Make it shorter and send it again.
problem-notice-title = Read the explanation first
problem-notice = We accept nothing before you have seen what happens with your data. Nothing was kept.
problem-many-title = One moment please
problem-many = You sent many messages in a row. Wait a minute and then try again.
problem-away-title = This is not possible now
problem-away = A part does not work for a moment. Your message was not sent. Try again in a few minutes.
problem-ours-title = Something went wrong on our side
problem-ours = This is our mistake, not yours. Please try again later.

cookie-necessary = Necessary
cookie-functional = Functional
cookie-performance = Measuring
cookie-advertising = Advertising
