//! Answers a request to a model, whatever its wire format.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::sync::OwnedSemaphorePermit;
use waarborg_detect::surrogate::{Language, Scope, Surrogates};
use waarborg_domain::json::Limits;
use waarborg_domain::policy::{Change, DataClass, Verdict};
use waarborg_domain::prompt::{Prompt, Protocol, Raw, Recording, Report};
use waarborg_usecase::Desk;
use waarborg_usecase::agreements::Second;
use waarborg_usecase::course::Course;
use waarborg_usecase::file_texts::Recall;
use waarborg_usecase::gateway::thread::Keeping;
use waarborg_usecase::gateway::{self, Asked, Departures, Guarded, Outcome, Wishes};
use waarborg_usecase::places::Place;
use waarborg_usecase::ports::{GatewayKey, ProviderError, Reply};

use super::aside::{Aside, LONG_BODY};
use super::error::{Problem, Stopped};
use super::headers::{self, Told};
use super::second::SecondPerson;
use super::sound;
use super::spending::{Booking, Claim, Meter, Weighed};
use super::stream::{self, Manner};
use super::thread::{self, Before, Naming};
use super::{GatewayState, Whole, json_limits, preview};
use crate::enclosed::Opened;
use crate::form::{Filled, filled, is_form};
use crate::surfaces::{Form, FormFault, Framing, Intake, Surface, When, conversation_name};
use crate::texts::{kind_word, say};
use crate::traces::{Begun, Journey};
use crate::weights;

/// Answers a request. A panic on the way is answered like any other failure of the house.
pub(super) async fn answer(
    (route, surface): (&'static str, &'static dyn Surface),
    state: GatewayState,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let surface = match surface.in_form() {
        Some(in_form) if is_form(&headers) => in_form,
        _ => surface,
    };
    let voice = headers::voice(&headers).in_shape(surface.shape());
    let mut told = Told {
        request_id: state.house.desk().ids.token().text(),
        ..Told::default()
    };
    let journey = state.traces.as_ref().and_then(|traces| {
        let begun = Begun {
            route,
            headers: &headers,
            request_id: &told.request_id,
        };
        Journey::begin(traces, &state.house, &begun)
    });
    let asked = (&headers, body, journey.as_ref());
    let answer = AssertUnwindSafe(guarded(surface, &state, asked, &mut told))
        .catch_unwind()
        .await;
    let answer = answer.unwrap_or(Err(Problem::House));
    if let (Some(journey), Err(problem)) = (&journey, &answer) {
        journey.failed(problem.own_code());
    }
    let mut response = answer.unwrap_or_else(|problem| {
        if matches!(problem, Problem::House) {
            tracing::error!(
                request.id = told.request_id,
                "a request was refused because the house could not work"
            );
        }
        problem.answer(voice)
    });
    told.add_to(response.headers_mut());
    if let Some(journey) = journey {
        journey.answered(response.status().as_u16(), told.verdict, &told.policy);
    }
    response
}

/// The register and the key as they are once a request has come in: one that took its time meets those of now.
pub(super) async fn of_now(
    state: &GatewayState,
    headers: &HeaderMap,
    (desk, key): (Desk, GatewayKey),
    began: jiff::Timestamp,
) -> Result<(Desk, GatewayKey), Problem> {
    const SO_SOON_S: i64 = 1;
    let now = state.house.desk();
    if now.now().as_second() - began.as_second() <= SO_SOON_S {
        return Ok((desk, key));
    }
    let key = super::who::caller(state, &now, headers).await?.key;
    Ok((now, key))
}

async fn guarded(
    surface: &'static dyn Surface,
    state: &GatewayState,
    (headers, body, journey): (&HeaderMap, Body, Option<&Arc<Journey>>),
    told: &mut Told,
) -> Result<Response, Problem> {
    let desk = state.house.desk();
    let caller = super::who::caller(state, &desk, headers).await?;
    let place = super::place(state)?;
    let wishes = caller.wishes(headers)?;
    let key = caller.key;
    state.spending.admit(&desk, &key).await?;
    let began = desk.now();
    let TakenIn {
        body,
        recording,
        room,
    } = taken_in(surface, state, headers, body).await?;
    let features = surface.features(headers);
    let n_beside = recording.as_ref().map_or(0, Recording::n_bytes_of_text);
    let spending = Arc::clone(&state.spending);
    let weighed = Weighed::of(surface, &body).beside(n_beside);
    let claim = Claim::begin(spending, desk.clone(), key.clone(), weighed).await?;
    let booking = Arc::new(Booking::new(Arc::clone(&claim)));
    let departures = Arc::clone(&booking);
    let wanted = Wanted {
        recording,
        wishes,
        features,
        departures,
        course: journey.map(|journey| Arc::clone(journey) as Arc<dyn Course>),
    };
    let recall = || Recall::begin(&desk, &key, &wanted.wishes);
    let opened = opened(surface, (state, &desk), body, recall).await?;
    let (desk, key) = of_now(state, headers, (desk, key), began).await?;
    // A short file may hold a long text.
    let is_long = opened.body.len() >= LONG_BODY;
    let screening = screened(surface, state, &desk, &key, wanted, opened);
    let (form, guarded) = if is_long {
        Aside::new(screening).await?
    } else {
        screening.await?
    };
    drop(room);
    tell(told, &guarded);

    let Guarded {
        report,
        recipient,
        policy,
        routed,
        outcome,
        ..
    } = guarded;
    match outcome {
        Outcome::Refused {
            open,
            second,
            confirm,
        } => {
            let request = (told.request_id.as_str(), headers::language(headers));
            let places = (recipient.as_str(), open);
            Err(refused(&desk, &report, (second, confirm), places, request))
        }
        Outcome::Previewed => Ok(preview::shown(&preview::Shown {
            report: &report,
            recipient: &recipient,
            policy: &policy,
            routed: routed.as_deref(),
        })),
        Outcome::Known { answer } => {
            Ok(([(CONTENT_TYPE, "application/json")], answer).into_response())
        }
        Outcome::Answering {
            reply,
            surrogates,
            n_bytes,
            kept,
        } => {
            booking.settle();
            let naming = Naming::new((&desk, &key), kept, Before::of(&form));
            let used = (claim, recipient.as_str(), n_bytes);
            let reply = metered(surface, form.when, reply, (used, journey));
            let reply = naming.over(reply).await?;
            if let Some(journey) = journey {
                journey.restores();
            }
            let manner = Manner {
                text: form.text,
                voice: headers::voice(headers).in_shape(surface.shape()),
                heartbeat: state.limits.heartbeat,
                framing: surface.framing(),
            };
            passed_on(
                surface,
                reply,
                surrogates,
                manner,
                (place, journey.cloned()),
            )
        }
    }
}

/// By what an answer is counted: the claim, who gives it, and how many bytes were sent.
type Used<'a> = (Arc<Claim>, &'a str, usize);

/// The same answer, counted: as it passes, or for all that it may be where it is given later.
fn metered(
    surface: &dyn Surface,
    when: When,
    reply: Reply,
    ((claim, recipient, n_bytes), journey): (Used<'_>, Option<&Arc<Journey>>),
) -> Reply {
    match when {
        When::Later { most } => {
            claim.used_later(recipient, n_bytes, most);
            reply
        }
        When::AtOnce => Meter::new(claim, recipient.to_owned(), n_bytes)
            .of(surface.substance())
            .told_to(journey.cloned())
            .over(reply),
    }
}

/// What a request holds.
struct TakenIn {
    /// The document.
    body: Vec<u8>,
    /// The sound beside it, if there is any.
    recording: Option<Recording>,
    room: Option<OwnedSemaphorePermit>,
}

/// Takes a request in, as a document or as a form.
async fn taken_in(
    surface: &dyn Surface,
    state: &GatewayState,
    headers: &HeaderMap,
    body: Body,
) -> Result<TakenIn, Problem> {
    match surface.intake() {
        Intake::Document => {
            let Whole { bytes, room } = super::body(state, headers, body).await?;
            Ok(TakenIn {
                body: bytes,
                recording: None,
                room,
            })
        }
        Intake::Form(holds) => {
            let form = super::form_body(state, headers, body, holds);
            let Whole { bytes, room } = form.await?;
            let Filled { body, recording } = filled(headers, bytes, holds)?;
            Ok(TakenIn {
                body,
                recording,
                room,
            })
        }
    }
}

/// Reads the pictures and files in a request, of which what its provider has no more stays behind.
pub(super) async fn opened(
    surface: &dyn Surface,
    (state, desk): (&GatewayState, &Desk),
    body: Vec<u8>,
    recall: impl FnOnce() -> Option<Recall>,
) -> Result<Opened, Problem> {
    let keeps = |model: &str| may_store(desk, model);
    let body = surface.without_lost(&body, &keeps).unwrap_or(body);
    let is_long = body.len() >= LONG_BODY;
    let opening = state.files.open(surface.encloses(), body, recall);
    Ok(if is_long {
        Aside::new(opening).await?
    } else {
        opening.await?
    })
}

/// Reads a request in its format.
pub(super) fn read(
    surface: &dyn Surface,
    state: &GatewayState,
    desk: &Desk,
    opened: Opened,
) -> Result<(Form, Prompt<Raw>), Problem> {
    // The prompt's reader is the strict one; its judgement comes first.
    let form = surface.read(&opened.body);
    let protocol = surface.protocol(super::names(desk));
    let mut prompt = parsed(surface, state, opened, &*protocol)?;
    let mut form = form?;
    let keeps = may_store(desk, prompt.model());
    thread::is_kept_by_somebody(desk, prompt.model(), (&form, keeps))?;
    if let Some(reference) = form.refers
        && (keeps || !reference.speaks)
    {
        return Err(Problem::Form(FormFault::Refers(reference)));
    }
    if form.when != When::AtOnce && !keeps {
        return Err(Problem::Form(FormFault::NotDone("background")));
    }
    let is_about_keeping = form.keeps.is_some() || form.keeping != Keeping::Nothing;
    if is_about_keeping && !keeps {
        if let Some(field) = form.keeps {
            return Err(Problem::MayNotStore(field));
        }
        prompt = thread::keep_nothing(&mut form, prompt);
    }
    Ok((form, prompt))
}

/// What is to be screened in a request, read by a protocol, with what its pictures weigh.
pub(super) fn parsed(
    surface: &dyn Surface,
    state: &GatewayState,
    Opened {
        body,
        enclosures,
        pictures,
    }: Opened,
    protocol: &dyn Protocol,
) -> Result<Prompt<Raw>, Problem> {
    let limits = json_limits(state);
    // The texts of files were bounded where they were read.
    let bytes = limits
        .bytes
        .max(if enclosures.is_empty() { 0 } else { body.len() });
    let limits = Limits { bytes, ..limits };
    let prompt = Prompt::parse_with(body, enclosures, &limits, protocol)?;
    let weight = weights::weight_of(&pictures, prompt.model(), surface.substance());
    Ok(prompt.with_weight(weight))
}

/// What a request asks for beside its body, and who hears how it goes.
struct Wanted {
    recording: Option<Recording>,
    wishes: Wishes,
    features: Vec<&'static str>,
    departures: Arc<dyn Departures>,
    course: Option<Arc<dyn Course>>,
}

/// Reads and screens a request, and sends what may leave.
async fn screened(
    surface: &dyn Surface,
    state: &GatewayState,
    desk: &Desk,
    key: &GatewayKey,
    mut wanted: Wanted,
    opened: Opened,
) -> Result<(Form, Guarded), Problem> {
    let (form, prompt) = read(surface, state, desk, opened)?;
    // A short request may go on from much.
    let goes_on = form.previous.is_some() || form.conversation.is_some();
    if let Some(conversation) = form.conversation {
        // Which conversation it belongs to is no guess by its first words.
        let named = || conversation_name(conversation);
        wanted.wishes.conversation.get_or_insert_with(named);
    }
    let taking_up = thread::of((desk, key), &wanted.wishes, form, prompt);
    let (thread, prompt) = if goes_on {
        Aside::new(taking_up).await?
    } else {
        taking_up.await?
    };
    let is_long = thread.n_bytes() >= LONG_BODY;
    let prompt = match wanted.recording {
        Some(recording) => prompt.with_recording(recording),
        None => prompt,
    };
    let asked = Asked {
        prompt: prompt.with_features(wanted.features),
        wishes: wanted.wishes,
        departures: Some(wanted.departures),
        course: wanted.course,
        thread,
    };
    let completing = gateway::complete(&state.house, key, asked);
    let guarded = if is_long {
        Aside::new(completing).await?
    } else {
        completing.await?
    };
    Ok((form, guarded))
}

fn passed_on(
    surface: &dyn Surface,
    reply: Reply,
    surrogates: Arc<Surrogates>,
    manner: Manner,
    held: (OwnedSemaphorePermit, Option<Arc<Journey>>),
) -> Result<Response, Problem> {
    match reply {
        Reply::Plain(text) => {
            let text = surrogates.restore_all(&text, Scope::Text);
            Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
        }
        Reply::Sound { media_type, pieces } => {
            let headers = [(CONTENT_TYPE, media_type), (CACHE_CONTROL, "no-store")];
            Ok((headers, sound::body(pieces, held)).into_response())
        }
        Reply::Whole(body) => {
            let unreadable = |_| Problem::Provider(ProviderError::Unreadable);
            let body = surface
                .restore(body, &surrogates, manner.text)
                .map_err(unreadable)?;
            Ok(([(CONTENT_TYPE, "application/json")], body).into_response())
        }
        Reply::Stream(chunks) => {
            let headers = [
                (
                    CONTENT_TYPE,
                    HeaderValue::from_static(match manner.framing {
                        Framing::Events => "text/event-stream; charset=utf-8",
                        Framing::Lines => "application/x-ndjson",
                    }),
                ),
                (CACHE_CONTROL, HeaderValue::from_static("no-store")),
                // Proxies in front of us must not collect what we send piece by piece.
                (
                    HeaderName::from_static("x-accel-buffering"),
                    HeaderValue::from_static("no"),
                ),
            ];
            let restorer = surface.restorer(surrogates, manner.text);
            Ok((headers, stream::body(chunks, restorer, manner, held)).into_response())
        }
    }
}

/// Whether the register says of everybody who may be asked for this model that they keep what they get.
pub(super) fn may_store(desk: &Desk, model: &str) -> bool {
    let recipients = desk.providers.recipients_of(model);
    let keeps = |name: &&str| {
        let recipient = desk.register.recipient(name);
        recipient.is_some_and(|recipient| recipient.stores_input)
    };
    !recipients.is_empty() && recipients.iter().all(keeps)
}

fn tell(told: &mut Told, guarded: &Guarded) {
    told.verdict = Some(guarded.report.verdict);
    told.findings = guarded.report.counts();
    told.recipient.clone_from(&guarded.recipient);
    told.policy.clone_from(&guarded.policy);
    told.routed = guarded.routed.clone().unwrap_or_default();
    told.n_asked = guarded.n_asked;
    told.sent = guarded.report.sent;
    told.measured.clone_from(&guarded.report.measured);
    tracing::debug!(
        request.id = told.request_id,
        verdict = guarded.report.verdict.name(),
        n_findings = guarded.report.marks.len(),
        "a request was screened"
    );
}

/// What people call a recipient, as the register says.
fn label(desk: &Desk, recipient: &str, language: Language) -> String {
    let code = match language {
        Language::English => "en",
        _ => "nl",
    };
    desk.register
        .recipient(recipient)
        .and_then(|recipient| recipient.label.in_language(code))
        .unwrap_or(recipient)
        .to_owned()
}

/// Why screening keeps a request from a recipient, and who may have it.
pub(super) fn refused(
    desk: &Desk,
    report: &Report,
    (second, confirm): (Option<Second>, Option<String>),
    (recipient, open): (&str, Vec<Place>),
    (request_id, language): (&str, Language),
) -> Problem {
    let open = open
        .into_iter()
        .map(|place| {
            let label = label(desk, &place.recipient, language);
            (place.model, label)
        })
        .collect();
    let recipient = label(desk, recipient, language);
    let mut stopped = stopped(report, recipient, language);
    request_id.clone_into(&mut stopped.request);
    stopped.open = open;
    stopped.confirm = confirm;
    stopped.second = report
        .waits_for_second_person()
        .then(|| SecondPerson::of(desk, second));
    Problem::Stopped(Box::new(stopped))
}

fn stopped(report: &Report, recipient: String, language: Language) -> Stopped {
    let mut words: Vec<String> = report
        .counts()
        .into_keys()
        .filter(|kind| {
            report
                .marks
                .iter()
                .any(|mark| mark.kind == *kind && report.is_stopped_by(mark))
        })
        .map(|kind| kind_word(language, kind).to_owned())
        .collect();
    if words.is_empty() {
        let class = |class: &DataClass| say(language, &format!("class-{}", class.name()), &[]);
        words = report.stopped_by.iter().map(class).collect();
    }
    let code = match language {
        Language::English => "en",
        _ => "nl",
    };
    let why = |change: &Change| {
        let why = change.why.in_language(code).unwrap_or_default();
        (change.rule.clone(), why.to_owned())
    };
    Stopped {
        changes: report.stopping_changes().map(why).collect(),
        only_warns: report.verdict == Verdict::Warn,
        fixed: report.fixed,
        recipient,
        kinds: words.join(", "),
        classes: report.stopped_by.iter().map(|class| class.name()).collect(),
        request: String::new(),
        open: Vec::new(),
        second: None,
        confirm: None,
    }
}
