//! The cookie page: the list is what the program sets, and the program sets the list.

use maud::{Markup, html};

use super::frame::{Frame, Needs};

/// One cookie as the register declares it.
#[derive(Clone, Debug)]
pub struct CookieRow {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub aim: String,
    /// Who sets it.
    pub provider: String,
    /// How long it stays, in words; `None` until the browser closes.
    pub lifetime: Option<String>,
    /// The category, in words.
    pub category: String,
}

/// The page with all cookies.
#[must_use]
pub fn page(frame: &Frame<'_>, cookies: &[CookieRow]) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet.wide {
            h1 { (words.say("cookies-title")) }
            p.lead { (words.say("cookies-lead")) }
            @if !cookies.is_empty() {
                div.scroller role="region" aria-labelledby="cookie-list" tabindex="0" {
                    table {
                        caption #cookie-list { (words.say("cookies-list")) }
                        thead {
                            tr {
                                @for key in ["cookies-name", "cookies-aim", "cookies-provider", "cookies-lifetime", "cookies-category"] {
                                    th scope="col" { (words.say(key)) }
                                }
                            }
                        }
                        tbody {
                            @for cookie in cookies {
                                tr {
                                    th scope="row" { code { (cookie.name) } }
                                    td { (cookie.aim) }
                                    td { (cookie.provider) }
                                    td { (cookie.lifetime.clone().unwrap_or_else(|| words.say("cookies-session"))) }
                                    td { (cookie.category) }
                                }
                            }
                        }
                    }
                }
            }
            h2 { (words.say("cookies-without-title")) }
            p { (words.say("cookies-without")) }
            h2 { (words.say("cookies-signal-title")) }
            p { (words.say("cookies-signal")) }
        }
    };
    frame.page(&words.say("cookies-title"), Needs::Nothing, &main)
}
