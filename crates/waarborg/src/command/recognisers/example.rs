//! A text that a pattern fits, so that an imported recogniser is tried like any other.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Longer than this nobody reads an example.
const LONGEST: usize = 120;

/// One text that fits the pattern; none where the pattern cannot be read.
pub(super) fn fitting(pattern: &str) -> Option<String> {
    let hir = regex_syntax::ParserBuilder::new()
        .nest_limit(50)
        .build()
        .parse(pattern)
        .ok()?;
    let mut writer = Writer {
        text: String::new(),
        n_signs: 0,
    };
    writer.write(&hir);
    (!writer.text.is_empty() && writer.text.len() <= LONGEST).then_some(writer.text)
}

struct Writer {
    text: String,
    /// How many signs were chosen, so that neighbours differ.
    n_signs: usize,
}

impl Writer {
    fn write(&mut self, hir: &Hir) {
        if self.text.len() > LONGEST {
            return;
        }
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => {
                self.text.push_str(&String::from_utf8_lossy(&literal.0));
            }
            HirKind::Class(class) => self.sign(class),
            HirKind::Repetition(repetition) => {
                for _ in 0..repetition.min {
                    self.write(&repetition.sub);
                    if self.text.len() > LONGEST {
                        return;
                    }
                }
            }
            HirKind::Capture(capture) => self.write(&capture.sub),
            HirKind::Concat(parts) => {
                for part in parts {
                    self.write(part);
                }
            }
            HirKind::Alternation(ways) => {
                if let Some(way) = ways
                    .iter()
                    .find(|way| !matches!(way.kind(), HirKind::Empty))
                {
                    self.write(way);
                }
            }
        }
    }

    /// A sign of the class: a digit or a capital if it has one, another than the one before if it can.
    fn sign(&mut self, class: &Class) {
        const WISHES: &str = "4829173650KRTBNXHAGDEMZ";
        let has = |sign: char| match class {
            Class::Unicode(class) => class
                .ranges()
                .iter()
                .any(|range| (range.start()..=range.end()).contains(&sign)),
            Class::Bytes(class) => class.ranges().iter().any(|range| {
                u8::try_from(sign).is_ok_and(|sign| (range.start()..=range.end()).contains(&sign))
            }),
        };
        let fitting: Vec<char> = WISHES.chars().filter(|sign| has(*sign)).collect();
        let digits: Vec<char> = fitting
            .iter()
            .copied()
            .filter(char::is_ascii_digit)
            .collect();
        let choice = if digits.is_empty() { fitting } else { digits };
        let first = match class {
            Class::Unicode(class) => class
                .ranges()
                .first()
                .map(regex_syntax::hir::ClassUnicodeRange::start),
            Class::Bytes(class) => class
                .ranges()
                .first()
                .map(|range| char::from(range.start())),
        };
        let sign = self
            .n_signs
            .checked_rem(choice.len())
            .and_then(|place| choice.get(place).copied())
            .or(first);
        self.n_signs += 1;
        self.text.extend(sign);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_fits_its_pattern() {
        assert_eq!(fitting(r"\d{3}-[A-Z]{2}").as_deref(), Some("482-BN"));
        assert_eq!(fitting("(?:ab|cd)?x{2,4}").as_deref(), Some("xx"));
        assert_eq!(fitting("(a"), None);
        assert_eq!(fitting("a{500}"), None);
        assert_eq!(fitting("a*"), None);
    }
}
