//! A request at this door: who comes, in which language, and the frame of their page.

use axum::extract::FromRequestParts;
use axum::response::Html;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Method;
use http::header::{ACCEPT_LANGUAGE, HOST};
use http::request::Parts;
use maud::Markup;
use waarborg_detect::surrogate::Language;
use waarborg_domain::ids::{SessionId, Token};
use waarborg_domain::notice::{self, Notice};
use waarborg_domain::register::{Address, Label};
use waarborg_usecase::Desk;
use waarborg_usecase::console::{self, CONSOLE_COOKIE, Staff};
use waarborg_usecase::door::{self, VISIT_COOKIE, Visitor};

use crate::app::App;
use crate::cookie::{self, Chosen};
use crate::error::WebError;
use crate::page::{Banner, Contact, Frame, Section};
use crate::words::{Manner, Tongue, Words};

/// A request of a person.
pub(crate) struct Visit {
    /// The pages.
    pub(crate) app: App,
    /// The desk, the same for the whole request.
    pub(crate) desk: Desk,
    /// The person, if they saw some notice once.
    pub(crate) visitor: Option<Visitor>,
    /// The member of staff, if the request is for the console.
    pub(crate) staff: Option<Staff>,
    /// The cookies that they chose, as far as their browser says.
    pub(crate) chosen: Chosen,
    /// The language of a notice that was asked for, where the pages themselves do not have it.
    pub(crate) notice_language: Option<&'static str>,
    tongue: Tongue,
    tongue_in_links: bool,
    path: String,
    base: String,
    contact: Contact,
    banners: Vec<Banner>,
    form_token: Option<String>,
}

impl Visit {
    /// The visit without looking who comes.
    #[must_use]
    pub(crate) fn anonymous(app: &App, parts: &Parts) -> Self {
        let desk = app.desk();
        let asked = parts.uri.query().and_then(Tongue::asked);
        let notice_language = parts.uri.query().and_then(asked_for_a_notice);
        // Around a notice in a language that the pages do not have, they speak English.
        let asked = asked.or(notice_language.map(|_| Tongue::English));
        let settings = app.settings();
        let chosen = Chosen::read(&parts.headers, &desk, settings);
        let remembered = cookie::language(&parts.headers, &chosen, settings);
        let accepted = parts
            .headers
            .get(ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok());
        let tongue = asked
            .or(remembered)
            .unwrap_or_else(|| Tongue::accepted(accepted.unwrap_or_default()));
        let mut banners = Vec::new();
        if desk.clock.is_set_by_hand() {
            banners.push(Banner::TestClock(desk.today()));
        }
        if desk.policy.name() == "observe" {
            banners.push(Banner::Observe);
        }
        if desk.policy.seeks_formats_only() {
            banners.push(Banner::Formats);
        }
        if app.settings().is_demo {
            banners.push(Banner::Demo);
        }
        Self {
            app: app.clone(),
            tongue,
            tongue_in_links: asked.is_some(),
            path: readable_path(parts),
            notice_language,
            chosen,
            base: base(app, parts),
            contact: contact(&desk, tongue),
            banners,
            visitor: None,
            staff: None,
            form_token: None,
            desk,
        }
    }

    async fn of(app: &App, parts: &Parts) -> Result<Self, WebError> {
        let mut visit = Self::anonymous(app, parts);
        let settings = app.settings();
        if visit.path.starts_with("/console")
            && let Some(token) = cookie::token(&parts.headers, CONSOLE_COOKIE, settings)
        {
            visit.staff = match console::staff(&visit.desk, &token).await {
                Ok(staff) => Some(staff),
                Err(console::ConsoleError::Closed) => None,
                Err(console::ConsoleError::Store(store)) => return Err(store.into()),
            };
        }
        // Nobody is their own second person, so there it is known who somebody is in the chat.
        let is_of_two = visit.path.starts_with("/console/agreements");
        if (is_of_two || !visit.path.starts_with("/console"))
            && let Some(token) = cookie::token(&parts.headers, VISIT_COOKIE, settings)
        {
            visit.visitor = door::visitor(&visit.desk, &token).await?;
        }
        let session = visit.staff.as_ref().map(|staff| staff.session.id);
        let session = session.or(visit.visitor.as_ref().map(|visitor| visitor.session.id));
        visit.form_token = session.map(|session| form_token(&visit.desk, session));
        Ok(visit)
    }

    /// The person, if they saw the notice that is in force.
    ///
    /// # Errors
    ///
    /// [`WebError::NoticeFirst`] for everybody else.
    pub(crate) fn person(&self) -> Result<&Visitor, WebError> {
        self.visitor
            .as_ref()
            .filter(|visitor| visitor.saw_current_notice(&self.desk))
            .ok_or(WebError::NoticeFirst)
    }

    /// The person, whichever notice they saw: a newer one does not stand between them and their own data.
    ///
    /// # Errors
    ///
    /// [`WebError::NoticeFirst`] for a stranger.
    pub(crate) fn known(&self) -> Result<&Visitor, WebError> {
        self.visitor.as_ref().ok_or(WebError::NoticeFirst)
    }

    /// The member of staff.
    ///
    /// # Errors
    ///
    /// [`WebError::Forbidden`] for everybody else.
    pub(crate) fn staff(&self) -> Result<&Staff, WebError> {
        self.staff.as_ref().ok_or(WebError::Forbidden)
    }

    /// The person begins to be known within this request.
    ///
    /// # Errors
    ///
    /// [`WebError`] if the store cannot answer.
    pub(crate) async fn welcome(&mut self, token: &Token) -> Result<(), WebError> {
        self.visitor = door::visitor(&self.desk, token).await?;
        Ok(())
    }

    /// Does a form carry the token of this session? Without a session there is nothing to protect.
    #[must_use]
    pub(crate) fn is_own_form(&self, carried: Option<&str>) -> bool {
        let Some(expected) = &self.form_token else {
            return true;
        };
        carried.is_some_and(|carried| same(expected.as_bytes(), carried.as_bytes()))
    }

    /// Where this installation was reached, for an address that somebody hands on. Its host was checked at the door.
    #[must_use]
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// The texts.
    #[must_use]
    pub(crate) fn words(&self) -> Words {
        let manner = match self.desk.register.head().address {
            Address::Formal => Manner::Formal,
            Address::Informal => Manner::Informal,
        };
        Words::new(self.tongue, manner)
    }

    /// The language of surrogates.
    #[must_use]
    pub(crate) fn language(&self) -> Language {
        match self.tongue {
            Tongue::Dutch => Language::Dutch,
            Tongue::English => Language::English,
        }
    }

    /// Nothing was chosen yet from a list that has something to choose, on a page of the people's side.
    fn asks_cookies(&self) -> bool {
        self.chosen.now.is_none()
            && !self.path.starts_with("/console")
            && self.path != "/cookies"
            && !self.desk.register.cookie_kinds().is_empty()
    }

    /// The frame of a page.
    #[must_use]
    pub(crate) fn frame(&self) -> Frame<'_> {
        Frame {
            words: self.words(),
            organisation: &self.desk.register.head().name,
            contact: &self.contact,
            section: section(&self.path),
            path: &self.path,
            tongue_in_links: self.tongue_in_links,
            banners: &self.banners,
            form_token: self.form_token.as_deref(),
            role: self.staff.as_ref().map(|staff| staff.role),
            asks_cookies: self.asks_cookies(),
        }
    }
}

impl Visit {
    /// The frame of the page of a notice: in the notice's language, where there are words in it.
    #[must_use]
    pub(crate) fn frame_of(&self, notice: &Notice) -> Frame<'_> {
        let around = Words::around_a_notice(notice.language, self.tongue);
        Frame {
            words: around.unwrap_or_else(|| self.words()),
            ..self.frame()
        }
    }
}

impl FromRequestParts<App> for Visit {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, WebError> {
        Self::of(app, parts).await
    }
}

/// A page as an answer.
pub(crate) fn html(page: Markup) -> Html<String> {
    Html(page.into_string())
}

/// The token that a form of this session must carry. It follows from the session and a secret of the house.
fn form_token(desk: &Desk, session: SessionId) -> String {
    URL_SAFE_NO_PAD.encode(
        desk.secrets
            .conversation_key(&[b"form", session.0.as_bytes()]),
    )
}

/// Equal, in a time that does not depend on where they differ.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

fn base(app: &App, parts: &Parts) -> String {
    let named = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
    let host = named
        .or_else(|| parts.uri.authority().map(http::uri::Authority::as_str))
        .unwrap_or_default();
    let scheme = if app.settings().is_https {
        "https"
    } else {
        "http"
    };
    format!("{scheme}://{host}")
}

/// The path under which this page can be opened again: a form's own path has no page.
fn readable_path(parts: &Parts) -> String {
    let path = parts.uri.path();
    if parts.method == Method::GET {
        return path.to_owned();
    }
    match path {
        "/notice" | "/chat" => "/".to_owned(),
        "/consent/cookies" => "/cookies".to_owned(),
        _ => path
            .trim_end_matches("/step")
            .trim_end_matches("/delete")
            .trim_end_matches("/link")
            .trim_end_matches("/code")
            .trim_end_matches("/transfer")
            .trim_end_matches("/aside")
            .trim_end_matches("/confirm")
            .trim_end_matches("/extend")
            .trim_end_matches("/doubt")
            .trim_end_matches("/decide")
            .trim_end_matches("/agree")
            .trim_end_matches("/return")
            .trim_end_matches("/tell")
            .to_owned(),
    }
}

/// A language in which there is a notice and nothing else.
fn asked_for_a_notice(query: &str) -> Option<&'static str> {
    let code = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("lang="))?;
    let primary = code.split(['-', '_']).next()?;
    notice::LANGUAGES
        .iter()
        .copied()
        .filter(|known| Tongue::parse(known).is_none())
        .find(|known| known.eq_ignore_ascii_case(primary))
}

fn section(path: &str) -> Section {
    match path {
        "/" => Section::Chat,
        "/console" => Section::ConsoleOverview,
        "/console/live" => Section::ConsoleLive,
        path if path.starts_with("/console/requests")
            || path.starts_with("/console/tasks")
            || path.starts_with("/console/agreements")
            || path.starts_with("/console/intake") =>
        {
            Section::ConsoleRequests
        }
        path if path.starts_with("/console/holds") => Section::ConsoleHolds,
        path if path.starts_with("/console/disclosures") => Section::ConsoleDisclosures,
        path if path.starts_with("/console/register") => Section::ConsoleRegister,
        "/console/audit" => Section::ConsoleAudit,
        "/console/try" => Section::ConsoleTry,
        "/privacy" => Section::Privacy,
        path if path.starts_with("/chat") => Section::Chat,
        path if path.starts_with("/rights") || path.starts_with("/my-data") => Section::Rights,
        _ => Section::Other,
    }
}

/// How to reach a human being: the person that the register names, else the privacy desk.
fn contact(desk: &Desk, tongue: Tongue) -> Contact {
    let said = |label: &Label| label.in_language(tongue.code()).map(str::to_owned);
    let controller = desk.register.default_controller();
    let human = controller.human.as_ref().unwrap_or(&controller.privacy);
    Contact {
        desk: said(&human.name).unwrap_or_default(),
        phone: human.phone.clone(),
        email: human.mail.clone(),
        place: human
            .post
            .as_ref()
            .and_then(said)
            .or_else(|| Some(controller.address.clone())),
        hours: None,
    }
}
