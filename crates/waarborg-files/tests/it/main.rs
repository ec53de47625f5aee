//! Files made on the spot: what is read of each kind, and what hostile ones come to.

#![expect(
    clippy::unwrap_used,
    clippy::format_push_string,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::panic,
    reason = "a test stops where it goes wrong"
)]

mod builders;
mod formats;
mod hostile;

use waarborg_files::{Limits, PlacedText, Reason, read};

/// What was read of a file, and why parts of it were not.
struct Outcome {
    text: PlacedText,
    gaps: Vec<(String, Reason)>,
}

fn look(bytes: &[u8]) -> Outcome {
    let (text, gaps) = read(None, bytes, &Limits::default()).with_gaps();
    Outcome {
        text,
        gaps: gaps
            .iter()
            .map(|gap| (gap.place.to_string(), gap.reason))
            .collect(),
    }
}

impl Outcome {
    /// The place where a text stands for the first time.
    fn place(&self, text: &str) -> String {
        let at = self
            .text
            .as_str()
            .find(text)
            .unwrap_or_else(|| panic!("{text} is not in {}", self.text.as_str()));
        self.text.place_at(at).unwrap().to_string()
    }

    fn reasons(&self) -> Vec<Reason> {
        self.gaps.iter().map(|(_, reason)| *reason).collect()
    }
}
