//! Every fault has a neighbour: almost the change that brings it about, and no fault.

use super::fixtures::Fixture;

/// A code, and the change to the small register that stays just clear of it.
pub(super) const NEIGHBOURS: &[Fixture] = &[
    (
        "assessment-incomplete",
        &[(
            "kind = \"contract\"",
            "kind = \"lia\"\ncovers = [\"purpose\", \"necessity\", \"balance\"]",
        )],
    ),
    (
        "bad-window",
        &[("trial_ended .. trial_ended + 14d", "created .. trial_ended")],
    ),
    (
        "contract-incomplete",
        &[(
            "\"instructions\", \"confidentiality\"",
            "\"confidentiality\", \"instructions\"",
        )],
    ),
    (
        "field-unused",
        &[(
            "basis = \"contract\"",
            "basis = \"contract\"\nfields = [\"prompt\"]",
        )],
    ),
    (
        "leaves-region",
        &[(
            "automated_decisions = \"none\"",
            "automated_decisions = \"none\"\nstays_in = [\"EEA\", \"US\"]",
        )],
    ),
    (
        "compatibility-unproven",
        &[
            (
                "basis = \"contract\"",
                "basis = \"contract\"\ncompatibility = \"fits\"",
            ),
            (
                "+",
                "[evidence.fits]\nkind = \"compatibility\"\ntitle = { nl = \"It fits\", en = \"It fits\" }\ncovers = [\"link\", \"context\", \"nature\", \"consequences\", \"safeguards\"]",
            ),
        ],
    ),
    (
        "consent-for-others",
        &[(
            "fields = [\"mail\"]\nsource = \"person\"",
            "fields = [\"mail\"]\nsource = \"automatic\"",
        )],
    ),
    (
        "decision-unexplained",
        &[(
            "automated_decisions = \"none\"",
            "automated_decisions = \"art22\"\ndecision = { nl = \"Een regel beslist.\", en = \"A rule decides.\" }",
        )],
    ),
    ("duty-overdue", &[("\"2027-01-01\"", "\"2026-11-21\"")]),
    (
        "measures-missing",
        &[(
            "[measure.sealed]\nkind = \"technical\"",
            "[measure.doors]\nkind = \"physical\"",
        )],
    ),
    (
        "transfer-unassessed",
        &[
            ("tia = \"tia-us\"\n", ""),
            ("mechanism = \"scc\"", "mechanism = \"adequacy\""),
            ("country = \"US\"", "country = \"CH\""),
        ],
    ),
    (
        "meant-without-cell",
        &[(
            "fields = [\"mail\"]",
            "fields = [\"mail\"]\nmeant_for = [\"newsletter\"]",
        )],
    ),
    (
        "otherwise-undecided",
        &[(
            "basis = \"contract\"",
            "basis = \"contract\"\notherwise = \"legal_duty\"\notherwise_evidence = \"terms\"\ndecided_by = { nl = \"De helpdesk.\", en = \"Support.\" }",
        )],
    ),
    (
        "overlay-forbidden-lever",
        &[(
            "lever = \"period\"\ncategory = \"user_content\"\nclaim = \"last_activity + 3months\"",
            "lever = \"rights\"",
        )],
    ),
    (
        "overlay-without-cell",
        &[
            (
                "purpose = \"provide\"\nlever",
                "purpose = \"newsletter\"\nlever",
            ),
            (
                "category = \"user_content\"\nclaim = \"last_activity + 3months\"",
                "category = \"mail_address\"\nclaim = \"consent_withdrawn + 0\"",
            ),
        ],
    ),
    (
        "people-missing",
        &[(
            "people = { nl = ",
            "people = { nl = \"de\", en = \"the\" }\nprincipal = { nl = ",
        )],
    ),
    (
        "policy-too-mild",
        &[(
            "+",
            "[[policy.override]]\nkind = \"PERSON\"\ndestination = \"eu\"\nverdict = \"redact\"\nwhy = \"x\"",
        )],
    ),
    (
        "formats-only",
        &[("+", "[policy]\nprofile = \"pseudonymise\"")],
    ),
    (
        "formats-special",
        &[
            (
                "special_categories = \"forbidden\"",
                "special_categories = \"conditions\"",
            ),
            ("+", "[policy]\nprofile = \"pseudonymise\""),
        ],
    ),
    (
        "policy-too-mild",
        &[(
            "+",
            "[[policy.tool]]\nname = \"zoek\"\ngets = [\"credential\"]\nwhy = \"x\"",
        )],
    ),
    (
        "policy-without-effect",
        &[(
            "+",
            "[[policy.tool]]\nname = \"zoek_*\"\ngets = [\"PERSON\"]\nwhy = \"x\"",
        )],
    ),
    (
        "policy-without-effect",
        &[(
            "+",
            "[[policy.tool]]\nname = \"zoek\"\ngets = [\"direct-identifier\"]\nwhy = \"x\"",
        )],
    ),
    (
        "duplicate",
        &[(
            "+",
            "[[policy.tool]]\nname = \"zoek\"\ngets = [\"PERSON\"]\nwhy = \"x\"\n[[policy.tool]]\nname = \"zoek_*\"\ngets = []\nwhy = \"x\"",
        )],
    ),
    (
        "policy-without-effect",
        &[(
            "+",
            "[[policy.override]]\nkind = \"PERSON\"\ndestination = \"eu\"\nverdict = \"block\"\nwhy = \"x\"",
        )],
    ),
    (
        "essence-missing",
        &[(
            "+",
            "[joint.partner]\nname = \"Partner BV\"\nservices = [\"chat\"]\nprivacy = { name = \"Privacy\", mail = \"privacy@partner.example\" }\nessence = { nl = \"Wij antwoorden u.\", en = \"We answer you.\" }",
        )],
    ),
    (
        "bcr-outside-group",
        &[(
            "mechanism = \"scc\"",
            "mechanism = \"bcr\"\ngroup = true\nfollows = \"1\"",
        )],
    ),
    (
        "notice-not-followed",
        &[(
            "mechanism = \"scc\"",
            "mechanism = \"bcr\"\ngroup = true\nfollows = \"1\"",
        )],
    ),
    (
        "left-still-used",
        &[(
            "+",
            "[recipient.old]\nlabel = { nl = \"Oud\", en = \"Old\" }\nkind = \"processor\"\ncountry = \"NL\"\ndestination = \"eu\"\ndpa = \"dpa-17\"\nstores_input = false\ntrains = false\nfields = [\"prompt\"]\nleft = \"2026-01-01\"\nerased = \"terms\"",
        )],
    ),
    (
        "leaving-unproven",
        &[(
            "+",
            "[recipient.old]\nlabel = { nl = \"Oud\", en = \"Old\" }\nkind = \"processor\"\ncountry = \"NL\"\ndestination = \"eu\"\ndpa = \"dpa-17\"\nstores_input = false\ntrains = false\nfields = [\"prompt\"]\nleft = \"2026-01-01\"\nerased = \"terms\"",
        )],
    ),
    (
        "overlay-conflict",
        &[(
            "+",
            "[[overlay]]\nresidences = [\"AR\"]\nservice = \"chat\"\npurpose = \"provide\"\nlever = \"period\"\ncategory = \"user_content\"\nclaim = \"last_activity + 2months\"\nwhy = { nl = \"x\", en = \"x\" }",
        )],
    ),
    (
        "period-unexplained",
        &[(
            "claim = \"last_activity + 6months\"\nkind = \"at_most\"\nwhy = { nl = \"Zo lang is het nodig.\", en = \"It is needed for that long.\" }",
            "claim = \"process_ended\"",
        )],
    ),
    (
        "principal-missing",
        &[(
            "role = \"controller\"",
            "role = \"processor\"\nprincipal = { nl = \"de klant\", en = \"the customer\" }",
        )],
    ),
    (
        "proposed-value",
        &[("action = \"erase\"", "action = \"erase\"\nproposed = false")],
    ),
    (
        "reminder-without-mode",
        &[("mode = \"on_request\"", "mode = \"automatic\"")],
    ),
    (
        "source-unnamed",
        &[(
            "fields = [\"prompt\"]\nsource = \"person\"",
            "fields = [\"prompt\"]\nsource = \"third_party\"\nsource_detail = \"partners\"",
        )],
    ),
    (
        "tail-breaks-period",
        &[(
            "action = \"erase\"",
            "action = \"erase\"\ncopies = [\"backup\"]",
        )],
    ),
    (
        "unknown-field",
        &[(
            "basis = \"contract\"",
            "basis = \"contract\"\nfields = [\"prompt\"]",
        )],
    ),
    (
        "unknown-group",
        &[(
            "+",
            "[group.care]\nlabel = { nl = \"zorg\", en = \"care\" }\n[[policy.override]]\nkind = \"PERSON\"\ndestination = \"eu\"\ngroup = \"care\"\nverdict = \"block\"\nwhy = \"x\"",
        )],
    ),
    (
        "unknown-role",
        &[
            ("roles = [\"support\"]", "roles = [\"helpdesk\"]"),
            ("[role.support]", "[role.helpdesk]"),
        ],
    ),
    ("address-insecure", &[("https://api", "https://eu.api")]),
    (
        "address-missing",
        &[
            ("provider = \"openai\"", "provider = \"demo\""),
            ("base_url = \"https://api.model.example/v1\"\n", ""),
        ],
    ),
    (
        "bad-address",
        &[
            (
                "https://api.model.example/v1",
                "https://api.model.example:8443/v1",
            ),
            ("privacy@voorbeeld.example", "desk@voorbeeld.example"),
        ],
    ),
    ("bad-date", &[("\"2027-06-30\"", "\"2028-02-29\"")]),
    ("bad-name", &[("[cookie.visit]", "[cookie.a-b]")]),
    (
        "bad-order",
        &[
            (
                "effective = \"2026-01-01\"",
                "effective = \"2026-01-01\"\npublished = \"2026-01-01\"",
            ),
            ("valid_from = \"2026-01-01\"", "valid_from = \"2026-11-21\""),
        ],
    ),
    ("bad-path", &[("\"/chat/{id}\"", "\"/chat\"")]),
    ("bad-period", &[("period = \"14d\"", "period = \"336h\"")]),
    (
        "basis-without-evidence",
        &[
            ("evidence = \"terms\"\n", "evidence = \"terms-2\"\n"),
            ("[evidence.terms]", "[evidence.terms-2]"),
        ],
    ),
    (
        "category-without-cell",
        &[(
            "+",
            "[category.social]\nlabel = { nl = \"Social\", en = \"Social\" }\nfields = [\"a\"]\nsource = \"person\"\n[[processing]]\nservice = \"chat\"\npurpose = \"provide\"\ncategories = [\"social\"]\nbasis = \"contract\"\nevidence = \"terms\"\n[[retention]]\nservice = \"chat\"\ncategory = \"social\"\npurpose = \"provide\"\nclaim = \"created + 1d\"\nwhy = { nl = \"Zo lang is het nodig.\", en = \"It is needed for that long.\" }",
        )],
    ),
    (
        "category-without-claim",
        &[
            (
                "claim = \"consent_withdrawn + 0\"",
                "claim = \"process_ended\"",
            ),
            (
                "categories = [\"user_content\", \"mail_address\"]",
                "categories = [\"user_content\"]",
            ),
        ],
    ),
    (
        "cell-without-claim",
        &[
            (
                "[[retention]]\nservice = \"chat\"\ncategory = \"user_content\"\npurpose = \"provide\"\nwhen = \"history=on\"\nclaim = \"last_activity + 6months\"\nkind = \"at_most\"\nwhy = { nl = \"Zo lang is het nodig.\", en = \"It is needed for that long.\" }\n\n",
                "",
            ),
            ("when = \"history=off\"\n", ""),
        ],
    ),
    (
        "claim-without-cell",
        &[(
            "categories = [\"mail_address\"]\nbasis",
            "categories = [\"mail_address\"]\nreaders = [\"support\"]\nbasis",
        )],
    ),
    (
        "consent-version-differs",
        &[
            ("news@1", "news@2"),
            (
                "[consent.news]\nversion = \"1\"",
                "[consent.news]\nversion = \"2\"",
            ),
        ],
    ),
    (
        "consent-without-basis",
        &[(
            "basis = \"contract\"\nevidence = \"terms\"",
            "basis = \"consent\"\nconsent = \"news@1\"",
        )],
    ),
    (
        "consent-without-version",
        &[
            ("news@1", "letter@1"),
            ("[consent.news]", "[consent.letter]"),
        ],
    ),
    (
        "contact-missing",
        &[(
            "mail = \"privacy@voorbeeld.example\"",
            "phone = \"0999 10 10 10\"",
        )],
    ),
    ("contract-missing", &[("dpa-17", "dpa-18")]),
    (
        "controller-missing",
        &[("residences = [\"*\"]", "residences = [\"NL\", \"*\"]")],
    ),
    (
        "cookie-without-consent",
        &[("class = \"necessary\"", "class = \"advertising\"")],
    ),
    (
        "destination-contradicts",
        &[(
            "country = \"US\"\ndestination = \"outside-eu\"",
            "country = \"DE\"\ndestination = \"eu\"",
        )],
    ),
    (
        "duplicate",
        &[(
            "[\"status\", \"route\"]",
            "[\"status\", \"route\", \"method\"]",
        )],
    ),
    (
        "duplicate-cell",
        &[
            (
                "categories = [\"mail_address\"]\nbasis",
                "categories = [\"mail_address\", \"user_content\"]\nbasis",
            ),
            (
                "+",
                "[[retention]]\nservice = \"chat\"\ncategory = \"user_content\"\npurpose = \"newsletter\"\nclaim = \"consent_withdrawn + 0\"",
            ),
        ],
    ),
    (
        "empty-value",
        &[("address = \"Straat 1, Plaats\"", "address = \"x\"")],
    ),
    (
        "fields-missing",
        &[("fields = [\"mail\"]", "fields = [\"mail\", \"name\"]")],
    ),
    (
        "free-text-fact",
        &[(
            "Wij gaan zuinig met gegevens om.",
            "Wij bewaren niets te lang.",
        )],
    ),
    (
        "human-missing",
        &[
            ("history = \"choice\"", "history = \"choice\"\nai = true"),
            (
                "privacy = {",
                "human = { name = \"Desk\", phone = \"0999 10 10 10\" }\nprivacy = {",
            ),
        ],
    ),
    (
        "interest-missing",
        &[(
            "basis = \"contract\"",
            "basis = \"legit\"\ninterest = { nl = \"x\", en = \"x\" }",
        )],
    ),
    (
        "label-missing",
        &[(
            "{ nl = \"Chat\", en = \"Chat\" }",
            "{ nl = \"Chat\", en = \"Talk\" }",
        )],
    ),
    (
        "legit-public-body",
        &[
            ("basis = \"contract\"", "basis = \"public_task\""),
            (
                "country = \"NL\"",
                "country = \"NL\"\nkind = \"public_body\"\nofficer = { name = \"FG\", mail = \"fg@voorbeeld.example\" }",
            ),
        ],
    ),
    (
        "log-field-unknown",
        &[(
            "period = \"14d\"",
            "period = \"14d\"\npersonal = [\"route\"]",
        )],
    ),
    (
        "log-too-long",
        &[("period = \"14d\"", "period = \"12months\"")],
    ),
    (
        "log-without-reader",
        &[("readers = [\"operator\"]", "readers = [\"auditor\"]")],
    ),
    (
        "mechanism-ends-soon",
        &[("\"2027-06-30\"", "\"2027-01-21\"")],
    ),
    ("mechanism-expired", &[("\"2027-06-30\"", "\"2026-11-21\"")]),
    (
        "mechanism-not-yet-valid",
        &[("valid_from = \"2026-01-01\"", "valid_from = \"2026-11-21\"")],
    ),
    (
        "mechanism-undated",
        &[
            ("valid_until = \"2027-06-30\"\n", ""),
            ("mechanism = \"scc\"", "mechanism = \"adequacy\""),
            ("country = \"US\"", "country = \"CH\""),
        ],
    ),
    (
        "message-class-differs",
        &[(
            "[message.reminder]\nclass = \"reminder\"",
            "[message.reminder]\nclass = \"survey\"\nservice = \"chat\"\npurpose = \"provide\"\ncategory = \"user_content\"",
        )],
    ),
    (
        "message-without-cell",
        &[(
            "[message.reminder]\nclass = \"reminder\"",
            "[message.reminder]\nclass = \"reminder\"\nservice = \"chat\"\npurpose = \"provide\"\ncategory = \"user_content\"",
        )],
    ),
    (
        "missing-key",
        &[("basis = \"contract\"\n", "basis = \"legal_duty\"\n")],
    ),
    ("missing-section", &[("[register]\n", "[ register ]\n")]),
    (
        "no-mechanism",
        &[(
            "mechanism = \"scc\"",
            "mechanism = \"bcr\"\ngroup = true\nfollows = \"1\"",
        )],
    ),
    (
        "notice-incomplete",
        &[(
            "[notice.public.texts]",
            "[notice.public]\nsections = [\"who\", \"what\", \"why\", \"recipients\", \"transfers\", \"retention\", \"rights\", \"complaint\", \"decisions\", \"ai\", \"cookies\", \"security\", \"changes\"]\n[notice.public.texts]",
        )],
    ),
    (
        "notice-section-missing",
        &[(
            "[notice.public.texts]",
            "[notice.public]\nsections = [\"who\", \"what\", \"why\", \"recipients\", \"transfers\", \"retention\", \"rights\", \"complaint\", \"decisions\", \"ai\", \"cookies\", \"security\", \"changes\", \"contact\"]\n[notice.public.texts]\ncontact = { nl = \"Bel ons.\", en = \"Call us.\" }",
        )],
    ),
    (
        "officer-missing",
        &[(
            "country = \"NL\"",
            "country = \"NL\"\nkind = \"public_body\"\nofficer = { name = \"FG\", mail = \"fg@voorbeeld.example\" }",
        )],
    ),
    (
        "open-value",
        &[("first_message + 30d", "first_message + 1d")],
    ),
    (
        "period-missing",
        &[("first_message + 30d", "first_message + 0")],
    ),
    (
        "placeholder",
        &[("privacy@voorbeeld.example", "privacy@organisatie.example")],
    ),
    (
        "processor-own-purpose",
        &[(
            "role = \"controller\"",
            "role = \"processor\"\nprincipal = { nl = \"de klant\", en = \"the customer\" }",
        )],
    ),
    (
        "purpose-unused",
        &[(
            "[purpose.newsletter]",
            "[purpose.newsletter]\nmarketing = true",
        )],
    ),
    (
        "purpose-without-term",
        &[(
            "[purpose.newsletter]",
            "[purpose.newsletter]\n[purpose.world_peace]\nlabel = { nl = \"Peace\", en = \"Peace\" }\ndpv = \"dpv:Marketing\"",
        )],
    ),
    (
        "recipient-trains",
        &[("trains = false", "trains = false\ndeletes = true")],
    ),
    (
        "recipient-unused",
        &[
            ("recipients = [\"model\"]\n", ""),
            (
                "consent = \"news@1\"",
                "consent = \"news@1\"\nrecipients = [\"model\"]",
            ),
        ],
    ),
    (
        "representative-missing",
        &[(
            "address = \"Straat 1, Plaats\"\ncountry = \"NL\"",
            "address = \"Road 1\"\ncountry = \"GB\"\nrepresentative = { name = \"R\", mail = \"r@r.example\" }",
        )],
    ),
    (
        "residual-missing",
        &[(
            "stores_input = false",
            "stores_input = true\nresidual = \"7d\"",
        )],
    ),
    ("review-overdue", &[("\"2027-11-01\"", "\"2026-11-21\"")]),
    (
        "service-without-processing",
        &[(
            "+",
            "[service.empty]\nlabel = { nl = \"Empty\", en = \"Empty\" }\nnotice = \"public\"\nrole = \"controller\"\nautomated_decisions = \"none\"\nspecial_categories = \"forbidden\"\n[[processing]]\nservice = \"empty\"\npurpose = \"provide\"\ncategories = [\"user_content\"]\nbasis = \"contract\"\nevidence = \"terms\"\n[[retention]]\nservice = \"empty\"\ncategory = \"user_content\"\npurpose = \"provide\"\nclaim = \"created + 1d\"\nwhy = { nl = \"Zo lang is het nodig.\", en = \"It is needed for that long.\" }",
        )],
    ),
    (
        "sound-undeclared",
        &[
            (
                "base_url = \"https://api.model.example/v1\"\nfields = [\"prompt\"]",
                "base_url = \"https://api.model.example/v1\"\nfields = [\"prompt\", \"sound\"]",
            ),
            (
                "fields = [\"prompt\"]\nsource",
                "fields = [\"prompt\", \"sound\"]\nsource",
            ),
        ],
    ),
    ("special-forbidden", SPECIAL),
    ("special-without-ground", SPECIAL),
    ("special-without-dpia", SPECIAL),
    ("syntax", &[("[purpose.provide]", "[ purpose.provide ]")]),
    (
        "table-without-category",
        &[(
            "keeps = \"sealed\"\ncategories = [\"user_content\", \"mail_address\"]",
            "keeps = \"structure\"",
        )],
    ),
    (
        "table-without-claim",
        &[(
            "claim = \"consent_withdrawn + 0\"",
            "claim = \"consent_withdrawn + 1d\"\nwhy = { nl = \"Zo lang is het nodig.\", en = \"It is needed for that long.\" }",
        )],
    ),
    ("unknown-authority", &[("NL-AP", "DE-BFDI")]),
    ("unknown-category", &[("mail_address", "mail_adress")]),
    (
        "unknown-condition",
        &[("history = \"choice\"", "history = \"choice\"\nai = false")],
    ),
    (
        "unknown-consent-text",
        &[
            ("news@1", "nieuws@1"),
            ("[consent.news]", "[consent.nieuws]"),
        ],
    ),
    (
        "unknown-copy",
        &[(
            "action = \"erase\"",
            "action = \"erase\"\ncopies = [\"index\"]",
        )],
    ),
    (
        "unknown-country",
        &[
            ("country = \"US\"", "country = \"CA\""),
            ("residences = [\"*\"]", "residences = [\"*\", \"NL\"]"),
        ],
    ),
    (
        "unknown-evidence",
        &[
            ("evidence = \"terms\"", "evidence = \"term\""),
            ("[evidence.terms]", "[evidence.term]"),
        ],
    ),
    (
        "unknown-key",
        &[(
            "fields = [\"mail\"]",
            "fields = [\"mail\"]\nspecial = false",
        )],
    ),
    (
        "unknown-kind",
        &[(
            "fields = [\"mail\"]",
            "fields = [\"mail\"]\nclasses = [\"EMAIL\"]",
        )],
    ),
    (
        "unknown-language",
        &[(
            "languages = [\"nl\", \"en\"]",
            "languages = [\"nl\", \"en\", \"fr\"]",
        )],
    ),
    (
        "unknown-notice",
        &[
            ("notice = \"public\"", "notice = \"publik\""),
            ("[notice.public.texts]", "[notice.publik.texts]"),
        ],
    ),
    ("unknown-purpose", &[("newsletter", "service_updates")]),
    (
        "unknown-recipient",
        &[
            ("recipients = [\"model\"]", "recipients = [\"modell\"]"),
            ("[recipient.model]", "[recipient.modell]"),
        ],
    ),
    (
        "unknown-service",
        &[(
            "methods = [\"POST\"]\nservice = \"chat\"",
            "methods = [\"PUT\"]\nservice = \"chat\"",
        )],
    ),
    (
        "unknown-term",
        &[(
            "[purpose.newsletter]",
            "[purpose.newsletter]\ndpv = \"dpv:DirectMarketing\"",
        )],
    ),
    (
        "unknown-trigger",
        &[("first_message + 30d", "created + 30d")],
    ),
    (
        "unknown-value",
        &[("kind = \"at_most\"\naction", "kind = \"exactly\"\naction")],
    ),
    (
        "unknown-zone",
        &[(
            "version = \"1\"\nlanguages",
            "version = \"1\"\nzone = \"Europe/Brussels\"\nlanguages",
        )],
    ),
    (
        "wrong-type",
        &[
            ("fields = [\"mail\"]", "fields = [\"mail\", \"name\"]"),
            ("max = 12", "max = 13"),
        ],
    ),
];

/// A special category with all that the law asks for it.
const SPECIAL: &[(&str, &str)] = &[
    (
        "fields = [\"prompt\"]\nsource = \"person\"",
        "fields = [\"prompt\"]\nsource = \"person\"\nspecial = true",
    ),
    (
        "special_categories = \"forbidden\"",
        "special_categories = \"conditions\"",
    ),
    (
        "basis = \"contract\"",
        "basis = \"contract\"\nground = \"explicit_consent\"\ndpia = \"dpia-chat\"",
    ),
    (
        "+",
        "[evidence.dpia-chat]\nkind = \"dpia\"\ntitle = { nl = \"DPIA\", en = \"DPIA\" }\ncovers = [\"description\", \"necessity\", \"risks\", \"measures\"]",
    ),
];
