# The rules for the use of AI, and the list of recipients.

policy-title = Rules for the use of AI at { $organisation }
policy-line-screened = Every message to an AI model is looked at first.
policy-line-changed = What may not go along is replaced, or stops the message.
policy-line-doubt = In doubt, something counts as personal data.
policy-line-formats = Only numbers, mail addresses and passwords are sought. Names and addresses go along as they are.
policy-line-observe = At the moment we only measure: nothing is replaced or stopped.
policy-matrix = What may go where
policy-matrix-lead = This table says what happens to data. The columns are the places where a model stands.
policy-class = Data
policy-changes = What is different here
policy-change-group = For { $group }: { $what }, on its way to { $place }: { $cell }. { $why }
policy-change = { $what }, on its way to { $place }: { $cell }. { $why }
policy-tools = What a tool gets
policy-tools-lead = A model can ask for a tool of the application, such as a program that looks up a customer. That tool gets back what was typed: { $what }. What is not named here stays replaced there.
policy-tool = { $tool }: only { $what }. { $why }
policy-tool-nothing = { $tool }: nothing, all stays replaced. { $why }
policy-models = The models
policy-model = { $model }: { $place }.
policy-no-models = No AI model is connected.
policy-duties = What is done again and again
policy-duty = { $duty }: again after { $period }.
policy-breaches = When something goes wrong
policy-list = From { $n } persons on, a message counts as a list.

place-own = with ourselves
place-eu = in the EU, under contract
place-outside-eu = outside the EU, under contract
place-public = a public service, without a contract

class-direct-identifier = who somebody is, such as a name or address
class-indirect-identifier = what together points to somebody
class-bulk-list = a list of many persons
class-national-number = a number of the government, such as a citizen service number
class-special-category = sensitive data, such as health or religion
class-credential = a password, key or card number
class-not-personal = what is not about a person

cell-allow = may go along
cell-warn = may go along after a yes of who writes it
cell-generalise = goes along in wider words, such as the year for the day; without wider words it is replaced
cell-pseudonymise = is replaced, and put back in the answer
cell-redact = is taken out
cell-second-person = waits for a second person
cell-route = may not go along; a model of our own gets it where that is allowed
cell-block = may not go along
cell-with-ground = may go along only with a ground in the law and an assessment beforehand
cell-if-pseudonymised = may go along only if nobody can be recognised any more

receives-title = Who receives data from { $organisation }
receives-processors = Who works for us
receives-others = Who is responsible themselves
receives-transfers = What leaves Europe
receives-none = Nobody.
receives-name = Who
receives-country = Country
receives-purposes = What for
receives-fields = Which data
receives-keeps = Keeps
receives-contract = Contract
receives-instrument = On which ground
receives-until = Valid until
receives-keeps-nothing = nothing
receives-keeps-something = yes
