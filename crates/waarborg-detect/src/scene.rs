//! What goes on around a token: whom the clause is about, the last label, the place in the line.

use alloc::vec::Vec;

use crate::kind::Kind;
use crate::reading::Reading;
use crate::tokens::Shape;
use crate::vocabulary::role;

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

/// The scene of every token.
pub(crate) fn all(reading: &Reading<'_>) -> Vec<Scene> {
    let mut scene = Scene::default();
    let scenes = (0..reading.tokens.len()).map(|place| {
        scene.step(reading, place);
        scene
    });
    scenes.collect()
}

impl Scene {
    /// Moves on to the next token.
    fn step(&mut self, reading: &Reading<'_>, place: usize) {
        let Some(token) = reading.token(place) else {
            return;
        };
        let cue = reading.cue(place);
        self.line = (self.line + 1).min(4);
        self.in_sentence = (self.in_sentence + 1).min(2);
        match token.shape {
            Shape::LineEnd => *self = Scene::default(),
            Shape::Mark('.' | '?' | '!') if !reading.is_glued(place + 1) => {
                self.in_sentence = 0;
                self.person = 0;
            }
            _ => {}
        }
        if cue.is(role::PERSON) || cue.is(role::TITLE) || cue.is(role::RELATION) {
            self.person = 1 + u8::from(cue.is(role::PERSON)) + 2 * u8::from(cue.is(role::TITLE));
        } else if self.person == 0 && token.has_capital() && token.entry.first_name() >= 2 {
            self.person = 8;
        }
        if let Some(label) = cue.label.or(cue.stem) {
            let number = Kind::ALL.iter().position(|kind| *kind == label);
            self.label = number
                .and_then(|number| u8::try_from(number + 1).ok())
                .unwrap_or(0);
        }
    }
}
