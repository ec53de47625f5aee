//! The console: who is admitted to which page stands in the table of routes.

use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use http::{StatusCode, header};
use jiff::Unit;
use serde::Deserialize;
use waarborg_detect::surrogate::Language;
use waarborg_domain::ids::Token;
use waarborg_domain::register::RecipientKind;
use waarborg_usecase::console::{self, CONSOLE_COOKIE, ConsoleError};
use waarborg_usecase::{casework, guard};

use crate::cookie;
use crate::error::{Said, WebError};
use crate::form::Filled;
use crate::page::console as page;
use crate::page::console::{
    AuditView, Checked, Health, Overview, Part, RegisterView, RequestRow, TrailRow, TriedFinding,
    Way,
};
use crate::role;
use crate::show;
use crate::visit::{Visit, html};

/// How many lines of the log one page shows.
const LINES: u32 = 50;
/// A request is near its date from this many days on.
const NEAR_DAYS: i32 = 7;

/// The one-time link.
#[derive(Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    link: String,
}

/// The door. Looking at it does not use the link up.
pub(super) async fn door(visit: Visit, Query(link): Query<Link>) -> Response {
    let is_refused = false;
    html(page::door(&visit.frame(), &link.link, is_refused)).into_response()
}

/// Takes the link and opens the console.
pub(super) async fn enter(filled: Filled) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let link = Token::parse(fields.get("link"));
    let entered = match link {
        Some(link) => console::enter(&visit.desk, &link).await,
        None => Err(ConsoleError::Closed),
    };
    let token = match entered {
        Ok(token) => token,
        Err(ConsoleError::Closed) => {
            let is_refused = true;
            let door = page::door(&visit.frame(), "", is_refused);
            let mut response = (StatusCode::FORBIDDEN, html(door)).into_response();
            response.extensions_mut().insert(Said);
            return Ok(response);
        }
        Err(ConsoleError::Store(store)) => return Err(store.into()),
    };
    let mut response = Redirect::to(&visit.frame().link("/console")).into_response();
    if let Some(line) = cookie::set(&visit.desk, CONSOLE_COOKIE, &token, visit.app.settings()) {
        response.headers_mut().insert(header::SET_COOKIE, line);
    }
    Ok(response)
}

/// Leaves the console.
pub(super) async fn leave(filled: Filled) -> Result<Response, WebError> {
    let visit = filled.visit;
    console::leave(&visit.desk, visit.staff()?).await?;
    let mut response = Redirect::to(&visit.frame().link("/console/enter")).into_response();
    if let Some(line) = cookie::clear(CONSOLE_COOKIE, visit.app.settings()) {
        response.headers_mut().insert(header::SET_COOKIE, line);
    }
    Ok(response)
}

/// Health, ways out, and how many requests wait.
pub(super) async fn overview(visit: Visit) -> Result<Response, WebError> {
    let words = visit.words();
    let desk = &visit.desk;
    let staff = visit.staff()?;
    console::viewed(desk, staff, "overview").await?;

    let is_ready = desk.store.ready().await.is_ok();
    let n_warnings = desk.register.warnings().len();
    let parts = vec![
        Part {
            name: words.say("part-store"),
            health: if is_ready { Health::Good } else { Health::Bad },
            detail: desk.store.backend(),
        },
        Part {
            name: words.say("nav-register"),
            health: if n_warnings == 0 {
                Health::Good
            } else {
                Health::Attention
            },
            detail: words.count("part-register-warnings", n_warnings),
        },
        Part {
            name: words.say("part-policy"),
            health: policy_health(&visit),
            detail: desk.policy.name().to_owned(),
        },
        Part {
            name: words.say("part-clock"),
            health: if desk.clock.is_set_by_hand() {
                Health::Attention
            } else {
                Health::Good
            },
            detail: show::moment(desk, &words, desk.now()),
        },
    ];
    let requests = if role::may_see(staff.role, "/console/requests") {
        let rows = rows(&visit).await?;
        let open = rows.iter().filter(|row| !row.closed);
        Some((
            open.clone().count(),
            open.filter(|row| row.days_left <= NEAR_DAYS).count(),
        ))
    } else {
        None
    };
    let view = Overview {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        register: desk.register.version().to_owned(),
        parts,
        ways: ways(&visit),
        requests,
    };
    Ok(html(page::overview(&visit.frame(), &view)).into_response())
}

fn policy_health(visit: &Visit) -> Health {
    if visit.desk.policy.only_observes() || visit.desk.policy.seeks_formats_only() {
        Health::Attention
    } else {
        Health::Good
    }
}

/// Every connection to the outside that can exist: the declared recipients with an address.
fn ways(visit: &Visit) -> Vec<Way> {
    let words = visit.words();
    let way = |found: &waarborg_domain::register::Recipient| {
        let ground = found.mechanism.map_or_else(
            || show::country(&words, &found.country),
            |mechanism| format!("{}, {mechanism}", show::country(&words, &found.country)),
        );
        Some(Way {
            host: found.host()?.to_owned(),
            recipient: show::capital(&show::recipient(&visit.desk, &words, found.name.as_str())),
            ground,
        })
    };
    visit.desk.register.recipients().filter_map(way).collect()
}

/// Every request with its dates. What people wrote is not on this page.
pub(super) async fn requests(visit: Visit) -> Result<Response, WebError> {
    console::viewed(&visit.desk, visit.staff()?, "requests").await?;
    let rows = rows(&visit).await?;
    Ok(html(page::requests(&visit.frame(), &rows)).into_response())
}

async fn rows(visit: &Visit) -> Result<Vec<RequestRow>, WebError> {
    let today = visit.desk.today();
    let rows = casework::queue(&visit.desk).await?;
    Ok(rows
        .into_iter()
        .map(|request| RequestRow {
            reference: request.reference.as_str().to_owned(),
            right: request.right,
            stage: request.stage,
            received: show::day(&visit.desk, request.received_at),
            aim: request.due.aim,
            latest: request.due.latest,
            days_left: today
                .until((Unit::Day, request.due.aim))
                .map_or(0, |span| span.get_days()),
            closed: request.stage.is_closed(),
            details: request.details,
        })
        .collect())
}

/// The register, to read.
pub(super) async fn register(visit: Visit) -> Result<Response, WebError> {
    let words = visit.words();
    let desk = &visit.desk;
    console::viewed(desk, visit.staff()?, "register").await?;
    let processings = desk.register.processings().iter().map(|processing| {
        let categories: Vec<String> = processing
            .categories
            .iter()
            .map(|name| show::category(desk, &words, name.as_str()))
            .collect();
        let mut periods: Vec<String> = desk
            .register
            .retentions()
            .iter()
            .filter(|one| one.service == processing.service && one.purpose == processing.purpose)
            .map(|one| show::rule(&words, one.trigger.as_str(), one.period))
            .collect();
        periods.dedup();
        [
            show::service(desk, &words, processing.service.as_str()),
            show::purpose(desk, &words, processing.purpose.as_str()),
            show::basis(&words, processing.basis),
            categories.join(", "),
            periods.join("; "),
        ]
    });
    let recipients = desk.register.recipients().map(|found| {
        let kind = if found.kind == RecipientKind::Llm {
            words.say("register-model")
        } else {
            String::new()
        };
        let name = show::capital(&show::recipient(desk, &words, found.name.as_str()));
        [
            if kind.is_empty() {
                name
            } else {
                format!("{name} ({kind})")
            },
            show::country(&words, &found.country),
            found.mechanism.map_or_else(
                || words.say(&format!("destination-{}", found.destination.as_str())),
                |mechanism| mechanism.as_str().replace('_', " "),
            ),
            found
                .valid_until
                .map_or_else(|| "–".to_owned(), |day| words.day(day)),
        ]
    });
    let view = RegisterView {
        version: desk.register.version().to_owned(),
        processings: processings.collect(),
        recipients: recipients.collect(),
        warnings: desk
            .register
            .warnings()
            .iter()
            .map(|fault| format!("{} {}", fault.message, fault.mend))
            .collect(),
    };
    Ok(html(page::register(&visit.frame(), &view)).into_response())
}

/// Which part of the log is asked for.
#[derive(Deserialize)]
pub(super) struct Before {
    #[serde(default)]
    before: String,
}

/// A page of the log: its last lines, or those before a line.
pub(super) async fn audit(visit: Visit, Query(asked): Query<Before>) -> Result<Response, WebError> {
    let before = match asked.before.as_str() {
        "" => None,
        line => Some(line.parse().map_err(|_| WebError::Malformed)?),
    };
    console::viewed(&visit.desk, visit.staff()?, "audit").await?;
    let lines = lines(&visit, before).await?;
    let view = AuditView {
        n_entries: None,
        head: None,
        checked: None,
        lines,
    };
    Ok(html(page::audit(&visit.frame(), &view)).into_response())
}

/// Checks the whole log.
pub(super) async fn verify(filled: Filled) -> Result<Response, WebError> {
    let visit = filled.visit;
    let report = console::verify_audit(&visit.desk, visit.staff()?.actor()).await?;
    let checked = if report.faults.is_empty() {
        Checked::Whole
    } else {
        Checked::Broken(report.faults.join("; "))
    };
    let view = AuditView {
        n_entries: Some(report.n_entries),
        head: Some(report.root),
        checked: Some(checked),
        lines: lines(&visit, None).await?,
    };
    Ok(html(page::audit(&visit.frame(), &view)).into_response())
}

async fn lines(visit: &Visit, before: Option<u64>) -> Result<Vec<TrailRow>, WebError> {
    let words = visit.words();
    let latest = console::latest(&visit.desk, before, LINES).await?;
    let row = |line: waarborg_usecase::ports::TrailLine| {
        let payload: serde_json::Value = line
            .payload
            .as_deref()
            .and_then(|payload| serde_json::from_str(payload).ok())
            .unwrap_or_default();
        let word = |name: &str| {
            payload
                .get(name)
                .and_then(serde_json::Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let is_said = |name: &str| payload.get(name) == Some(&serde_json::Value::Bool(true));
        let more = [("routed", "audit-routed"), ("confirmed", "audit-confirmed")];
        let more = more.into_iter().filter(|(name, _)| is_said(name));
        let at = word("at")
            .parse()
            .ok()
            .map(|at| show::moment(&visit.desk, &words, at));
        TrailRow {
            position: line.position,
            at: at.unwrap_or_else(|| words.say("audit-erased")),
            act: word("act"),
            more: more.map(|(_, said)| words.say(said)).collect(),
            purpose: word("purpose"),
        }
    };
    Ok(latest.into_iter().map(row).collect())
}

/// The page to try detection.
pub(super) async fn try_page(visit: Visit) -> Result<Response, WebError> {
    console::viewed(&visit.desk, visit.staff()?, "try").await?;
    Ok(html(page::try_detection(&visit.frame(), "", None)).into_response())
}

/// What is found in a text. It comes back to who typed it, and stays nowhere.
pub(super) async fn try_text(filled: Filled) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    visit.staff()?;
    let desk = &visit.desk;
    let words = visit.words();
    let text = fields.get("text");
    let model = desk
        .providers
        .models()
        .first()
        .map(|model| model.name.clone())
        .ok_or(WebError::Away)?;
    let asked = guard::Asked {
        text: text.to_owned(),
        model,
        surface: desk.surfaces.chat.clone(),
        waived: waarborg_domain::prompt::Waived::default(),
        scope: desk.ids.token().bytes().to_vec(),
        language: Language::default(),
    };
    let report = guard::preview(desk, &asked)?;
    let findings: Vec<TriedFinding> = report
        .marks
        .iter()
        .map(|mark| TriedFinding {
            text: text.get(mark.span.clone()).unwrap_or_default().to_owned(),
            kind: show::report::kind(&words, mark.kind),
            subkind: mark.about.subkind.as_deref().unwrap_or_default().to_owned(),
            score: percent(mark.score),
            why: show::report::why(&words, mark),
            about: show::report::about(&words, &mark.about),
            verdict: words.say(&format!(
                "js-verdict-{}",
                show::report::verdict(mark.verdict)
            )),
        })
        .collect();
    Ok(html(page::try_detection(&visit.frame(), text, Some(&findings))).into_response())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is held between 0 and 100"
)]
fn percent(score: f32) -> u8 {
    (score * 100.0).round().clamp(0.0, 100.0) as u8
}
