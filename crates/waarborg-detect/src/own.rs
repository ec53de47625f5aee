//! What an operator adds: recognisers of their own numbers, and texts that are no personal data here.

use alloc::borrow::Cow;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use regex_automata::meta::Regex;
use regex_automata::util::syntax;

use crate::finding::Why;
use crate::fold;
use crate::kind::Kind;
use crate::national;
use crate::reading::{Hit, Reading, Subkind};
use crate::validate;
use crate::validation::holds;
use crate::vocabulary::Vocabulary;
use crate::words;

/// The longest pattern, in bytes.
const MAX_PATTERN: usize = 500;
/// The largest automaton that a pattern may become, in bytes.
const MAX_AUTOMATON: usize = 1 << 20;
/// A pattern looks at no more than this at a time, so that its time grows with the text and not faster.
const MAX_STRETCH: usize = 2048;
/// Stretches overlap by this much; a longer value is not found.
const OVERLAP: usize = 256;
/// The longest label.
const MAX_LABEL: usize = 40;
/// How many words before a value may hold one of its words.
const WORDS_BEFORE: usize = 8;

/// A recogniser that an operator wrote.
#[derive(Clone, Debug)]
pub struct Recogniser {
    kind: Kind,
    /// What its findings are called below their kind.
    label: Option<String>,
    pattern: Regex,
    checksum: Option<Checksum>,
    /// Hashes of the words, one of which must stand before; empty when none needs to.
    words: Vec<u64>,
}

/// Why a recogniser or an exception cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnFault {
    /// The pattern is no pattern.
    Pattern(String),
    /// The pattern would take too much memory.
    TooLarge,
    /// The pattern fits the empty text, and so everywhere.
    Empty,
    /// An exception must say something.
    TooShort,
    /// A label is a capital and then capitals, digits and `_`.
    Label,
    /// Numbers of the state, secrets and sensitive statements are never an exception.
    NeverAllowed(Kind),
}

impl fmt::Display for OwnFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OwnFault::Pattern(why) => write!(f, "the pattern cannot be read: {why}"),
            OwnFault::TooLarge => f.write_str("the pattern is too large"),
            OwnFault::Empty => f.write_str("the pattern fits the empty text, and so everywhere"),
            OwnFault::TooShort => f.write_str("the text has fewer than three letters"),
            OwnFault::Label => f.write_str("a label is a capital and then capitals, digits and _"),
            OwnFault::NeverAllowed(kind) => write!(f, "{kind} is never an exception"),
        }
    }
}

impl core::error::Error for OwnFault {}

/// A check that a value must pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checksum {
    /// The eleven-test over nine digits.
    ElevenTest,
    /// The Luhn check over all digits.
    Luhn,
    /// Letters and digits, the letters counted from ten, leave one by 97 when the first four move to the end.
    Mod97,
    /// ISO 7064 with the moduli eleven and ten over all digits.
    Mod1110,
}

impl Checksum {
    /// Every check.
    pub const ALL: &[Checksum] = &[
        Checksum::ElevenTest,
        Checksum::Luhn,
        Checksum::Mod97,
        Checksum::Mod1110,
    ];

    /// Its name in files.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Checksum::ElevenTest => "eleven-test",
            Checksum::Luhn => "luhn",
            Checksum::Mod97 => "mod-97",
            Checksum::Mod1110 => "mod-11-10",
        }
    }

    /// The check with this name.
    #[must_use]
    pub fn parse(code: &str) -> Option<Checksum> {
        Checksum::ALL
            .iter()
            .copied()
            .find(|checksum| checksum.code() == code)
    }

    fn passes(self, value: &str) -> bool {
        let compact: Vec<u8> = value
            .bytes()
            .filter(u8::is_ascii_alphanumeric)
            .map(|byte| byte.to_ascii_uppercase())
            .collect();
        let digits: Vec<u8> = compact
            .iter()
            .filter(|byte| byte.is_ascii_digit())
            .map(|byte| byte - b'0')
            .collect();
        match self {
            Checksum::ElevenTest => holds("own-eleven-test", validate::eleven_test(&digits)),
            Checksum::Luhn => holds("own-luhn", validate::luhn(&digits)),
            Checksum::Mod97 => holds("own-mod-97", validate::mod_97(&compact) == Some(1)),
            Checksum::Mod1110 => {
                let passes = digits.len() > 1 && national::iso_11_10(value);
                holds("own-mod-11-10", passes)
            }
        }
    }
}

impl Recogniser {
    /// A recogniser of values of one kind that fit a pattern, pass a check if there is one, and have one of the words
    /// before them if there are any.
    ///
    /// A value never touches a letter or digit, and never lies over two lines.
    ///
    /// # Errors
    ///
    /// [`OwnFault`] when the pattern cannot be used.
    pub fn new(
        kind: Kind,
        pattern: &str,
        checksum: Option<Checksum>,
        before: &[String],
    ) -> Result<Recogniser, OwnFault> {
        if pattern.len() > MAX_PATTERN {
            return Err(OwnFault::TooLarge);
        }
        let built = Regex::builder()
            .configure(
                Regex::config()
                    .nfa_size_limit(Some(MAX_AUTOMATON))
                    .onepass_size_limit(Some(MAX_AUTOMATON))
                    .hybrid_cache_capacity(MAX_AUTOMATON),
            )
            .syntax(syntax::Config::new().nest_limit(50))
            .build(pattern)
            .map_err(|error| match error.size_limit() {
                Some(_) => OwnFault::TooLarge,
                None => OwnFault::Pattern(
                    error
                        .syntax_error()
                        .map_or_else(|| error.to_string(), alloc::string::ToString::to_string)
                        .lines()
                        .last()
                        .unwrap_or_default()
                        .trim_start_matches("error: ")
                        .to_string(),
                ),
            })?;
        if built.is_match("") {
            return Err(OwnFault::Empty);
        }
        Ok(Recogniser {
            kind,
            label: None,
            pattern: built,
            checksum,
            words: before.iter().map(|word| words::hash(word)).collect(),
        })
    }

    /// The same recogniser, whose findings are called this below their kind, such as `CASE_NUMBER`.
    ///
    /// # Errors
    ///
    /// [`OwnFault::Label`] for anything but a capital and then capitals, digits and `_`, at most forty.
    pub fn labelled(self, label: &str) -> Result<Recogniser, OwnFault> {
        let is_sign = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        let is_plain = (2..=MAX_LABEL).contains(&label.len())
            && label.starts_with(|first: char| first.is_ascii_uppercase())
            && label.bytes().all(is_sign);
        if !is_plain {
            return Err(OwnFault::Label);
        }
        Ok(Recogniser {
            label: Some(label.to_string()),
            ..self
        })
    }

    /// Where values stand in a text, by this recogniser alone.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Range<usize>> {
        let folded = fold::fold(text);
        let vocabulary = Vocabulary::new();
        let mut hits = Vec::new();
        let reading = Reading::new(&folded.text, &vocabulary);
        self.find_in(&reading, Subkind::Unknown, &mut hits);
        hits.iter().map(|hit| folded.original(&hit.span)).collect()
    }

    fn find_in(&self, reading: &Reading<'_>, subkind: Subkind, hits: &mut Vec<Hit>) {
        let mut done = 0;
        for stretch in stretches(reading.text) {
            let text = reading.slice(stretch.clone());
            for found in self.pattern.find_iter(text) {
                let span = stretch.start + found.start()..stretch.start + found.end();
                if span.start < done || span.is_empty() {
                    continue;
                }
                let value = reading.slice(span.clone());
                let passes = self.checksum.is_none_or(|checksum| checksum.passes(value));
                let is_free = holds("own-stands-free", stands_free(reading.text, &span));
                if passes && is_free && self.is_announced(reading, &span) {
                    done = span.end;
                    hits.push(Hit {
                        subkind,
                        ..Hit::new(span, self.kind, SURE, Why::OwnRecogniser)
                    });
                }
            }
        }
    }

    fn is_announced(&self, reading: &Reading<'_>, span: &Range<usize>) -> bool {
        let place = reading
            .tokens
            .partition_point(|token| token.end <= span.start);
        self.words.is_empty()
            || reading
                .tokens
                .get(..place)
                .unwrap_or_default()
                .iter()
                .rev()
                .filter(|token| token.is_word())
                .take(WORDS_BEFORE)
                .any(|token| self.words.contains(&token.hash))
    }
}

/// What an operator says outweighs what anything else says of the same place.
const SURE: f32 = 0.999;

/// Lines, and long ones in overlapping pieces.
fn stretches(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    core::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let line = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
        let mut len = line.min(MAX_STRETCH);
        while !rest.is_char_boundary(len) {
            len += 1;
        }
        let stretch = at..at + len;
        let mut step = if len < line { len - OVERLAP } else { len };
        while !rest.is_char_boundary(step) {
            step -= 1;
        }
        at += step.max(1);
        Some(stretch)
    })
}

fn stands_free(text: &str, span: &Range<usize>) -> bool {
    let joins = |beside: Option<char>| beside.is_some_and(char::is_alphanumeric);
    let inside = text.get(span.clone()).unwrap_or_default();
    let before = text.get(..span.start).unwrap_or_default();
    let after = text.get(span.end..).unwrap_or_default();
    !(joins(inside.chars().next()) && joins(before.chars().next_back())
        || joins(inside.chars().next_back()) && joins(after.chars().next()))
}

/// A text that is no personal data here: the own company, a product, the holder of a public office.
#[derive(Clone, Debug)]
pub struct Allowed {
    text: String,
    kinds: Vec<Kind>,
}

impl Allowed {
    /// An exception for findings of these kinds (all that may be one, if none is named) inside this text.
    ///
    /// # Errors
    ///
    /// [`OwnFault`] for a text of fewer than three letters, and for kinds that are never an exception.
    pub fn new(text: &str, kinds: &[Kind]) -> Result<Allowed, OwnFault> {
        if text.trim().chars().count() < 3 {
            return Err(OwnFault::TooShort);
        }
        match kinds.iter().find(|kind| !may_be_allowed(**kind)) {
            Some(kind) => Err(OwnFault::NeverAllowed(*kind)),
            None => Ok(Allowed {
                text: text.trim().to_string(),
                kinds: kinds.to_vec(),
            }),
        }
    }
}

fn may_be_allowed(kind: Kind) -> bool {
    !(kind.is_special() || kind.is_secret() || kind.is_national_number())
}

/// Everything that an operator added.
#[derive(Default)]
pub(crate) struct Own {
    recognisers: Vec<Recogniser>,
    allowed: Vec<Allowed>,
    finder: Option<AhoCorasick>,
}

impl Own {
    pub(crate) fn new(recognisers: Vec<Recogniser>, allowed: Vec<Allowed>) -> Own {
        let finder = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(allowed.iter().map(|allowed| &allowed.text))
            .ok()
            .filter(|_| !allowed.is_empty());
        Own {
            recognisers,
            allowed,
            finder,
        }
    }

    pub(crate) fn find(&self, reading: &Reading<'_>, hits: &mut Vec<Hit>) {
        for (place, recogniser) in self.recognisers.iter().enumerate() {
            recogniser.find_in(reading, Subkind::Own(place), hits);
        }
    }

    /// What a subkind is called.
    pub(crate) fn subkind(&self, subkind: Subkind) -> Option<Cow<'static, str>> {
        match subkind {
            Subkind::Unknown => None,
            Subkind::Known(name) => Some(Cow::Borrowed(name)),
            Subkind::Own(place) => {
                let label = self.recognisers.get(place)?.label.clone();
                label.map(Cow::Owned)
            }
        }
    }

    /// Takes out the hits, in the order of the text, that lie inside an allowed text.
    pub(crate) fn take_out(&self, reading: &Reading<'_>, hits: &mut Vec<Hit>) {
        let Some(finder) = self.finder.as_ref().filter(|_| !hits.is_empty()) else {
            return;
        };
        let found: Vec<(Range<usize>, &[Kind])> = finder
            .find_iter(reading.text)
            .filter(|found| stands_free(reading.text, &found.range()))
            .filter_map(|found| {
                let allowed = self.allowed.get(found.pattern().as_usize())?;
                Some((found.range(), allowed.kinds.as_slice()))
            })
            .collect();
        hits.retain(|hit| {
            let after = found.partition_point(|(range, _)| range.start <= hit.span.start);
            let inside = after
                .checked_sub(1)
                .and_then(|place| found.get(place))
                .filter(|(range, _)| range.end >= hit.span.end);
            let is_allowed = inside.is_some_and(|(_, kinds)| {
                may_be_allowed(hit.kind) && (kinds.is_empty() || kinds.contains(&hit.kind))
            });
            !is_allowed
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Detector;
    use alloc::vec;

    fn found(detector: &Detector, text: &str) -> Vec<(Kind, String)> {
        detector
            .find(text)
            .into_iter()
            .map(|finding| (finding.kind, text.get(finding.span).unwrap().to_string()))
            .collect()
    }

    #[test]
    fn an_own_number_is_found_with_its_check_and_its_words() {
        let own = Recogniser::new(
            Kind::CustomerNumber,
            "GEM-[0-9]{9}",
            Some(Checksum::ElevenTest),
            &["dossier".to_string()],
        )
        .unwrap();
        let detector = Detector::with_own(vec![own.clone()], Vec::new());
        assert_eq!(
            found(&detector, "Dossier ＧEM-111222333 is klaar"),
            [(Kind::CustomerNumber, "ＧEM-111222333".to_string())]
        );
        // Asked by itself: the tagger may take a number beside "dossiers" for one on its own account.
        assert_eq!(own.find("dossiers GEM-111222334 zijn klaar").len(), 0);
        assert_eq!(own.find("bordje xGEM-111222333 is klaar").len(), 0);
    }

    #[test]
    fn patterns_that_cost_too_much_are_refused() {
        let fault = |pattern: &str| {
            Recogniser::new(Kind::CustomerNumber, pattern, None, &[])
                .err()
                .unwrap()
        };
        assert_eq!(fault("(((a{100}){100}){100}){100}"), OwnFault::TooLarge);
        assert_eq!(fault("[0-9]*"), OwnFault::Empty);
        assert!(matches!(fault("[0-9"), OwnFault::Pattern(_)));
    }

    #[test]
    fn a_value_in_a_long_line_is_found_once() {
        let own = Recogniser::new(Kind::CustomerNumber, "K[0-9]{4}", None, &[]).unwrap();
        let text = "é ".repeat(2000) + "K1234" + &" é".repeat(2000);
        assert_eq!(own.find(&text).len(), 1);
    }

    #[test]
    fn an_allowed_text_is_no_finding() {
        let allowed = Allowed::new("Jan de Rijk", &[Kind::Person]).unwrap();
        let detector = Detector::with_own(Vec::new(), vec![allowed]);
        assert_eq!(
            found(&detector, "Bel de heer Jan de Rijk over de vracht.").len(),
            0
        );
        assert_eq!(
            found(&detector, "Bel de heer Jan de Wit over de vracht.").len(),
            1
        );
        assert_eq!(
            Allowed::new("111222333", &[Kind::Bsn]).err(),
            Some(OwnFault::NeverAllowed(Kind::Bsn))
        );
    }
}
