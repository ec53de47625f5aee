//! Words of the register in another language than the notice: their places are kept, so that they can be read aloud
//! in their own.

use super::words::LANGUAGES;

/// Begins such words; behind it comes the language and [`NAMED`].
const BEGIN: char = '\u{E001}';
/// Ends the name of the language.
const NAMED: char = '\u{E002}';
/// Ends such words.
const END: char = '\u{E003}';

/// Where a text is in another language; a half-open range of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// Where it begins.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// The language.
    pub language: &'static str,
}

/// A text in its language, while the notice is written.
pub(super) fn marked(text: &str, language: &str) -> String {
    format!("{BEGIN}{language}{NAMED}{text}{END}")
}

/// The mark at the start of a text, and the text behind it.
pub(super) fn behind_mark(text: &str) -> (&str, &str) {
    if !text.starts_with(BEGIN) {
        return ("", text);
    }
    let at = text.find(NAMED).map_or(0, |at| at + NAMED.len_utf8());
    text.split_at_checked(at).unwrap_or(("", text))
}

/// A text without its marks, and where they stood.
pub(super) fn read(text: &str) -> (String, Vec<Foreign>) {
    let mut plain = String::with_capacity(text.len());
    let mut found = Vec::new();
    let mut rest = text;
    let mut open: Option<(usize, &'static str)> = None;
    while let Some(at) = rest.find([BEGIN, END]) {
        let (before, mark) = rest.split_at_checked(at).unwrap_or((rest, ""));
        plain.push_str(before);
        let (begun, behind) = behind_mark(mark);
        if begun.is_empty() {
            if let Some((from, language)) = open.take()
                && from < plain.len()
            {
                found.push(Foreign {
                    from,
                    to: plain.len(),
                    language,
                });
            }
            rest = mark.strip_prefix(END).unwrap_or_default();
        } else {
            let language = begun.trim_matches([BEGIN, NAMED]);
            let known = LANGUAGES.iter().find(|known| **known == language);
            open = known.map(|known| (plain.len(), *known));
            rest = behind;
        }
    }
    plain.push_str(rest);
    (plain, found)
}

/// The pieces of a text, each with its language where that is another.
pub(super) fn pieces<'t>(
    text: &'t str,
    foreign: &[Foreign],
) -> Vec<(Option<&'static str>, &'t str)> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for one in foreign {
        pieces.push((None, text.get(at..one.from).unwrap_or_default()));
        pieces.push((
            Some(one.language),
            text.get(one.from..one.to).unwrap_or_default(),
        ));
        at = one.to;
    }
    pieces.push((None, text.get(at..).unwrap_or_default()));
    pieces.retain(|(_, text)| !text.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_another_language_keep_their_place() {
        let text = format!(
            "Wir: {} und {}.",
            marked("gemeente", "nl"),
            marked("town", "en")
        );
        let (plain, foreign) = read(&text);
        assert_eq!(plain, "Wir: gemeente und town.");
        assert_eq!(
            pieces(&plain, &foreign),
            [
                (None, "Wir: "),
                (Some("nl"), "gemeente"),
                (None, " und "),
                (Some("en"), "town"),
                (None, ".")
            ]
        );
        assert_eq!(read("Wir.").1, []);
    }
}
