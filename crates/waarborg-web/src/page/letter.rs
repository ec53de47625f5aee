//! Letters as they were given to a person, to read and to print; and the pack of what was found.

use maud::{Markup, html};
use waarborg_usecase::casework::{Letter, Line};

use super::console::who;
use super::frame::{Frame, Needs};

/// The letters of one request, for an officer.
#[must_use]
pub fn page(frame: &Frame<'_>, reference: &str, letters: &[Letter]) -> Markup {
    let words = &frame.words;
    let title = words.fill("letter-page", &[("reference", reference)]);
    let main = html! {
        article.sheet {
            div.no-print {
                (who(frame))
                p { a href=(frame.link(&format!("/console/requests/{reference}"))) { (words.fill("case-title", &[("reference", reference)])) } }
                @if !letters.is_empty() {
                    p { a href=(frame.link(&format!("/console/requests/{reference}/letter?form=pdf"))) { (words.say("letter-as-pdf")) } }
                }
            }
            (all(letters))
        }
    };
    frame.page(&title, Needs::Nothing, &main)
}

/// Says that a letter cannot be a PDF.
#[must_use]
pub fn not_as_pdf(frame: &Frame<'_>, title: &str) -> Markup {
    let main = html! {
        article.sheet {
            h1 { (title) }
            p { (frame.words.say("letter-not-as-pdf")) }
        }
    };
    frame.page(title, Needs::Nothing, &main)
}

/// The letters, the newest first.
pub(super) fn all(letters: &[Letter]) -> Markup {
    html! { @for letter in letters.iter().rev() { (one(letter)) } }
}

fn one(letter: &Letter) -> Markup {
    html! {
        section.letter lang=(letter.language) dir="auto" {
            @for (n, line) in letter.lines.iter().enumerate() {
                @match line {
                    Line::Heading(text) if n == 0 => h2 { (text) },
                    Line::Heading(text) => h3 { (text) },
                    Line::Text(text) => p { (text) },
                    Line::Item(text) => p.item { "– " (text) },
                }
            }
        }
    }
}

/// One piece of what was found.
#[derive(Clone, Debug)]
pub struct PieceView {
    /// Its category in words.
    pub category: String,
    /// What it is and when it came to be.
    pub what: String,
    /// The text.
    pub text: String,
}

/// What was found of the persons of a request.
#[must_use]
pub fn pack(
    frame: &Frame<'_>,
    reference: &str,
    pieces: &[PieceView],
    n_unreadable: usize,
) -> Markup {
    let words = &frame.words;
    let title = words.fill("pack-title", &[("reference", reference)]);
    let main = html! {
        article.sheet.wide {
            (who(frame))
            p { a href=(frame.link(&format!("/console/requests/{reference}"))) { (words.fill("case-title", &[("reference", reference)])) } }
            h1 { (title) }
            p.lead { (words.count("pack-lead", pieces.len())) }
            p.muted { (words.say("pack-logged")) }
            @if n_unreadable > 0 { p.callout.bad { (words.count("pack-unreadable", n_unreadable)) } }
            ul.record-list {
                @for piece in pieces {
                    li { p.muted { (piece.category) " · " (piece.what) } p.record-text dir="auto" { (piece.text) } }
                }
            }
        }
    };
    frame.page(&title, Needs::Nothing, &main)
}
