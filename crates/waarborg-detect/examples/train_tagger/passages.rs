//! Learns whether a passage speaks of somebody: a logistic regression over words and pairs of words.

use waarborg_detect::Detector;
use waarborg_detect::training::{PASSAGE_ENTRIES, PASSAGE_UNIT};

use crate::chance::Chance;
use crate::prompts::Prompt;

pub(crate) struct Passages {
    weights: Vec<f32>,
    squares: Vec<f32>,
}

impl Passages {
    pub(crate) fn new() -> Passages {
        Passages {
            weights: vec![0.0; PASSAGE_ENTRIES],
            squares: vec![0.0; PASSAGE_ENTRIES],
        }
    }

    /// One prompt; a third of its words is forgotten.
    pub(crate) fn learn(&mut self, detector: &Detector, prompt: &Prompt, chance: &mut Chance) {
        let entries: Vec<u32> = detector.passage_entries(&prompt.text).concat();
        let scale = 1.0 / (entries.len().max(1) as f32).sqrt();
        let kept: Vec<u32> = entries
            .into_iter()
            .filter(|_| chance.share() > 0.33)
            .collect();
        let sum: f32 = kept.iter().map(|entry| self.weights[*entry as usize]).sum();
        let share = 1.0 / (1.0 + (-sum * scale * 1.5).exp());
        let slope = (share - f32::from(u8::from(prompt.is_clean))) * scale;
        for entry in kept {
            let place = entry as usize;
            self.squares[place] += slope * slope;
            self.weights[place] -= 0.5 * slope / (self.squares[place].sqrt() + 0.1);
        }
    }

    /// The weights as bytes.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let unit = PASSAGE_UNIT as f32;
        let byte =
            |weight: &f32| ((weight * unit).round().clamp(-127.0, 127.0) as i8).to_ne_bytes()[0];
        self.weights.iter().map(byte).collect()
    }
}
