//! `POST /v1/guard/preview`: what would happen, without anything leaving or being kept.

use axum::body::Body;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Uri};
use serde::Deserialize;
use serde_json::{Value, json};
use waarborg_detect::AgeGroup;
use waarborg_domain::json::scan;
use waarborg_domain::policy::Change;
use waarborg_domain::prompt::{PromptFault, Report, Waived, Wire};
use waarborg_usecase::gateway::elsewhere::{Load, routed};
use waarborg_usecase::gateway::{self, Wishes};
use waarborg_usecase::guard;

use super::aside::{Aside, LONG_BODY};
use super::error::Problem;
use super::{GatewayState, Whole, answer, headers, json_limits, thread};
use crate::surfaces::{ChatCompletionsSurface, FormFault, Intake, SURFACES, Surface};

/// Which address the body is a request to.
#[derive(Deserialize)]
struct Wanted {
    #[serde(default, rename = "for")]
    address: Option<String>,
}

/// Either a text, or a whole request: to the address that `?for=` names, else to `/v1/chat/completions`.
#[derive(Default, Deserialize)]
struct Form {
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    model: Option<String>,
}

pub(super) async fn preview(
    State(state): State<GatewayState>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response {
    match previewed(&state, &uri, &headers, body).await {
        Ok(document) => axum::Json(document).into_response(),
        Err(problem) => problem.answer(headers::voice(&headers)),
    }
}

async fn previewed(
    state: &GatewayState,
    uri: &Uri,
    headers: &HeaderMap,
    body: Body,
) -> Result<Value, Problem> {
    let wanted = wanted(uri)?;
    let desk = state.house.desk();
    let caller = super::who::caller(state, &desk, headers).await?;
    let _place = super::place(state)?;
    let wishes = caller.wishes(headers)?;
    let key = caller.key;
    state.spending.admit(&desk, &key).await?;
    let Whole {
        bytes: body,
        room: _room,
    } = super::body(state, headers, body).await?;
    // Read strictly first: what follows may then trust any reader.
    scan(&body, &json_limits(state)).map_err(PromptFault::from)?;
    let form = if wanted.is_some() {
        Form::default()
    } else {
        serde_json::from_slice(&body).map_err(|_| Problem::Form(FormFault::Field("text")))?
    };

    let Some(text) = form.text else {
        let surface = wanted.unwrap_or(&ChatCompletionsSurface);
        let opened = answer::opened(surface, (state, &desk), body, || None).await?;
        let is_long = opened.body.len() >= LONG_BODY;
        let screening = async {
            let (form, prompt) = answer::read(surface, state, &desk, opened)?;
            let (thread, prompt) = thread::of((&desk, &key), &wishes, form, prompt).await?;
            let asked = gateway::Asked {
                prompt,
                wishes: Wishes {
                    dry_run: true,
                    ..wishes
                },
                departures: None,
                course: None,
                thread,
            };
            let guarded = gateway::complete(&state.house, &key, asked).await?;
            Ok::<_, Problem>(guarded)
        };
        let guarded = if is_long {
            Aside::new(screening).await?
        } else {
            screening.await?
        };
        let shown = Shown {
            report: &guarded.report,
            recipient: &guarded.recipient,
            policy: &guarded.policy,
            routed: guarded.routed.as_deref(),
        };
        return Ok(document(&shown, None));
    };

    let default = || {
        desk.providers
            .models()
            .iter()
            .find(|model| key.bounds.allow(&model.name))
            .map(|model| model.name.clone())
    };
    let model = form.model.or_else(default).ok_or(Problem::NoModel)?;
    let asked = guard::Asked {
        text,
        model,
        surface: waarborg_usecase::Surface {
            service: key.service.clone(),
            purpose: key.purpose.clone(),
            category: String::new(),
        },
        waived: Waived::default(),
        scope: desk.ids.token().bytes().to_vec(),
        language: wishes.language,
    };
    let screening = async { guard::preview_for_key(&desk, &key, &wishes, &asked) };
    let (report, policy) = if asked.text.len() >= LONG_BODY {
        Aside::new(screening).await?
    } else {
        screening.await?
    };
    let recipient = desk
        .providers
        .recipient_of(&asked.model)
        .unwrap_or_default();
    let load = Load {
        model: &asked.model,
        wire: Wire::ChatCompletions,
        has_sound: false,
    };
    let routed = routed(&desk, (&key, &asked.surface), load, (&report, &policy));
    let shown = Shown {
        report: &report,
        recipient,
        policy: policy.name(),
        routed: routed.first().map(|place| place.model.as_str()),
    };
    Ok(document(&shown, Some(&asked.text)))
}

/// The format of the address that a preview is about, if it names one.
fn wanted(uri: &Uri) -> Result<Option<&'static dyn Surface>, Problem> {
    let unknown = || Problem::Form(FormFault::Field("for"));
    let Query(Wanted { address }) = Query::try_from_uri(uri).map_err(|_| unknown())?;
    let Some(address) = address else {
        return Ok(None);
    };
    // Of a form the fields alone do not say whether it may go: its own address does, with X-Waarborg-Dry-Run.
    let mut known = SURFACES
        .iter()
        .filter(|(_, surface)| surface.intake() == Intake::Document);
    let known = known.find(|(path, _)| *path == address);
    known.map(|(_, surface)| Some(*surface)).ok_or_else(unknown)
}

/// What a preview is about.
pub(super) struct Shown<'a> {
    pub(super) report: &'a Report,
    pub(super) recipient: &'a str,
    pub(super) policy: &'a str,
    /// The model of one's own to which it goes, or would go, in place of the one that was asked for.
    pub(super) routed: Option<&'a str>,
}

/// The answer to a request that only asked what would happen.
pub(super) fn shown(shown: &Shown<'_>) -> Response {
    axum::Json(document(shown, None)).into_response()
}

/// What was found and what would happen. Offsets are Unicode code points of `text`, or bytes of
/// the text with that number where the request held several.
fn document(shown: &Shown<'_>, text: Option<&str>) -> Value {
    let Shown {
        report,
        recipient,
        policy,
        routed,
    } = *shown;
    // Findings stand in their order, so counting goes on where it was.
    let (mut at, mut n_points) = (0, 0);
    let mut place = |offset: usize| match text.and_then(|text| text.get(at..offset)) {
        Some(between) => {
            n_points += between.chars().count();
            at = offset;
            n_points
        }
        None => offset,
    };
    let changed_by = |change: &Change| json!({"rule": change.rule, "why": change.why.0});
    let findings: Vec<Value> = report
        .marks
        .iter()
        .map(|mark| {
            json!({"text": mark.text, "start": place(mark.span.start), "end": place(mark.span.end),
                "label": mark.kind.label(), "subkind": mark.about.subkind, "whose": mark.about.whose.code(),
                "age": mark.about.age.map(AgeGroup::code), "group": mark.about.group.as_ref().map(|group| json!({"people": group.people, "instead": group.instead, "then": group.then})), "score": (f64::from(mark.score) * 1000.0).round() / 1000.0, "why": mark.why.to_string(), "class": mark.class.name(),
                "verdict": mark.verdict.name(), "waivable": mark.waivable, "replacement": mark.replacement,
                "changed_by": mark.changed_by.as_deref().map(changed_by)})
        })
        .collect();
    let stopped_by: Vec<&str> = report.stopped_by.iter().map(|class| class.name()).collect();
    let changes: Vec<Value> = report
        .changes
        .iter()
        .map(|change| changed_by(change))
        .collect();
    let measured = report.measured.iter();
    let measured: serde_json::Map<String, Value> = measured
        .map(|(policy, verdict)| ((*policy).to_owned(), json!(verdict.name())))
        .collect();
    json!({"object": "waarborg.preview", "measured": measured, "changed_by": changes, "verdict": report.verdict.name(), "would_leave": stopped_by.is_empty(),
        "stopped_by": stopped_by, "recipient": recipient, "routed": routed, "policy": policy,
        "offsets": if text.is_some() { "code-points" } else { "bytes" }, "findings": findings})
}
