//! The cookie centre: what there is, what somebody chose, and the choice itself.

use axum::Json;
use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use http::header;
use serde::Deserialize;
use serde_json::{Value, json};
use waarborg_domain::cookies::{LANGUAGE_COOKIE, is_refused_by_signal, purpose_of};
use waarborg_domain::register::{Cookie, CookieClass};
use waarborg_usecase::cookies as choosing;

use crate::cookie;
use crate::error::WebError;
use crate::form::Filled;
use crate::page::cookies::{self as shown, Centre, CookieKind, CookieRow, Earlier};
use crate::show;
use crate::visit::{Visit, html};

/// In which form.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    format: String,
    #[serde(default)]
    saved: String,
}

/// Every cookie, as the register declares it and the program sets it, with what this browser chose; `format=json` is
/// for what an organisation puts on its own pages, so that it does not ask again.
pub(super) async fn page(visit: Visit, Query(asked): Query<Asked>) -> Response {
    if asked.format == "json" {
        return Json(for_a_program(&visit)).into_response();
    }
    let earlier = match (&visit.chosen.now, &visit.chosen.once) {
        (Some(_), _) if !asked.saved.is_empty() => Earlier::JustNow,
        (Some(_), _) => Earlier::FromThisList,
        (None, Some(_)) => Earlier::FromAnotherList,
        (None, None) => Earlier::Nothing,
    };
    let centre = Centre {
        rows: visit
            .desk
            .register
            .cookies()
            .iter()
            .map(|declared| row(&visit, declared))
            .collect(),
        kinds: kinds(&visit),
        earlier,
        signal: visit.chosen.signal,
    };
    html(shown::page(&visit.frame(), &centre)).into_response()
}

/// Takes a choice: it holds from the answer to this on.
pub(super) async fn choose(filled: Filled) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let kinds = visit.desk.register.cookie_kinds();
    if kinds.is_empty() {
        return Err(WebError::Missing);
    }
    let ticked = |kind: &CookieClass| fields.all("kind").any(|word| word == kind.as_str());
    let mut wanted: Vec<CookieClass> = match fields.get("choice") {
        "all" => kinds,
        "none" => Vec::new(),
        "own" => kinds.into_iter().filter(ticked).collect(),
        _ => return Err(WebError::Malformed),
    };
    wanted.retain(|kind| !(visit.chosen.signal && is_refused_by_signal(*kind)));
    let choices = choosing::choose(
        &visit.desk,
        visit.visitor.as_ref(),
        visit.chosen.once.as_ref(),
        &wanted,
    )
    .await?;

    let back = match fields.get("back") {
        "" => "/cookies?saved=1",
        back => back,
    };
    if !back.starts_with('/') || back.starts_with("//") || back.contains(['\\', '\r', '\n']) {
        return Err(WebError::Malformed);
    }
    let settings = visit.app.settings();
    let mut response = Redirect::to(&visit.frame().link(back)).into_response();
    let headers = response.headers_mut();
    if let Some(line) = cookie::remember(&visit.desk, &choices, settings) {
        headers.append(header::SET_COOKIE, line);
    }
    for declared in refused(&visit, &choices.allowed) {
        if let Some(line) = cookie::clear(&declared, settings) {
            headers.append(header::SET_COOKIE, line);
        }
    }
    Ok(response)
}

/// What this browser, or the person who is known, answered to: signed, in the structure of ISO/IEC TS 27560.
pub(super) async fn receipt(visit: Visit) -> Result<Response, WebError> {
    let proof = visit
        .chosen
        .once
        .as_ref()
        .and_then(|once| once.proof.as_ref());
    let person = match (&visit.visitor, proof) {
        (Some(visitor), _) => Some(visitor.person.clone()),
        (None, Some(token)) => choosing::proved(&visit.desk, token).await?,
        (None, None) => None,
    };
    let person = person
        .filter(|person| !person.consents.is_empty())
        .ok_or(WebError::Missing)?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"waarborg-consent.txt\"",
        ),
    ];
    Ok((headers, choosing::receipt(&visit.desk, &person)).into_response())
}

/// The cookies of ours that a choice takes away at once.
fn refused(visit: &Visit, allowed: &[CookieClass]) -> Vec<String> {
    visit
        .desk
        .register
        .cookies()
        .iter()
        .filter(|declared| declared.name == LANGUAGE_COOKIE && !allowed.contains(&declared.class))
        .map(|declared| declared.name.clone())
        .collect()
}

fn row(visit: &Visit, declared: &Cookie) -> CookieRow {
    let words = visit.words();
    CookieRow {
        name: cookie::name(&declared.name, visit.app.settings()),
        aim: declared
            .label
            .in_language(words.tongue().code())
            .unwrap_or_default()
            .to_owned(),
        provider: visit.desk.register.head().name.clone(),
        lifetime: (!declared.max_age.is_none()).then(|| show::period(&words, declared.max_age)),
        category: words.say(&format!("cookie-{}", declared.class)),
    }
}

fn kinds(visit: &Visit) -> Vec<CookieKind> {
    let words = visit.words();
    let kinds = visit.desk.register.cookie_kinds();
    let kind = |kind: &CookieClass| CookieKind {
        name: kind.as_str(),
        title: words.say(&format!("cookie-{kind}")),
        text: words.say(&format!("cookie-{kind}-text")),
        cookies: visit
            .desk
            .register
            .cookies_of(*kind)
            .map(|declared| cookie::name(&declared.name, visit.app.settings()))
            .collect(),
        is_allowed: visit.chosen.allows(*kind),
        is_refused_by_signal: visit.chosen.signal && is_refused_by_signal(*kind),
    };
    kinds.iter().map(kind).collect()
}

fn for_a_program(visit: &Visit) -> Value {
    let register = &visit.desk.register;
    let cookies = register.cookies().iter().map(|declared| {
        json!({
            "name": cookie::name(&declared.name, visit.app.settings()),
            "kind": declared.class.as_str(),
            "max_age": declared.max_age.to_string(),
            "allowed": visit.chosen.allows(declared.class),
        })
    });
    let kinds = register.cookie_kinds().into_iter().map(|kind| {
        json!({
            "kind": kind.as_str(),
            "purpose": purpose_of(kind),
            "allowed": visit.chosen.allows(kind),
        })
    });
    json!({
        "list": register.cookie_list_version(),
        "chosen": visit.chosen.now.is_some(),
        "signal": visit.chosen.signal,
        "kinds": kinds.collect::<Vec<_>>(),
        "cookies": cookies.collect::<Vec<_>>(),
    })
}
