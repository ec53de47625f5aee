//! Lays what the person wrote beside what the model saw.

use crate::page::message::{Seen, Segment};

/// The two sides of a message; `None` where they are the same.
///
/// What stands between the surrogates is the same on both sides, so it tells which words a surrogate
/// stands for. If the two do not fit together, both are shown without marks.
pub(crate) fn both(text: &str, as_sent: &str) -> Option<Seen> {
    if text == as_sent || as_sent.is_empty() {
        return None;
    }
    let plain = |text: &str| {
        vec![Segment {
            text: text.to_owned(),
            kind: None,
        }]
    };
    Some(aligned(text, as_sent).unwrap_or_else(|| Seen {
        you: plain(text),
        model: plain(as_sent),
    }))
}

fn aligned(text: &str, as_sent: &str) -> Option<Seen> {
    let pieces = pieces(as_sent);
    let mut seen = Seen {
        you: Vec::new(),
        model: Vec::new(),
    };
    let mut rest = text;
    let mut waiting: Option<&str> = None;
    for piece in pieces {
        match piece {
            Piece::Surrogate(surrogate) => {
                // Two surrogates side by side: nothing says where the one's words end.
                if waiting.replace(surrogate).is_some() {
                    return None;
                }
            }
            Piece::Same(same) => {
                let at = if waiting.is_some() {
                    rest.find(same)?
                } else {
                    rest.starts_with(same).then_some(0)?
                };
                if let Some(surrogate) = waiting.take() {
                    add(&mut seen, rest.get(..at)?, surrogate);
                }
                let segment = Segment {
                    text: same.to_owned(),
                    kind: None,
                };
                seen.you.push(segment.clone());
                seen.model.push(segment);
                rest = rest.get(at + same.len()..)?;
            }
        }
    }
    match waiting {
        Some(surrogate) => add(&mut seen, rest, surrogate),
        None if !rest.is_empty() => return None,
        None => {}
    }
    Some(seen)
}

fn add(seen: &mut Seen, value: &str, surrogate: &str) {
    let kind = (value != surrogate).then(|| kind_of(surrogate));
    seen.you.push(Segment {
        text: value.to_owned(),
        kind: kind.clone(),
    });
    seen.model.push(Segment {
        text: surrogate.to_owned(),
        kind,
    });
}

/// The kind that a surrogate names: `[PERSOON_4172]` is "persoon".
fn kind_of(surrogate: &str) -> String {
    let word = surrogate.trim_matches(['[', ']']);
    word.trim_end_matches(|c: char| c.is_ascii_digit())
        .trim_end_matches('_')
        .replace('_', " ")
        .to_lowercase()
}

enum Piece<'t> {
    Same(&'t str),
    Surrogate(&'t str),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut from = 0;
    while let Some(open) = rest
        .get(from..)
        .and_then(|tail| tail.find('['))
        .map(|at| at + from)
    {
        let length = rest.get(open..).and_then(surrogate_length);
        let Some(length) = length else {
            from = open + 1;
            continue;
        };
        let (Some(before), Some(surrogate), Some(after)) = (
            rest.get(..open),
            rest.get(open..open + length),
            rest.get(open + length..),
        ) else {
            break;
        };
        if !before.is_empty() {
            pieces.push(Piece::Same(before));
        }
        pieces.push(Piece::Surrogate(surrogate));
        rest = after;
        from = 0;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Same(rest));
    }
    pieces
}

/// The length of a surrogate at the start of a text: capitals, digits and low lines in brackets.
fn surrogate_length(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('[')?;
    let end = inside.find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))?;
    let closes = inside.get(end..)?.starts_with(']');
    let named = inside.starts_with(|c: char| c.is_ascii_uppercase());
    (closes && named && end <= 64).then_some(end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, as_sent: &str, expected: &[(&str, Option<&str>)]) {
        let seen = both(text, as_sent).unwrap();
        let you: Vec<_> = seen
            .you
            .iter()
            .map(|segment| (segment.text.as_str(), segment.kind.as_deref()))
            .collect();
        assert_eq!(you, expected);
        let model: String = seen
            .model
            .iter()
            .map(|segment| segment.text.as_str())
            .collect();
        assert_eq!(model, as_sent);
    }

    #[test]
    fn every_surrogate_stands_beside_its_words() {
        check(
            "Ik ben Sanne de Vries, bel 0612345678",
            "Ik ben [PERSOON_41726], bel [TELEFOON_00912]",
            &[
                ("Ik ben ", None),
                ("Sanne de Vries", Some("persoon")),
                (", bel ", None),
                ("0612345678", Some("telefoon")),
            ],
        );
    }

    #[test]
    fn brackets_that_the_person_typed_are_no_surrogate() {
        check(
            "Kies [A] voor Jan",
            "Kies [A] voor [PERSOON_1]",
            &[
                ("Kies ", None),
                ("[A]", None),
                (" voor ", None),
                ("Jan", Some("persoon")),
            ],
        );
        assert_eq!(both("gelijk [x]", "gelijk [x]"), None);
    }

    #[test]
    fn what_does_not_fit_is_shown_without_marks() {
        check(
            "iets heel anders",
            "niets [PERSOON_1]",
            &[("iets heel anders", None)],
        );
        check("JanPiet", "[PERSOON_1][PERSOON_2]", &[("JanPiet", None)]);
    }
}
