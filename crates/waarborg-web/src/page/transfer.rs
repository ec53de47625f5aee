//! What a person provided, for another controller: the link and code that they hand over, and the page that opens it.

use maud::{Markup, html};

use super::frame::{Frame, Needs};

/// What the person hands over.
#[derive(Clone, Debug)]
pub struct PreparedView {
    /// Who shall have it.
    pub to: String,
    /// The whole address.
    pub link: String,
    /// The code.
    pub code: String,
    /// Until when it works.
    pub until: String,
}

/// The page with the link and the code, shown once.
#[must_use]
pub fn prepared(frame: &Frame<'_>, view: &PreparedView) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet {
            h1 { (words.say("transfer-title")) }
            p.lead { (words.fill("transfer-lead", &[("to", &view.to), ("until", &view.until)])) }
            dl.facts {
                div { dt { (words.say("transfer-link")) } dd { code.long { (view.link) } } }
                div { dt { (words.say("transfer-code")) } dd { strong.reference { (view.code) } p.hint { (words.say("transfer-code-hint")) } } }
            }
            p { (words.say("transfer-noted")) }
        }
    };
    frame.page(&words.say("transfer-title"), Needs::Nothing, &main)
}

/// The page that the other controller opens. Opening it uses nothing up.
#[must_use]
pub fn door(frame: &Frame<'_>, link: &str, is_wrong: bool) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet {
            h1 { (words.say("receive-title")) }
            @if is_wrong { div.callout.bad role="alert" { p { (words.say("receive-wrong")) } } }
            p.lead { (words.say("receive-lead")) }
            form.stacked method="post" action=(frame.link(&format!("/transfer/{link}"))) {
                (frame.form_fields())
                div.field {
                    label for="code" { (words.say("receive-code")) }
                    input.narrow #code type="text" name="code" inputmode="numeric" autocomplete="off" maxlength="20" required;
                }
                div.actions { button.primary type="submit" { (words.say("receive-do")) } }
            }
        }
    };
    frame.page(&words.say("receive-title"), Needs::Nothing, &main)
}
