//! Every fault has a register that has it, made by one change to a register that has none.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{SMALL, changed, compiled, listed, register};
use crate::register::{CODES, Running};

/// A code, and the change to the small register that brings it about.
type Fixture = (&'static str, &'static [(&'static str, &'static str)]);

/// `+` in front of the new text appends it to the register instead.
const FIXTURES: &[Fixture] = &[
    (
        "assessment-incomplete",
        &[("kind = \"contract\"", "kind = \"lia\"")],
    ),
    ("bad-window", &[("trial_ended ..", "trial_ended to")]),
    ("contract-incomplete", &[("\"deletion\", ", "")]),
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
    ("duty-overdue", &[("\"2027-01-01\"", "\"2026-01-01\"")]),
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
    (
        "principal-missing",
        &[("role = \"controller\"", "role = \"processor\"")],
    ),
    (
        "proposed-value",
        &[("action = \"erase\"", "action = \"erase\"\nproposed = true")],
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
    (
        "review-overdue",
        &[("kind = \"dpa\"", "kind = \"dpa\"\nreview = \"2026-06-01\"")],
    ),
    (
        "service-without-processing",
        &[(
            "+",
            "[service.empty]\nnotice = \"public\"\nrole = \"controller\"\nautomated_decisions = \"none\"\nspecial_categories = \"forbidden\"",
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

fn broken(changes: &[(&str, &str)]) -> String {
    match changes {
        [("+", addition)] => format!("{SMALL}\n{addition}\n"),
        _ => changed(changes),
    }
}

#[test]
fn the_small_register_has_neither_faults_nor_warnings() {
    assert!(
        register(SMALL).warnings().is_empty(),
        "{}",
        listed(register(SMALL).warnings())
    );
}

#[test]
fn every_fault_is_found_by_its_code() {
    for (code, changes) in FIXTURES {
        let faults = match compiled(&broken(changes)) {
            Ok(register) => register.warnings().to_vec(),
            Err(faults) => faults,
        };
        let found = faults.iter().find(|fault| fault.code == *code);
        let fault = found.unwrap_or_else(|| panic!("{code} is not found in:\n{}", listed(&faults)));

        assert!(
            fault.line >= 1
                && fault.column >= 1
                && !fault.message.is_empty()
                && !fault.mend.is_empty()
        );
        assert!(!fault.in_dutch().is_empty());
        assert_eq!(fault.file, "register.toml");
    }
}

#[test]
fn every_code_has_a_fixture() {
    let tested: BTreeSet<&str> = FIXTURES.iter().map(|(code, _)| *code).collect();
    for (code, _) in CODES
        .iter()
        .filter(|(code, _)| !code.starts_with("undeclared-"))
    {
        assert!(tested.contains(code), "{code} has no fixture");
    }
}

#[test]
fn every_code_stands_in_the_manual() {
    let manual = include_str!("../../../../../docs/register.md");
    for (code, _) in CODES {
        assert!(
            manual.contains(&format!("| `{code}` | ")),
            "{code} is not in docs/register.md"
        );
    }
}

#[test]
fn every_code_that_the_compiler_gives_is_known() {
    for (_, changes) in FIXTURES {
        let faults = compiled(&broken(changes)).err().unwrap_or_default();
        for fault in faults {
            assert!(
                CODES.iter().any(|(code, _)| *code == fault.code),
                "{} is not listed",
                fault.code
            );
        }
    }
}

#[test]
fn all_faults_come_at_once_in_the_order_of_the_file() {
    let source = changed(&[
        ("fields = [\"mail\"]", "feilds = [\"mail\"]"),
        ("\"2027-06-30\"", "\"soon\""),
        ("NL-AP", "NL-AX"),
        ("history=on", "history=maybe"),
    ]);
    let faults = compiled(&source).unwrap_err();
    let codes: BTreeSet<&str> = faults.iter().map(|fault| fault.code).collect();

    for code in [
        "unknown-key",
        "bad-date",
        "unknown-authority",
        "unknown-condition",
    ] {
        assert!(codes.contains(code), "{}", listed(&faults));
    }
    assert!(
        faults
            .windows(2)
            .all(|pair| (pair[0].line, pair[0].column) <= (pair[1].line, pair[1].column))
    );
}

#[test]
fn a_mistyped_name_is_not_buried_in_what_follows_from_it() {
    for (from, to) in [
        (
            "categories = [\"mail_address\"]\nbasis",
            "categories = [\"mail_adress\"]\nbasis",
        ),
        (
            "service = \"chat\"\npurpose = \"newsletter\"",
            "service = \"chta\"\npurpose = \"newsletter\"",
        ),
        (
            "purpose = \"newsletter\"\ncategories",
            "purpose = \"newsleter\"\ncategories",
        ),
        ("category = \"mail_address\"", "category = \"mail_adress\""),
    ] {
        let faults = compiled(&changed(&[(from, to)])).unwrap_err();
        let errors: Vec<_> = faults
            .into_iter()
            .filter(crate::register::Fault::is_error)
            .collect();
        assert!(errors.len() <= 3, "{to}:\n{}", listed(&errors));
    }
}

#[test]
fn a_mistyped_key_is_placed_exactly_and_mended() {
    let source = changed(&[("fields = [\"mail\"]", "feilds = [\"mail\"]")]);
    let faults = compiled(&source).unwrap_err();
    let fault = faults
        .iter()
        .find(|fault| fault.code == "unknown-key")
        .unwrap();
    let line = source
        .lines()
        .position(|line| line.starts_with("feilds"))
        .unwrap()
        + 1;

    assert_eq!((fault.line, fault.column), (line, 1));
    assert!(fault.mend.contains("did you mean fields?"));
}

#[test]
fn broken_toml_is_reported_at_every_place() {
    let faults = compiled("[register]\nname = \nversion = 1 2\n[controller\n").unwrap_err();
    assert!(
        faults.iter().filter(|fault| fault.code == "syntax").count() >= 2,
        "{}",
        listed(&faults)
    );
}

#[test]
fn what_runs_but_is_not_declared_stops_the_start() {
    let register = register(SMALL);
    let declared = Running {
        tables: vec!["records".into()],
        log_fields: vec![("access".into(), "status".into())],
        routes: vec![("POST".into(), "/chat/{conversation}".into())],
        outgoing_fields: vec![("model".into(), "prompt".into())],
        cookies: vec!["visit".into()],
        terms: vec!["console_link".into()],
    };
    assert!(register.undeclared(&declared).is_empty());

    let undeclared = Running {
        tables: vec!["extra".into()],
        log_fields: vec![
            ("access".into(), "ip".into()),
            ("nowhere".into(), "status".into()),
        ],
        routes: vec![
            ("GET".into(), "/chat/{id}".into()),
            ("POST".into(), "/chat/{id}/more".into()),
        ],
        outgoing_fields: vec![
            ("model".into(), "name".into()),
            ("nobody".into(), "prompt".into()),
        ],
        cookies: vec!["tracker".into()],
        terms: vec!["for_ever".into()],
    };
    let codes: Vec<&str> = register
        .undeclared(&undeclared)
        .iter()
        .map(|fault| fault.code)
        .collect();
    assert_eq!(codes.len(), 9);
    for (code, _) in CODES
        .iter()
        .filter(|(code, _)| code.starts_with("undeclared-"))
    {
        assert!(codes.contains(code));
    }
}

#[test]
fn no_file_makes_the_compiler_stumble() {
    for source in [
        "",
        "\u{feff}",
        "=",
        "[[[[",
        "a = [[[[[[[[[[",
        "[service]\nchat = 1",
        "[[service]]",
        "retention = 3",
        "register = \"?\"",
    ] {
        assert!(compiled(source).is_err(), "{source:?}");
    }
    for end in 0..SMALL.len() {
        if let Some(start) = SMALL.get(..end).filter(|_| end % 37 == 0) {
            let _ = compiled(start);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_register_with_a_piece_changed_never_makes_the_compiler_stumble(
        at in 0..SMALL.len(),
        gone in 0_usize..40,
        new in "[a-z0-9\"'\\[\\]{}=#?+,.@\n \u{e9}\u{1f600}-]{0,12}",
    ) {
        let start = (0..=at).rev().find(|at| SMALL.is_char_boundary(*at)).unwrap_or(0);
        let end = ((at + gone).min(SMALL.len())..=SMALL.len()).find(|at| SMALL.is_char_boundary(*at)).unwrap_or(SMALL.len());
        let source = format!("{}{new}{}", SMALL.get(..start).unwrap(), SMALL.get(end..).unwrap());
        match compiled(&source) {
            Ok(register) => prop_assert!(!register.version().is_empty()),
            Err(faults) => {
                prop_assert!(faults.iter().any(crate::register::Fault::is_error));
                for fault in &faults {
                    prop_assert!(fault.line >= 1 && fault.line <= source.lines().count() + 1 && fault.column >= 1);
                }
            }
        }
    }
}
