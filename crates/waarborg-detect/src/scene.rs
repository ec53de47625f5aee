//! What goes on around a token: whom the clause is about, the last label, the place in the line.

use crate::tokens::{Shape, Token};
use crate::vocabulary::{Cue, role};

/// What goes on around one token.
#[derive(Clone, Copy, Default)]
pub(crate) struct Scene {
    /// Whom the clause is about, as far as words say.
    pub(crate) person: u8,
    /// The last label on this line.
    pub(crate) label: u8,
    /// Tokens since the line began, four at most.
    pub(crate) line: u8,
    /// Tokens since the sentence began, two at most.
    pub(crate) in_sentence: u8,
}

impl Scene {
    /// Moves on to the next token; `is_last` says whether nothing stands against its end.
    #[inline]
    pub(crate) fn step(&mut self, token: &Token, cue: Cue, is_last: impl Fn() -> bool) {
        self.line = (self.line + 1).min(4);
        self.in_sentence = (self.in_sentence + 1).min(2);
        match token.shape {
            Shape::LineEnd => *self = Scene::default(),
            Shape::Mark('.' | '?' | '!') if is_last() => {
                self.in_sentence = 0;
                self.person = 0;
            }
            _ => {}
        }
        if cue.is(role::PERSON | role::TITLE | role::RELATION) {
            self.person = 1 + u8::from(cue.is(role::PERSON)) + 2 * u8::from(cue.is(role::TITLE));
        } else if self.person == 0 && token.has_capital() && token.entry.first_name() >= 2 {
            self.person = 8;
        }
        if let Some(label) = cue.label.or(cue.stem) {
            self.label = 1 + label.number();
        }
    }
}
