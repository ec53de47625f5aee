//! What a kept map says: of each request of a batch by which name its client knows it, and what came in the place of what.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map as Members, Value, json};
use thiserror::Error;
use waarborg_detect::surrogate::{ConversationKey, Language, Surrogates};
use waarborg_detect::withheld::Mark as Word;
use waarborg_detect::{Kind, Kinds};
use waarborg_domain::finder::FinderFailed;
use waarborg_domain::policy::Policy;
use waarborg_domain::prompt::{Known, Prompt, Raw, Report};
use zeroize::Zeroizing;

use crate::desk::Desk;
use crate::gateway::thread::is_ours;
use crate::ports::Mark;
use crate::sightings::{marks_of, marks_of_name};
use crate::withheld::{hex, unhex};

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
    /// The places in `entries` of the values that were sent directly in brackets, which come back with them.
    in_brackets: BTreeSet<usize>,
    /// What was replaced for good, or is another spelling of what is above: kind, value and what else stands in it.
    beside: BTreeMap<(Kind, String), Kinds>,
    /// What people typed that looks like a surrogate and is none: kind and number.
    reserved: BTreeSet<(Kind, u32)>,
    /// What stood in the texts of the words by which people on the list of what is withheld are known, as the list compares them.
    words: BTreeSet<Word>,
}

/// In what is kept one surrogate stands for two things. Whoever went on would put back another's value, or none.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("in what is kept one surrogate stands for two things")]
pub struct Contradiction;

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
        let kept = surrogates.kept_brackets().enumerate();
        let kept = kept.filter_map(|(place, is_kept)| is_kept.then_some(place));
        Self {
            name,
            form,
            tools,
            entries: entries.map(owned).collect(),
            in_brackets: kept.collect(),
            beside: BTreeMap::new(),
            reserved: surrogates.reserved().collect(),
            words: surrogates.words_asked().collect(),
        }
    }

    /// The same, with every identifier that was replaced in a prompt, in whatever way and spelling: where it comes again, it is
    /// the same.
    #[must_use]
    pub(crate) fn knowing(mut self, prompt: &Prompt<Raw>, report: &Report) -> Self {
        let texts: Vec<&str> = prompt.texts().collect();
        for mark in report.marks.iter().filter(|mark| mark.kind.is_identifier()) {
            let text = texts.get(mark.text);
            let value = text.and_then(|text| text.get(mark.span.clone()));
            let is_replaced =
                |value: &&str| mark.replacement.as_ref().is_some_and(|new| new != value);
            if let Some(value) = value.filter(is_replaced) {
                self.know(mark.kind, value, mark.about.also);
            }
        }
        self.each_once()
    }

    /// The same of a conversation that goes on from this one.
    #[must_use]
    pub(crate) fn after(mut self, previous: &Self) -> Self {
        for ((kind, value), also) in &previous.beside {
            self.know(*kind, value, *also);
        }
        self.words.extend(&previous.words);
        self.each_once()
    }

    /// The same of a conversation that was this before. Its items are of many requests, each with tools and a form of its own.
    #[must_use]
    pub(crate) fn grown_from(mut self, previous: &Self) -> Self {
        self.form.clear();
        for tool in &previous.tools {
            if !self.tools.contains(tool) {
                self.tools.push(tool.clone());
            }
        }
        self
    }

    fn know(&mut self, kind: Kind, value: &str, also: Kinds) {
        let known = self.beside.entry((kind, value.to_owned())).or_default();
        *known = known.or(also);
    }

    /// The same, with nothing twice.
    fn each_once(mut self) -> Self {
        for (kind, _, _, value) in &self.entries {
            self.beside.remove(&(*kind, value.clone()));
        }
        self
    }
}

impl MapLine {
    /// The same values have the same surrogates in this conversation, and come back. What only looks like one stays apart.
    ///
    /// # Errors
    ///
    /// [`Contradiction`] if that holds of one of them no more; then nothing may be replaced or put back with these surrogates.
    pub(crate) fn take_up(&self, surrogates: &mut Surrogates) -> Result<(), Contradiction> {
        for (place, (kind, also, surrogate, value)) in self.entries.iter().enumerate() {
            if !surrogates.adopt(*kind, surrogate, value) {
                return Err(Contradiction);
            }
            surrogates.speak_for(*kind, value, *also);
            if self.in_brackets.contains(&place) {
                surrogates.keep_brackets(*kind, value);
            }
        }
        for (kind, number) in &self.reserved {
            if !surrogates.keep_apart(*kind, *number) {
                return Err(Contradiction);
            }
        }
        Ok(())
    }

    /// What was replaced.
    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        self.kinds_and_values().map(|(_, value)| value)
    }

    fn kinds_and_values(&self) -> impl Iterator<Item = (Kind, &str)> {
        let entries = self.entries.iter();
        let entries = entries.map(|(kind, _, _, value)| (*kind, value.as_str()));
        let beside = self.beside.keys();
        entries.chain(beside.map(|(kind, value)| (*kind, value.as_str())))
    }

    /// Which words by which people are known that were withheld stood in what was asked.
    pub(crate) fn words(&self) -> impl Iterator<Item = Word> {
        self.words.iter().copied()
    }

    /// The same, as it is found again in other texts.
    pub(crate) fn known(&self) -> Vec<Known> {
        let known = |(kind, also, value): (Kind, Kinds, &String)| Known {
            kind,
            also,
            value: value.clone(),
        };
        let entries = self.entries.iter();
        let entries = entries.map(|(kind, also, _, value)| (*kind, *also, value));
        let beside = self.beside.iter();
        let beside = beside.map(|((kind, value), also)| (*kind, *also, value));
        entries.chain(beside).map(known).collect()
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
            for (kind, value) in line.kinds_and_values() {
                let found = marks_of((secrets, &*desk.finder), kind, value)?;
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
    pub(crate) fn marks_and_beside(&self, desk: &Desk) -> Result<Vec<Mark>, FinderFailed> {
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
    ///
    /// # Errors
    ///
    /// [`Contradiction`] if nobody can say any more what stands for what.
    pub fn surrogates(
        &self,
        desk: &Desk,
        policy: &Policy,
        line: &MapLine,
    ) -> Result<Surrogates, Contradiction> {
        let mut surrogates = adopted(line, self.language)?;
        let declared = line.tools.iter().map(String::as_str);
        surrogates.hand_over(Arc::clone(policy.tools()), declared);
        desk.withholding
            .apply(&mut surrogates, line.values(), self.language);
        surrogates.withhold_also(line.words());
        Ok(surrogates)
    }
}

/// The texts of a document of the client's, one level deep, as those are that it may say beside its requests.
fn texts(beside: &Members<String, Value>) -> Vec<&str> {
    let said = || {
        let said = beside.iter().filter(|(name, _)| !is_ours(name));
        said.map(|(_, value)| value)
    };
    let labels = said().filter_map(Value::as_object).flatten();
    let labels = labels.flat_map(|(key, value)| [Some(key.as_str()), value.as_str()]);
    let plain = said().map(Value::as_str);
    plain.chain(labels).flatten().collect()
}

fn adopted(line: &MapLine, language: Language) -> Result<Surrogates, Contradiction> {
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
    line.take_up(&mut surrogates)?;
    Ok(surrogates)
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
            json!([kind.label(), surrogate, value, labels(*also)])
        })
        .collect();
    let beside = line.beside.iter();
    let beside: Vec<Value> = beside
        .map(|((kind, value), also)| json!([kind.label(), value, labels(*also)]))
        .collect();
    let reserved = line.reserved.iter();
    let reserved: Vec<Value> = reserved
        .map(|(kind, number)| json!([kind.label(), number]))
        .collect();
    let words: Vec<String> = line.words.iter().map(hex).collect();
    json!([
        line.name,
        line.form,
        line.tools,
        entries,
        beside,
        reserved,
        words,
        line.in_brackets
    ])
}

fn labels(kinds: Kinds) -> Vec<&'static str> {
    kinds.iter().map(Kind::label).collect()
}

fn read_kinds(labels: &Value) -> Option<Kinds> {
    let kinds = labels.as_array()?.iter();
    kinds.map(|kind| Kind::parse(kind.as_str()?)).collect()
}

fn read_line(line: &Value) -> Option<MapLine> {
    let word = |value: &Value, place: usize| Some(value.get(place)?.as_str()?.to_owned());
    let entry = |entry: &Value| {
        let kind = Kind::parse(entry.get(0)?.as_str()?)?;
        let also = read_kinds(entry.get(3)?)?;
        Some((kind, also, word(entry, 1)?, word(entry, 2)?))
    };
    // A map that was written before these were, has none.
    let later = |place: usize| {
        line.get(place)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    let known = |known: &Value| {
        let kind = Kind::parse(known.get(0)?.as_str()?)?;
        Some(((kind, word(known, 1)?), read_kinds(known.get(2)?)?))
    };
    let literal = |literal: &Value| {
        let kind = Kind::parse(literal.get(0)?.as_str()?)?;
        Some((kind, u32::try_from(literal.get(1)?.as_u64()?).ok()?))
    };
    let tools = line.get(2)?.as_array()?.iter();
    let tools = tools.map(|tool| tool.as_str().map(str::to_owned));
    let entries = line.get(3)?.as_array()?.iter();
    Some(MapLine {
        name: word(line, 0)?,
        form: word(line, 1)?,
        tools: tools.collect::<Option<_>>()?,
        entries: entries.map(entry).collect::<Option<_>>()?,
        beside: later(4).map(known).collect::<Option<_>>()?,
        reserved: later(5).map(literal).collect::<Option<_>>()?,
        words: later(6)
            .map(|word| unhex(word.as_str()?))
            .collect::<Option<_>>()?,
        in_brackets: later(7)
            .map(|place| usize::try_from(place.as_u64()?).ok())
            .collect::<Option<_>>()?,
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
            surrogates.keep_brackets(Kind::Person, "Jan de Vries");
            let line = MapLine::new("a".into(), "plain".into(), Vec::new(), &surrogates);
            let restored = adopted(&line, Language::English)
                .unwrap()
                .restore_all(&format!("[{name}], {number}"), Scope::Text);
            assert_eq!(restored, "[Jan de Vries], 48213");
        }
    }

    #[test]
    fn a_map_that_says_two_things_of_one_surrogate_is_not_taken_up() {
        let taken = |line: &str| {
            let written =
                format!(r#"{{"language":"nl","policy":null,"beside":{{}},"lines":[{line}]}}"#);
            let map = Map::parse(&written).unwrap();
            adopted(&map.lines[0], map.language).map(|surrogates| surrogates.entries().count())
        };
        let jan = r#"["PERSON","[PERSOON_41726]","Jan de Vries",[]]"#;
        let of = |value: &str| jan.replace("Jan de Vries", value);
        for (more, expected) in [
            (of("jan de vries"), Ok(1)),
            (jan.replace("41726", "41727"), Ok(2)),
            (of("Piet"), Err(Contradiction)),
            (jan.replace("41726", "41"), Err(Contradiction)),
            (jan.replace("PERSON", "CITY"), Err(Contradiction)),
        ] {
            let line = format!(r#"["a","",[],[{jan},{more}]]"#);
            assert_eq!(taken(&line), expected, "{line}");
        }
        let typed = format!(r#"["a","",[],[{jan}],[],[["PERSON",41726]]]"#);
        assert_eq!(taken(&typed), Err(Contradiction));
    }

    #[test]
    fn a_map_is_read_as_it_was_written() {
        let mut surrogates = Surrogates::new(ConversationKey::new([7; 32]), Language::English);
        surrogates.surrogate(Kind::Person, "Jan de \"Vries\"");
        surrogates.surrogate(Kind::Email, "j.jansen@voorbeeld.nl");
        surrogates.keep_brackets(Kind::Email, "j.jansen@voorbeeld.nl");
        let empty = Surrogates::new(ConversationKey::new([7; 32]), Language::English);
        let mut known = MapLine::new("c".into(), "plain".into(), Vec::new(), &empty);
        known.know(
            Kind::CustomerNumber,
            "48213",
            Kinds::NONE.with(Kind::Person),
        );
        known.reserved.insert((Kind::Person, 41_726));
        known.words.insert([9; 16]);
        let map = Map {
            language: Language::English,
            policy: Some("strict".to_owned()),
            beside: json!({"name": "één.jsonl"}).as_object().unwrap().clone(),
            lines: vec![
                MapLine::new("a".into(), "plain".into(), vec!["zoek".into()], &surrogates),
                MapLine::new("b".into(), "json".into(), Vec::new(), &empty),
                known,
            ],
        };
        let written = map.written();
        assert_eq!(Map::parse(&written).as_ref(), Some(&map));
        assert_eq!(Map::parse("{}"), None);
        assert!(!format!("{map:?}").contains("Vries"));
        // As it was written before more was known.
        let earlier = r#"{"language":"nl","policy":null,"beside":{},"lines":[["a","",[],[["PERSON","[PERSOON_41726]","Jan de Vries",[]]]]]}"#;
        let earlier = Map::parse(earlier).unwrap();
        assert_eq!(
            earlier.lines[0].values().collect::<Vec<_>>(),
            ["Jan de Vries"]
        );
    }
}
