//! The forms in which people write a register: one for each section, as the schema says, and never more than the file holds.

use std::sync::LazyLock;

use serde_json::Value as Json;

use super::manuscript::{EditError, Item, Manuscript, Value};

const SCHEMA: &str = include_str!("../../../../docs/schema/register.schema.json");

/// The sections of a register, in the order of the schema.
pub static SECTIONS: LazyLock<Vec<Section>> = LazyLock::new(sections);

/// What a section of a register may say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its name, such as `recipient`.
    pub name: String,
    /// How its tables are told apart.
    pub shape: Shape,
    keys: Vec<(String, Kind)>,
}

/// How the tables of a section are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// There is one: `[register]`.
    Only,
    /// By a name: `[recipient.model]`.
    Named,
    /// By their order: `[[retention]]`.
    Rows,
}

/// What a key holds.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Leaf(Leaf),
    /// A text in each language, or one for all.
    Text,
    /// Several texts under names of their own.
    Texts,
    /// How to reach somebody.
    Contact,
    /// What no form holds.
    Elsewhere,
}

/// What one field of a form takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaf {
    /// A line of text.
    Line,
    /// A text of any length.
    Text,
    /// One of these words.
    Words(Vec<String>),
    /// A day.
    Day,
    /// Yes or no.
    Flag,
    /// A whole number.
    Number,
    /// Texts, one on each line.
    List,
}

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The keys that lead to it, the first one of the table.
    pub path: Vec<String>,
    /// What it takes.
    pub leaf: Leaf,
    /// What stands there now, as a form shows it; empty where nothing does.
    pub shown: String,
}

impl Field {
    /// Its name in a form.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.join(".")
    }
}

/// The section of this name.
#[must_use]
pub fn section(name: &str) -> Option<&'static Section> {
    SECTIONS.iter().find(|section| section.name == name)
}

impl Section {
    /// The keys of its tables.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|(key, _)| key.as_str())
    }

    /// The keys that no form holds; they are changed in the text.
    pub fn elsewhere(&self) -> impl Iterator<Item = &str> {
        let keys = self.keys.iter();
        keys.filter(|(_, kind)| *kind == Kind::Elsewhere)
            .map(|(key, _)| key.as_str())
    }

    /// The form of one table, with what it says now.
    #[must_use]
    pub fn fields(&self, manuscript: &Manuscript, item: &Item) -> Vec<Field> {
        let languages = languages(manuscript);
        let form = Form {
            manuscript,
            item,
            languages: &languages,
        };
        let mut fields = Vec::new();
        for (key, kind) in &self.keys {
            match kind {
                Kind::Leaf(leaf) => fields.push(form.leaf(&[key], leaf.clone())),
                Kind::Text => form.text(&[key], &mut fields),
                Kind::Texts => {
                    for name in manuscript.keys(item, &[key]) {
                        form.text(&[key, &name], &mut fields);
                    }
                }
                Kind::Contact => {
                    form.text(&[key, "name"], &mut fields);
                    for part in ["mail", "phone", "url"] {
                        fields.push(form.leaf(&[key, part], Leaf::Line));
                    }
                    form.text(&[key, "post"], &mut fields);
                }
                Kind::Elsewhere => {}
            }
        }
        fields
    }

    /// Writes what came back of a form; a field that says what stands there already changes nothing.
    ///
    /// # Errors
    ///
    /// The first field that cannot be changed without touching something else; nothing is changed then.
    pub fn fill<'f>(
        &self,
        manuscript: &mut Manuscript,
        item: &Item,
        said: impl Fn(&str) -> Option<&'f str>,
    ) -> Result<(), (String, EditError)> {
        let mut after = manuscript.clone();
        for field in self.fields(manuscript, item) {
            let name = field.name();
            let Some(said) = said(&name).map(settled) else {
                continue;
            };
            if said == settled(&field.shown) {
                continue;
            }
            let path: Vec<&str> = field.path.iter().map(String::as_str).collect();
            let done = if said.is_empty() {
                after.clear(item, &path)
            } else {
                after.set(item, &path, &meant(&field.leaf, said))
            };
            done.map_err(|error| (name, error))?;
        }
        *manuscript = after;
        Ok(())
    }
}

struct Form<'f> {
    manuscript: &'f Manuscript,
    item: &'f Item,
    languages: &'f [String],
}

impl Form<'_> {
    fn leaf(&self, path: &[&str], leaf: Leaf) -> Field {
        let value = self.manuscript.value(self.item, path);
        // What is still open, or of another sort than it should be, is shown as it is.
        let leaf = match (&value, leaf) {
            (Some(Value::Text(text)), Leaf::Day | Leaf::Flag | Leaf::Number)
                if text.parse::<jiff::civil::Date>().is_err() =>
            {
                Leaf::Line
            }
            (_, leaf) => leaf,
        };
        Field {
            path: path.iter().map(|key| (*key).to_owned()).collect(),
            leaf,
            shown: value.map(shown).unwrap_or_default(),
        }
    }

    /// A text in each language, or the one for all where it is written so.
    fn text(&self, path: &[&str], fields: &mut Vec<Field>) {
        if self.manuscript.value(self.item, path).is_some() {
            fields.push(self.leaf(path, Leaf::Text));
            return;
        }
        let mut languages = self.languages.to_vec();
        for known in self.manuscript.keys(self.item, path) {
            if !languages.contains(&known) {
                languages.push(known);
            }
        }
        for language in &languages {
            fields.push(self.leaf(&[path, &[language.as_str()]].concat(), Leaf::Text));
        }
    }
}

/// The languages of the notice; Dutch and English where the file does not say.
fn languages(manuscript: &Manuscript) -> Vec<String> {
    let head = Item {
        section: "register".to_owned(),
        which: super::manuscript::Which::Only,
    };
    match manuscript.value(&head, &["languages"]) {
        Some(Value::List(languages)) if !languages.is_empty() => languages,
        _ => vec!["nl".to_owned(), "en".to_owned()],
    }
}

fn shown(value: Value) -> String {
    match value {
        Value::Text(text) => text,
        Value::List(items) => items.join("\n"),
        Value::Flag(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
    }
}

/// What somebody meant; the compiler says what is wrong with it.
fn meant(leaf: &Leaf, said: String) -> Value {
    match leaf {
        Leaf::List if said == "?" => Value::Text(said),
        Leaf::List => {
            let items = said.lines().map(str::trim).filter(|item| !item.is_empty());
            Value::List(items.map(str::to_owned).collect())
        }
        Leaf::Flag if said == "true" => Value::Flag(true),
        Leaf::Flag if said == "false" => Value::Flag(false),
        Leaf::Number => match said.parse() {
            Ok(number) => Value::Number(number),
            Err(_) => Value::Text(said),
        },
        Leaf::Line | Leaf::Text | Leaf::Words(_) | Leaf::Day | Leaf::Flag => Value::Text(said),
    }
}

/// A field without what browsers and people add around it.
fn settled(said: &str) -> String {
    said.replace("\r\n", "\n").trim().to_owned()
}

fn sections() -> Vec<Section> {
    let schema: Json = serde_json::from_str(SCHEMA).unwrap_or_default();
    let sections = schema.get("properties").and_then(Json::as_object);
    sections
        .into_iter()
        .flatten()
        .map(|(name, about)| {
            let properties = |about: Option<&Json>| about?.get("properties").cloned();
            let (shape, keys) = if about.get("type").is_some_and(|of| of == "array") {
                (Shape::Rows, properties(about.get("items")))
            } else if about.get("properties").is_some() {
                (Shape::Only, properties(Some(about)))
            } else {
                (Shape::Named, properties(about.get("additionalProperties")))
            };
            let keys = keys
                .as_ref()
                .and_then(Json::as_object)
                .into_iter()
                .flatten();
            Section {
                name: name.clone(),
                shape,
                keys: keys
                    .map(|(key, about)| (key.clone(), kind(about)))
                    .collect(),
            }
        })
        .collect()
}

fn kind(about: &Json) -> Kind {
    let word = |key: &str| about.get(key).and_then(Json::as_str);
    let words = about.get("enum").and_then(Json::as_array);
    match (word("type"), words) {
        (Some("string"), Some(words)) => {
            let words = words.iter().filter_map(Json::as_str).map(str::to_owned);
            Kind::Leaf(Leaf::Words(words.collect()))
        }
        (Some("string"), None) if word("format") == Some("date") => Kind::Leaf(Leaf::Day),
        (Some("string"), None) => Kind::Leaf(Leaf::Line),
        (Some("boolean"), _) => Kind::Leaf(Leaf::Flag),
        (Some("integer"), _) => Kind::Leaf(Leaf::Number),
        (Some("array"), _) if is_of_texts(about) => Kind::Leaf(Leaf::List),
        (Some("object"), _) if about.get("properties").is_some() => Kind::Contact,
        (Some("object"), _) => Kind::Texts,
        // A text in each language, or one for all.
        (None, _) => Kind::Text,
        _ => Kind::Elsewhere,
    }
}

fn is_of_texts(about: &Json) -> bool {
    let kind = about.get("items").and_then(|items| items.get("type"));
    kind.is_some_and(|kind| kind == "string")
}
