//! The frame of every page: who speaks, where one can go, and what holds everywhere.

use maud::{DOCTYPE, Markup, html};

use crate::asset;
use crate::role::{self, Role};
use crate::words::{Tongue, Words};

/// A place in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The chat.
    Chat,
    /// The privacy statement.
    Privacy,
    /// The rights and the person's own data.
    Rights,
    /// Any page that the main navigation does not name.
    Other,
    /// The console's overview.
    ConsoleOverview,
    /// The console's numbers of the gateway.
    ConsoleLive,
    /// The console's list of requests.
    ConsoleRequests,
    /// The console's list of what is held for a dispute.
    ConsoleHolds,
    /// The console's list of what is given to others in a single case.
    ConsoleDisclosures,
    /// The console's reading of the register.
    ConsoleRegister,
    /// The console's check of the audit log.
    ConsoleAudit,
    /// The console's page to try detection.
    ConsoleTry,
}

/// A fact that every page must say, such as a clock that is not the real one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Banner {
    /// The clock was set by hand; carries the day that it shows.
    TestClock(jiff::civil::Date),
    /// The policy changes and blocks nothing.
    Observe,
    /// The policy seeks formats, and nobody's name or health.
    Formats,
    /// The organisation and its data are invented.
    Demo,
}

/// A human being who can be reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// Who answers, such as "Klantcontactcentrum".
    pub desk: String,
    /// A telephone number, as one writes it.
    pub phone: Option<String>,
    /// An e-mail address.
    pub email: Option<String>,
    /// A postal or visiting address.
    pub place: Option<String>,
    /// When the desk is open.
    pub hours: Option<String>,
}

/// What a page shows around its own content.
#[derive(Clone)]
pub struct Frame<'a> {
    /// The texts.
    pub words: Words,
    /// The organisation that answers for the processing.
    pub organisation: &'a str,
    /// How to reach a human being there.
    pub contact: &'a Contact,
    /// Where this page stands in the navigation.
    pub section: Section,
    /// This page's path, with a leading slash and without parameters, for the language links.
    pub path: &'a str,
    /// The language was asked for in the address, so links carry it on.
    pub tongue_in_links: bool,
    /// What every page must say.
    pub banners: &'a [Banner],
    /// The token that forms of this session must send back.
    pub form_token: Option<&'a str>,
    /// The role of a member of staff, in the console.
    pub role: Option<Role>,
    /// There are cookies to choose, and nothing was chosen yet.
    pub asks_cookies: bool,
}

/// Which parts of the program's own scripts and styles a page needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// The style sheet alone.
    Nothing,
    /// The chat's style sheet and script.
    Chat,
    /// The script of the numbers of the gateway.
    Live,
}

impl Frame<'_> {
    /// An address within the site; it carries the language where the person chose one there.
    #[must_use]
    pub fn link(&self, path: &str) -> String {
        if !self.tongue_in_links {
            return path.to_owned();
        }
        let (before, fragment) = match path.split_once('#') {
            Some((before, fragment)) => (before, format!("#{fragment}")),
            None => (path, String::new()),
        };
        let joint = if before.contains('?') { '&' } else { '?' };
        // The notice is in more languages than the pages around it.
        let language = if before.split('?').next() == Some("/privacy") {
            self.words.language()
        } else {
            self.words.tongue().code()
        };
        format!("{before}{joint}lang={language}{fragment}")
    }

    /// The language of the page at an address, where that is another than this page's.
    fn other_language(&self, path: &str) -> Option<&'static str> {
        let there = self.words.tongue().code();
        (path != "/privacy" && there != self.words.language()).then_some(there)
    }

    /// The hidden field of a form: its token. The language goes along in the form's address.
    #[must_use]
    pub fn form_fields(&self) -> Markup {
        html! {
            @if let Some(token) = self.form_token { input type="hidden" name="form_token" value=(token); }
        }
    }

    /// A whole page.
    #[must_use]
    pub fn page(&self, title: &str, needs: Needs, main: &Markup) -> Markup {
        let words = &self.words;
        let staff = self.role.is_some();
        html! {
            (DOCTYPE)
            html lang=(words.language()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="referrer" content="same-origin";
                    meta name="robots" content=(if staff { "noindex, nofollow" } else { "index, follow" });
                    title { (title) " – " (self.organisation) }
                    link rel="icon" type="image/svg+xml" href=(asset::address("mark.svg"));
                    link rel="stylesheet" href=(asset::address("waarborg.css"));
                    @if needs == Needs::Chat {
                        link rel="stylesheet" href=(asset::address("chat.css"));
                        script type="module" src=(asset::address("chat.js")) {}
                    }
                    @if needs == Needs::Live { script type="module" src=(asset::address("live.js")) {} }
                }
                body.console[staff] .chatting[needs == Needs::Chat] {
                    a.skip href="#main" { (words.say("skip-to-content")) }
                    @for banner in self.banners { (self.banner(*banner)) }
                    @if self.asks_cookies && needs != Needs::Chat { (super::cookies::ask(self)) }
                    (self.masthead())
                    main #main tabindex="-1" { (main) }
                    (self.footer())
                }
            }
        }
    }

    fn banner(&self, banner: Banner) -> Markup {
        let words = &self.words;
        let (class, text) = match banner {
            Banner::TestClock(day) => (
                "alarm",
                words.fill("banner-test-clock", &[("day", &words.day(day))]),
            ),
            Banner::Observe => ("alarm", words.say("banner-observe")),
            Banner::Formats => ("alarm", words.say("banner-formats")),
            Banner::Demo => ("quiet", words.say("banner-demo")),
        };
        html! { aside.banner.(class) aria-label=(words.say("banner-label")) { p { (text) } } }
    }

    fn masthead(&self) -> Markup {
        let words = &self.words;
        html! {
            header.masthead {
                div.masthead-inner {
                    a.brand href=(self.link(if self.role.is_some() { "/console" } else { "/" })) {
                        (mark())
                        span.brand-name { (self.organisation) }
                    }
                    nav.main-nav aria-label=(words.say("nav-main")) {
                        ul {
                            @for (section, path, key) in self.places() {
                                li { a href=(self.link(path)) hreflang=[self.other_language(path)] aria-current=[(section == self.section).then_some("page")] { (words.say(key)) } }
                            }
                        }
                    }
                    (self.tongues())
                }
            }
        }
    }

    fn places(&self) -> Vec<(Section, &'static str, &'static str)> {
        let Some(role) = self.role else {
            return vec![
                (Section::Chat, "/", "nav-chat"),
                (Section::Privacy, "/privacy", "nav-privacy"),
                (Section::Rights, "/rights", "nav-rights"),
            ];
        };
        [
            (Section::ConsoleOverview, "/console", "nav-overview"),
            (Section::ConsoleLive, "/console/live", "nav-live"),
            (
                Section::ConsoleRequests,
                "/console/requests",
                "nav-requests",
            ),
            (Section::ConsoleHolds, "/console/holds", "nav-holds"),
            (
                Section::ConsoleDisclosures,
                "/console/disclosures",
                "nav-disclosures",
            ),
            (
                Section::ConsoleRegister,
                "/console/register",
                "nav-register",
            ),
            (Section::ConsoleAudit, "/console/audit", "nav-audit"),
            (Section::ConsoleTry, "/console/try", "nav-try"),
        ]
        .into_iter()
        .filter(|(_, path, _)| role::may_see(role, path))
        .collect()
    }

    fn tongues(&self) -> Markup {
        // A page that opened by a secret in its address has no other address to link to.
        if self.path == "/console/enter" {
            return Markup::default();
        }
        let here = self.words.language();
        html! {
            nav.tongues aria-label=(self.words.say("nav-language")) {
                ul {
                    @for tongue in Tongue::ALL {
                        li {
                            a href={ (self.path) "?lang=" (tongue.code()) } hreflang=(tongue.code()) lang=(tongue.code())
                                aria-current=[(tongue.code() == here).then_some("true")] {
                                (tongue.code().to_uppercase())
                                span.visually-hidden { " " (tongue.own_name()) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn footer(&self) -> Markup {
        let words = &self.words;
        html! {
            footer.foot {
                div.foot-inner {
                    nav aria-label=(words.say("nav-foot")) {
                        ul {
                            @for (path, key) in [
                                ("/privacy", "foot-privacy"), ("/cookies", "foot-cookies"), ("/consent", "foot-withdraw"),
                                ("/rights", "foot-rights"), ("/recipients", "foot-recipients"), ("/policy", "foot-policy"),
                                ("/accessibility", "foot-accessibility"),
                            ] { li { a href=(self.link(path)) hreflang=[self.other_language(path)] { (words.say(key)) } } }
                        }
                    }
                    p.foot-note { (words.say("foot-note")) }
                }
            }
        }
    }

    /// How to reach a human being, as one short list.
    #[must_use]
    pub fn human(&self) -> Markup {
        let contact = self.contact;
        html! {
            address.human {
                strong { (contact.desk) }
                @if let Some(phone) = &contact.phone {
                    span.human-line { (self.words.say("contact-phone")) " " a href={ "tel:" (dialled(phone)) } { (phone) } }
                }
                @if let Some(email) = &contact.email { span.human-line { a href={ "mailto:" (email) } { (email) } } }
                @if let Some(place) = &contact.place { span.human-line { (place) } }
                @if let Some(hours) = &contact.hours { span.human-line.muted { (hours) } }
            }
        }
    }
}

/// The mark: something between brackets, as a surrogate stands in a text.
fn mark() -> Markup {
    html! {
        svg.mark viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false" {
            path.mark-brackets d="M11 6H6v20h5M21 6h5v20h-5" fill="none" stroke="currentColor" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round" {}
            circle.mark-dot cx="16" cy="16" r="3.6" {}
        }
    }
}

/// The digits to dial, of a number that is written for people.
fn dialled(phone: &str) -> String {
    phone
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '+')
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Manner;

    fn frame(tongue_in_links: bool) -> Frame<'static> {
        static CONTACT: std::sync::LazyLock<Contact> = std::sync::LazyLock::new(Contact::default);
        Frame {
            words: Words::new(Tongue::English, Manner::Formal),
            organisation: "Gemeente <Vaart>",
            contact: &CONTACT,
            section: Section::Privacy,
            path: "/privacy",
            tongue_in_links,
            banners: &[Banner::Demo],
            form_token: Some("t0ken"),
            role: None,
            asks_cookies: false,
        }
    }

    #[test]
    fn a_chosen_language_stays_in_the_links() {
        assert_eq!(frame(false).link("/rights"), "/rights");
        assert_eq!(
            frame(true).link("/rights?right=access#form"),
            "/rights?right=access&lang=en#form"
        );
    }

    #[test]
    fn around_a_notice_in_another_language_links_say_where_they_lead() {
        let german = Frame {
            words: Words::around_a_notice("de", Tongue::English).unwrap(),
            ..frame(true)
        };
        let page = german.page("T", Needs::Nothing, &html! {}).into_string();
        assert!(page.contains("<html lang=\"de\">"));
        assert!(page.contains("href=\"/privacy?lang=de\">"), "{page}");
        assert!(page.contains("href=\"/cookies?lang=en\" hreflang=\"en\">Cookies<"));
        assert!(page.contains("Zum Inhalt springen") && !page.contains("Skip to content"));
    }

    #[test]
    fn every_page_links_the_notice_the_cookies_the_rights_and_the_withdrawal_of_consent() {
        let page = frame(false)
            .page("T", Needs::Nothing, &html! {})
            .into_string();
        for path in [
            "/privacy",
            "/cookies",
            "/consent",
            "/rights",
            "/recipients",
            "/policy",
            "/accessibility",
        ] {
            assert!(page.contains(&format!("href=\"{path}\"")), "{path}");
        }
    }

    #[test]
    fn a_page_has_no_inline_script_or_style_and_escapes_what_it_shows() {
        let page = frame(false)
            .page("<b>", Needs::Chat, &html! {})
            .into_string();
        assert!(!page.contains("style=") && !page.contains("<style") && !page.contains("onclick"));
        assert!(page.contains("&lt;b&gt;") && page.contains("Gemeente &lt;Vaart&gt;"));
        assert_eq!(page.matches("<script").count(), 1);
    }

    #[test]
    fn the_console_shows_a_role_only_the_places_it_may_see() {
        let staff = Frame {
            role: Some(Role::Operator),
            ..frame(false)
        };
        let page = staff.page("T", Needs::Nothing, &html! {}).into_string();
        assert!(page.contains("/console/audit") && !page.contains("/console/requests"));
        let officer = Frame {
            role: Some(Role::Officer),
            ..frame(false)
        };
        let page = officer.page("T", Needs::Nothing, &html! {}).into_string();
        assert!(page.contains("/console/holds") && page.contains("/console/disclosures"));
    }
}
