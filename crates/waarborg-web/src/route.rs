//! Every route of the people's side, who is admitted to it and what answers. There are no others.

mod agreements;
mod api;
mod api_rights;
mod case;
mod change;
mod chat;
mod consent;
mod console;
mod cookies;
mod disclosures;
mod holds;
mod live;
mod machine;
mod mail;
mod notice;
mod own;
mod paper;
mod reading;
mod rights;
mod stream;
mod sure;
mod take;
mod transfer;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{MethodFilter, on};

use crate::app::App;
use crate::asset;
use crate::cookie;
use crate::error::{self, WebError};
use crate::header;
use crate::pace;
use crate::role::{Role, Rule, Who};
use crate::visit::Visit;

/// The largest request that this door takes, in bytes.
const LARGEST_REQUEST: usize = 512 * 1024;

/// Every role of the staff.
const STAFF: Who = Who::Staff(&Role::ALL);
/// Who answers requests, and so reads what people wrote in them.
const DESK: Who = Who::Staff(&[Role::Officer]);
/// Who may know of requests: the operator keeps the machine running, and needs no names for that.
const OVERSIGHT: Who = Who::Staff(&[Role::Officer, Role::Auditor]);

macro_rules! table {
    ($($method:ident $path:literal $who:expr => $handler:expr;)*) => {
        /// Every route and who is admitted to it. A route that is not in this table does not exist.
        pub const RULES: &[Rule] = &[$(Rule { method: stringify!($method), path: $path, who: $who }),*];

        fn table(app: &App) -> Router<App> {
            let router = Router::new();
            $(
                let guard = from_fn_with_state((app.clone(), $who), admit);
                let router = router.route($path, on(MethodFilter::$method, $handler).layer(guard));
            )*
            router
        }
    };
}

table! {
    GET "/" Who::Anyone => chat::start;
    POST "/notice" Who::Anyone => notice::acknowledge;
    GET "/consent" Who::Anyone => consent::page;
    POST "/consent" Who::Acknowledged => consent::answer;
    POST "/chat" Who::Acknowledged => chat::begin;
    GET "/chat/{conversation}" Who::Acknowledged => chat::read;
    POST "/chat/{conversation}" Who::Acknowledged => chat::send;
    POST "/chat/{conversation}/step" Who::Acknowledged => chat::step;
    POST "/chat/{conversation}/delete" Who::Acknowledged => chat::delete;
    GET "/privacy" Who::Anyone => reading::privacy;
    GET "/privacy/training" Who::Anyone => reading::training;
    GET "/cookies" Who::Anyone => cookies::page;
    POST "/consent/cookies" Who::Anyone => cookies::choose;
    GET "/consent/receipt" Who::Anyone => cookies::receipt;
    GET "/policy" Who::Anyone => reading::policy;
    GET "/recipients" Who::Anyone => reading::recipients;
    GET "/recipients.csv" Who::Anyone => reading::recipients_csv;
    GET "/record.csv" Who::Anyone => reading::record_csv;
    GET "/record.xlsx" Who::Anyone => reading::record_xlsx;
    GET "/record.pdf" Who::Anyone => reading::record_pdf;
    GET "/record.jsonld" Who::Anyone => reading::record_jsonld;
    GET "/accessibility" Who::Anyone => reading::accessibility;
    GET "/rights" Who::Anyone => rights::form;
    POST "/rights" Who::Anyone => rights::receive;
    GET "/rights/no-mail" Who::Anyone => take::no_mail;
    POST "/rights/no-mail" Who::Anyone => take::stop_mail;
    GET "/mail/stop/{code}" Who::Anyone => mail::page;
    POST "/mail/stop/{code}" Who::SecretHolder => mail::sign_off;
    GET "/mail/answer/{link}" Who::Anyone => sure::link;
    POST "/mail/answer/{link}" Who::SecretHolder => sure::open;
    GET "/rights/{reference}" Who::Anyone => rights::door;
    POST "/rights/{reference}" Who::SecretHolder => rights::status;
    POST "/rights/{reference}/code" Who::SecretHolder => sure::ask;
    GET "/rights/{reference}/confirm" Who::Anyone => sure::door;
    POST "/rights/{reference}/confirm" Who::SecretHolder => sure::confirm;
    POST "/rights/{reference}/copy" Who::SecretHolder => take::copy;
    POST "/rights/{reference}/certificate" Who::SecretHolder => take::certificate;
    POST "/rights/{reference}/transfer" Who::SecretHolder => transfer::prepare_granted;
    GET "/transfer/{link}" Who::Anyone => transfer::door;
    POST "/transfer/{link}" Who::SecretHolder => transfer::open;
    POST "/my-data/transfer" Who::Acknowledged => transfer::prepare;
    GET "/my-data" Who::Acknowledged => own::page;
    GET "/my-data/conversations" Who::Acknowledged => take::conversations;
    GET "/my-data/portable.json" Who::Acknowledged => take::portable_json;
    GET "/my-data/portable.csv" Who::Acknowledged => take::portable_csv;
    POST "/my-data/restrict" Who::Acknowledged => take::restrict;
    POST "/my-data/dispute" Who::Acknowledged => take::dispute;
    POST "/my-data/right" Who::Acknowledged => own::is_right;
    POST "/my-data/resume" Who::Acknowledged => take::resume;
    GET "/my-data/object" Who::Acknowledged => take::objections;
    POST "/my-data/object" Who::Acknowledged => take::object;
    GET "/my-data/download" Who::Acknowledged => own::download;
    GET "/my-data/erase" Who::Acknowledged => own::confirm;
    POST "/my-data/erase" Who::Acknowledged => own::erase;
    POST "/api/v1/requests" Who::Anyone => api_rights::receive;
    POST "/api/v1/preview" Who::Acknowledged => api::preview;
    GET "/api/v1/chat" Who::Acknowledged => api::list;
    POST "/api/v1/chat" Who::Acknowledged => api::begin;
    POST "/api/v1/chat/{conversation}/messages" Who::Acknowledged => api::send;
    DELETE "/api/v1/chat/{conversation}" Who::Acknowledged => api::delete;
    GET "/console/enter" Who::Anyone => console::door;
    POST "/console/enter" Who::SecretHolder => console::enter;
    POST "/console/leave" STAFF => console::leave;
    GET "/console" STAFF => console::overview;
    GET "/console/live" STAFF => live::live;
    GET "/console/requests" OVERSIGHT => console::requests;
    GET "/console/requests/{reference}" DESK => case::read;
    POST "/console/requests/{reference}" DESK => case::move_on;
    POST "/console/requests/{reference}/link" DESK => case::link;
    POST "/console/requests/{reference}/code" DESK => case::send_code;
    POST "/console/requests/{reference}/confirm" DESK => case::confirm;
    POST "/console/requests/{reference}/aside" DESK => case::put_aside;
    POST "/console/requests/{reference}/look" DESK => case::look;
    POST "/console/requests/{reference}/withhold" DESK => case::withhold;
    POST "/console/requests/{reference}/release" DESK => case::release;
    GET "/console/requests/{reference}/pack" DESK => case::pack;
    POST "/console/requests/{reference}/extend" DESK => case::extend;
    POST "/console/requests/{reference}/doubt" DESK => case::doubt;
    POST "/console/requests/{reference}/decide" DESK => case::decide;
    POST "/console/requests/{reference}/agree" DESK => case::agree;
    POST "/console/requests/{reference}/return" DESK => case::send_back;
    GET "/console/requests/{reference}/letter" DESK => case::letters;
    GET "/console/intake" DESK => case::intake_form;
    POST "/console/intake" DESK => case::intake;
    GET "/console/holds" OVERSIGHT => holds::list;
    POST "/console/holds" DESK => holds::propose;
    POST "/console/holds/{id}/agree" DESK => holds::agree;
    POST "/console/holds/{id}/lift" DESK => holds::lift;
    GET "/console/agreements" DESK => agreements::list;
    POST "/console/agreements/{id}/yes" DESK => agreements::yes;
    POST "/console/agreements/{id}/no" DESK => agreements::no;
    GET "/console/disclosures" DESK => disclosures::list;
    POST "/console/disclosures" DESK => disclosures::propose;
    POST "/console/disclosures/{number}/{id}/agree" DESK => disclosures::agree;
    POST "/console/disclosures/{number}/{id}/back" DESK => disclosures::take_back;
    GET "/console/tasks" OVERSIGHT => case::tasks;
    POST "/console/tasks/{id}" DESK => case::end_task;
    GET "/console/register" STAFF => console::register;
    GET "/console/register/changes" STAFF => change::list;
    POST "/console/register/changes" DESK => change::begin;
    GET "/console/register/changes/{id}" STAFF => change::read;
    POST "/console/register/changes/{id}" DESK => change::step;
    POST "/console/register/changes/{id}/tell" DESK => change::tell;
    GET "/console/register/changes/{id}/notice" STAFF => change::notice;
    GET "/console/register/changes/{id}/text" STAFF => change::text;
    POST "/console/register/changes/{id}/text" DESK => change::write;
    GET "/console/register/changes/{id}/parts/{section}" STAFF => change::part;
    GET "/console/register/changes/{id}/parts/{section}/{item}" STAFF => change::form;
    POST "/console/register/changes/{id}/parts/{section}/{item}" DESK => change::save;
    GET "/console/register/changes/{id}/add/{section}" DESK => change::add_form;
    POST "/console/register/changes/{id}/add/{section}" DESK => change::add;
    GET "/console/audit" STAFF => console::audit;
    POST "/console/audit" STAFF => console::verify;
    GET "/console/try" STAFF => console::try_page;
    POST "/console/try" STAFF => console::try_text;
    GET "/assets/{digest}/{name}" Who::Anyone => asset::serve;
    GET "/healthz" Who::Anyone => machine::alive;
    GET "/readyz" Who::Anyone => machine::ready;
    GET "/openapi.json" Who::Anyone => machine::description;
    GET "/.well-known/gpc.json" Who::Anyone => machine::privacy_control;
}

/// The people's side as a router.
pub fn routes(app: App) -> Router {
    table(&app)
        .fallback(nothing_here)
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
        .layer(from_fn_with_state(app.clone(), pace::hold))
        .layer(from_fn_with_state(app.clone(), cookie::renew))
        .layer(from_fn_with_state(app.clone(), error::show))
        .layer(from_fn(header::add))
        .with_state(app)
}

/// The routes by which data can come in, as (method, path): the register must declare them.
#[must_use]
pub fn taking_data() -> Vec<(String, String)> {
    RULES
        .iter()
        .filter(|rule| rule.method != "GET")
        .map(|rule| (rule.method.to_owned(), rule.path.to_owned()))
        .collect()
}

/// Lets in whom the table admits. What a person's own session reaches is decided further in.
async fn admit(
    State((app, who)): State<(App, Who)>,
    request: Request,
    next: Next,
) -> Result<Response, WebError> {
    if let Who::Staff(_) = who {
        let (mut parts, body) = request.into_parts();
        let visit =
            <Visit as axum::extract::FromRequestParts<App>>::from_request_parts(&mut parts, &app)
                .await?;
        if !who.admits(visit.staff.as_ref().map(|staff| staff.role)) {
            return Err(WebError::Forbidden);
        }
        return Ok(next.run(Request::from_parts(parts, body)).await);
    }
    Ok(next.run(request).await)
}

async fn nothing_here() -> WebError {
    WebError::Missing
}
