//! One place of a file changes, in its manner, and every other byte stays.

use std::sync::LazyLock;

use proptest::prelude::*;
use toml::Value as Toml;

use super::{EditError, Item, Manuscript, Value, Which};

const DEMO: &str = include_str!("../../../../../registers/demo-gemeente.toml");

const SMALL: &str = "# The head.\n[register]\nname = \"A\" # who\nversion='1'\n\n# One recipient.\n[recipient.model]\n\
    label = { nl = \"het model\", en = \"the model\" } # both\ncountry = \"NL\"\nfields = [\n    \"prompt\",\n]\n\n# Rows.\n\
    [[retention]]\nclaim = \"created + 30d\" # a month\n\n# The second.\n[[retention]]\nclaim = \"created + 1y\"\n\
    copies = [\n    \"index\", # the index\n]\nhuman.mail = \"a@example.org\"\n\n[notice.public.texts]\n\
    chat = { nl = \"\"\"\nEen\ntwee\"\"\" }\n";

fn item(section: &str, which: Which) -> Item {
    Item {
        section: section.to_owned(),
        which,
    }
}

fn named(section: &str, name: &str) -> Item {
    item(section, Which::Named(name.to_owned()))
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// What a change makes of the small file; everything else must stay.
fn check(change: impl FnOnce(&mut Manuscript) -> Result<(), EditError>, from: &str, to: &str) {
    let mut manuscript = Manuscript::new(SMALL).unwrap();
    change(&mut manuscript).unwrap();
    assert_eq!(SMALL.matches(from).count(), 1, "{from}");
    assert_eq!(manuscript.text(), SMALL.replacen(from, to, 1));
}

fn refused(change: impl FnOnce(&mut Manuscript) -> Result<(), EditError>) -> EditError {
    let mut manuscript = Manuscript::new(SMALL).unwrap();
    let error = change(&mut manuscript).unwrap_err();
    assert_eq!(manuscript.text(), SMALL, "a refusal changes nothing");
    error
}

#[test]
fn a_value_is_replaced_where_it_stands_and_in_its_manner() {
    let head = item("register", Which::Only);
    check(
        |m| m.set(&head, &["name"], &text("B \"c\"")),
        "\"A\"",
        "\"B \\\"c\\\"\"",
    );
    check(|m| m.set(&head, &["version"], &text("2")), "'1'", "'2'");
    check(
        |m| m.set(&head, &["version"], &text("it's")),
        "'1'",
        "\"it's\"",
    );
    let model = named("recipient", "model");
    check(
        |m| m.set(&model, &["label", "en"], &text("it")),
        "\"the model\"",
        "\"it\"",
    );
    let two = Value::List(vec!["prompt".into(), "upload".into()]);
    check(
        |m| m.set(&model, &["fields"], &two),
        "    \"prompt\",\n",
        "    \"prompt\",\n    \"upload\",\n",
    );
    let second = item("retention", Which::Row(1));
    check(
        |m| m.set(&second, &["claim"], &text("created + 2y")),
        "1y",
        "2y",
    );
    check(
        |m| m.set(&second, &["human", "mail"], &text("b@example.org")),
        "a@",
        "b@",
    );
    let notice = named("notice", "public");
    check(
        |m| m.set(&notice, &["texts", "chat", "nl"], &text("Een\ndrie\n")),
        "Een\ntwee",
        "Een\ndrie\n",
    );
}

#[test]
fn what_is_new_stands_at_the_end_of_its_table() {
    let head = item("register", Which::Only);
    check(
        |m| m.set(&head, &["effective"], &text("2027-01-01")),
        "version='1'\n",
        "version='1'\neffective = \"2027-01-01\"\n",
    );
    let model = named("recipient", "model");
    check(
        |m| m.set(&model, &["label", "de"], &text("das Modell")),
        "\"the model\" }",
        "\"the model\", de = \"das Modell\" }",
    );
    check(
        |m| m.set(&model, &["why", "nl"], &text("Zo.")),
        "]\n\n# Rows.",
        "]\nwhy = { nl = \"Zo.\" }\n\n# Rows.",
    );
    check(
        |m| m.set(&model, &["trains"], &Value::Flag(false)),
        "]\n\n# R",
        "]\ntrains = false\n\n# R",
    );
    check(
        |m| {
            m.set(
                &named("notice", "public"),
                &["texts", "more", "nl"],
                &text("Meer."),
            )
        },
        "twee\"\"\" }\n",
        "twee\"\"\" }\nmore = { nl = \"Meer.\" }\n",
    );
}

#[test]
fn what_is_cleared_goes_with_its_line_and_no_more() {
    let model = named("recipient", "model");
    check(|m| m.clear(&model, &["country"]), "country = \"NL\"\n", "");
    check(
        |m| m.clear(&model, &["label", "nl"]),
        "nl = \"het model\", ",
        "",
    );
    check(
        |m| m.clear(&model, &["label", "en"]),
        ", en = \"the model\"",
        "",
    );
    check(
        |m| m.clear(&model, &["fields"]),
        "fields = [\n    \"prompt\",\n]\n",
        "",
    );
    let notice = named("notice", "public");
    check(
        |m| m.clear(&notice, &["texts", "chat", "nl"]),
        "chat = { nl = \"\"\"\nEen\ntwee\"\"\" }\n",
        "",
    );
}

#[test]
fn tables_come_and_go() {
    check(
        |m| m.add("recipient", Which::Named("host".into())).map(drop),
        "]\n\n# Rows.",
        "]\n\n[recipient.host]\n\n# Rows.",
    );
    check(
        |m| {
            let row = m.add("retention", Which::Row(0))?;
            assert_eq!(row.which, Which::Row(2));
            m.set(&row, &["claim"], &text("created + 3y"))
        },
        "a@example.org\"\n",
        "a@example.org\"\n\n[[retention]]\nclaim = \"created + 3y\"\n",
    );
    check(
        |m| m.add("backup", Which::Only).map(drop),
        "twee\"\"\" }\n",
        "twee\"\"\" }\n\n[backup]\n",
    );
    check(
        |m| m.remove(&item("retention", Which::Row(0))),
        "[[retention]]\nclaim = \"created + 30d\" # a month\n",
        "",
    );
    check(
        |m| m.remove(&named("notice", "public")),
        "[notice.public.texts]\nchat = { nl = \"\"\"\nEen\ntwee\"\"\" }\n",
        "",
    );
}

#[test]
fn what_would_lose_a_comment_or_cannot_be_is_refused() {
    let second = item("retention", Which::Row(1));
    let list = Value::List(vec!["mail".into()]);
    assert_eq!(
        refused(|m| m.set(&second, &["copies"], &list)),
        EditError::WrittenOtherwise
    );
    let model = || Which::Named("model".into());
    assert_eq!(
        refused(|m| m.add("recipient", model()).map(drop)),
        EditError::Taken
    );
    let odd = Which::Named("a b".into());
    assert_eq!(
        refused(|m| m.add("recipient", odd).map(drop)),
        EditError::BadName
    );
    let nobody = named("recipient", "nobody");
    assert_eq!(
        refused(|m| m.set(&nobody, &["label"], &list)),
        EditError::Missing
    );
    assert_eq!(Manuscript::new("= [").unwrap_err(), EditError::NotToml);
}

#[test]
fn a_file_without_a_last_line_end_or_with_those_of_another_system_stays_as_it_is() {
    let mut bare = Manuscript::new("[register]\nname = \"A\"").unwrap();
    let head = item("register", Which::Only);
    bare.set(&head, &["zone"], &text("Europe/Amsterdam"))
        .unwrap();
    assert_eq!(
        bare.text(),
        "[register]\nname = \"A\"\nzone = \"Europe/Amsterdam\"\n"
    );
    let mut other = Manuscript::new("[register]\r\nname = \"A\"\r\n\r\n[x]\r\n").unwrap();
    other.set(&head, &["zone"], &text("UTC")).unwrap();
    assert_eq!(
        other.text(),
        "[register]\r\nname = \"A\"\r\nzone = \"UTC\"\r\n\r\n[x]\r\n"
    );
}

/// A table and the keys that lead to a place in it.
type Place = (Item, Vec<String>);

/// Every place of the example that a form can hold.
fn places(manuscript: &Manuscript) -> Vec<Place> {
    let mut places = Vec::new();
    for section in crate::register::form::SECTIONS.iter() {
        for which in manuscript.items(&section.name) {
            let item = item(&section.name, which);
            for field in section.fields(manuscript, &item) {
                places.push((item.clone(), field.path));
            }
        }
    }
    places
}

static EXAMPLE: LazyLock<(Manuscript, Vec<Place>)> = LazyLock::new(|| {
    let example = Manuscript::new(DEMO).unwrap();
    let places = places(&example);
    (example, places)
});

/// The file as values, with one place of it taken out.
fn without(manuscript: &Manuscript, item: &Item, path: &[String]) -> Toml {
    let mut all: Toml = toml::from_str(manuscript.text()).unwrap();
    let section = all.get_mut(item.section.as_str()).unwrap();
    let table = match &item.which {
        Which::Only => section,
        Which::Named(name) => section.get_mut(name.as_str()).unwrap(),
        Which::Row(index) => section.get_mut(*index).unwrap(),
    };
    if let Some(table) = table.as_table_mut() {
        take_out(table, path);
    }
    all
}

fn take_out(table: &mut toml::Table, path: &[String]) {
    let [key, deeper @ ..] = path else { return };
    match table.get_mut(key.as_str()).and_then(Toml::as_table_mut) {
        Some(inner) if !deeper.is_empty() => {
            take_out(inner, deeper);
            if inner.is_empty() {
                table.remove(key.as_str());
            }
        }
        _ => {
            table.remove(key.as_str());
        }
    }
}

fn comments(text: &str) -> Vec<&str> {
    text.lines()
        .filter_map(|line| line.split_once('#').map(|(_, said)| said))
        .collect()
}

fn value() -> impl Strategy<Value = Value> {
    let word = "[ -~\u{e9}\u{20ac}\t\n'\"#\\\\=\\[\\]{}]{0,24}";
    prop_oneof![
        word.prop_map(Value::Text),
        prop::collection::vec(word, 0..4).prop_map(Value::List),
        any::<bool>().prop_map(Value::Flag),
        any::<i64>().prop_map(Value::Number),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn one_place_of_a_register_changes_and_every_other_byte_stays(
        at in any::<prop::sample::Index>(),
        value in value(),
    ) {
        let (before, places) = &*EXAMPLE;
        let (item, path) = at.get(places);
        let keys: Vec<&str> = path.iter().map(String::as_str).collect();

        let mut after = before.clone();
        if after.set(item, &keys, &value).is_ok() {
            prop_assert_eq!(after.value(item, &keys), Some(value));
            prop_assert_eq!(without(&after, item, path), without(before, item, path));
            // What differs is one piece: a common beginning, a common end, and nothing lost between but the old value.
            let (one, other) = (DEMO.as_bytes(), after.text().as_bytes());
            let same = |pairs: &mut dyn Iterator<Item = (&u8, &u8)>| pairs.take_while(|(a, b)| a == b).count();
            let head = same(&mut one.iter().zip(other));
            let most = one.len().min(other.len()) - head;
            let tail = same(&mut one.iter().rev().zip(other.iter().rev()).take(most));
            let gone = String::from_utf8_lossy(&one[head..one.len() - tail]);
            prop_assert!(!gone.contains("\n#") && !gone.contains("\n["), "{gone}");
            if before.value(item, &keys).is_none() {
                prop_assert_eq!(gone, "");
            }
        }
    }

    #[test]
    fn a_place_that_is_cleared_takes_nothing_else_along(at in any::<prop::sample::Index>()) {
        let (before, places) = &*EXAMPLE;
        let (item, path) = at.get(places);
        let keys: Vec<&str> = path.iter().map(String::as_str).collect();

        let mut after = before.clone();
        if after.clear(item, &keys).is_ok() {
            prop_assert!(!after.has(item, &keys));
            prop_assert_eq!(without(&after, item, path), without(before, item, path));
            prop_assert_eq!(comments(after.text()), comments(DEMO));
        }
    }
}
