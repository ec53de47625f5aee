//! The registers that come with the program.

use std::fmt::Write as _;

use super::{TODAY, compiled, listed, register};
use crate::claim::{Circumstances, Period, Trigger};
use crate::permit::{Ask, PersonState};
use crate::register::{Destination, PolicyProfile, Register, starter};

const DEMO: &str = include_str!("../../../../../registers/demo-gemeente.toml");
const PROGRAM: &str = include_str!("../../../../../registers/parts/program.toml");

#[test]
fn the_demo_register_has_neither_faults_nor_warnings() {
    let demo = register(DEMO);
    assert!(demo.warnings().is_empty(), "{}", listed(demo.warnings()));
}

#[test]
fn the_demo_register_declares_all_that_the_program_keeps() {
    assert!(
        DEMO.ends_with(PROGRAM),
        "copy registers/parts/program.toml to the end of the demo register"
    );
}

#[test]
fn a_conversation_without_history_ends_thirty_days_after_its_first_message() {
    let demo = register(DEMO);
    let claims = demo.claims(
        "chat",
        "user_content",
        &Circumstances::none().with("history", "off"),
    );
    let kept: Vec<_> = claims
        .iter()
        .filter(|claim| !claim.trigger.is_memory_only())
        .collect();

    assert_eq!(kept.len(), 1);
    assert_eq!(
        (kept[0].trigger, kept[0].period),
        (Trigger::FirstMessage, Period::Days(30))
    );
}

#[test]
fn only_consent_lets_a_question_be_kept_to_improve_the_service() {
    let demo = register(DEMO);
    let off = Circumstances::none().with("history", "off");
    let purposes = |circumstances: &Circumstances| {
        let claims = demo.claims("chat", "user_content", circumstances);
        claims
            .iter()
            .map(|claim| claim.purpose.to_string())
            .collect::<Vec<_>>()
    };

    assert!(!purposes(&off).contains(&"improve".to_owned()));
    assert!(purposes(&off.consented("improve")).contains(&"improve".to_owned()));
}

#[test]
fn the_rights_desk_may_show_everything_that_the_store_seals() {
    let demo = register(DEMO);
    let person = PersonState::default();
    let permit = demo
        .permit(&Ask {
            service: "rights",
            purpose: "answer_requests",
            person: &person,
            today: TODAY,
        })
        .unwrap();

    for table in demo.tables() {
        for category in &table.categories {
            assert!(
                permit.covers(category) || *category == "staff",
                "{category} in table {}",
                table.name
            );
        }
    }
}

#[test]
fn every_starter_register_compiles() {
    for provider in ["demo", "openai", "anthropic"] {
        for destination in
            ["own", "eu", "outside-eu", "public"].map(|word| Destination::parse(word).unwrap())
        {
            for profile in [
                PolicyProfile::Strict,
                PolicyProfile::Pseudonymise,
                PolicyProfile::Formats,
                PolicyProfile::Observe,
            ] {
                let url = (provider != "demo").then_some("https://models.example/v1");
                let source = starter(provider, url, destination, profile, TODAY);
                let faults = compiled(&source).err().unwrap_or_default();
                assert!(
                    faults.is_empty(),
                    "{provider} {destination} {profile}\n{}",
                    listed(&faults)
                );
            }
        }
    }
}

#[test]
fn the_starter_register_says_which_values_are_still_its_own() {
    let source = starter("demo", None, Destination::Own, PolicyProfile::Strict, TODAY);
    let marked = source
        .lines()
        .filter(|line| line.contains("# FILL IN: "))
        .flat_map(|line| line.rsplit("# FILL IN: ").next().unwrap().split(", "))
        .count();
    let register = register(&source);
    let warned: Vec<&str> = register
        .warnings()
        .iter()
        .filter(|fault| fault.code == "placeholder")
        .map(|fault| fault.message.as_str())
        .collect();

    assert_eq!(warned.len(), marked, "{warned:?}");
    let (draft, _) = Register::draft(&source, "register.toml", &super::LAW, TODAY);
    let open = draft.unwrap().open_places().len();
    assert_eq!(open, marked, "a draft shows them as open");
    assert!(warned.iter().any(|line| line.contains("register.name")));
    assert!(
        warned
            .iter()
            .any(|line| line.contains("controller.organisation.privacy.mail"))
    );
}

#[test]
fn a_register_of_ten_thousand_lines_compiles_quickly() {
    let mut source = super::SMALL.to_owned();
    for number in 0..900 {
        write!(
            source,
            "
[category.extra_{number}]
label = {{ nl = \"Extra\", en = \"Extra\" }}
fields = [\"a\", \"b\"]
source = \"person\"
[[processing]]
service = \"chat\"
purpose = \"provide\"
categories = [\"extra_{number}\"]
basis = \"contract\"
evidence = \"terms\"
"
        )
        .unwrap();
        write!(
            source,
            "[[retention]]\nservice = \"chat\"\ncategory = \"extra_{number}\"\npurpose = \"provide\"\nclaim = \"created + 1y\"\nwhy = {{ nl = \"Een reden.\", en = \"A reason.\" }}\n"
        )
        .unwrap();
    }
    assert!(source.lines().count() > 10_000);
    assert!(compiled(&source).is_ok());
}
