//! A text made ready for the recognisers: folded, cut into tokens, every word looked up.

use alloc::vec::Vec;
use core::ops::Range;

use crate::finding::Why;
use crate::kind::{Kind, Kinds};
use crate::lexicon::Lexicon;
use crate::tokens::{self, Shape, Token};
use crate::vocabulary::{Cue, Vocabulary, role};

/// What every recogniser reads.
pub(crate) struct Reading<'t> {
    pub(crate) text: &'t str,
    pub(crate) tokens: Vec<Token>,
    /// One per token.
    pub(crate) cues: Vec<Cue>,
    /// The places of the tokens that are numbers.
    pub(crate) numbers: Vec<usize>,
    /// The places where recognisers of fixed forms may begin: numbers, some marks, and words that announce something.
    /// They are few, and whoever looks only there need not walk over all tokens.
    pub(crate) landmarks: Vec<usize>,
    /// Words, and those among them with a capital.
    pub(crate) n_words: usize,
    pub(crate) n_capitals: usize,
    /// The roles that words of this text have, as bits: a recogniser that waits for one may be left out.
    roles: u32,
    pub(crate) lexicon: Lexicon,
}

/// Roles of words at which a recogniser of fixed forms may begin.
const ANNOUNCING: u32 =
    role::DIGIT | role::MONTH | role::SINGULAR | role::RESIDENCE | role::SAID | role::TURNED;

/// A finding in the folded text.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    pub(crate) span: Range<usize>,
    pub(crate) kind: Kind,
    pub(crate) score: f32,
    pub(crate) why: Why,
    pub(crate) subkind: Subkind,
    /// What else stands in the same piece of text.
    pub(crate) also: Kinds,
}

/// Which one it is below its kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Subkind {
    /// Not known.
    #[default]
    Unknown,
    /// A number of some country.
    Known(&'static str),
    /// What the operator's recogniser with this place calls it.
    Own(usize),
}

impl<'t> Reading<'t> {
    pub(crate) fn new(text: &'t str, vocabulary: &Vocabulary) -> Reading<'t> {
        let mut reading = Reading::of_forms(text, vocabulary);
        vocabulary.lexicon.look_up_all(&mut reading.tokens);
        reading
    }

    /// The same for who looks at nothing but forms: no word is looked up in the lists of names and places.
    pub(crate) fn of_forms(text: &'t str, vocabulary: &Vocabulary) -> Reading<'t> {
        let tokens = tokens::cut(text);
        let mut cues = Vec::with_capacity(tokens.len());
        let mut numbers = Vec::with_capacity(tokens.len() / 16);
        let mut landmarks = Vec::with_capacity(tokens.len() / 4);
        let mut roles = 0;
        let (mut n_words, mut n_capitals) = (0, 0);
        for (place, token) in tokens.iter().enumerate() {
            let mut cue = Cue::NONE;
            let is_landmark = match token.shape {
                Shape::LineEnd => false,
                Shape::Mark(mark) => matches!(mark, '@' | '\\' | '+' | '('),
                Shape::Number => {
                    numbers.push(place);
                    true
                }
                _ => {
                    n_words += 1;
                    n_capitals += usize::from(token.has_capital());
                    cue = vocabulary.cue(token.hash);
                    roles |= cue.roles();
                    cue.is(ANNOUNCING) || cue.label.is_some() || cue.stem.is_some()
                }
            };
            cues.push(cue);
            if is_landmark {
                landmarks.push(place);
            }
        }
        Reading {
            text,
            tokens,
            cues,
            numbers,
            landmarks,
            n_words,
            n_capitals,
            roles,
            lexicon: vocabulary.lexicon,
        }
    }

    /// Whether some word of the text has one of these roles.
    pub(crate) fn has_role(&self, roles: u32) -> bool {
        self.roles & roles != 0
    }

    pub(crate) fn token(&self, place: usize) -> Option<&Token> {
        self.tokens.get(place)
    }

    /// The token with which a span of the text begins.
    pub(crate) fn first_in(&self, span: &Range<usize>) -> usize {
        self.tokens.partition_point(|token| token.end <= span.start)
    }

    /// The tokens of a span of the text.
    pub(crate) fn within(&self, span: &Range<usize>) -> impl Iterator<Item = &Token> {
        let tokens = self.tokens.get(self.first_in(span)..);
        let end = span.end;
        (tokens.unwrap_or_default().iter()).take_while(move |token| token.start < end)
    }

    pub(crate) fn cue(&self, place: usize) -> Cue {
        self.cues.get(place).copied().unwrap_or(Cue::NONE)
    }

    pub(crate) fn previous(&self, place: usize) -> Option<&Token> {
        place
            .checked_sub(1)
            .and_then(|before| self.tokens.get(before))
    }

    pub(crate) fn slice(&self, span: Range<usize>) -> &'t str {
        self.text.get(span).unwrap_or_default()
    }

    /// What stands in a token, for whoever needs no letters.
    pub(crate) fn bytes(&self, token: &Token) -> &'t [u8] {
        let bytes = self.text.as_bytes();
        bytes.get(token.span()).unwrap_or_default()
    }

    pub(crate) fn word(&self, place: usize) -> &'t str {
        self.token(place)
            .map_or("", |token| self.slice(token.span()))
    }

    /// Whether the word at this place is one of these, which are written in small ASCII letters; its capitals do not matter.
    pub(crate) fn is_one_of(&self, place: usize, words: &[&str]) -> bool {
        let word = self.word(place);
        words.iter().any(|known| known.eq_ignore_ascii_case(word))
    }

    /// Whether the token stands against the one before it.
    pub(crate) fn is_glued(&self, place: usize) -> bool {
        place > 0 && self.token(place).is_some_and(|token| !token.spaced)
    }

    pub(crate) fn is_mark(&self, place: usize, mark: char) -> bool {
        self.token(place).is_some_and(|token| token.is(mark))
    }

    pub(crate) fn is_number(&self, place: usize) -> bool {
        self.token(place).is_some_and(Token::is_number)
    }

    pub(crate) fn is_word(&self, place: usize) -> bool {
        self.token(place).is_some_and(Token::is_word)
    }

    pub(crate) fn is_line_end(&self, place: usize) -> bool {
        self.token(place)
            .is_none_or(|token| token.shape == Shape::LineEnd)
    }

    /// The value of a number token of at most nine digits.
    pub(crate) fn number(&self, place: usize) -> Option<u32> {
        let token = self
            .token(place)
            .filter(|token| token.is_number() && token.n_chars <= 9)?;
        self.slice(token.span()).parse().ok()
    }

    /// Whether a letter or digit stands against the end of this token, so that it is part of a longer word.
    pub(crate) fn continues(&self, place: usize) -> bool {
        self.is_glued(place + 1) && (self.is_word(place + 1) || self.is_number(place + 1))
    }

    /// Whether a letter or digit stands against the beginning of this token.
    pub(crate) fn is_continued(&self, place: usize) -> bool {
        self.is_glued(place) && place > 0 && (self.is_word(place - 1) || self.is_number(place - 1))
    }

    /// Whether one of the `n` tokens before has a cue, without crossing a line end.
    pub(crate) fn cue_before(&self, place: usize, n: usize, has: impl Fn(Cue) -> bool) -> bool {
        let first = place.saturating_sub(n);
        let tokens = self.tokens.get(first..place).unwrap_or_default();
        let cues = self.cues.get(first..place).unwrap_or_default();
        for (token, cue) in tokens.iter().zip(cues).rev() {
            if token.shape == Shape::LineEnd {
                return false;
            }
            if has(*cue) {
                return true;
            }
        }
        false
    }
}

impl Hit {
    /// The score of what only the tagger should know; it never becomes a finding by itself.
    pub(crate) const HINT: f32 = 0.1;
    /// The score of a hint that means something only beside others.
    pub(crate) const FAINT: f32 = 0.05;

    pub(crate) fn new(span: Range<usize>, kind: Kind, score: f32, why: Why) -> Hit {
        Hit {
            span,
            kind,
            score,
            why,
            subkind: Subkind::Unknown,
            also: Kinds::NONE,
        }
    }

    /// What this piece of text holds beside its kind, once `other` is told by it as well.
    pub(crate) fn speak_for(&mut self, other: &Hit) {
        self.also = self.also.or(other.also).with(other.kind).without(self.kind);
    }
}
