//! How fast text is read for personal data, beside the least that any reading costs.

use std::hint::black_box;
use std::time::{Duration, Instant};

use waarborg_detect::Detector;

/// Megabytes in a second.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Speed {
    /// Walking over the letters once.
    pub(crate) floor: f64,
    /// Finding in messages of about two kilobytes with some personal data.
    pub(crate) messages: f64,
    /// Finding in text that is nothing but digits, signs and half-matches.
    pub(crate) worst: f64,
}

/// Fillers of a letter of one kilobyte, and of sixteen.
pub(crate) const SHORT: usize = 2;
pub(crate) const LONG: usize = 54;

/// Two kilobytes as a person would type them.
fn message(number: usize) -> String {
    letter(number, 5)
}

/// A letter; everybody in it is invented. `number` makes each text another one; a filler has about 280 letters.
pub(crate) fn letter(number: usize, n_fillers: usize) -> String {
    let digits = 10_000_000 + number % 9_000_000;
    format!(
        "Goedemiddag, ik schrijf u over mijn aanvraag van vorige maand. Mijn naam is Willemijn Terpstra en ik woon aan de \
         Lindelaan {house} te Vaartdorp, postcode 3511 AB. Ik heb toen gebeld met een medewerker, maar ik heb nog niets \
         gehoord. U kunt mij bereiken op 06-{digits} of via w.terpstra{number}@voorbeeld.nl. Mijn BSN is 123456782, en het \
         bedrag mag naar NL91 ABNA 0417 1643 00. Ik ben geboren op 14 maart 1971. {filler}Zou u mij willen laten weten of er \
         nog stukken ontbreken? Met vriendelijke groet, W. Terpstra, dossier {number}.",
        house = number % 200 + 1,
        filler = FILLER.repeat(n_fillers),
    )
}

const FILLER: &str = "De regeling zelf begrijp ik wel, maar in de brief staat dat de termijn pas begint als alles compleet \
    is, en op de website staat dat het om de datum van ontvangst gaat. Ik zou graag willen weten welke van de twee nu \
    geldt, want de kosten lopen door en ik moet weten waar ik aan toe ben. ";

/// Reads a few megabytes of each.
pub(crate) fn measure(span: Duration) -> Speed {
    let detector = Detector::new();
    let messages: Vec<String> = (0..256).map(message).collect();
    let worst: Vec<String> = (0..64)
        .map(|n| {
            format!(
                "{}{}",
                "12345678 9.-/@+31 NL91 AB12 ".repeat(70),
                "a.b-c_d@".repeat(n + 8)
            )
        })
        .collect();
    Speed {
        floor: speed(&messages, span, |text| {
            text.chars().filter(|letter| letter.is_numeric()).count()
        }),
        messages: speed(&messages, span, |text| detector.find(text).len()),
        worst: speed(&worst, span, |text| detector.find(text).len()),
    }
}

fn speed(texts: &[String], span: Duration, read: impl Fn(&str) -> usize) -> f64 {
    let started_at = Instant::now();
    let mut n_bytes = 0.0;
    while started_at.elapsed() < span {
        for text in texts {
            black_box(read(black_box(text)));
            n_bytes += u32::try_from(text.len()).map_or(0.0, f64::from);
        }
    }
    n_bytes / 1e6 / started_at.elapsed().as_secs_f64()
}
