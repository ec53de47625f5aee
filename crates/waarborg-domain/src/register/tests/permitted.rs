//! What a register allows, and that a change of its text changes that.

use jiff::civil::{Date, date};

use super::{SMALL, TODAY, changed, compiled, register};
use crate::claim::{Circumstances, ClaimKind, Period, Trigger};
use crate::permit::{AgeBand, Ask, HeldConsent, PersonState, Refusal};
use crate::personal::{Category, Personal};
use crate::register::{Basis, Destination, Mechanism, Register};

fn seen() -> PersonState {
    PersonState {
        notice_seen: true,
        ..PersonState::default()
    }
}

fn consented(version: &str) -> PersonState {
    let consent = HeldConsent {
        purpose: "newsletter".into(),
        entity: "voorbeeld".into(),
        text_version: version.into(),
    };
    PersonState {
        consents: vec![consent],
        ..seen()
    }
}

/// Asks, and gives the code of the refusal or `allowed`.
fn asked(
    register: &Register,
    service: &str,
    purpose: &str,
    person: &PersonState,
    today: Date,
) -> &'static str {
    match register.permit(&Ask {
        service,
        purpose,
        person,
        today,
    }) {
        Ok(_) => "allowed",
        Err(refusal) => refusal.code(),
    }
}

#[test]
fn in_each_place_of_the_world_the_law_there_moves_its_levers_and_nothing_else() {
    for (place, lives, elsewhere) in [
        ("EEA", "FR", "GB"),
        ("GB", "GB", "FR"),
        ("CH", "CH", "LI"),
        ("US-CA", "US-CA", "US-NY"),
        ("US", "US-NY", "CA"),
        ("BR", "BR", "PT"),
        ("CN", "CN", "BR"),
    ] {
        let there = format!("residences = [\"{place}\"]");
        let source = changed(&[("residences = [\"BR\"]", &there)]);
        let register = register(&source);
        let period = |register: &Register| {
            let mut rules = register.retentions().iter();
            let rule =
                rules.find(|rule| rule.purpose == "provide" && rule.category == "user_content");
            rule.unwrap().period.to_string()
        };
        let moved = register.in_residence(lives).unwrap();
        assert_eq!(period(&moved), "3months", "{place}");
        assert_ne!(period(&register), "3months");
        assert!(register.in_residence(elsewhere).is_none(), "{elsewhere}");
        for lever in [
            "fields",
            "recipients",
            "categories",
            "purpose",
            "notice",
            "cookies",
        ] {
            let other = source.replace("lever = \"period\"", &format!("lever = \"{lever}\""));
            let faults = compiled(&other).unwrap_err();
            let is_refused = faults
                .iter()
                .any(|fault| fault.code == "overlay-forbidden-lever");
            assert!(is_refused, "{place}: {lever}");
        }
    }
    let unknown = changed(&[("residences = [\"BR\"]", "residences = [\"US-california\"]")]);
    assert!(compiled(&unknown).is_err());
}

#[test]
fn a_permit_follows_service_purpose_notice_and_consent() {
    let register = register(SMALL);
    let check = |service, purpose, person: &PersonState, expected| {
        assert_eq!(
            asked(&register, service, purpose, person, TODAY),
            expected,
            "{service}/{purpose}"
        );
    };

    check("chat", "provide", &seen(), "allowed");
    check("chat", "provide", &PersonState::default(), "notice-unseen");
    check("mail", "provide", &seen(), "unknown-service");
    check("chat", "train", &seen(), "unknown-purpose");
    check("chat", "newsletter", &seen(), "no-consent");
    check("chat", "newsletter", &consented("1"), "allowed");
    check("chat", "newsletter", &consented("0"), "no-consent");
}

#[test]
fn consent_counts_for_its_own_controller_only() {
    let register = register(SMALL);
    let mut person = consented("1");
    person.consents[0].entity = "sister-company".into();
    assert_eq!(
        asked(&register, "chat", "newsletter", &person, TODAY),
        "no-consent"
    );
}

#[test]
fn a_child_below_the_age_of_its_country_needs_a_guardian() {
    let register = register(SMALL);
    let child = PersonState {
        age: AgeBand::ThirteenToFifteen,
        residence: Some("NL".into()),
        ..consented("1")
    };
    assert_eq!(
        asked(&register, "chat", "newsletter", &child, TODAY),
        "guardian-needed"
    );

    let in_sweden = PersonState {
        residence: Some("SE".into()),
        ..child.clone()
    };
    assert_eq!(
        asked(&register, "chat", "newsletter", &in_sweden, TODAY),
        "allowed"
    );
    let guarded = PersonState {
        guardian_agreed: true,
        ..child
    };
    assert_eq!(
        asked(&register, "chat", "newsletter", &guarded, TODAY),
        "allowed"
    );
}

#[test]
fn a_service_with_a_minimum_age_refuses_younger_people() {
    let register = register(&changed(&[(
        "history = \"choice\"",
        "history = \"choice\"\nminimum_age = 13",
    )]));
    let child = PersonState {
        age: AgeBand::UnderThirteen,
        ..seen()
    };
    assert_eq!(
        asked(&register, "chat", "provide", &child, TODAY),
        "too-young"
    );
    let older = PersonState {
        age: AgeBand::ThirteenToFifteen,
        ..seen()
    };
    assert_eq!(
        asked(&register, "chat", "provide", &older, TODAY),
        "allowed"
    );
}

#[test]
fn a_restriction_leaves_only_what_the_law_lets_go_on() {
    let source = changed(&[
        ("purpose = \"provide\"", "purpose = \"security\""),
        ("[purpose.provide]", "[purpose.security]"),
    ]);
    let restricted = PersonState {
        restricted: true,
        ..seen()
    };

    assert_eq!(
        asked(&register(SMALL), "chat", "provide", &restricted, TODAY),
        "restricted"
    );
    assert_eq!(
        asked(&register(&source), "chat", "security", &restricted, TODAY),
        "allowed"
    );
}

#[test]
fn an_objection_stops_marketing_always_and_a_contract_never() {
    let objecting = |purpose: &str, person: PersonState| PersonState {
        objections: vec![purpose.into()],
        ..person
    };
    let small = register(SMALL);
    assert_eq!(
        asked(
            &small,
            "chat",
            "newsletter",
            &objecting("newsletter", consented("1")),
            TODAY
        ),
        "objected"
    );
    assert_eq!(
        asked(
            &small,
            "chat",
            "provide",
            &objecting("provide", seen()),
            TODAY
        ),
        "allowed"
    );

    let task = register(&changed(&[(
        "basis = \"contract\"",
        "basis = \"public_task\"",
    )]));
    assert_eq!(
        asked(
            &task,
            "chat",
            "provide",
            &objecting("provide", seen()),
            TODAY
        ),
        "objected"
    );
}

#[test]
fn nothing_is_allowed_before_the_register_takes_effect_or_from_a_draft() {
    let later = register(&changed(&[(
        "effective = \"2026-01-01\"",
        "effective = \"2026-12-01\"",
    )]));
    assert_eq!(
        asked(&later, "chat", "provide", &seen(), TODAY),
        "not-yet-effective"
    );
    assert_eq!(
        asked(&later, "chat", "provide", &seen(), date(2026, 12, 1)),
        "allowed"
    );

    let (draft, _) = Register::draft(SMALL, "register.toml", &super::LAW, TODAY);
    assert_eq!(
        asked(&draft.unwrap(), "chat", "provide", &seen(), TODAY),
        "draft"
    );
}

#[test]
fn personal_data_opens_only_for_a_purpose_that_covers_it() {
    let register = register(SMALL);
    let person = seen();
    let permit = register
        .permit(&Ask {
            service: "chat",
            purpose: "provide",
            person: &person,
            today: TODAY,
        })
        .unwrap();

    let question = Personal::new(
        register.category("user_content").unwrap().name.clone(),
        "hoi".to_owned(),
    );
    assert_eq!(question.reveal(&permit).unwrap(), "hoi");
    assert_eq!(permit.basis_for(question.category()), Some(Basis::Contract));
    let address = Personal::new(
        register.category("mail_address").unwrap().name.clone(),
        "a@b.example".to_owned(),
    );
    assert!(address.reveal(&permit).is_err() && address.into_revealed(&permit).is_err());
    let gone = Personal::new(Category::from_stored("withdrawn_category"), String::new());
    assert!(gone.reveal(&permit).is_err());
}

fn transfer_on(
    source: &str,
    compiled_on: Date,
    today: Date,
) -> Result<(Option<Mechanism>, Destination), &'static str> {
    let register = Register::compile(source, "register.toml", &super::LAW, compiled_on).unwrap();
    let person = seen();
    let permit = register
        .permit(&Ask {
            service: "chat",
            purpose: "provide",
            person: &person,
            today,
        })
        .unwrap();
    let transfer = register
        .transfer(&permit, "model", today)
        .map_err(|refusal| refusal.code())?;
    assert_eq!(transfer.host(), Some("api.model.example"));
    assert!(transfer.covers_field("prompt") && !transfer.covers_field("name"));
    assert!(transfer.covers(&Category::from_stored("user_content")));
    assert!(!transfer.covers(&Category::from_stored("mail_address")));
    Ok((transfer.mechanism(), transfer.destination()))
}

#[test]
fn a_transfer_ends_at_midnight_after_the_last_day_of_its_mechanism() {
    let on = |today| transfer_on(SMALL, TODAY, today);
    assert_eq!(
        on(date(2027, 6, 30)),
        Ok((Some(Mechanism::Scc), Destination::OutsideEu))
    );
    assert_eq!(on(date(2027, 7, 1)), Err("mechanism-expired"));
}

#[test]
fn an_adequate_country_is_adequate_only_while_the_decision_holds() {
    let source = changed(&[
        ("country = \"US\"", "country = \"GB\""),
        ("mechanism = \"scc\"", "mechanism = \"adequacy\""),
        ("valid_until = \"2027-06-30\"\n", ""),
    ]);
    assert!(transfer_on(&source, TODAY, date(2031, 12, 27)).is_ok());
    assert_eq!(
        transfer_on(&source, TODAY, date(2031, 12, 28)),
        Err("no-mechanism")
    );
}

#[test]
fn inside_the_eea_and_at_home_no_mechanism_is_needed() {
    let eu = changed(&[
        ("country = \"US\"", "country = \"IE\""),
        ("\"outside-eu\"", "\"eu\""),
        ("mechanism = \"scc\"\n", ""),
    ]);
    assert_eq!(transfer_on(&eu, TODAY, TODAY), Ok((None, Destination::Eu)));
    let own = changed(&[
        ("\"outside-eu\"", "\"own\""),
        ("mechanism = \"scc\"\n", ""),
        ("dpa = \"dpa-17\"\n", ""),
    ]);
    assert_eq!(
        transfer_on(&own, TODAY, TODAY),
        Ok((None, Destination::Own))
    );
}

#[test]
fn a_recipient_receives_only_for_the_purposes_that_name_it() {
    let register = register(SMALL);
    let person = consented("1");
    let permit = register
        .permit(&Ask {
            service: "chat",
            purpose: "newsletter",
            person: &person,
            today: TODAY,
        })
        .unwrap();

    let refused = register.transfer(&permit, "model", TODAY).unwrap_err();
    assert!(matches!(refused, Refusal::RecipientNotForPurpose { .. }));
    assert!(matches!(
        register.transfer(&permit, "nobody", TODAY),
        Err(Refusal::UnknownRecipient)
    ));
}

#[test]
fn a_permit_of_an_older_register_opens_no_transfer_of_a_newer_one() {
    let older = register(SMALL);
    let newer = register(&changed(&[(
        "version = \"1\"\nlanguages",
        "version = \"2\"\nlanguages",
    )]));
    let person = seen();
    let permit = older
        .permit(&Ask {
            service: "chat",
            purpose: "provide",
            person: &person,
            today: TODAY,
        })
        .unwrap();
    assert!(newer.transfer(&permit, "model", TODAY).is_err());
    assert_ne!(older.version(), newer.version());
}

#[test]
fn a_change_of_a_period_changes_the_claim() {
    let claim = |source: &str| {
        let claims = register(source).claims(
            "chat",
            "user_content",
            &Circumstances::none().with("history", "off"),
        );
        assert_eq!(claims.len(), 1);
        (claims[0].trigger, claims[0].period, claims[0].kind)
    };
    assert_eq!(
        claim(SMALL),
        (Trigger::FirstMessage, Period::Days(30), ClaimKind::AtMost)
    );
    for (text, period) in [
        ("31d", Period::Days(31)),
        ("72h", Period::Hours(72)),
        ("1month", Period::Months(1)),
        ("2y", Period::Years(2)),
    ] {
        assert_eq!(
            claim(&SMALL.replace("first_message + 30d", &format!("first_message + {text}"))).1,
            period
        );
    }
}

#[test]
fn a_change_of_a_purpose_changes_what_is_allowed() {
    let source = changed(&[
        ("purpose = \"provide\"", "purpose = \"support\""),
        ("[purpose.provide]", "[purpose.support]"),
    ]);
    assert_eq!(
        asked(&register(&source), "chat", "provide", &seen(), TODAY),
        "unknown-purpose"
    );
    assert_eq!(
        asked(&register(&source), "chat", "support", &seen(), TODAY),
        "allowed"
    );
}

#[test]
fn a_category_taken_out_of_a_processing_is_no_longer_covered() {
    let source = changed(&[
        (
            "categories = [\"user_content\"]\nbasis",
            "categories = [\"mail_address\"]\nbasis",
        ),
        (
            "categories = [\"mail_address\"]\nbasis = \"consent\"",
            "categories = [\"user_content\"]\nbasis = \"consent\"",
        ),
        ("category = \"user_content\"", "category = \"swapped\""),
        ("category = \"mail_address\"", "category = \"user_content\""),
        ("category = \"swapped\"", "category = \"mail_address\""),
        (
            "collects = [\"user_content\"]",
            "collects = [\"mail_address\"]",
        ),
    ]);
    let register = register(&source);
    let person = seen();
    let permit = register
        .permit(&Ask {
            service: "chat",
            purpose: "provide",
            person: &person,
            today: TODAY,
        })
        .unwrap();
    assert!(!permit.covers(&Category::from_stored("user_content")));
}

#[test]
fn the_register_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&register(SMALL));
}
