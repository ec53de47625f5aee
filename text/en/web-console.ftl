# The console for staff.

console-title = Overview
console-door-title = To the console
console-door-lead = This link works once. Press the button to use it.
console-door-no-link = The console opens with a one-time link. The program shows it when it starts.
console-door-refused = This link was used before or is too old. Ask a new one from whoever runs the system.
console-door-enter = Open the console
console-leave = Sign out
console-health = Health
console-egress = Outbound connections
console-egress-none = None. This system cannot connect to anything outside this machine.
console-egress-only = Only these connections exist. Everything else is refused.
console-host = Address
console-recipient = Recipient
console-ground = Country and ground
console-versions = Waarborg { $program }, register { $register }
console-open-requests = { $n ->
    [0] No open requests.
    [one] 1 open request.
   *[other] { $n } open requests.
}
console-near-requests = { $n ->
    [0] Nothing is near its date.
    [one] 1 of them must be ready within 7 days.
   *[other] { $n } of them must be ready within 7 days.
}
health-good = Works
health-attention = Look at this
health-bad = Does not work
role-officer = Signed in as privacy officer
role-auditor = Signed in as auditor
role-operator = Signed in as operator

live-title = Live: what goes over the gateway
live-lead = These are numbers, and nothing of what people write. They are the requests of applications to this one program. Where more programs run on the same storage, each counts its own requests.
live-again = Refresh
live-stop = Pause
live-go = Go on
live-goes = The page refreshes itself every five seconds.
live-stands = The page stands still.
live-away = The numbers do not come through. The page tries again. Sign in again if it stays like this.
live-now = Now
live-at = Read on { $at }
live-in-flight = Requests that wait for an answer
live-recent = Answered in the last five minutes
live-recent-stopped = Of those, stopped
live-in-all = Since the start
live-since = Counted since { $since }
live-answers = Requests answered
live-screened = Looked through for personal data
live-stopped = Stopped
live-half = Half of the answers began
live-most = 95 of 100 answers began
live-within = within { $ms } ms
live-after = after more than { $ms } ms
live-unknown = not known yet
live-tokens = Tokens
live-cost = Cost in cents
live-no-price = no price set
live-unpriced = { $n ->
    [one] For 1 recipient no price is set. What it costs is not included.
   *[other] For { $n } recipients no price is set. What they cost is not included.
}
live-verdicts = Verdicts of the policy
live-verdict = Verdict
live-number = Number
live-verdict-allow = Goes along unchanged
live-verdict-warn = Goes along only after a yes
live-verdict-generalise = Goes along in wider words
live-verdict-pseudonymise = Goes along with other names and numbers in place
live-verdict-redact = Goes along without what was taken out
live-verdict-second-person = Goes along only after a second person's yes
live-verdict-route = May go to a model of one's own only
live-verdict-block = May not go along
live-findings = Personal data found
live-recipients = AI models
live-state = State
live-works = works
live-rests = rests after too many failures
live-asked = Times asked
live-failed = Times without an answer
live-tokens-in = Tokens read
live-tokens-out = Tokens written
live-estimated = ‘Times asked’ includes the chat on this site. Tokens and cost are those of applications. Where a recipient does not count tokens, they are estimated.
live-statuses = Answers by status
live-status = Status (HTTP)
live-none = None yet.

requests-title = Requests
requests-lead = The aim is the safe date. The last day is the limit of the law.
requests-none = There are no requests.
requests-reference = Number
requests-right = Right
requests-stage = Stage
requests-received = Received
requests-aim = Aim
requests-latest = Last day
requests-in-no-backup = Its details are in no backup. Ask the person again.
requests-left = { $n ->
    [0] today
    [one] 1 day left
   *[other] { $n } days left
}
requests-late = { $n ->
    [one] 1 day late
   *[other] { $n } days late
}

register-title = Register
register-lead = This register drives what the system does and what people read. Version { $version }.
register-notice = Read the privacy statement that follows from it
register-warnings = Mind this
register-processings = Processings
register-recipients = Recipients
register-service = Service
register-purpose = Purpose
register-basis = Legal basis
register-categories = Categories of data
register-period = How long
register-country = Country
register-valid = Valid until

audit-title = Audit log
audit-lead = Every act stands in the log, without content. A check computes all entries again.
audit-entries = Entries
audit-head = Head of the log
audit-verify = Check the log
audit-whole = { $n ->
    [0] The log is whole: there is nothing in it yet.
    [one] The log is whole: its one entry is right.
   *[other] The log is whole: all { $n } entries are right.
}
audit-broken = The log is not right.

try-title = Try detection
try-lead = Paste a text and see what we find in it and why. Nothing is kept and nothing is sent.
try-text = Text
try-do = Find personal data
try-found = { $n ->
    [0] Nothing found
    [one] 1 found
   *[other] { $n } found
}
try-value = Found
try-kind = Kind
try-score = Certainty
try-why = Why
try-about = What else we know
whose-speaker = of the one who speaks
whose-third-person = of somebody else
whose-public-role = of somebody in a public role
whose-business = business contact
age-child = a child
age-adult = an adult
group-people = { $n ->
    [one] fits 1 person
   *[other] fits about { $n } people
}
group-instead = better write
try-verdict = What happens

part-store = Storage
part-policy = Policy
part-clock = Clock
part-register-warnings = { $n ->
    [0] No warnings
    [one] 1 warning
   *[other] { $n } warnings
}
register-model = AI model
audit-latest = Lines, newest first
audit-older = Older lines
audit-position = Line
audit-at = When
audit-act = What
audit-routed = routed to a model of one's own
audit-confirmed = the writer said yes to a warning
audit-erased = Erased with the person
register-ground = Ground of transfer
destination-own = with us
destination-eu = in the EU, under contract
destination-outside-eu = outside the EU, under contract
destination-public = public service, without contract
