# The privacy notice. Plain language: short sentences, no article numbers.

title = What { $organisation } does with your data
open = still to be filled in
and = and
or = or
colon = { $name }: { $value }
takes-effect = This text takes effect on { $date }.
day = { $day } { $month } { $year }
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

period-hours = { $n ->
    [1] 1 hour
   *[other] { $n } hours
}
period-days = { $n ->
    [1] 1 day
   *[other] { $n } days
}
period-months = { $n ->
    [1] 1 month
   *[other] { $n } months
}
period-years = { $n ->
    [1] 1 year
   *[other] { $n } years
}

section-who = Who is responsible?
section-what = Which data do we use?
section-why = Why do we use your data?
section-recipients = Who receives your data?
section-transfers = Does your data go abroad?
section-retention = How long do we keep your data?
section-rights = What are your rights?
section-complaint = Do you have a complaint?
section-decisions = Does a computer decide about you?
section-ai = You are talking with a computer
section-cookies = Which cookies do we use?
section-security = What do we keep in logs?
section-changes = Does this text change?
section-intro = In short

question-who = Who
question-what = What
question-where = Where
question-when = How long
question-why = Why
question-shared = With whom
question-rights = Your rights

who-controller = { $name } is responsible for your data.
who-address = Address: { $address }, { $country }.
who-privacy = Questions about privacy? Contact { $name }: { $ways }.
who-officer = Our data protection officer supervises us. You can reach this person like this: { $ways }.
who-representative = In the EU { $name } represents us: { $ways }.
who-human = Rather a person? { $name } helps you: { $ways }.
who-processor = For { $service } we work on behalf of another organisation. That organisation is responsible.

what-category = { $category }: { $fields }.
what-source-person = We get this from you.
what-source-automatic = This comes about by itself when you use the service.
what-source-third_party = We get this from somebody else.
what-source-third_party-named = We get this from somebody else: { $source }.
what-source-organisation = We make this ourselves.
what-special-forbidden = In { $service } we do not ask about health, religion, origin, politics, sexual orientation or criminal offences. Please do not write about them.
what-special-conditions = In { $service } we also use sensitive data. That is allowed only for this reason: { $ground }. We assessed the risks beforehand.

why-head-purpose = What for
why-head-categories = Which data
why-head-basis = Why that is allowed
why-basis-consent = You gave consent. You can withdraw it at any time.
why-basis-contract = This is needed for our agreement with you ({ $evidence }).
why-basis-legal_duty = The law obliges us ({ $evidence }).
why-basis-legit = We have a good reason for this: { $interest }. You can object.
why-basis-vital = This is needed to protect somebody's life or health ({ $evidence }).
why-basis-public_task = This is part of our public task ({ $evidence }). You can object.
why-basis-authority = This is part of our official authority ({ $evidence }). You can object.
why-obligatory = Without this data we cannot help you.
why-voluntary = You do not have to give this data.

recipients-none = We give your data to nobody.
recipients-row = { $name } works in { $country }.
recipients-own = This is our own. Nothing leaves us.
recipients-eu = This party works for us, under contract, in the EU.
recipients-outside-eu = This party works for us, under contract, outside the EU.
recipients-public = This is a public service. We have no contract with it.
recipients-keeps = The recipient keeps the data for another { $period }.
recipients-keeps-not = The recipient keeps nothing.
recipients-trains = The recipient may use the data to train models.
recipients-trains-not = The recipient does not train models with it.

transfers-none = No. We do not send your data to countries outside the European Economic Area.
transfers-row = { $name } works in { $country }. That is outside the European Economic Area. It is allowed by { $mechanism }.
transfers-until = This holds until { $date } inclusive. After that we send nothing unless it was renewed.
transfers-stopped = On this day that does not hold. We then send nothing there.
transfers-copy = You can ask us for a copy of the safeguards.
mechanism-adequacy = a decision of the European Commission that this country protects data well enough
mechanism-dpf = the arrangement between the EU and the US, for which this party is certified
mechanism-scc = the standard contractual clauses of the European Commission
mechanism-bcr = the approved rules of the corporate group
mechanism-code_of_conduct = an approved code of conduct
mechanism-certification = an approved certificate
mechanism-explicit_consent = the consent that you gave for it
mechanism-derogation = an exception in the law

retention-head-category = Which data
retention-head-purpose = What for
retention-head-period = How long
retention-memory = We do not keep this. It is only in the computer's memory for a moment.
retention-at_most = We keep this until { $period } { $event } at most.
retention-exactly = We keep this until { $period } { $event }.
retention-not_before = We keep this at least until { $period } { $event }.
retention-at-once = We do not keep this any longer { $event }.
retention-anonymise = After that nobody can see whom it is about.
retention-aggregate = After that we keep only numbers.
retention-history-on = Do you keep the conversation?
retention-history-off = Do you not keep the conversation?
retention-consent = Did you consent to this?
retention-yourself = You can always erase a conversation yourself before that.
retention-copies = That includes copies and backups.
event-delivered = after delivery
event-evaluated = after the figures are made
event-created = after it was stored
event-first_message = after your first message
event-last_activity = after you last used this
event-session_ended = after the visit ends
event-account_deleted = after the account is deleted
event-licence_expired = after the licence expires
event-licence_ended = after the licence ends
event-trial_ended = after the trial
event-consent_withdrawn = after you withdraw consent
event-consent_expired = after the consent expires
event-last_basis_ended = after the last reason ends
event-first_request = after you ask for it
event-service_unused = after you stop using the service
event-relationship_ended = after our contact ends
event-removed_by_role = after an authorised member of staff removes it
event-fiscal_year_end = after the end of the financial year
event-calendar_year_end = after the end of the calendar year
event-case_closed = after the case is closed
event-process_ended = after processing
event-per_cookie = after the cookie is set

rights-access = You may ask which data we have of you. You get a copy.
rights-rectification = You may have mistakes corrected.
rights-erasure = You may have data erased. Sometimes we must keep something. Then we say what and why.
rights-restriction = You may ask us not to use your data for some time.
rights-objection = You may object. Then we stop, unless there is a compelling reason.
rights-objection-marketing = You may always object to advertising. Then we stop at once.
rights-portability = You may take your data with you in a file that a computer can read.
rights-human_review = You may ask for a decision by a person.
rights-withdrawal = You may withdraw consent at any time. That is as easy as giving it. It does not work backwards.
rights-how = Ask in the conversation, on the page Your rights (/rights), or contact us: { $ways }.
rights-answer = You get an answer within { $period }.
rights-extension = If it is complicated it may take { $period } longer. We will tell you in time, with the reason.
rights-free = It costs nothing.

complaint-first = Feel free to tell us first: { $ways }.
complaint-authority = You may also complain to the supervisory authority: { $name } ({ $url }).
complaint-own = Do you live or work in { $country }? Then you may also go to { $name } ({ $url }).
complaint-court = You may also go to court.

decisions-none = In { $service } a computer takes no decisions about you.
decisions-human_review = In { $service } a computer sometimes makes a proposal. A person decides.
decisions-art22 = In { $service } a computer takes decisions about you. You may ask a person to look at it, give your view and contest the decision.

ai-talks = In { $service } a computer (AI) answers, not a person. An answer can be wrong. Check what matters.
ai-masked = We look for personal data in your message before it goes to a language model, and replace it or hold the message back.

cookies-none = We use no cookies.
cookies-head-name = Name
cookies-head-why = What for
cookies-head-age = How long
cookies-session = until you close the browser
cookies-necessary = These cookies are necessary. That is why we do not ask for consent.
cookies-consent = Other cookies we set only if you choose so.

security-log = Log { $name }: { $reason } We keep it for { $period }.
security-personal = It also has personal data: { $fields }.
security-none = It has no personal data.

changes-version = This is version { $version }.
changes-effective = This version applies from { $date }.
changes-published = This version has been here since { $date }.
changes-previous = You can read the previous version here: { $url }
changes-how = If something important changes, we show it before you go on.

first-who = { $name }. Questions? { $ways }.
first-what = { $categories }.
first-where = With us in { $country }.
first-where-recipient = { $name }: in { $country }.
first-why = { $purpose }.
first-shared = { $name }.
first-shared-none = Nobody.
first-rights = You may always see your data, have it corrected, erased or take it with you, and object. Just ask in the conversation.

five-who = { $name } is responsible for your data.
five-what = We use: { $categories }.
five-why = What for: { $purposes }.
five-shared = Shared with: { $names }.
five-shared-none = We share your data with nobody.
five-rights = You can see everything and have it erased: ask in the conversation, or through { $ways }.

purpose-provide = providing the service
purpose-answer_questions = answering questions
purpose-authenticate = checking who you are
purpose-support = helping you when something does not work
purpose-communicate = letting you know something
purpose-service_updates = telling you about changes in the service
purpose-marketing = advertising
purpose-newsletter = sending the newsletter
purpose-personalise = adapting the service to you
purpose-improve = improving the service
purpose-train = training models
purpose-analyse = seeing how the service is used
purpose-security = keeping the service secure
purpose-prevent_fraud = preventing fraud
purpose-legal_duty = doing what the law asks of us
purpose-legal_claims = defending rights in a dispute
purpose-bookkeeping = keeping the books
purpose-payment = handling payments
purpose-answer_requests = handling requests about your rights
purpose-accountability = being able to show what we did
purpose-administer = running the system
purpose-inspect = holding back personal data before anything goes to a language model
purpose-licences = keeping track of licences
purpose-survey = asking your opinion
purpose-display = showing the pages
purpose-train_staff = training staff
purpose-incidents = handling incidents

ground-explicit_consent = you gave explicit consent
ground-employment = employment and social security law asks for it
ground-vital = somebody's life is in danger
ground-association = you are a member of our association
ground-made_public = you made it public yourself
ground-legal_claims = it is needed for a legal claim
ground-public_interest = a law asks for it in a substantial public interest
ground-care = it is needed for care
ground-public_health = it is needed for public health
ground-research = it is needed for research or the archive

field-prompt = your message
field-upload = files
field-answer = the answer
field-feedback = your rating of the answer
field-name = name
field-mail = mail address
field-phone = telephone number
field-address = address
field-message = your question
field-session_id = a number of your visit
field-notice_version = which notice you saw
field-visit_times = times
field-consent_purpose = what you consented to
field-consent_text_version = which text you read
field-consent_answer = your answer
field-consent_time = when
field-right = what you ask for
field-request_words = your own words
field-outcome = the outcome
field-actor = who did something
field-act = what happened
field-act_time = when
field-purpose = what for
field-staff_role = the role of the member of staff
field-consultation_note = the report of the consultation
