//! Screening: detect, let the policy decide per finding, and take out what may not leave.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use waarborg_detect::surrogate::{Surrogates, is_in_brackets};
use waarborg_detect::{About, Kind, Kinds, Why};

use super::enclosed::{Fixed, Sent};
use super::judge::{judge, measured, wider, without_identifiers};
use super::nested::{Hand, Text};
use super::{Prompt, Raw, Screened, recording, search, wording};
use crate::finder::{Finder, FinderFailed, FormatsOnly};
use crate::policy::{Change, DataClass, Found, Policy, Setting, Verdict};
use crate::register::Destination;

/// With what a prompt is screened.
#[derive(Clone, Copy)]
pub struct Screening<'a> {
    /// Finds personal data.
    pub finder: &'a dyn Finder,
    /// Decides per finding.
    pub policy: &'a Policy,
    /// Where the prompt would go.
    pub destination: Destination,
    /// The register names an article 9 ground and an approved DPIA for this service and purpose.
    pub has_ground: bool,
    /// What the person said is no personal data.
    pub waived: &'a Waived,
    /// Who is told what was found in a prompt that may leave; `None` where nobody keeps it.
    pub witness: Option<&'a dyn Witness>,
}

/// Is told what was found in a prompt that may leave.
pub trait Witness: Send + Sync {
    /// A value of this kind is in the prompt; either it was replaced, or it goes as it stands.
    fn sees(&self, kind: Kind, value: &str, is_replaced: bool);
}

/// What the person took upon themselves, where the policy lets them.
#[derive(Clone, Debug, Default)]
pub struct Waived {
    /// Findings that they say are no personal data: kind and text.
    pub values: BTreeSet<(Kind, String)>,
    /// They read the warnings and want to go on.
    pub warnings: BTreeSet<DataClass>,
    /// A second person agreed to this very prompt.
    pub is_agreed: bool,
}

/// What came of screening.
pub enum Screen {
    /// The prompt may leave as it now is.
    Passed {
        /// What may leave.
        prompt: Prompt<Screened>,
        /// What was found and done.
        report: Report,
    },
    /// Nothing may leave.
    Refused {
        /// What was found, and why it stays.
        report: Report,
    },
}

impl Screen {
    /// What was found, whatever follows.
    #[must_use]
    pub const fn report(&self) -> &Report {
        match self {
            Self::Passed { report, .. } | Self::Refused { report } => report,
        }
    }
}

/// What was found, and what was done with it. Holds positions and surrogates, never the text itself.
#[derive(Clone, Debug)]
pub struct Report {
    /// The strictest verdict of what stops it, else the strictest of all.
    pub verdict: Verdict,
    /// Each finding, in the order of the document.
    pub marks: Vec<Mark>,
    /// The classes of data because of which nothing leaves, strictest first; empty if it leaves.
    pub stopped_by: Vec<DataClass>,
    /// What the register changes in the matrix and decided here, each once, by its rule.
    pub changes: Vec<Arc<Change>>,
    /// Why it stays, where surrogates would have let it go and could not be written.
    pub fixed: Option<Fixed>,
    /// How its pictures and files went along.
    pub sent: Sent,
    /// Somebody said of a finding that it is no personal data, and it is not among the marks.
    pub any_waived: bool,
    /// It goes, and something in it only because who wrote it said yes to a warning.
    pub is_confirmed: bool,
    /// Where a policy only observes: what the others would have decided, by their names.
    pub measured: Vec<(&'static str, Verdict)>,
}

/// One finding in a prompt.
#[derive(Clone, Debug)]
pub struct Mark {
    /// Which of [`Prompt::texts`], from zero.
    pub text: usize,
    /// Bytes in that text, half-open.
    pub span: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// How sure detection is, from 0 to 1.
    pub score: f32,
    /// Why it was found.
    pub why: Why,
    /// What more is known of it.
    pub about: About,
    /// The row of the policy that decided.
    pub class: DataClass,
    /// What happens to it.
    pub verdict: Verdict,
    /// The change of the register that decided, if one did.
    pub changed_by: Option<Arc<Change>>,
    /// Whether the person may say that it is no personal data.
    pub waivable: bool,
    /// Why nothing can be replaced where it stands, if so.
    pub fixed: Option<Fixed>,
    /// What stands in its place, if anything.
    pub replacement: Option<String>,
}

impl Mark {
    /// The finding, as a policy looks at it.
    #[must_use]
    pub const fn found(&self) -> Found<'_> {
        Found {
            kind: self.kind,
            class: self.class,
            score: self.score,
            about: &self.about,
        }
    }
}

impl Report {
    /// The changes of the register because of which nothing leaves.
    pub fn stopping_changes(&self) -> impl Iterator<Item = &Change> {
        let list_stops = self.stopped_by.contains(&DataClass::BulkList);
        let stops = move |change: &Arc<Change>| {
            let decided =
                |mark: &Mark| mark.changed_by.as_ref() == Some(change) && mark.verdict.stops();
            self.marks.iter().any(decided)
                || (list_stops && change.subject.class() == DataClass::BulkList)
        };
        let changes = self.changes.iter();
        changes
            .filter(move |change| stops(change))
            .map(AsRef::as_ref)
    }

    /// Whether every identifier becomes a surrogate on a way, or nothing goes.
    #[must_use]
    pub fn is_without_identifiers(&self, policy: &Policy, setting: Setting) -> bool {
        !self.any_waived && without_identifiers(&self.marks, policy, setting)
    }

    /// Whether a finding is one of those because of which nothing leaves.
    #[must_use]
    pub fn is_stopped_by(&self, mark: &Mark) -> bool {
        mark.verdict.stops() && self.stopped_by.contains(&mark.class)
    }

    /// Whether a second person's yes would let it go: nothing in it is blocked.
    #[must_use]
    pub fn waits_for_second_person(&self) -> bool {
        self.verdict == Verdict::SecondPerson && !self.stopped_by.is_empty()
    }

    /// How many findings of which kind.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<Kind, u32> {
        let mut counts = BTreeMap::new();
        for mark in &self.marks {
            *counts.entry(mark.kind).or_insert(0) += 1;
        }
        counts
    }
}

impl Prompt<Raw> {
    /// Takes out of a prompt what may not leave, or refuses it. The raw prompt stays, so that it can be screened again
    /// for another recipient.
    ///
    /// # Errors
    ///
    /// [`FinderFailed`] if detection did not come to an end; nothing leaves then.
    pub fn screen(
        &self,
        screening: &Screening<'_>,
        surrogates: &mut Surrogates,
    ) -> Result<Screen, FinderFailed> {
        let texts = self.state.texts.all();
        // What a person writes may look like a surrogate and be none.
        for text in texts.iter().filter(|text| text.hand == Hand::Anybodys) {
            surrogates.reserve(&text.text);
        }

        let known = &self.state.known;
        let found = if screening.policy.seeks_formats_only() {
            search::all(texts, known, &FormatsOnly(screening.finder))?
        } else {
            search::all(texts, known, screening.finder)?
        };

        let measured = measured(texts, &found, screening, &self.state.enclosed);
        let mut report = judge(texts, found, screening, &self.state.enclosed);
        report.measured = measured;
        if self.recording.is_some() {
            recording::hear(&mut report, screening);
        }
        if !report.stopped_by.is_empty() {
            return Ok(Screen::Refused { report });
        }

        name_surrogates(texts, &mut report.marks, surrogates);
        if let Some(witness) = screening.witness {
            tell(witness, texts, &report.marks);
        }
        let new = rewritten(texts, &report.marks);
        let replaced = new.iter().map(|(position, _)| *position);
        let (put_back, sent) = self.state.enclosed.put_back(replaced);
        report.sent.unchanged += sent.unchanged;
        report.sent.as_text += sent.as_text;
        let mut body = self.state.texts.rewritten(&self.body, new, put_back);
        super::put_first(&mut body, self.state.first);
        Ok(Screen::Passed {
            prompt: Prompt {
                body,
                head: self.head.clone(),
                wire: self.wire,
                features: self.features.clone(),
                recording: self.recording.clone(),
                weight: self.weight,
                within: None,
                state: Screened(()),
            },
            report,
        })
    }
}

fn tell(witness: &dyn Witness, texts: &[Text], marks: &[Mark]) {
    for mark in marks {
        let text = texts.get(mark.text).map(|text| text.text.as_str());
        if let Some(value) = text.and_then(|text| text.get(mark.span.clone())) {
            witness.sees(mark.kind, value, mark.replacement.is_some());
        }
    }
}

fn name_surrogates(texts: &[Text], marks: &mut [Mark], surrogates: &mut Surrogates) {
    for mark in marks {
        let Some(text) = texts.get(mark.text) else {
            continue;
        };
        let Some(value) = text.text.get(mark.span.clone()) else {
            continue;
        };
        mark.replacement = match mark.verdict {
            // What the model itself wrote and looks real is one already.
            Verdict::Pseudonymise if text.hand == Hand::Models && surrogates.has_issued(value) => {
                Some(value.to_owned())
            }
            Verdict::Pseudonymise => {
                // What holds more than its kind says has no look of its own.
                let is_plain = mark.about.also == Kinds::NONE;
                let surrogate = if is_plain && !wording::is_tight(text, &mark.span) {
                    surrogates.surrogate(mark.kind, value)
                } else {
                    surrogates.in_brackets(mark.kind, value)
                };
                surrogates.speak_for(mark.kind, value, mark.about.also);
                if is_in_brackets(&text.text, &mark.span) {
                    surrogates.keep_brackets(mark.kind, value);
                }
                Some(surrogate)
            }
            Verdict::Generalise => wider(&mark.about).map(str::to_owned),
            Verdict::Redact => Some(format!("[{}]", mark.kind.label())),
            Verdict::Allow
            | Verdict::Warn
            | Verdict::SecondPerson
            | Verdict::Route
            | Verdict::Block => None,
        };
    }
}

/// What comes in the place of each text that changes.
fn rewritten(texts: &[Text], marks: &[Mark]) -> Vec<(usize, String)> {
    let mut marks = marks
        .iter()
        .filter(|mark| mark.replacement.is_some())
        .peekable();
    let mut new = Vec::new();
    for (position, text) in texts.iter().enumerate() {
        let mut own = Vec::new();
        while let Some(mark) = marks.next_if(|mark| mark.text == position) {
            own.push(mark);
        }
        if !own.is_empty() {
            new.push((position, wording::replaced(text, &own)));
        }
    }
    new
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Speaker;
    use crate::json::{LeafKind, Limits, Path};
    use crate::policy::{Cell, Subject};
    use crate::prompt::{LeafRole, Protocol, Turn};
    use crate::register::Label;
    use waarborg_detect::Finding;
    use waarborg_detect::surrogate::{ConversationKey, Language, Scope};

    /// Finds the words it was told to.
    struct Words(&'static [(&'static str, Kind)]);

    impl Finder for Words {
        fn find(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
            let mut findings: Vec<Finding> = self
                .0
                .iter()
                .flat_map(|(word, kind)| {
                    text.match_indices(word).map(|(at, word)| {
                        Finding::new(at..at + word.len(), *kind, 0.9, Why::Format)
                    })
                })
                .collect();
            findings.sort_by_key(|finding| finding.span.start);
            Ok(findings)
        }
    }

    /// Finds "Persoon" with the two digits behind it.
    struct Numbered;

    impl Finder for Numbered {
        fn find(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
            Ok(text
                .match_indices("Persoon")
                .map(|(at, _)| Finding::new(at..at + 9, Kind::Person, 0.9, Why::NameList))
                .collect())
        }
    }

    struct Broken;

    impl Finder for Broken {
        fn find(&self, _: &str) -> Result<Vec<Finding>, FinderFailed> {
            Err(FinderFailed)
        }
    }

    struct Everything;

    impl Protocol for Everything {
        fn role(&self, path: &Path, kind: LeafKind, _: &str) -> LeafRole {
            let is_word = kind == LeafKind::Key && path.segments().len() < 3;
            let is_named = matches!(path.last_key(), Some("model" | "role" | "type"));
            if is_word || kind == LeafKind::Key || is_named {
                LeafRole::Word
            } else {
                LeafRole::Text
            }
        }
    }

    fn raw(body: &str) -> Prompt<Raw> {
        Prompt::parse(body.as_bytes().to_vec(), &Limits::default(), &Everything).unwrap()
    }

    fn surrogates() -> Surrogates {
        Surrogates::new(ConversationKey::new([1; 32]), Language::Dutch)
    }

    fn screen(
        prompt: &Prompt<Raw>,
        finder: &dyn Finder,
        policy: &str,
        surrogates: &mut Surrogates,
    ) -> Result<Screen, FinderFailed> {
        screen_by(
            prompt,
            finder,
            &Policy::shipped(policy).unwrap(),
            surrogates,
        )
    }

    fn screen_by(
        prompt: &Prompt<Raw>,
        finder: &dyn Finder,
        policy: &Policy,
        surrogates: &mut Surrogates,
    ) -> Result<Screen, FinderFailed> {
        let waived = Waived::default();
        let screening = Screening {
            finder,
            policy,
            destination: Destination::Eu,
            has_ground: false,
            waived: &waived,
            witness: None,
        };
        prompt.screen(&screening, surrogates)
    }

    fn passed(screen: Result<Screen, FinderFailed>) -> (String, Report) {
        match screen {
            Ok(Screen::Passed { prompt, report }) => {
                (String::from_utf8(prompt.into_body()).unwrap(), report)
            }
            _ => panic!("should have passed"),
        }
    }

    #[test]
    fn only_what_was_found_changes_in_the_document() {
        let body = r#"{"model":"m", "messages":[{"role":"user","content":"Dag \"Jan\" hoi [Jan](x)"}],  "seed":1.50, "x":{"nu":[null,true]}}"#;
        let mut map = surrogates();
        let (sent, report) = passed(screen(
            &raw(body),
            &Words(&[("Jan", Kind::Person)]),
            "strict",
            &mut map,
        ));
        let name = report.marks[0].replacement.clone().unwrap();
        assert_eq!(sent, body.replace("Jan", &name));
        assert_eq!(map.restore_all(&sent, Scope::Text), body);
        assert_eq!(report.verdict, Verdict::Pseudonymise);
    }

    #[test]
    fn a_document_without_findings_leaves_byte_for_byte() {
        let body =
            "{ \"model\" : \"m\" , \"messages\":[{\"role\":\"user\",\"content\":\"\\u0044ag\"}]}\n";
        let (sent, report) = passed(screen(
            &raw(body),
            &Words(&[("Jan", Kind::Person)]),
            "strict",
            &mut surrogates(),
        ));
        assert_eq!(sent, body);
        assert_eq!(report.verdict, Verdict::Allow);
    }

    #[test]
    fn a_national_number_stops_all_of_it() {
        let body = r#"{"model":"m","messages":[{"role":"tool","content":"ok"},{"role":"user","content":"bsn 111222333 van Jan"}]}"#;
        let finder = Words(&[("111222333", Kind::Bsn), ("Jan", Kind::Person)]);
        let Ok(Screen::Refused { report }) =
            screen(&raw(body), &finder, "strict", &mut surrogates())
        else {
            panic!()
        };
        assert_eq!(report.stopped_by, [DataClass::NationalNumber]);
        assert_eq!(report.counts().get(&Kind::Bsn), Some(&1));
    }

    #[test]
    fn a_policy_that_only_observes_says_what_the_others_would_have_done() {
        let body =
            r#"{"model":"m","messages":[{"role":"user","content":"bsn 111222333 van Jan"}]}"#;
        let measured = |finder: &Words, policy: &str| {
            let (_, report) = passed(screen(&raw(body), finder, policy, &mut surrogates()));
            report.measured
        };
        let both = Words(&[("111222333", Kind::Bsn), ("Jan", Kind::Person)]);
        let (surrogate, block) = (Verdict::Pseudonymise, Verdict::Block);
        assert_eq!(
            measured(&both, "observe"),
            [("pseudonymise", surrogate), ("strict", block)]
        );
        let nobody = Words(&[]);
        let allowed = [("pseudonymise", Verdict::Allow), ("strict", Verdict::Allow)];
        assert_eq!(measured(&nobody, "observe"), allowed);
        assert_eq!(measured(&both, "pseudonymise"), []);
    }

    #[test]
    fn a_failing_detector_lets_nothing_through() {
        let body = r#"{"model":"m","messages":[{"role":"user","content":"hoi"}]}"#;
        assert!(screen(&raw(body), &Broken, "observe", &mut surrogates()).is_err());
    }

    #[test]
    fn a_name_found_once_is_replaced_in_every_message() {
        /// Knows the name only behind its title.
        struct Titled;
        impl Finder for Titled {
            fn find(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
                let found = text
                    .find("heer Bakker")
                    .map(|at| Finding::new(at + 5..at + 11, Kind::Person, 0.9, Why::NameCue));
                Ok(found.into_iter().collect())
            }
        }
        let turns =
            ["de heer Bakker belde", "wie was dat, bakker? geen Bakkerij"].map(|text| Turn {
                speaker: Speaker::Person,
                text: text.into(),
            });
        let (sent, report) = passed(screen(
            &Prompt::conversation("m", &turns),
            &Titled,
            "strict",
            &mut surrogates(),
        ));
        assert_eq!(report.marks.len(), 2);
        assert!(sent.contains("Bakkerij") && !sent.contains("bakker?"));
    }

    #[test]
    fn a_value_found_once_is_replaced_wherever_it_stands_in_the_same_message() {
        /// Knows the number only behind its label.
        struct Labelled;
        impl Finder for Labelled {
            fn find(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
                let found = text.find("klant 12345678").map(|at| {
                    Finding::new(at + 6..at + 14, Kind::CustomerNumber, 0.9, Why::AfterLabel)
                });
                Ok(found.into_iter().collect())
            }
        }
        let turn = Turn {
            speaker: Speaker::Person,
            text: "klant 12345678, zie https://voorbeeld.example/12345678".into(),
        };
        let (sent, report) = passed(screen(
            &Prompt::conversation("m", &[turn]),
            &Labelled,
            "strict",
            &mut surrogates(),
        ));
        assert_eq!(report.marks.len(), 2);
        assert!(!sent.contains("12345678"));
    }

    #[test]
    fn a_value_cut_in_two_by_the_parts_of_a_message_is_found() {
        let body = r#"{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"bsn 1112"},{"type":"text","text":"22333 dus"}]}]}"#;
        let finder = Words(&[("111222333", Kind::Bsn)]);
        let Ok(Screen::Refused { report }) =
            screen(&raw(body), &finder, "strict", &mut surrogates())
        else {
            panic!()
        };
        assert_eq!(report.stopped_by, [DataClass::NationalNumber]);
        assert_eq!(report.marks.len(), 2);
    }

    #[test]
    fn what_a_tool_says_in_json_is_read_without_its_escapes_and_stays_json() {
        let arguments = r#"{"naam": "Zo\\u00eb M\\u00fcller", "brief": "Jan\\n12"}"#;
        let body = format!(
            r#"{{"model":"m","messages":[{{"role":"tool","content":"{}"}}]}}"#,
            arguments.replace('"', "\\\"")
        );
        let finder = Words(&[("Zoë Müller", Kind::Person), ("Jan", Kind::Person)]);
        let mut map = surrogates();
        let (sent, report) = passed(screen(&raw(&body), &finder, "strict", &mut map));
        assert_eq!(report.marks.len(), 2);
        let sent: serde_json::Value = serde_json::from_str(&sent).unwrap();
        let content = sent.pointer("/messages/0/content").unwrap();
        let inner: serde_json::Value = serde_json::from_str(content.as_str().unwrap()).unwrap();
        let name = inner.get("naam").unwrap().as_str().unwrap();
        assert_eq!(map.restore_all(name, Scope::Text), "Zoë Müller");
        assert!(
            inner
                .get("brief")
                .unwrap()
                .as_str()
                .unwrap()
                .ends_with("\n12")
        );
    }

    #[test]
    fn a_number_becomes_a_string_with_its_surrogate() {
        let body = r#"{"model":"m","messages":[{"role":"user","content":{"klant":12345678}}]}"#;
        let (sent, report) = passed(screen(
            &raw(body),
            &Words(&[("12345678", Kind::CustomerNumber)]),
            "strict",
            &mut surrogates(),
        ));
        let name = report.marks[0].replacement.clone().unwrap();
        assert_eq!(sent, body.replace("12345678", &format!("\"{name}\"")));
    }

    #[test]
    fn many_persons_are_a_bulk_list() {
        let names: Vec<String> = (0..30).map(|n| format!("Persoon{n:02}")).collect();
        let turn = Turn {
            speaker: Speaker::Person,
            text: names.join(" "),
        };
        let Ok(Screen::Refused { report }) = screen(
            &Prompt::conversation("m", &[turn]),
            &Numbered,
            "strict",
            &mut surrogates(),
        ) else {
            panic!()
        };
        assert_eq!(report.stopped_by, [DataClass::BulkList]);
    }

    fn with(policy: &str, kind: Kind, cell: Cell) -> Policy {
        Policy::shipped(policy).unwrap().changed_by([Change {
            rule: "policy:test".to_owned(),
            group: None,
            subject: Subject::Kind(kind),
            destination: Destination::Eu,
            cell,
            why: Label(BTreeMap::new()),
        }])
    }

    #[test]
    fn what_goes_along_only_without_identifiers_is_not_its_own_proof() {
        let policy = with("pseudonymise", Kind::Email, Cell::IfPseudonymised);
        let words = Words(&[("jan@example.org", Kind::Email), ("kanker", Kind::Health)]);
        let turn = Turn {
            speaker: Speaker::Person,
            text: "jan@example.org heeft kanker".to_owned(),
        };
        let prompt = Prompt::conversation("m", &[turn]);
        let screened = screen_by(&prompt, &words, &policy, &mut surrogates());
        assert!(matches!(screened, Ok(Screen::Refused { .. })));
    }

    #[test]
    fn what_is_replaced_hides_no_warning_about_what_stands_beside_it() {
        let policy = with("pseudonymise", Kind::Email, Cell::Warn);
        let words = Words(&[("jan@example.org", Kind::Email), ("Jan", Kind::Person)]);
        let turn = Turn {
            speaker: Speaker::Person,
            text: "Jan heeft jan@example.org".to_owned(),
        };
        let prompt = Prompt::conversation("m", &[turn]);
        let Ok(Screen::Refused { report }) = screen_by(&prompt, &words, &policy, &mut surrogates())
        else {
            panic!("a warning is a stop")
        };
        assert_eq!(report.verdict, Verdict::Warn);
        assert_eq!(report.stopped_by, [DataClass::DirectIdentifier]);
    }

    #[test]
    fn in_a_list_nobody_is_spared() {
        let policy = with("pseudonymise", Kind::Person, Cell::Allow);
        let names: Vec<String> = (0..40).map(|n| format!("Persoon{n:02}")).collect();
        let turn = Turn {
            speaker: Speaker::Person,
            text: names.join(" "),
        };
        let prompt = Prompt::conversation("m", &[turn]);
        let (body, _) = passed(screen_by(&prompt, &Numbered, &policy, &mut surrogates()));
        assert!(!body.contains("Persoon"), "{body}");
    }

    #[test]
    fn what_the_person_waives_goes_along_where_the_policy_lets_them() {
        let policy = Policy::shipped("strict").unwrap();
        let mut waived = Waived::default();
        waived.values.insert((Kind::Person, "Jan".into()));
        waived.values.insert((Kind::Bsn, "111222333".into()));
        let finder = Words(&[("111222333", Kind::Bsn), ("Jan", Kind::Person)]);
        let screening = Screening {
            finder: &finder,
            policy: &policy,
            destination: Destination::Eu,
            has_ground: false,
            waived: &waived,
            witness: None,
        };
        let turn = |text: &str| {
            Prompt::conversation(
                "m",
                &[Turn {
                    speaker: Speaker::Person,
                    text: text.into(),
                }],
            )
        };
        assert!(
            passed(turn("Jan").screen(&screening, &mut surrogates()))
                .0
                .contains("\"Jan\"")
        );
        assert!(matches!(
            turn("111222333").screen(&screening, &mut surrogates()),
            Ok(Screen::Refused { .. })
        ));
    }

    #[test]
    fn it_is_confirmed_where_it_goes_because_the_writer_said_yes_to_a_warning_and_nowhere_else() {
        let policy = with("pseudonymise", Kind::Email, Cell::Warn);
        let words = Words(&[("jan@example.org", Kind::Email), ("kanker", Kind::Health)]);
        let accepted = |is_agreed, classes: &[DataClass]| Waived {
            warnings: classes.iter().copied().collect(),
            is_agreed,
            ..Waived::default()
        };
        let yes = [DataClass::DirectIdentifier];
        for (text, waived, goes, is_confirmed) in [
            ("jan@example.org", accepted(false, &yes), true, true),
            ("jan@example.org", accepted(false, &[]), false, false),
            // A second person's yes is not the writer's.
            ("jan@example.org", accepted(true, &[]), true, false),
            (
                "jan@example.org: kanker",
                accepted(false, &yes),
                false,
                false,
            ),
            ("hoi", accepted(false, &yes), true, false),
        ] {
            let turn = Turn {
                speaker: Speaker::Person,
                text: text.into(),
            };
            let screening = Screening {
                finder: &words,
                policy: &policy,
                destination: Destination::Eu,
                has_ground: false,
                waived: &waived,
                witness: None,
            };
            let screened = Prompt::conversation("m", &[turn]).screen(&screening, &mut surrogates());
            let screened = screened.unwrap();
            let is_sent = matches!(screened, Screen::Passed { .. });
            let said = (is_sent, screened.report().is_confirmed);
            assert_eq!(said, (goes, is_confirmed), "{text} {waived:?}");
        }
    }

    #[test]
    fn what_several_messages_say_of_somebody_counts_together() {
        struct Detects(waarborg_detect::Detector);
        impl Finder for Detects {
            fn find(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
                Ok(self.0.find(text))
            }
        }
        let policy = Policy::shipped("observe").unwrap();
        let people = |texts: &[&str]| {
            let turns: Vec<Turn> = texts
                .iter()
                .map(|text| Turn {
                    speaker: Speaker::Person,
                    text: (*text).to_owned(),
                })
                .collect();
            let screening = Screening {
                finder: &Detects(waarborg_detect::Detector::new()),
                policy: &policy,
                destination: Destination::Own,
                has_ground: false,
                waived: &Waived::default(),
                witness: None,
            };
            let mut surrogates = Surrogates::new(
                waarborg_detect::surrogate::ConversationKey::new([1; 32]),
                waarborg_detect::surrogate::Language::Dutch,
            );
            let screened = Prompt::conversation("m", &turns)
                .screen(&screening, &mut surrogates)
                .unwrap();
            let (Screen::Passed { report, .. } | Screen::Refused { report }) = screened;
            let groups = report.marks.into_iter().filter_map(|mark| mark.about.group);
            groups.map(|group| group.people).min()
        };
        let first = "Els Bakker woont in Urk.";
        assert!(people(&[first]) > Some(10_000));
        assert!(people(&[first, "Els is geboren op 14-03-1951."]) <= Some(3));
    }
}
