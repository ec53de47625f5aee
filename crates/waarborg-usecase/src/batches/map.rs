//! What a kept map says: of each request of a batch by which name its client knows it, and what came in the place of what.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map as Members, Value, json};
use waarborg_detect::surrogate::{ConversationKey, Language, Surrogates};
use waarborg_detect::{Kind, Kinds};
use waarborg_domain::finder::FinderFailed;
use waarborg_domain::policy::Policy;
use waarborg_domain::prompt::Known;
use zeroize::Zeroizing;

use crate::desk::Desk;
use crate::ports::Mark;
use crate::sightings::{marks_of, marks_of_name};

/// A kept map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map {
    /// The language of its surrogates.
    pub language: Language,
    /// The stricter policy that the client asked for; it counts for what tools get as well.
    pub policy: Option<String>,
    /// What the client said beside the requests, and what stays here: a file's name, a batch's labels.
    pub beside: Members<String, Value>,
    /// Its requests, in their order.
    pub lines: Vec<MapLine>,
}

/// One request of a batch.
#[derive(Clone, PartialEq, Eq)]
pub struct MapLine {
    /// By which name the client knows it. The provider knows it by its number.
    pub name: String,
    /// By which word the gateway knows what its answer looks like.
    pub form: String,
    /// The tools that it declares.
    tools: Vec<String>,
    /// Kind, what else stands in the value, surrogate and value.
    entries: Vec<(Kind, Kinds, String, String)>,
}

impl std::fmt::Debug for MapLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MapLine({} entries)", self.entries.len())
    }
}

impl MapLine {
    /// A request that declares these tools, and of which this was replaced.
    #[must_use]
    pub fn new(name: String, form: String, tools: Vec<String>, surrogates: &Surrogates) -> Self {
        let entries = surrogates.entries().zip(surrogates.spoken_for());
        let owned = |((kind, surrogate, value), also): ((Kind, &str, &str), Kinds)| {
            (kind, also, surrogate.to_owned(), value.to_owned())
        };
        Self {
            name,
            form,
            tools,
            entries: entries.map(owned).collect(),
        }
    }
}

impl MapLine {
    /// The same values have the same surrogates in this conversation, and come back.
    pub(crate) fn take_up(&self, surrogates: &mut Surrogates) {
        for (kind, also, surrogate, value) in &self.entries {
            surrogates.adopt(*kind, surrogate, value);
            surrogates.speak_for(*kind, value, *also);
        }
    }

    /// What was replaced.
    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(_, _, _, value)| value.as_str())
    }

    /// The same, as it is found again in other texts.
    pub(crate) fn known(&self) -> Vec<Known> {
        let known = |(kind, also, _, value): &(Kind, Kinds, String, String)| Known {
            kind: *kind,
            also: *also,
            value: value.clone(),
        };
        self.entries.iter().map(known).collect()
    }
}

impl Map {
    /// The map as it is sealed.
    #[must_use]
    pub fn written(&self) -> Zeroizing<String> {
        let lines: Vec<Value> = self.lines.iter().map(line).collect();
        let document = json!({"language": code(self.language), "policy": self.policy, "beside": self.beside, "lines": lines});
        Zeroizing::new(document.to_string())
    }

    /// Reads what [`Map::written`] wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let document: Value = serde_json::from_str(text).ok()?;
        let lines = document.get("lines")?.as_array()?;
        Some(Self {
            language: match document.get("language")?.as_str()? {
                "en" => Language::English,
                _ => Language::Dutch,
            },
            policy: document.get("policy")?.as_str().map(str::to_owned),
            beside: document.get("beside")?.as_object()?.clone(),
            lines: lines.iter().map(read_line).collect::<Option<_>>()?,
        })
    }

    /// By which marks an erasure finds this map: the identifiers in its requests, also encoded ones, and what the client called
    /// them.
    ///
    /// # Errors
    ///
    /// [`FinderFailed`] if nobody could look into what is encoded.
    pub(crate) fn marks(&self, desk: &Desk) -> Result<Vec<Mark>, FinderFailed> {
        let secrets = &*desk.secrets;
        let mut marks = BTreeSet::new();
        for line in &self.lines {
            for (kind, _, _, value) in &line.entries {
                let found = marks_of((secrets, &*desk.finder), *kind, value)?;
                marks.extend(found.into_iter().map(|(_, mark)| mark));
            }
            marks.extend(marks_of_name(secrets, &line.name));
        }
        Ok(marks.into_iter().collect())
    }

    /// The same, with what the client said beside the requests.
    ///
    /// # Errors
    ///
    /// As [`Map::marks`].
    pub(super) fn marks_and_beside(&self, desk: &Desk) -> Result<Vec<Mark>, FinderFailed> {
        let secrets = &*desk.secrets;
        let mut marks: BTreeSet<Mark> = self.marks(desk)?.into_iter().collect();
        for text in texts(&self.beside) {
            marks.extend(marks_of_name(secrets, text));
            for finding in desk.finder.find(text)? {
                let value = text.get(finding.span.clone()).unwrap_or_default();
                let found = marks_of((secrets, &*desk.finder), finding.kind, value)?;
                marks.extend(found.into_iter().map(|(_, mark)| mark));
            }
        }
        Ok(marks.into_iter().collect())
    }

    /// What puts the values of one request back into its answer: into what tools get as the policy says now. It keeps out of it
    /// what people had removed since.
    #[must_use]
    pub fn surrogates(&self, desk: &Desk, policy: &Policy, line: &MapLine) -> Surrogates {
        let mut surrogates = adopted(line, self.language);
        let declared = line.tools.iter().map(String::as_str);
        surrogates.hand_over(Arc::clone(policy.tools()), declared);
        desk.withholding
            .apply(&mut surrogates, line.values(), self.language);
        surrogates
    }
}

/// The texts of a document of the client's, one level deep, as those are that it may say beside its requests.
fn texts(beside: &Members<String, Value>) -> Vec<&str> {
    let labels = beside.values().filter_map(Value::as_object).flatten();
    let labels = labels.flat_map(|(key, value)| [Some(key.as_str()), value.as_str()]);
    let plain = beside.values().map(Value::as_str);
    plain.chain(labels).flatten().collect()
}

fn adopted(line: &MapLine, language: Language) -> Surrogates {
    // No surrogate is made here, so none follows from this key.
    let mut surrogates = Surrogates::new(ConversationKey::new([0; 32]), language);
    let looks_real = |surrogate: &str| !surrogate.starts_with('[');
    if line
        .entries
        .iter()
        .any(|(_, _, surrogate, _)| looks_real(surrogate))
    {
        surrogates.look_real();
    }
    line.take_up(&mut surrogates);
    surrogates
}

const fn code(language: Language) -> &'static str {
    match language {
        Language::English => "en",
        _ => "nl",
    }
}

fn line(line: &MapLine) -> Value {
    let entries = line.entries.iter();
    let entries: Vec<Value> = entries
        .map(|(kind, also, surrogate, value)| {
            let also: Vec<&str> = also.iter().map(Kind::label).collect();
            json!([kind.label(), surrogate, value, also])
        })
        .collect();
    json!([line.name, line.form, line.tools, entries])
}

fn read_line(line: &Value) -> Option<MapLine> {
    let word = |value: &Value, place: usize| Some(value.get(place)?.as_str()?.to_owned());
    let entry = |entry: &Value| {
        let kind = Kind::parse(entry.get(0)?.as_str()?)?;
        let also = entry.get(3)?.as_array()?.iter();
        let also = also.map(|kind| Kind::parse(kind.as_str()?));
        let also = also.collect::<Option<Kinds>>()?;
        Some((kind, also, word(entry, 1)?, word(entry, 2)?))
    };
    let tools = line.get(2)?.as_array()?.iter();
    let tools = tools.map(|tool| tool.as_str().map(str::to_owned));
    let entries = line.get(3)?.as_array()?.iter();
    Some(MapLine {
        name: word(line, 0)?,
        form: word(line, 1)?,
        tools: tools.collect::<Option<_>>()?,
        entries: entries.map(entry).collect::<Option<_>>()?,
    })
}

#[cfg(test)]
mod tests {
    use waarborg_detect::surrogate::Scope;

    use super::*;

    #[test]
    fn a_map_puts_values_back_whatever_their_surrogates_look_like() {
        for is_real in [false, true] {
            let mut surrogates = Surrogates::new(ConversationKey::new([7; 32]), Language::English);
            if is_real {
                surrogates.look_real();
            }
            let name = surrogates.surrogate(Kind::Person, "Jan de Vries");
            let number = surrogates.surrogate(Kind::CustomerNumber, "48213");
            assert_eq!(name.starts_with('['), !is_real);
            let line = MapLine::new("a".into(), "plain".into(), Vec::new(), &surrogates);
            let restored = adopted(&line, Language::English)
                .restore_all(&format!("{name}, {number}"), Scope::Text);
            assert_eq!(restored, "Jan de Vries, 48213");
        }
    }

    #[test]
    fn a_map_is_read_as_it_was_written() {
        let mut surrogates = Surrogates::new(ConversationKey::new([7; 32]), Language::English);
        surrogates.surrogate(Kind::Person, "Jan de \"Vries\"");
        surrogates.surrogate(Kind::Email, "j.jansen@voorbeeld.nl");
        let empty = Surrogates::new(ConversationKey::new([7; 32]), Language::English);
        let map = Map {
            language: Language::English,
            policy: Some("strict".to_owned()),
            beside: json!({"name": "één.jsonl"}).as_object().unwrap().clone(),
            lines: vec![
                MapLine::new("a".into(), "plain".into(), vec!["zoek".into()], &surrogates),
                MapLine::new("b".into(), "json".into(), Vec::new(), &empty),
            ],
        };
        let written = map.written();
        assert_eq!(Map::parse(&written).as_ref(), Some(&map));
        assert_eq!(Map::parse("{}"), None);
        assert!(!format!("{map:?}").contains("Vries"));
    }
}
