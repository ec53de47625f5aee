# The rights desk and a person's own data.

rights-title = Your rights
rights-lead = Your data is yours. Here you ask what you want to know or change. It is free of charge.
rights-own-title = Data from this chat
rights-own = What you shared with the chat in this browser you can see, take along and erase yourself, right now.
rights-own-see = See my data
rights-own-erase = Erase my data
rights-which = What do you want?
rights-question = Your question in your own words
rights-question-hint = Tell briefly what it is about. Please leave out identity numbers and health.
rights-reply-to = E-mail or postal address for the answer
rights-reply-to-hint = We use this only to answer you. If you leave it empty, you read the answer here, with your code.
rights-by-mail = Answer me by e-mail
rights-by-mail-text = We mail a code first, so that we are sure that the address is yours. Then fill in that code. Without the code your request simply goes on.
rights-wrong = Is something wrong? Write it exactly as it stands there
rights-wrong-hint = Do you choose correcting? Then we do not use anything in which this stands, until a member of staff has looked.
rights-countries = Do you live or work in another country?
rights-countries-hint = You need not say so. If you do, our answer says at which authority there you can complain.
rights-lives = Here I live
rights-works = Here I work
rights-country-none = I do not say
own-part-countries = In which countries you live and work
rights-send = Send request
rights-send-means = You get a number and a date at once.
rights-status-title = Did you make a request already?
rights-status = Open the address of your request and enter your code. You got it when you made the request.
rights-fault-right = Choose what you want.
rights-fault-question = Make your question shorter: at most 4,000 characters.
rights-fault-reply-to = Check the address for the answer.
form-faults = Please look at this again
request-unreadable = We could not read this request, and kept nothing of it. It is a JSON document with the fields named here and no others: see /openapi.json.

right-access = See my data
right-access-text = You get a copy, and read why we have the data and for how long.
right-erasure = Have my data erased
right-erasure-text = We erase what may go. We tell you what stays and why.
right-rectification = Have my data corrected
right-rectification-text = Is something wrong or missing? Then we change it.
right-restriction = Have the use stopped for a time
right-restriction-text = We keep the data but do not use it while something is being looked into.
right-portability = Take my data along
right-portability-text = You get what you gave us in a file that a computer can read.
right-objection = Object
right-objection-text = You do not want us to use your data for something.
right-human-review = Have a person look at it
right-human-review-text = A member of staff looks at a decision that a computer took.
right-withdrawal = Withdraw consent
right-withdrawal-text = You gave consent and no longer want that.
right-information = Get an explanation
right-information-text = You want to know how we handle data.
right-recipients = Know who was told
right-recipients-text = You had something corrected, erased or stopped, and want to know whom we told.
right-complaint = Make a complaint
right-complaint-text = You disagree with what we do.

receipt-title = Your request was received
receipt-lead = You will get an answer by { $day } at the latest.
receipt-reference = Number
receipt-code = Your code
receipt-code-hint = Keep this code. You see it only once. With the code you can read how your request is doing.
receipt-right = What you asked
receipt-received = Received on
receipt-aim = Answer expected on
receipt-latest = Last day according to the law
receipt-next-title = What happens now?
receipt-next-1 = A member of staff reads your request.
receipt-next-2 = Sometimes we must know who you are. We then ask as little as possible, and never a copy of your passport.
receipt-next-3 = We look up what we have about you and decide.
receipt-next-4 = You get an answer. If we say no, you read why and where you can complain.
receipt-to-status = See how your request is doing
receipt-joined = You asked this already. We handle it as one request. The day of your first request counts, and both codes work.
receipt-code-mailed = We sent a code to the address that you gave. Fill it in, and we answer you by e-mail.
receipt-to-confirm = Fill in the code from the e-mail

status-title = How is your request doing?
status-lead = Enter the code that you got with your request.
status-code = Your code
status-code-hint = The code was in the confirmation of your request.
status-show = Show
status-refused = We find nothing for this number and this code. Check the code.
status-by-mail = Do you want the answer by e-mail? We send a code to the address of your request.
status-by-mail-do = Send me a code
sure-title = The code from the e-mail
sure-lead = Fill in the code that we sent to the address of the request.
sure-sent = If this request has an e-mail address, a code is on its way there. That may take a few minutes.
sure-code = Code from the e-mail
sure-code-hint = Eight digits. The code works once, and only for a short time.
sure-do = Confirm
sure-wrong = This code is not right, or no longer counts. Check the code, or ask for a new one.
sure-right = The address is confirmed. We note that with your request.
sure-no-click = Do you fill in no code? Then your request simply goes on. You read the answer with the code of your request.
answer-title = There is an answer
answer-lead = Press the button to read the answer. This link works once.
answer-do = Read the answer
answer-used = This link was used already, or no longer counts.
answer-otherwise = With the number and the code of your request you can still read the answer. Do you no longer have them? Then ask us.
status-of = Request { $reference }
stage-received = We have received your request. A member of staff will start on it.
stage-identifying = We still need to know who you are. You were told about this.
stage-working = We are looking up your data.
stage-deciding = A member of staff is deciding on your request.
stage-extended = We need more time. You were told the reason.
stage-answered = Your request was answered.
stage-partly-answered = A part of your request was done. You were told the reason for the rest.
stage-refused = We refused your request. You were told the reason.
stage-taken-back = You withdrew your request.
stage-joined = We handle this together with an earlier request of yours. The day of the first request counts.

own-title = My data
own-lead = { $n ->
    [0] We keep nothing about you in this chat.
    [one] We keep 1 item about you in this chat.
   *[other] We keep { $n } items about you in this chat.
}
own-download = Download as JSON
own-erase = Erase everything
own-purposes = Why
own-source = Where it comes from
own-period = How long
own-records = { $n ->
    [one] See 1 item
   *[other] See { $n } items
}
own-gone = gone on { $day }
own-dispute = This is not right
own-disputed = You say that this is not right. We do not use it until a member of staff has looked.
own-right = Is it still right?
own-right-again = It has been a while since you looked at your data. Will you see whether it is still right?
own-right-since = On { $day } you said that it is right.
own-right-text = See whether what stands above is still right. Is something wrong? Say so there, or ask us to correct it.
own-right-do = All of it is right
disputed-title = We do not use this for now
disputed-lead = A member of staff looks whether it is right. You get an answer by { $day } at the latest. Until then we do not use this piece of data. Everything else goes on as before.
own-recipients = Who receives data
own-visit-title = Your visit
own-visit = We know your browser by a number since { $since }. We forget that number on { $until }, unless you come back earlier. You read version { $version } of the privacy notice.
own-not-shown = { $n ->
    [one] There is one item that we cannot show here. Please ask us.
   *[other] There are { $n } items that we cannot show here. Please ask us.
}
own-consents = Your choices
own-none = Nothing.
own-rights-title = What else you can ask
own-rights = You can have data corrected, have its use stopped, or object.
own-rights-link = To your rights
own-made = This overview is of { $day }.

erase-title = Erase my data
erase-lead = { $n ->
    [0] You erase everything that we keep about you in this chat.
    [one] You erase 1 conversation and everything that belongs to it.
   *[other] You erase { $n } conversations and everything that belongs to them.
}
erase-warning = This cannot be undone. Do you want a copy? Download it first.
erase-stays = This stays, and why
erase-sure = Yes, I want to erase my data
erase-do = Erase my data
erase-not = Not after all
erased-title = Your data was erased
erased-lead = { $n ->
    [0] There was nothing to erase.
    [one] We erased 1 item. Nobody can read it any more, in backups neither.
   *[other] We erased { $n } items. Nobody can read them any more, in backups neither.
}
erased-nothing-stays = Nothing readable of you remains.

# Words of the register.

since-created = after it came to be
since-first-message = after the first message
since-last-activity = after your last message
since-session-ended = after the end of your visit
since-account-deleted = after your account is deleted
since-consent-withdrawn = after you withdrew consent
since-case-closed = after your request is handled
since-relationship-ended = after the relationship ended
since-calendar-year-end = after the end of the year
since-fiscal-year-end = after the end of the financial year
since-process-ended = only as long as the answer takes
since-delivered = only as long as the answer takes
basis-contract = contract
basis-consent = consent
basis-legal-duty = legal obligation
basis-legit = legitimate interest
basis-vital = vital interest
basis-public-task = task in the public interest
basis-authority = official authority
source-person = From you
source-automatic = Made by itself in use
source-third-party = From others
source-organisation = From us
period-minutes = { $n ->
    [one] 1 minute
   *[other] { $n } minutes
}
period-hours = { $n ->
    [one] 1 hour
   *[other] { $n } hours
}
period-days = { $n ->
    [one] 1 day
   *[other] { $n } days
}
period-months = { $n ->
    [one] 1 month
   *[other] { $n } months
}
period-years = { $n ->
    [one] 1 year
   *[other] { $n } years
}
country-nl = the Netherlands
country-be = Belgium
country-de = Germany
country-fr = France
country-ie = Ireland
country-se = Sweden
country-us = the United States
country-gb = the United Kingdom
country-ch = Switzerland
country-at = Austria
country-bg = Bulgaria
country-cy = Cyprus
country-cz = Czechia
country-dk = Denmark
country-ee = Estonia
country-es = Spain
country-fi = Finland
country-gr = Greece
country-hr = Croatia
country-hu = Hungary
country-is = Iceland
country-it = Italy
country-li = Liechtenstein
country-lt = Lithuania
country-lu = Luxembourg
country-lv = Latvia
country-mt = Malta
country-no = Norway
country-pl = Poland
country-pt = Portugal
country-ro = Romania
country-si = Slovenia
country-sk = Slovakia
moment = { $day }, { $time }
own-part-said = You wrote
own-part-answered = Answer of the assistant
own-part-case = Your request
own-part-contact = How we reach you
own-part-words = Your request in your own words
own-part-outcome = Answer to your request
own-part-link = Whom the request is linked to
own-part-sure = That the address with the request is yours
own-part-proposal = Proposal for a decision
own-part-returned = Why a proposal came back
own-part-decision = Decision on your request
own-part-extension = Why your request takes longer
own-part-doubt = Why we doubted that it was you
own-part-known = Since when we know that it is you
own-part-statement = Statement with your data
own-part-seen = Where your data was in prompts
own-part-withheld = What we correct or leave out in answers about you
own-part-mail = An e-mail to you that waits to be sent
own-part-disclosure = Given to somebody else, or proposed to be given
own-given = To whom we gave data in a single case
rights-answers = Does an answer say something about you that is not right, also if you were never here? Then ask for correction. Write what it said, what it must say and by what one knows you. If it cannot be put right, we leave it out of answers.
own-part-certificate = Certificate of erasure
own-consent-given = { $purpose }: consent given on { $day }
own-consent-refused = { $purpose }: consent not given on { $day }
own-consent-withdrawn = { $purpose }: consent withdrawn on { $day }
rights-elsewhere = Somebody else answers too
purpose-cookies_functional = cookies that remember your choices
purpose-cookies_performance = cookies that measure
purpose-cookies_advertising = cookies for advertising
own-requests = Your requests
own-trail = { $n ->
    [one] The audit log has 1 line about you. It is in the download.
   *[other] The audit log has { $n } lines about you. They are in the download.
}
stays = { $category } stays { $until }. Reason: { $why }.
stays-in-mirror = What you wrote is erased. A second disk with keys cannot be reached now. We erase them there as soon as we can. Until then your request is not finished.
stays-until = until { $day }
stays-until-event = as long as the law asks

# What a person takes along, and stops.

own-viewed = Who looked at your data
viewed-officer = A privacy officer
viewed-auditor = An auditor
viewed-operator = An operator
own-disclosed = { $n ->
    [one] Once something went to a recipient. It is in the download.
   *[other] { $n } times something went to a recipient. They are in the download.
}
own-take = Take along
own-take-text = This is what you gave us yourself, by your consent or under a contract. Another program can read it. You can also take your conversations along as text.
own-transfer = Directly to another organisation
own-transfer-hint = Write who may have the data. You get a link and a code for that organisation. We send nothing ourselves.
own-transfer-do = Make a link
transfer-title = Hand this over
transfer-lead = With this { $to } fetches once what you gave us. It works until { $until }.
transfer-link = Link
transfer-code = Code
transfer-code-hint = Hand the code over separately, for example on the telephone. You see it only once.
transfer-noted = If the link is used, you read with your data who got what, and when.
receive-title = Fetch data
receive-lead = Somebody hands you their own data. Fill in the code that you got from them. The file can be fetched once.
receive-code = Code
receive-do = Fetch the file
receive-wrong = The link and the code do not belong together, or they were used already.
training-title = Data to make models better
training-lead = We use this data to make models better. It stands so in our register.
training-none = We use no data of yours to make models better. It stands so in our register.
training-basis = Legal basis: { $basis }.
training-consent = We do this only if you consented. You can always withdraw that.
training-object = You can object to this.
training-others = Who does so with what we send
training-no-others = Nobody who gets data from us may make models better with it.
training-choices = What you can choose
training-anybody = Everybody can object, also who was never here. Do you think that data about you from the internet was used? Then too. You need no account.
training-do = Object
training-notice = To the privacy notice
given-by-transfer = { $day }: to { $to }, because you asked that. What you gave us was handed over directly.
own-part-transfer = To whom you have your data handed over
own-take-json = Take along as JSON
own-take-csv = Take along as CSV
take-conversations = My conversations
own-stop = Stop
own-stop-text = You can have the use of your data stopped at once. You can also object to a purpose.
stopped-title = The use of your data has stopped
stopped-lead = We keep your data, but do not use it. You cannot chat now.
resume-text = Do you want to go on? Then we may use your data again as before.
resume-do = Use my data again
objected-stopped = You objected. We no longer use your data for this chat.
withdrawn-stopped = You gave no consent for this, or you took it back. So this is not possible now.
object-title = Object
object-lead = Choose what we may no longer use your data for. We stop at once.
object-none = We do nothing with your data that you can object to.
object-made = You objected to this before.
object-marketing = This is advertising. Your objection always counts.
object-judged = A member of staff then looks whether it stays so. You hear about it.
object-do = Object
objected-title = Your objection counts from now on
objected-lead = We no longer use your data for this.
no-mail-title = No more advertising
no-mail-lead = Do you want no more advertising? Fill in the address where you get it. We stop at once. You need not say why or who you are.
no-mail-address = E-mail address or telephone number
no-mail-hint = We do not keep the address itself, only a code computed from it. So we know that we may send nothing.
no-mail-do = Stop advertising
no-mail-done = We send no more advertising to this address.
no-mail-fault = This is no e-mail address or telephone number. Please check it.
status-copy-json = Copy as JSON
status-copy-csv = Copy as CSV
certificate-text = With your number and your code you get a signed certificate. Anybody can check it with ‘waarborg erasure verify’, without us.
certificate-do = Download the certificate
