//! A text beside the notice that follows from the register too: the rules for the use of AI, and the recipients.

use maud::{Markup, html};

use super::frame::{Frame, Needs};

/// Such a text.
#[derive(Clone, Debug)]
pub struct DerivedView {
    /// Its title.
    pub title: String,
    /// The version of the notice that it belongs to.
    pub version: String,
    /// What it says; escaped already.
    pub body: Markup,
    /// The same for machines: addresses with their names.
    pub files: Vec<(&'static str, &'static str)>,
}

/// The page.
#[must_use]
pub fn page(frame: &Frame<'_>, view: &DerivedView) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet.wide.prose {
            h1 { (view.title) }
            p.version.muted { (words.fill("notice-version", &[("version", &view.version)])) }
            (view.body)
            @if !view.files.is_empty() {
                h2 { (words.say("derived-files")) }
                ul { @for (address, name) in &view.files { li { a href=(address) download { (name) } } } }
            }
        }
    };
    frame.page(&view.title, Needs::Nothing, &main)
}
