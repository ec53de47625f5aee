//! The record of processing to print and to sign: the rows of the table, each as a piece of text.

use super::pdf::Document;
use super::words::Words;
use super::{RECIPIENT_HEAD, ROPA_HEAD, recipient_rows, record_of_processing};
use crate::register::Register;

/// The record of processing and the list of recipients as a PDF, in the first language of the register.
#[must_use]
pub fn ropa_pdf(register: &Register) -> Vec<u8> {
    let head = register.head();
    let language = head.languages.first().map_or("en", String::as_str);
    let words = Words::of(language, head.address);
    let title = words.fill("record-title", &[("organisation", &head.name)]);
    let mut document = Document::new(&title, words.language());
    document.line(&words.fill("record-version", &[("version", register.version())]));
    if let Some(day) = head.effective {
        document.line(&words.fill("record-since", &[("day", &words.day(day))]));
    }

    for row in record_of_processing(register) {
        document.heading(&format!("{}: {}", row.service, row.purpose));
        pairs(&mut document, words, &ROPA_HEAD, &row.cells());
    }
    document.heading(&words.say("record-recipients"));
    for row in recipient_rows(register) {
        document.heading(&row.rule);
        pairs(&mut document, words, &RECIPIENT_HEAD, &row.cells);
    }
    document.finish()
}

/// What each cell is called, and what it says; an empty one is left out.
fn pairs(document: &mut Document, words: Words, heads: &[&str], cells: &[String]) {
    for (head, cell) in heads.iter().zip(cells) {
        if !cell.is_empty() {
            let name = words.say(&format!("record-{}", head.replace('_', "-")));
            document.pair(&name, cell);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_a_name_in_both_languages() {
        for language in ["nl", "en"] {
            let words = Words::of(language, crate::register::Address::Formal);
            for head in ROPA_HEAD.iter().chain(&RECIPIENT_HEAD) {
                let key = format!("record-{}", head.replace('_', "-"));
                assert!(words.has(&key), "{key} in {language}");
            }
        }
    }
}
