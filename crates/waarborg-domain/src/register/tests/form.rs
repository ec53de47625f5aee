//! The forms follow the schema, and the schema the compiler.

use serde_json::Value as Json;

use super::{LAW, TODAY};
use crate::register::Register;
use crate::register::form::{Leaf, SECTIONS, Shape, section};
use crate::register::manuscript::{EditError, Item, Manuscript, Which};

const DEMO: &str = include_str!("../../../../../registers/demo-gemeente.toml");
const SCHEMA: &str = include_str!("../../../../../docs/schema/register.schema.json");

fn demo() -> Manuscript {
    Manuscript::new(DEMO).unwrap()
}

fn items(manuscript: &Manuscript) -> Vec<Item> {
    let all = SECTIONS.iter().flat_map(|section| {
        let which = manuscript.items(&section.name).into_iter();
        which.map(|which| Item {
            section: section.name.clone(),
            which,
        })
    });
    all.collect()
}

#[test]
fn a_form_that_comes_back_as_it_went_changes_no_byte() {
    let mut manuscript = demo();
    let items = items(&manuscript);
    assert!(items.len() > 100, "{}", items.len());
    for item in &items {
        let section = section(&item.section).unwrap();
        let fields = section.fields(&manuscript, item);
        assert!(!fields.is_empty(), "{item:?}");
        let sent: Vec<(String, String)> = fields
            .into_iter()
            .map(|field| (field.name(), field.shown.replace('\n', "\r\n")))
            .collect();
        let said = |name: &str| {
            let found = sent.iter().find(|(known, _)| known == name);
            found.map(|(_, said)| said.as_str())
        };
        section.fill(&mut manuscript, item, said).unwrap();
    }
    assert_eq!(manuscript.text(), DEMO);
}

#[test]
fn what_one_field_says_is_all_that_changes() {
    let mut manuscript = demo();
    let item = Item {
        section: "controller".to_owned(),
        which: Which::Named("duinrode".to_owned()),
    };
    let controller = section("controller").unwrap();
    assert_eq!(controller.shape, Shape::Named);
    let said = |name: &str| match name {
        "privacy.mail" => Some(" loket@duinrode.example "),
        "officer.post.nl" => Some("Postbus 1"),
        _ => None,
    };
    controller.fill(&mut manuscript, &item, said).unwrap();
    let expected = DEMO
        .replace("privacy@duinrode.example", "loket@duinrode.example")
        .replace(
            "mail = \"fg@duinrode.example\" }",
            "mail = \"fg@duinrode.example\", post = { nl = \"Postbus 1\" } }",
        );
    assert_eq!(manuscript.text(), expected);
}

#[test]
fn a_field_that_cannot_be_changed_alone_changes_nothing() {
    let text = "[recipient.a]\nfields = [\n  \"x\", # why\n]\ncountry = \"NL\"\n";
    let mut manuscript = Manuscript::new(text).unwrap();
    let item = Item {
        section: "recipient".to_owned(),
        which: Which::Named("a".to_owned()),
    };
    let said = |name: &str| Some(if name == "fields" { "y" } else { "DE" });
    let refused = section("recipient")
        .unwrap()
        .fill(&mut manuscript, &item, said);
    assert_eq!(
        refused,
        Err(("fields".to_owned(), EditError::WrittenOtherwise))
    );
    assert_eq!(manuscript.text(), text);
}

#[test]
fn the_words_of_the_schema_are_those_of_the_compiler() {
    let schema: Json = serde_json::from_str(SCHEMA).unwrap();
    let mut n_checked = 0;
    for section in SECTIONS.iter() {
        let heading = match section.shape {
            Shape::Only => format!("[{}]", section.name),
            Shape::Named => format!("[{}.x]", section.name),
            Shape::Rows => format!("[[{}]]", section.name),
        };
        let about = &schema["properties"][&section.name];
        let properties = [
            &about["properties"],
            &about["items"]["properties"],
            &about["additionalProperties"]["properties"],
        ];
        let properties = properties
            .into_iter()
            .find(|found| found.is_object())
            .unwrap();
        for key in section.keys() {
            let Some(words) = properties[key]["enum"].as_array() else {
                continue;
            };
            let mut words: Vec<&str> = words
                .iter()
                .filter_map(Json::as_str)
                .filter(|word| *word != "?")
                .collect();
            // An overlay reads the key that its lever moves.
            let lever = match (section.name.as_str(), key) {
                ("overlay", "basis") => "lever = \"basis\"\n",
                ("overlay", "kind") => {
                    "lever = \"period\"\ncategory = \"c\"\nclaim = \"created + 1d\"\n"
                }
                ("overlay", "mechanism") => "lever = \"transfer\"\nrecipient = \"r\"\n",
                _ => "",
            };
            let source = format!("{heading}\n{lever}{key} = \"zzzz\"\n");
            let faults = Register::compile(&source, "r", &LAW, TODAY).unwrap_err();
            let fault = faults.iter().find(|fault| fault.message.contains("zzzz"));
            let fault = fault.unwrap_or_else(|| panic!("{} {key} takes any word", section.name));
            let said = fault.mend.to_lowercase();
            n_checked += 1;
            if fault.code == "overlay-forbidden-lever" {
                let missing = words.iter().find(|word| !said.contains(*word));
                assert_eq!(missing, None, "{said}");
                continue;
            }
            let mut possible: Vec<&str> = said
                .split("possible: ")
                .nth(1)
                .unwrap_or_default()
                .split(", ")
                .collect();
            words.sort_unstable();
            possible.sort_unstable();
            assert_eq!(words, possible, "{} {key}", section.name);
        }
    }
    assert!(n_checked > 20, "{n_checked}");
}

#[test]
fn every_key_has_a_form_or_is_said_to_have_none() {
    let elsewhere: Vec<String> = SECTIONS
        .iter()
        .flat_map(|section| {
            section
                .elsewhere()
                .map(|key| format!("{}.{key}", section.name))
        })
        .collect();
    assert_eq!(elsewhere, ["policy.override", "policy.tool"]);
    let manuscript = demo();
    let of = |name: &str, which| {
        let item = Item {
            section: name.to_owned(),
            which,
        };
        section(name).unwrap().fields(&manuscript, &item)
    };
    let head = of("register", Which::Only);
    let leaf = |key: &str| {
        head.iter()
            .find(|field| field.name() == key)
            .unwrap()
            .leaf
            .clone()
    };
    assert_eq!(
        (leaf("effective"), leaf("languages"), leaf("name")),
        (Leaf::Day, Leaf::List, Leaf::Line)
    );
}
