//! Every fault, with the change to the small register that brings it about.

/// A code, and the change to the small register that brings it about.
pub(super) type Fixture = (&'static str, &'static [(&'static str, &'static str)]);

/// `+` in front of the new text appends it to the register instead.
pub(super) const FIXTURES: &[Fixture] = &[
    (
        "assessment-incomplete",
        &[("kind = \"contract\"", "kind = \"lia\"")],
    ),
    ("bad-window", &[("trial_ended ..", "trial_ended to")]),
    ("contract-incomplete", &[("\"deletion\", ", "")]),
    ("contract-incomplete", &[("review = \"2027-11-01\"\n", "")]),
    (
        "compatibility-unproven",
        &[(
            "basis = \"contract\"",
            "basis = \"contract\"\ncompatibility = \"terms\"",
        )],
    ),
    (
        "consent-for-others",
        &[(
            "fields = [\"mail\"]\nsource = \"person\"",
            "fields = [\"mail\"]\nsource = \"third_party\"\nsource_detail = \"x\"",
        )],
    ),
    (
        "decision-unexplained",
        &[(
            "automated_decisions = \"none\"",
            "automated_decisions = \"art22\"",
        )],
    ),
    (
        "field-unused",
        &[
            (
                "fields = [\"prompt\"]\nsource",
                "fields = [\"prompt\", \"upload\"]\nsource",
            ),
            (
                "basis = \"contract\"",
                "basis = \"contract\"\nfields = [\"prompt\"]",
            ),
        ],
    ),
    (
        "leaves-region",
        &[(
            "automated_decisions = \"none\"",
            "automated_decisions = \"none\"\nstays_in = [\"EEA\"]",
        )],
    ),
    ("duty-overdue", &[("\"2027-01-01\"", "\"2026-01-01\"")]),
    (
        "measures-missing",
        &[("[measure.sealed]\nkind = \"technical\"", "[role.sealed]")],
    ),
    ("transfer-unassessed", &[("tia = \"tia-us\"\n", "")]),
    (
        "meant-without-cell",
        &[(
            "fields = [\"mail\"]",
            "fields = [\"mail\"]\nmeant_for = [\"provide\"]",
        )],
    ),
    (
        "otherwise-undecided",
        &[(
            "basis = \"contract\"",
            "basis = \"contract\"\notherwise = \"legal_duty\"",
        )],
    ),
    (
        "overlay-forbidden-lever",
        &[("lever = \"period\"", "lever = \"fields\"")],
    ),
    (
        "overlay-forbidden-lever",
        &[("lever = \"period\"", "lever = \"rights\"")],
    ),
    (
        "overlay-without-cell",
        &[(
            "purpose = \"provide\"\nlever",
            "purpose = \"newsletter\"\nlever",
        )],
    ),
    ("people-missing", &[("people = {", "principal = {")]),
    ("formats-only", &[("+", "[policy]\nprofile = \"formats\"")]),
    (
        "formats-special",
        &[
            (
                "special_categories = \"forbidden\"",
                "special_categories = \"conditions\"",
            ),
            ("+", "[policy]\nprofile = \"formats\""),
        ],
    ),
    (
        "policy-too-mild",
        &[(
            "+",
            "[[policy.override]]\nkind = \"BSN\"\ndestination = \"eu\"\nverdict = \"pseudonymise\"\nwhy = \"x\"",
        )],
    ),
    (
        "policy-too-mild",
        &[(
            "+",
            "[[policy.override]]\nkind = \"PERSON\"\ndestination = \"public\"\nverdict = \"warn\"\nwhy = \"x\"",
        )],
    ),
    (
        "policy-too-mild",
        &[(
            "+",
            "[[policy.tool]]\nname = \"zoek_*\"\ngets = [\"credential\"]\nwhy = \"x\"",
        )],
    ),
    (
        "policy-without-effect",
        &[(
            "+",
            "[[policy.tool]]\nname = \"zoek_*_klant\"\ngets = [\"PERSON\"]\nwhy = \"x\"",
        )],
    ),
    (
        "policy-without-effect",
        &[(
            "+",
            "[[policy.tool]]\nname = \"zoek\"\ngets = [\"bulk-list\"]\nwhy = \"x\"",
        )],
    ),
    (
        "duplicate",
        &[(
            "+",
            "[[policy.tool]]\nname = \"zoek\"\ngets = [\"PERSON\"]\nwhy = \"x\"\n[[policy.tool]]\nname = \"zoek\"\ngets = []\nwhy = \"x\"",
        )],
    ),
    (
        "policy-without-effect",
        &[(
            "+",
            "[[policy.override]]\nkind = \"ORGANISATION\"\ndestination = \"eu\"\nverdict = \"block\"\nwhy = \"x\"",
        )],
    ),
    (
        "policy-without-effect",
        &[(
            "+",
            "[[policy.override]]\nkind = \"PERSON\"\ndestination = \"eu\"\nverdict = \"pseudonymise\"\nwhy = \"x\"",
        )],
    ),
    (
        "essence-missing",
        &[(
            "+",
            "[joint.partner]\nname = \"Partner BV\"\nservices = [\"chat\"]\nprivacy = { name = \"Privacy\", mail = \"privacy@partner.example\" }",
        )],
    ),
    (
        "bcr-outside-group",
        &[("mechanism = \"scc\"", "mechanism = \"bcr\"")],
    ),
    (
        "notice-not-followed",
        &[(
            "mechanism = \"scc\"",
            "mechanism = \"bcr\"\ngroup = true\nfollows = \"0\"",
        )],
    ),
    (
        "left-still-used",
        &[(
            "trains = false",
            "trains = false\nleft = \"2026-01-01\"\nerased = \"terms\"",
        )],
    ),
    (
        "leaving-unproven",
        &[(
            "+",
            "[recipient.old]\nlabel = { nl = \"Oud\", en = \"Old\" }\nkind = \"processor\"\ncountry = \"NL\"\ndestination = \"eu\"\ndpa = \"dpa-17\"\nstores_input = false\ntrains = false\nfields = [\"prompt\"]\nleft = \"2026-01-01\"",
        )],
    ),
    (
        "overlay-conflict",
        &[(
            "+",
            "[[overlay]]\nresidences = [\"BR\"]\nservice = \"chat\"\npurpose = \"provide\"\nlever = \"period\"\ncategory = \"user_content\"\nclaim = \"last_activity + 2months\"\nwhy = { nl = \"x\", en = \"x\" }",
        )],
    ),
    (
        "period-unexplained",
        &[(
            "kind = \"at_most\"\nwhy = { nl = \"Zo lang is het nodig.\", en = \"It is needed for that long.\" }",
            "kind = \"at_most\"",
        )],
    ),
    (
        "principal-missing",
        &[("role = \"controller\"", "role = \"processor\"")],
    ),
    (
        "proposed-value",
        &[("action = \"erase\"", "action = \"erase\"\nproposed = true")],
    ),
    (
        "message-class-differs",
        &[(
            "[message.reminder]\nclass = \"reminder\"",
            "[message.reminder]\nclass = \"marketing\"\nservice = \"chat\"\npurpose = \"provide\"\ncategory = \"user_content\"",
        )],
    ),
    (
        "message-without-cell",
        &[(
            "[message.reminder]\nclass = \"reminder\"",
            "[message.reminder]\nclass = \"reminder\"\nservice = \"chat\"\npurpose = \"provide\"\ncategory = \"mail_address\"",
        )],
    ),
    ("reminder-without-mode", &[("mode = \"on_request\"\n", "")]),
    (
        "source-unnamed",
        &[(
            "fields = [\"prompt\"]\nsource = \"person\"",
            "fields = [\"prompt\"]\nsource = \"third_party\"",
        )],
    ),
    (
        "tail-breaks-period",
        &[
            (
                "action = \"erase\"",
                "action = \"erase\"\ncopies = [\"backup\"]",
            ),
            ("erasable = true", "erasable = false"),
        ],
    ),
    (
        "unknown-field",
        &[(
            "basis = \"contract\"",
            "basis = \"contract\"\nfields = [\"phone\"]",
        )],
    ),
    (
        "unknown-group",
        &[(
            "+",
            "[group.care]\nlabel = { nl = \"zorg\", en = \"care\" }\n[[policy.override]]\nkind = \"PERSON\"\ndestination = \"eu\"\ngroup = \"cure\"\nverdict = \"block\"\nwhy = \"x\"",
        )],
    ),
    (
        "unknown-role",
        &[("roles = [\"support\"]", "roles = [\"helpdesk\"]")],
    ),
    ("address-insecure", &[("https://api", "http://api")]),
    (
        "address-missing",
        &[("base_url = \"https://api.model.example/v1\"\n", "")],
    ),
    (
        "bad-address",
        &[(
            "https://api.model.example/v1",
            "https://user:secret@api.model.example",
        )],
    ),
    ("bad-address", &[("privacy@voorbeeld.example", "privacy")]),
    ("bad-date", &[("\"2027-06-30\"", "\"30-06-2027\"")]),
    ("bad-date", &[("\"2027-06-30\"", "\"2027-02-30\"")]),
    ("bad-name", &[("[cookie.visit]", "[cookie.\"a b\"]")]),
    (
        "bad-order",
        &[(
            "effective = \"2026-01-01\"",
            "effective = \"2026-01-01\"\npublished = \"2026-02-01\"",
        )],
    ),
    (
        "bad-order",
        &[("valid_from = \"2026-01-01\"", "valid_from = \"2028-01-01\"")],
    ),
    ("bad-path", &[("\"/chat/{id}\"", "\"chat\"")]),
    (
        "bad-period",
        &[("period = \"14d\"", "period = \"two weeks\"")],
    ),
    (
        "bad-period",
        &[(
            "stores_input = false",
            "stores_input = true\nresidual = \"long\"",
        )],
    ),
    ("basis-without-evidence", &[("evidence = \"terms\"\n", "")]),
    (
        "basis-without-evidence",
        &[(
            "+",
            "[disclosure.court]\nlabel = { nl = \"Een rechter\", en = \"A court\" }\ncase = \"legal_duty\"\ncategories = [\"user_content\"]",
        )],
    ),
    (
        "interest-missing",
        &[(
            "+",
            "[disclosure.buyer]\nlabel = { nl = \"Een koper\", en = \"A buyer\" }\ncase = \"sale\"\nevidence = \"terms\"\ncategories = [\"user_content\"]",
        )],
    ),
    (
        "category-without-cell",
        &[(
            "+",
            "[category.social]\nfields = [\"a\"]\nsource = \"person\"",
        )],
    ),
    (
        "category-without-claim",
        &[("category = \"mail_address\"", "category = \"user_content\"")],
    ),
    (
        "cell-without-claim",
        &[("when = \"history=on\"", "when = \"history=off\"")],
    ),
    (
        "claim-without-cell",
        &[(
            "categories = [\"mail_address\"]\nbasis",
            "categories = [\"user_content\"]\nbasis",
        )],
    ),
    (
        "consent-for-others",
        &[("mechanism = \"scc\"", "mechanism = \"explicit_consent\"")],
    ),
    ("consent-version-differs", &[("news@1", "news@2")]),
    (
        "consent-without-basis",
        &[(
            "basis = \"contract\"",
            "basis = \"contract\"\nconsent = \"news@1\"",
        )],
    ),
    ("consent-without-version", &[("consent = \"news@1\"\n", "")]),
    ("consent-without-version", &[("news@1", "news")]),
    (
        "contact-missing",
        &[(
            "privacy = { name = \"Privacy\", mail = \"privacy@voorbeeld.example\" }\n",
            "",
        )],
    ),
    ("contract-missing", &[("dpa = \"dpa-17\"\n", "")]),
    (
        "controller-missing",
        &[("residences = [\"*\"]", "residences = [\"NL\"]")],
    ),
    (
        "cookie-without-consent",
        &[
            ("class = \"necessary\"", "class = \"advertising\""),
            (
                "basis = \"consent\"\nconsent = \"news@1\"",
                "basis = \"contract\"\nevidence = \"terms\"",
            ),
        ],
    ),
    ("destination-contradicts", &[("\"outside-eu\"", "\"eu\"")]),
    (
        "duplicate",
        &[
            ("[\"status\", \"route\"]", "[\"status\", \"status\"]"),
            ("residences = [\"*\"]", "residences = [\"*\", \"*\"]"),
        ],
    ),
    (
        "duplicate",
        &[(
            "when = \"history=on\"\nclaim = \"last_activity + 6months\"",
            "when = \"history=off\"\nclaim = \"created + 1d\"",
        )],
    ),
    (
        "duplicate-cell",
        &[
            (
                "categories = [\"mail_address\"]\nbasis",
                "categories = [\"mail_address\", \"user_content\"]\nbasis",
            ),
            ("purpose = \"newsletter\"", "purpose = \"provide\""),
        ],
    ),
    (
        "empty-value",
        &[("address = \"Straat 1, Plaats\"", "address = \" \"")],
    ),
    ("fields-missing", &[("fields = [\"mail\"]\n", "")]),
    (
        "fields-missing",
        &[(
            "base_url = \"https://api.model.example/v1\"\nfields = [\"prompt\"]",
            "base_url = \"https://api.model.example/v1\"",
        )],
    ),
    (
        "free-text-fact",
        &[(
            "Wij gaan zuinig met gegevens om.",
            "Wij bewaren alles 30 dagen.",
        )],
    ),
    (
        "free-text-fact",
        &[(
            "Wij gaan zuinig met gegevens om.",
            "Alles blijft in Nederland.",
        )],
    ),
    (
        "free-text-fact",
        &[("Wij gaan zuinig met gegevens om.", "Wij gebruiken Model A.")],
    ),
    (
        "human-missing",
        &[("history = \"choice\"", "history = \"choice\"\nai = true")],
    ),
    (
        "interest-missing",
        &[("basis = \"contract\"", "basis = \"legit\"")],
    ),
    (
        "label-missing",
        &[("{ nl = \"Chat\", en = \"Chat\" }", "{ nl = \"Chat\" }")],
    ),
    (
        "legit-public-body",
        &[
            (
                "basis = \"contract\"",
                "basis = \"legit\"\ninterest = { nl = \"x\", en = \"x\" }",
            ),
            (
                "country = \"NL\"",
                "country = \"NL\"\nkind = \"public_body\"",
            ),
        ],
    ),
    (
        "log-field-unknown",
        &[("period = \"14d\"", "period = \"14d\"\npersonal = [\"ip\"]")],
    ),
    (
        "log-too-long",
        &[("period = \"14d\"", "period = \"13months\"")],
    ),
    ("log-without-reader", &[("readers = [\"operator\"]\n", "")]),
    (
        "mechanism-ends-soon",
        &[("\"2027-06-30\"", "\"2026-12-31\"")],
    ),
    ("mechanism-expired", &[("\"2027-06-30\"", "\"2026-11-20\"")]),
    (
        "mechanism-not-yet-valid",
        &[("valid_from = \"2026-01-01\"", "valid_from = \"2026-11-22\"")],
    ),
    (
        "mechanism-undated",
        &[("valid_until = \"2027-06-30\"\n", "")],
    ),
    ("missing-key", &[("basis = \"contract\"\n", "")]),
    (
        "missing-section",
        &[(
            "[register]",
            "[message.register]\nclass = \"legal\"\n[evidence.register]",
        )],
    ),
    ("no-mechanism", &[("mechanism = \"scc\"\n", "")]),
    (
        "no-mechanism",
        &[("mechanism = \"scc\"", "mechanism = \"adequacy\"")],
    ),
    (
        "no-mechanism",
        &[
            ("mechanism = \"scc\"", "mechanism = \"dpf\""),
            ("country = \"US\"", "country = \"CN\""),
        ],
    ),
    (
        "notice-incomplete",
        &[(
            "[notice.public.texts]",
            "[notice.public]\nsections = [\"who\", \"what\"]\n[notice.public.texts]",
        )],
    ),
    (
        "notice-section-missing",
        &[(
            "[notice.public.texts]",
            "[notice.public]\nsections = [\"contact\"]\n[notice.public.texts]",
        )],
    ),
    (
        "officer-missing",
        &[(
            "country = \"NL\"",
            "country = \"NL\"\nkind = \"public_body\"",
        )],
    ),
    ("open-value", &[("\"first_message + 30d\"", "\"?\"")]),
    (
        "open-value",
        &[("first_message + 30d", "first_message + ?")],
    ),
    (
        "open-value",
        &[("mail = \"privacy@voorbeeld.example\"", "mail = \"open\"")],
    ),
    (
        "period-missing",
        &[("\"first_message + 30d\"", "\"first_message\"")],
    ),
    (
        "period-missing",
        &[("first_message + 30d", "first_message + a month")],
    ),
    (
        "placeholder",
        &[("privacy@voorbeeld.example", "privacy@example.org")],
    ),
    (
        "placeholder",
        &[("Straat 1, Plaats", "Straat 1, 1234 AB Plaats")],
    ),
    (
        "processor-own-purpose",
        &[
            ("role = \"controller\"", "role = \"processor\""),
            ("basis = \"contract\"", "basis = \"legit\""),
        ],
    ),
    (
        "purpose-unused",
        &[(
            "[purpose.newsletter]",
            "[purpose.newsletter]\n[purpose.survey]",
        )],
    ),
    (
        "purpose-without-term",
        &[(
            "[purpose.newsletter]",
            "[purpose.newsletter]\n[purpose.world_peace]",
        )],
    ),
    ("recipient-trains", &[("trains = false", "trains = true")]),
    ("recipient-unused", &[("recipients = [\"model\"]\n", "")]),
    (
        "representative-missing",
        &[(
            "address = \"Straat 1, Plaats\"\ncountry = \"NL\"",
            "address = \"Road 1\"\ncountry = \"GB\"",
        )],
    ),
    (
        "residual-missing",
        &[("stores_input = false", "stores_input = true")],
    ),
    ("review-overdue", &[("\"2027-11-01\"", "\"2026-06-01\"")]),
    (
        "service-without-processing",
        &[(
            "+",
            "[service.empty]\nnotice = \"public\"\nrole = \"controller\"\nautomated_decisions = \"none\"\nspecial_categories = \"forbidden\"",
        )],
    ),
    (
        "sound-undeclared",
        &[(
            "base_url = \"https://api.model.example/v1\"\nfields = [\"prompt\"]",
            "base_url = \"https://api.model.example/v1\"\nfields = [\"prompt\", \"sound\"]",
        )],
    ),
    (
        "special-forbidden",
        &[(
            "fields = [\"prompt\"]\nsource = \"person\"",
            "fields = [\"prompt\"]\nsource = \"person\"\nspecial = true",
        )],
    ),
    ("special-without-ground", SPECIAL),
    ("special-without-dpia", SPECIAL),
    ("syntax", &[("[purpose.provide]", "[purpose.provide")]),
    (
        "syntax",
        &[(
            "version = \"1\"\nlanguages",
            "version = \"1\"\nversion = \"2\"\nlanguages",
        )],
    ),
    (
        "table-without-category",
        &[(
            "categories = [\"user_content\", \"mail_address\"]\nretention",
            "retention",
        )],
    ),
    (
        "table-without-claim",
        &[("consent_withdrawn + 0", "process_ended")],
    ),
    (
        "tail-breaks-period",
        &[(
            "stores_input = false",
            "stores_input = true\nresidual = \"31d\"",
        )],
    ),
    ("unknown-authority", &[("NL-AP", "NL-AX")]),
    (
        "unknown-category",
        &[(
            "categories = [\"mail_address\"]\nbasis",
            "categories = [\"mail_adress\"]\nbasis",
        )],
    ),
    ("unknown-condition", &[("history=on", "weather=fine")]),
    (
        "unknown-condition",
        &[("history = \"choice\"", "history = \"off\"")],
    ),
    (
        "unknown-consent-text",
        &[("consent = \"news@1\"", "consent = \"nieuws@1\"")],
    ),
    (
        "unknown-copy",
        &[(
            "action = \"erase\"",
            "action = \"erase\"\ncopies = [\"attic\"]",
        )],
    ),
    (
        "unknown-country",
        &[("country = \"US\"", "country = \"XX\"")],
    ),
    (
        "unknown-country",
        &[(
            "residences = [\"*\"]",
            "residences = [\"*\", \"Nederland\"]",
        )],
    ),
    (
        "unknown-evidence",
        &[("evidence = \"terms\"", "evidence = \"term\"")],
    ),
    (
        "unknown-key",
        &[("fields = [\"mail\"]", "feilds = [\"mail\"]")],
    ),
    ("unknown-key", &[("+", "[recipients.x]\nkind = \"llm\"")]),
    (
        "unknown-kind",
        &[(
            "fields = [\"mail\"]",
            "fields = [\"mail\"]\nclasses = [\"EMIAL\"]",
        )],
    ),
    (
        "unknown-language",
        &[(
            "languages = [\"nl\", \"en\"]",
            "languages = [\"nl\", \"xx\"]",
        )],
    ),
    (
        "unknown-notice",
        &[("notice = \"public\"", "notice = \"publik\"")],
    ),
    (
        "unknown-purpose",
        &[(
            "purpose = \"newsletter\"\ncategories",
            "purpose = \"newsleter\"\ncategories",
        )],
    ),
    (
        "unknown-recipient",
        &[("recipients = [\"model\"]", "recipients = [\"modell\"]")],
    ),
    (
        "unknown-service",
        &[(
            "path = \"/chat/{id}\"\nmethods = [\"POST\"]\nservice = \"chat\"",
            "path = \"/chat/{id}\"\nmethods = [\"POST\"]\nservice = \"chats\"",
        )],
    ),
    (
        "unknown-term",
        &[(
            "[purpose.newsletter]",
            "[purpose.newsletter]\ndpv = \"dpv:DirectMarketting\"",
        )],
    ),
    (
        "unknown-trigger",
        &[("first_message + 30d", "first_mesage + 30d")],
    ),
    (
        "unknown-value",
        &[("kind = \"at_most\"\naction", "kind = \"at_least\"\naction")],
    ),
    (
        "unknown-zone",
        &[(
            "version = \"1\"\nlanguages",
            "version = \"1\"\nzone = \"Europe/Duinrode\"\nlanguages",
        )],
    ),
    (
        "wrong-type",
        &[("fields = [\"mail\"]", "fields = \"mail\"")],
    ),
    ("wrong-type", &[("max = 12", "max = \"twelve\"")]),
];

const SPECIAL: &[(&str, &str)] = &[
    (
        "fields = [\"prompt\"]\nsource = \"person\"",
        "fields = [\"prompt\"]\nsource = \"person\"\nspecial = true",
    ),
    (
        "special_categories = \"forbidden\"",
        "special_categories = \"conditions\"",
    ),
];
