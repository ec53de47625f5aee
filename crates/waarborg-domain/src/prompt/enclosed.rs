//! Pictures and files that lie in a document: what was read of them stands in their place while it is inspected.
//!
//! Who finds nothing in the text puts the file back as it was. Where something in it must be replaced, the text goes in
//! the place of a file; a picture has no text to go in its place, and stops the prompt.

use std::ops::Range;

use super::Wire;
use super::nested::{Edit, Hand, Text, Texts};
use super::screen::Mark;
use crate::policy::Verdict;

/// A picture or file that lies in a document, with the text that was read of it in its place.
///
/// Whoever makes one has read all of the original into that text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosure {
    /// Bytes of the document, half-open, where the text now stands: a whole value, or members of an object.
    pub range: Range<usize>,
    /// What stands there if nothing of the text is replaced.
    pub original: String,
    /// What it is.
    pub kind: EnclosureKind,
}

/// What lies in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnclosureKind {
    /// A picture: nobody can write another word in it.
    Picture,
    /// A file whose text may go in its place.
    File,
}

/// What of a document counts otherwise than by its bytes, where nobody counts what it uses: pictures, of which those who serve models count
/// the size and not the bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// So many bytes of the document.
    pub n_bytes: usize,
    /// As so many bytes of text they count.
    pub counts_as: usize,
}

impl Weight {
    /// As how many bytes of text a document of so many bytes counts.
    #[must_use]
    pub const fn applied_to(self, n_bytes: usize) -> usize {
        n_bytes
            .saturating_sub(self.n_bytes)
            .saturating_add(self.counts_as)
    }
}

/// Why no surrogate can stand in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixed {
    /// It is in a picture.
    InPicture,
    /// It will be spoken, and nobody puts a value back in sound. What is left out for good can be left out there too.
    Spoken,
    /// It may be in sound, into which nobody looked.
    InSound,
    /// A provider signed the words, and knows them no more if a letter changes.
    Signed,
}

impl Fixed {
    /// Whether something that must be done here cannot be done.
    #[must_use]
    pub const fn forbids(self, verdict: Verdict) -> bool {
        match self {
            Self::InPicture | Self::Signed => {
                matches!(
                    verdict,
                    Verdict::Generalise | Verdict::Pseudonymise | Verdict::Redact
                )
            }
            Self::Spoken => matches!(verdict, Verdict::Pseudonymise),
            Self::InSound => !matches!(verdict, Verdict::Allow),
        }
    }
}

/// How the pictures and files of a prompt went along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// As they were, pictures without what is written about them.
    pub unchanged: u32,
    /// As text, with something in it replaced.
    pub as_text: u32,
    /// As they were, though nobody looked into them: sound.
    pub unheard: u32,
}

/// The pictures and files of one prompt.
#[derive(Default)]
pub(super) struct Enclosed {
    enclosures: Vec<Enclosure>,
    /// For each text the enclosure in which it stands; empty where there are none.
    of_text: Vec<Option<usize>>,
    /// Everything is to be spoken.
    is_spoken: bool,
}

impl Enclosed {
    pub(super) fn new(enclosures: Vec<Enclosure>, texts: &mut Texts, wire: Wire) -> Self {
        let is_spoken = wire == Wire::Speech;
        if enclosures.is_empty() {
            return Self {
                is_spoken,
                ..Self::default()
            };
        }
        let enclosure_of = |text: &Text| {
            let at = texts.start_in_body(text)?;
            enclosures
                .iter()
                .position(|enclosure| enclosure.range.contains(&at))
        };
        let of_text: Vec<Option<usize>> = texts.all().iter().map(enclosure_of).collect();
        texts.tell_of_files(|position| of_text.get(position).is_some_and(Option::is_some));
        Self {
            enclosures,
            of_text,
            is_spoken,
        }
    }

    /// Why nothing can be replaced in the text at this position, if so.
    pub(super) fn fixed(&self, position: usize, text: &Text) -> Option<Fixed> {
        if self.is_spoken {
            return Some(Fixed::Spoken);
        }
        if text.hand == Hand::Signed {
            return Some(Fixed::Signed);
        }
        let enclosure = self.enclosures.get(self.of(position)?)?;
        match enclosure.kind {
            EnclosureKind::Picture => Some(Fixed::InPicture),
            EnclosureKind::File => None,
        }
    }

    /// The edits that put everything back in whose text nothing was replaced.
    pub(super) fn put_back(&self, replaced: impl Iterator<Item = usize>) -> (Vec<Edit>, Sent) {
        let changed: Vec<usize> = replaced.filter_map(|text| self.of(text)).collect();
        let mut sent = Sent::default();
        let mut edits = Vec::new();
        for (position, enclosure) in self.enclosures.iter().enumerate() {
            if changed.contains(&position) {
                sent.as_text += 1;
            } else {
                sent.unchanged += 1;
                edits.push((enclosure.range.clone(), enclosure.original.clone()));
            }
        }
        (edits, sent)
    }

    /// What goes along of each, if nothing of its text is replaced.
    pub(super) fn originals(&self) -> impl Iterator<Item = &str> {
        self.enclosures
            .iter()
            .map(|enclosure| enclosure.original.as_str())
    }

    fn of(&self, text: usize) -> Option<usize> {
        self.of_text.get(text).copied().flatten()
    }
}

/// What must be replaced and cannot be, stays. Says why, if nothing else stays for another reason.
pub(super) fn hold_what_is_fixed(marks: &mut [Mark]) -> Option<Fixed> {
    let mut why = None;
    let mut others_stop = false;
    for mark in marks.iter_mut() {
        match mark.fixed.filter(|fixed| fixed.forbids(mark.verdict)) {
            Some(fixed) => {
                why = Some(fixed);
                mark.verdict = Verdict::Block;
                mark.changed_by = None;
            }
            None => others_stop |= mark.verdict.stops(),
        }
    }
    why.filter(|_| !others_stop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finder::{Finder, FinderFailed};
    use crate::json::{LeafKind, Limits, Path};
    use crate::policy::{Cell, Change, Policy, Subject};
    use crate::prompt::{LeafRole, Prompt, Protocol, Raw, Screen, Screening, Waived};
    use crate::register::{Destination, Label};
    use waarborg_detect::surrogate::{ConversationKey, Language, Surrogates};
    use waarborg_detect::{Finding, Kind, Why};

    /// Finds every "Jan".
    struct Jan;

    impl Finder for Jan {
        fn find(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
            let found = text.match_indices("Jan");
            Ok(found
                .map(|(at, _)| Finding::new(at..at + 3, Kind::Person, 0.9, Why::NameList))
                .collect())
        }
    }

    struct Strings(Wire);

    impl Protocol for Strings {
        fn wire(&self) -> Wire {
            self.0
        }

        fn role(&self, path: &Path, kind: LeafKind, _: &str) -> LeafRole {
            if kind == LeafKind::Key || path.is(&["model"]) {
                LeafRole::Word
            } else {
                LeafRole::Text
            }
        }
    }

    /// A request with a file that says this, screened.
    fn screened(text: &str, kind: EnclosureKind, policy: &str) -> Screen {
        let prompt = with_file(text, "AAAA", kind, Wire::default());
        by(&prompt, &Policy::shipped(policy).unwrap())
    }

    /// A request with this file, of which this was read.
    fn with_file(text: &str, file: &str, kind: EnclosureKind, wire: Wire) -> Prompt<Raw> {
        let (head, tail) = (r#"{"model":"m","x":["hoi","#, r#", "dag"]}"#);
        let part = format!(r#"{{"text":"{text}"}}"#);
        let enclosure = Enclosure {
            range: head.len()..head.len() + part.len(),
            original: format!(r#"{{"file":"{file}"}}"#),
            kind,
        };
        let body = format!("{head}{part}{tail}").into_bytes();
        Prompt::parse_with(body, vec![enclosure], &Limits::default(), &Strings(wire)).unwrap()
    }

    fn by(prompt: &Prompt<Raw>, policy: &Policy) -> Screen {
        let screening = Screening {
            finder: &Jan,
            policy,
            destination: Destination::Eu,
            has_ground: false,
            waived: &Waived::default(),
            witness: None,
        };
        let mut surrogates = Surrogates::new(ConversationKey::new([1; 32]), Language::Dutch);
        prompt.screen(&screening, &mut surrogates).unwrap()
    }

    fn check(text: &str, kind: EnclosureKind, policy: &str, expected: &Result<&str, Fixed>) {
        let got = match screened(text, kind, policy) {
            Screen::Passed { prompt, .. } => Ok(String::from_utf8(prompt.into_body()).unwrap()),
            Screen::Refused { report } => Err(report.fixed.unwrap()),
        };
        let is_as_expected = match (&got, expected) {
            (Ok(body), Ok(piece)) => body.contains(piece) && body.ends_with(r#", "dag"]}"#),
            (Err(got), Err(expected)) => got == expected,
            _ => false,
        };
        assert!(is_as_expected, "{text}: {got:?}");
    }

    #[test]
    fn a_file_goes_back_unless_something_in_it_was_replaced() {
        let original = Ok(r#""hoi",{"file":"AAAA"}, "dag""#);
        check("niets", EnclosureKind::File, "pseudonymise", &original);
        check("niets", EnclosureKind::Picture, "pseudonymise", &original);
        check("Jan", EnclosureKind::Picture, "observe", &original);
        check(
            "van Jan",
            EnclosureKind::File,
            "pseudonymise",
            &Ok(r#"{"text":"van ["#),
        );
    }

    #[test]
    fn a_picture_in_which_something_must_be_replaced_stays() {
        let stays = Err(Fixed::InPicture);
        check("van Jan", EnclosureKind::Picture, "pseudonymise", &stays);
        // A document inside the text is part of it.
        let inner = r#"{\"naam\": \"Jan\"}"#;
        check(inner, EnclosureKind::Picture, "pseudonymise", &stays);
    }

    #[test]
    fn a_request_is_known_by_all_that_leaves_with_it() {
        let known = |prompt: &Prompt<Raw>| prompt.known_by(|parts| parts.join(&b'|'));
        let of = |text, file, wire| with_file(text, file, EnclosureKind::Picture, wire);
        let chat = Wire::ChatCompletions;
        let one = of("van Jan", "AAAA", chat);
        assert_eq!(known(&one), known(&of("van Jan", "AAAA", chat)));
        let others = [
            of("van Jan", "AAAB", chat),
            of("van Jo", "AAAA", chat),
            of("van Jan", "AAAA", Wire::Responses),
            of("van Jan", "AAAA", chat).with_features(vec!["context-1m"]),
            of("van Jan", "AAAA", chat).with_first("\"store\":false,"),
        ];
        for other in &others {
            assert_ne!(known(&one), known(other));
        }
    }

    #[test]
    fn what_is_spoken_goes_as_it_is_or_with_gaps_and_never_with_a_surrogate() {
        let spoken = |text: &str, policy: &Policy| {
            let body = format!(r#"{{"model":"m","input":"{text}"}}"#).into_bytes();
            let prompt = Prompt::parse(body, &Limits::default(), &Strings(Wire::Speech));
            match by(&prompt.unwrap(), policy) {
                Screen::Passed { prompt, .. } => Ok(String::from_utf8(prompt.into_body()).unwrap()),
                Screen::Refused { report } => Err(report.fixed),
            }
        };
        let policy = |name: &str| Policy::shipped(name).unwrap();
        let redacts = policy("pseudonymise").changed_by([Change {
            rule: "policy:test".to_owned(),
            group: None,
            subject: Subject::Kind(Kind::Person),
            destination: Destination::Eu,
            cell: Cell::Redact,
            why: Label(std::collections::BTreeMap::new()),
        }]);
        let body = |text: &str| Ok(format!(r#"{{"model":"m","input":"{text}"}}"#));
        let stays = Err(Some(Fixed::Spoken));
        assert_eq!(spoken("dag", &policy("pseudonymise")), body("dag"));
        assert_eq!(spoken("dag Jan", &policy("pseudonymise")), stays);
        assert_eq!(spoken("dag Jan", &policy("observe")), body("dag Jan"));
        assert_eq!(spoken("dag Jan", &redacts), body("dag [PERSON]"));
    }
}
