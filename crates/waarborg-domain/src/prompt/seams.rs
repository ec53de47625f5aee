//! Values that begin in one text and end in the next: over the parts of a message, and over messages.
//!
//! Only a window on both sides of a seam is read, so the cost stays in proportion to the prompt. Between two
//! messages somebody else speaks, or the same person begins again; there only what is sure counts as one value.

use std::ops::Range;

use waarborg_detect::{Finding, Kind, Why};

use super::nested::Text;
use super::search;
use crate::finder::{Finder, FinderFailed};
use crate::json::{LeafKind, Segment};

/// Bytes read on each side of a seam; the longest value that has a form is shorter.
const REACH: usize = 96;

/// A window begins and ends at a blank, if there is one so near.
const ROUNDING: usize = 32;

/// From this score on the tagger is believed about a name over two messages.
const SURE_OF_A_NAME: f32 = 0.6;

/// Adds to each text its piece of every value that lies over a seam.
pub(super) fn find_over(
    texts: &[Text],
    found: &mut [Vec<Finding>],
    finder: &dyn Finder,
) -> Result<(), FinderFailed> {
    let mut region = Region::default();
    let mut before: Option<&Text> = None;
    for (position, text) in texts.iter().enumerate() {
        if text.text.is_empty() || !is_spoken(text) {
            continue;
        }
        let is_new_message = before.is_none_or(|before| !same_message(before, text));
        if before.is_none_or(|before| is_new_message && !is_open(&before.text, &text.text)) {
            region.look(found, finder)?;
        }
        before = Some(text);

        let length = text.text.len();
        if length <= 2 * REACH {
            region.add(position, text, 0..length, is_new_message);
            continue;
        }
        region.add(position, text, 0..window_end(&text.text), is_new_message);
        region.look(found, finder)?;
        region.add(
            position,
            text,
            window_start(&text.text)..length,
            is_new_message,
        );
    }
    region.look(found, finder)
}

/// What somebody says in a message, as a whole or as a part.
fn is_spoken(text: &Text) -> bool {
    let is_key =
        |segment: &Segment, wanted: &str| matches!(segment, Segment::Key(key) if &**key == wanted);
    let is_index = |segment: &Segment| matches!(segment, Segment::Index(_));
    text.home == 0
        && !text.is_of_file
        && text.kind == LeafKind::Text
        && match text.path.segments() {
            [list, index, content] if is_key(content, "content") || is_key(content, "refusal") => {
                (is_key(list, "messages") || is_key(list, "input")) && is_index(index)
            }
            // Parts of a message, of the result of a tool in it, and of what the system says.
            [.., parts, part, said] => {
                let holds = |parts| {
                    ["content", "output", "system"]
                        .iter()
                        .any(|wanted| is_key(parts, wanted))
                };
                let is_said = is_key(said, "text") || is_key(said, "refusal");
                holds(parts) && is_index(part) && is_said
            }
            _ => false,
        }
}

fn same_message(one: &Text, other: &Text) -> bool {
    fn message(text: &Text) -> Option<&[Segment]> {
        match text.path.segments() {
            path @ [Segment::Key(list), ..] if &**list == "system" => path.get(..1),
            path => path.get(..2),
        }
    }
    message(one) == message(other)
}

/// Whether something can go on from one message to the next: the first does not end like a sentence, the second
/// does not begin like one of its own.
fn is_open(before: &str, after: &str) -> bool {
    let last = before.trim_end().chars().next_back();
    let first = after.trim_start().chars().next();
    let goes_on =
        |letter: char| letter.is_alphanumeric() || matches!(letter, '@' | '-' | '_' | '/' | '+');
    let is_cut = before.ends_with('.')
        && after.starts_with(|first: char| first.is_lowercase() || first.is_ascii_digit());
    is_cut
        || (last.is_some_and(|last| goes_on(last) || last == ',')
            && first.is_some_and(|first| goes_on(first) || matches!(first, '.' | ',')))
}

fn window_end(text: &str) -> usize {
    let end = text.floor_char_boundary(REACH);
    let rest = text.get(end..).unwrap_or_default();
    let near = rest
        .get(..rest.floor_char_boundary(ROUNDING))
        .unwrap_or_default();
    end + near.find(char::is_whitespace).unwrap_or_default()
}

fn window_start(text: &str) -> usize {
    let start = text.ceil_char_boundary(text.len().saturating_sub(REACH));
    let rest = text.get(..start).unwrap_or_default();
    let near_start = rest.ceil_char_boundary(rest.len().saturating_sub(ROUNDING));
    let near = rest.get(near_start..).unwrap_or_default();
    near.rfind(char::is_whitespace)
        .map_or(start, |blank| near_start + blank)
}

/// Pieces of texts that are read as one.
#[derive(Default)]
struct Region<'t> {
    pieces: Vec<Piece<'t>>,
}

/// A window of one text.
struct Piece<'t> {
    /// Which text.
    position: usize,
    /// Where the window begins in that text.
    start: usize,
    text: &'t str,
    /// It begins a message.
    is_new_message: bool,
}

impl<'t> Region<'t> {
    fn add(&mut self, position: usize, text: &'t Text, window: Range<usize>, is_new_message: bool) {
        self.pieces.push(Piece {
            position,
            start: window.start,
            text: text.text.get(window).unwrap_or_default(),
            is_new_message,
        });
    }

    /// Reads what was gathered, and begins anew.
    fn look(
        &mut self,
        found: &mut [Vec<Finding>],
        finder: &dyn Finder,
    ) -> Result<(), FinderFailed> {
        let pieces = std::mem::take(&mut self.pieces);
        if pieces.len() < 2 {
            return Ok(());
        }
        read(&pieces, "", found, finder)?;
        let is_glued = |pair: &[Piece<'_>]| match pair {
            [one, other] => {
                other.is_new_message
                    && !one.text.ends_with(char::is_whitespace)
                    && !other.text.starts_with(char::is_whitespace)
            }
            _ => false,
        };
        if pieces.windows(2).any(is_glued) {
            read(&pieces, " ", found, finder)?;
        }
        Ok(())
    }
}

/// Reads the pieces as one text, with `joint` between messages.
fn read(
    pieces: &[Piece<'_>],
    joint: &str,
    found: &mut [Vec<Finding>],
    finder: &dyn Finder,
) -> Result<(), FinderFailed> {
    let mut whole = String::new();
    let mut starts = Vec::with_capacity(pieces.len());
    for piece in pieces {
        if piece.is_new_message && !whole.is_empty() {
            whole.push_str(joint);
        }
        starts.push(whole.len());
        whole.push_str(piece.text);
    }

    for finding in finder.find(&whole)? {
        let span = &finding.span;
        // Of the pieces, those that begin inside the value.
        let first = starts.partition_point(|start| *start <= span.start);
        let behind = starts.partition_point(|start| *start < span.end);
        let Some(begun) = pieces.get(first..behind).filter(|begun| !begun.is_empty()) else {
            continue;
        };
        if !finding.kind.is_personal() {
            continue;
        }
        let is_over_messages = begun.iter().any(|piece| piece.is_new_message);
        if is_over_messages && !is_sure(&whole, &finding, finder)? {
            continue;
        }
        let touched = pieces.iter().zip(&starts).take(behind);
        for (piece, start) in touched.skip(first.saturating_sub(1)) {
            let part = span.start.max(*start)..span.end.min(start + piece.text.len());
            let Some(findings) = found
                .get_mut(piece.position)
                .filter(|_| part.start < part.end)
            else {
                continue;
            };
            let in_text = part.start - start + piece.start..part.end - start + piece.start;
            search::add(
                findings,
                Finding {
                    span: in_text,
                    ..finding.clone()
                },
            );
        }
    }
    Ok(())
}

/// Whether a value over two messages is no chance meeting of words.
fn is_sure(whole: &str, finding: &Finding, finder: &dyn Finder) -> Result<bool, FinderFailed> {
    match (finding.why, finding.kind) {
        (Why::Model | Why::FoundBefore, Kind::Person) => {
            let value = whole.get(finding.span.clone()).unwrap_or_default();
            Ok(finding.score >= SURE_OF_A_NAME
                || !finder
                    .find_in_identifier(&value.replace(' ', "_"))?
                    .is_empty())
        }
        (Why::Model | Why::FoundBefore | Why::Description | Why::Residence, _) => Ok(false),
        _ => Ok(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use waarborg_detect::Detector;

    use crate::json::{Limits, scan};
    use crate::prompt::nested::Texts;

    struct Real(Detector);

    impl Finder for Real {
        fn find(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
            Ok(self.0.find(text))
        }

        fn find_in_identifier(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
            Ok(self.0.find_in_identifier(text))
        }
    }

    /// What is found over the seams of these messages, per message.
    fn check(messages: &[&str], expected: &[&[&str]]) {
        let said: Vec<serde_json::Value> = messages
            .iter()
            .map(|said| serde_json::json!({"role": "user", "content": said}))
            .collect();
        let body = serde_json::json!({ "messages": said }).to_string();
        let mut leaves = scan(body.as_bytes(), &Limits::default()).unwrap();
        leaves
            .retain(|leaf| leaf.path.last_key() == Some("content") && leaf.kind == LeafKind::Text);
        let texts = Texts::as_they_stand(leaves);
        let mut found = vec![Vec::new(); messages.len()];
        find_over(texts.all(), &mut found, &Real(Detector::new())).unwrap();
        let found: Vec<Vec<&str>> = found
            .iter()
            .zip(messages)
            .map(|(findings, said)| {
                findings
                    .iter()
                    .map(|finding| said.get(finding.span.clone()).unwrap())
                    .collect()
            })
            .collect();
        assert_eq!(found, expected, "{messages:?}");
    }

    #[test]
    fn a_value_begun_in_one_message_and_ended_in_the_next_is_found() {
        check(
            &["mijn bsn is 1234", "56782, klopt dat?"],
            &[&["1234"], &["56782"]],
        );
        check(
            &["mijn bsn is 1234 ", "5678", " 2"],
            &[&["1234 "], &["5678"], &[" 2"]],
        );
        check(
            &["mail naar j.jansen@", "voorbeeld.nl svp"],
            &[&["j.jansen@"], &["voorbeeld.nl"]],
        );
        check(
            &["mail naar j.jansen@voorbeeld.", "nl svp"],
            &[&["j.jansen@voorbeeld."], &["nl"]],
        );
        check(
            &["rekening NL91ABNA", "0417164300"],
            &[&["NL91ABNA"], &["0417164300"]],
        );
        check(
            &["dit gaat over Piet", "Jansen uit de Dorpsstraat"],
            &[&["Piet"], &["Jansen"]],
        );
        check(
            &["dit gaat over Piet Jan", "sen uit de Dorpsstraat"],
            &[&["Piet Jan"], &["sen"]],
        );
    }

    #[test]
    fn a_long_message_is_read_only_near_its_seams() {
        let long = "Dit is een gewone zin over het aanvragen van een paspoort. ".repeat(40);
        check(
            &[&format!("{long} bsn 1234"), "56782"],
            &[&["1234"], &["56782"]],
        );
        check(
            &["bsn 1234", &format!("56782 {long}"), "en dat was het"],
            &[&["1234"], &["56782"], &[]],
        );
    }

    #[test]
    fn messages_that_merely_follow_each_other_stay_apart() {
        check(
            &["Mijn naam is Piet.", "Jansen is een bakker."],
            &[&[], &[]],
        );
        check(&["Hoeveel is 12 keer 12?", "144"], &[&[], &[]]);
        check(
            &["ik wil een paspoort", "Goedendag, waarmee kan ik helpen"],
            &[&[], &[]],
        );
        check(
            &["in mei", "Wil je dat ik help met", "de aanvraag"],
            &[&[], &[], &[]],
        );
        check(&["het kost 1234", "56783 euro"], &[&[], &[]]);
    }
}
