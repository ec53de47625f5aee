//! OpenAI's `files`: one with the requests of a batch, and those with what came of one. No other file is taken.

use std::borrow::Cow;
use std::collections::HashSet;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Uri};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use uuid::Uuid;
use waarborg_domain::json::{Limits, scan};
use waarborg_domain::prompt::PromptFault;
use waarborg_usecase::batches::{Asked, Found, Line};
use waarborg_usecase::ports::{Errand, ErrandAct, KeptKind, KeptMap, KeptPart, ProviderError};

use super::super::error::Problem;
use super::super::{GatewayState, Whole};
use super::fault::Fault;
use super::sending::{self, Counted, Taken, Telling};
use super::{
    ByName, Caller, ForPage, Page, id, is_gone, is_missing, jobs, name, page, plainly, results,
    wishes,
};
use crate::form::{boundary, parts};
use crate::providers::deposits::is_name;
use crate::restore::AnswerText;
use crate::surfaces::{FormFault, SURFACES, Shape, Surface};

pub(super) const PATH: &str = "/v1/files";

/// How the names of files begin.
const PREFIX: &str = "file-";

/// Where the requests of a batch stand.
const WITHIN: &str = "file";

/// The addresses for which a file may hold requests.
const ENDPOINTS: [&str; 5] = [
    "/v1/chat/completions",
    "/v1/completions",
    "/v1/embeddings",
    "/v1/moderations",
    "/v1/responses",
];

/// The longest name that a client may give to a request.
const LONGEST_NAME: usize = 64;

const SHAPE: Shape = Shape::OpenAi;

/// What a request looks like whose answer is JSON, in its map.
pub(in crate::serve) const JSON: &str = "json";

/// A line of a file as the client writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<'b> {
    custom_id: String,
    #[serde(borrow)]
    method: Cow<'b, str>,
    #[serde(borrow)]
    url: Cow<'b, str>,
    #[serde(borrow)]
    body: &'b RawValue,
}

/// By which name the client knows a request, and what it says.
type Document = (String, Vec<u8>);

/// A file that a client knows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum File {
    /// One that it sent.
    Sent(Uuid),
    /// One with what came of a batch.
    Of(Uuid, Part),
}

/// Which file of a batch.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Output,
    Errors,
}

impl Part {
    pub(super) const BOTH: [Self; 2] = [Self::Output, Self::Errors];

    /// The member of a batch that names it.
    pub(super) const fn member(self) -> &'static str {
        match self {
            Self::Output => "output_file_id",
            Self::Errors => "error_file_id",
        }
    }

    const fn suffix(self) -> &'static str {
        match self {
            Self::Output => "-output",
            Self::Errors => "-errors",
        }
    }

    /// By which name the client knows it.
    pub(super) fn name(self, batch: Uuid) -> String {
        name(PREFIX, batch) + self.suffix()
    }

    const fn other(self) -> Self {
        match self {
            Self::Output => Self::Errors,
            Self::Errors => Self::Output,
        }
    }
}

/// By which name a client knows a file that it sent.
pub(super) fn sent_name(file: Uuid) -> String {
    name(PREFIX, file)
}

impl File {
    fn parse(written: &str) -> Option<Self> {
        for part in Part::BOTH {
            if let Some(batch) = written.strip_suffix(part.suffix()) {
                return Some(Self::Of(id(PREFIX, batch)?, part));
            }
        }
        id(PREFIX, written).map(Self::Sent)
    }
}

/// What one of these addresses is in our own terms.
pub(super) fn surface(endpoint: &str) -> Option<&'static dyn Surface> {
    let is_one = ENDPOINTS.contains(&endpoint);
    let mut known = SURFACES.iter().filter(|_| is_one);
    let found = known.find(|(path, _)| *path == endpoint);
    found.map(|(_, surface)| *surface)
}

/// What the text of an answer is, by the word in the map.
pub(super) fn text_of(form: &str) -> AnswerText {
    if form == JSON {
        AnswerText::Json
    } else {
        AnswerText::Plain
    }
}

pub(super) async fn open(
    State(state): State<GatewayState>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let taking_in = taken_in(&state, &headers, body);
    let telling = Telling {
        shape: SHAPE,
        within: WITHIN,
        shown,
    };
    sending::answered_with((&state, &headers), taking_in, telling).await
}

/// Takes a file in, and reads each of its requests as it would be read by itself.
async fn taken_in(state: &GatewayState, headers: &HeaderMap, body: Body) -> Result<Taken, Problem> {
    let caller = Caller::enter(state, headers, SHAPE).await?;
    let wishes = wishes(&caller.who, headers)?;
    let Whole { bytes, room } = super::super::batch_form_body(state, headers, body).await?;
    let caller = caller.of_now(state, headers).await?;
    let (endpoint, requests) = {
        let lines = lines(headers, &bytes)?;
        requests(lines, state.limits.n_in_batch)?
    };
    drop(bytes);
    let surface = surface(&endpoint).ok_or(Fault::NoSuch)?;
    let documents = requests.iter().map(|(_, document)| document.as_slice());
    let counted = Counted::begin(state, &caller, (surface, documents), room).await?;

    let mut lines = Vec::with_capacity(requests.len());
    for (place, (name, document)) in requests.into_iter().enumerate() {
        let read = sending::line(surface, state, &caller, document).await;
        let (form, prompt) = read.map_err(|problem| in_line(place, problem))?;
        lines.push(Line {
            name,
            form: match form.text {
                AnswerText::Json => JSON.to_owned(),
                AnswerText::Plain => String::new(),
            },
            prompt,
        });
    }
    let mut beside = Map::new();
    beside.insert("endpoint".to_owned(), json!(endpoint));
    let asked = Asked {
        kind: KeptKind::File,
        lines,
        beside,
        wishes,
        departures: Some(counted.departures()),
    };
    Ok(Taken {
        caller,
        asked,
        counted,
    })
}

fn in_line(place: usize, problem: Problem) -> Problem {
    Problem::Batch(Fault::Line {
        number: place + 1,
        within: WITHIN,
        problem: Box::new(problem),
    })
}

/// The content of the file in a form whose purpose is a batch. What the file is called nobody needs to know.
fn lines<'b>(headers: &HeaderMap, form: &'b [u8]) -> Result<&'b [u8], Problem> {
    let unreadable = |fault: crate::form::FormBodyFault| Problem::Filled(fault.into());
    let boundary = boundary(headers).map_err(unreadable)?;
    let (mut purpose, mut file) = (None, None);
    for part in parts(form, boundary).map_err(unreadable)? {
        let content = form.get(part.range).unwrap_or_default();
        let place = match (part.name.as_str(), part.is_file) {
            ("purpose", false) => &mut purpose,
            ("file", true) => &mut file,
            (name, false) if name.starts_with("expires_after") => {
                return Err(Problem::Form(FormFault::NotDone("expires_after")));
            }
            _ => return Err(Problem::Form(FormFault::Field("purpose, file"))),
        };
        if place.replace(content).is_some() {
            return Err(Problem::Form(FormFault::Field("purpose, file")));
        }
    }
    match (purpose, file) {
        (Some(b"batch"), Some(file)) => Ok(file),
        (Some(b"batch"), None) => Err(Problem::Form(FormFault::Field("file"))),
        (Some(_), _) => Err(Fault::Purpose.into()),
        (None, _) => Err(Problem::Form(FormFault::Field("purpose"))),
    }
}

/// The requests of a file: for which address, by which name the client knows each, and its document.
fn requests(file: &[u8], most: usize) -> Result<(String, Vec<Document>), Problem> {
    let file = file.strip_suffix(b"\n").unwrap_or(file);
    let mut names = HashSet::new();
    let mut endpoint: Option<String> = None;
    let mut found = Vec::new();
    for (place, line) in file.split(|byte| *byte == b'\n').enumerate() {
        if place == most {
            return Err(Fault::NumberOfLines { most }.into());
        }
        let Written {
            custom_id,
            method,
            url,
            body,
        } = written(line).map_err(|problem| in_line(place, problem))?;
        let wrong = |field| in_line(place, Problem::Form(FormFault::Field(field)));
        if method != "POST" {
            return Err(wrong("method"));
        }
        if surface(&url).is_none() {
            return Err(in_line(place, Problem::Form(FormFault::NotDone("url"))));
        }
        // A batch has one address.
        if endpoint.get_or_insert_with(|| url.to_string()) != &*url {
            return Err(wrong("url"));
        }
        let length = custom_id.chars().count();
        if !(1..=LONGEST_NAME).contains(&length) || !names.insert(custom_id.clone()) {
            let number = place + 1;
            return Err(Fault::Name {
                number,
                within: WITHIN,
            }
            .into());
        }
        found.push((custom_id, body.get().as_bytes().to_vec()));
    }
    let endpoint = endpoint.ok_or(Fault::NumberOfLines { most })?;
    Ok((endpoint, found))
}

fn written(line: &[u8]) -> Result<Written<'_>, Problem> {
    serde_json::from_slice(line).map_err(|_| match scan(line, &Limits::default()) {
        Err(fault) => Problem::Prompt(PromptFault::Json(fault)),
        Ok(_) => Problem::Form(FormFault::Field("custom_id, method, url, body")),
    })
}

/// A provider's document about a file, in which it has our name.
fn shown(document: &[u8], kept: &KeptMap) -> Result<Vec<u8>, Problem> {
    let provider_name = kept.provider_name.as_deref().unwrap_or_default();
    named(document, provider_name, &sent_name(kept.id))
}

/// The same under any name. What the provider says in words stays behind.
fn named(document: &[u8], provider_name: &str, ours: &str) -> Result<Vec<u8>, Problem> {
    let unreadable = || Problem::Provider(ProviderError::Unreadable);
    let mut document: Map<String, Value> =
        serde_json::from_slice(document).map_err(|_| unreadable())?;
    if document.get("id").and_then(Value::as_str) != Some(provider_name) {
        return Err(unreadable());
    }
    document.insert("id".to_owned(), json!(ours));
    if document.contains_key("filename") {
        document.insert("filename".to_owned(), json!(format!("{ours}.jsonl")));
    }
    document.shift_remove("status_details");
    Ok(Value::Object(document).to_string().into_bytes())
}

pub(super) async fn look(asked: ByName) -> Response {
    about_one(asked, ErrandAct::Look).await
}

pub(super) async fn delete(asked: ByName) -> Response {
    about_one(asked, ErrandAct::Delete).await
}

/// Answers about one file.
async fn about_one((State(state), Path(written), headers): ByName, act: ErrandAct) -> Response {
    let work = async {
        let caller = Caller::enter(&state, &headers, SHAPE).await?;
        let answer = asked_about(&caller, &written, act).await;
        answer.map(sending::document)
    };
    plainly((&state, &headers, SHAPE), work).await
}

async fn asked_about(caller: &Caller, written: &str, act: ErrandAct) -> Result<Vec<u8>, Problem> {
    match File::parse(written).ok_or(Fault::NoSuch)? {
        File::Sent(id) => {
            let found = caller.found((KeptKind::File, id), WITHIN).await?;
            let answer = asked(caller, &found, &found.provider_name, act).await;
            if act == ErrandAct::Delete && is_gone(&answer) {
                caller.end(&found, WITHIN).await?;
            }
            shown(&answer?, &found.kept)
        }
        File::Of(batch, part) => {
            let (found, provider_name) = of_batch(caller, batch, part).await?;
            let answer = asked(caller, &found, &provider_name, act).await;
            if act == ErrandAct::Delete && is_gone(&answer) {
                let other = of_batch(caller, batch, part.other()).await;
                let is_last = match other {
                    Ok((_, other)) => {
                        is_missing(&asked(caller, &found, &other, ErrandAct::Look).await)
                    }
                    Err(Problem::Batch(Fault::NoSuch)) => true,
                    Err(problem) => return Err(problem),
                };
                if is_last {
                    caller.end(&found, WITHIN).await?;
                }
            }
            named(&answer?, &provider_name, &part.name(batch))
        }
    }
}

/// A file of a batch: the batch, and by which name the provider knows the file. There may be none, or none yet.
async fn of_batch(caller: &Caller, batch: Uuid, part: Part) -> Result<(Found, String), Problem> {
    let found = caller.found((KeptKind::Batch, batch), WITHIN).await?;
    let document = jobs::asked(caller, &found, ErrandAct::Look).await?;
    let name = document.get(part.member()).and_then(Value::as_str);
    let name = name.filter(|name| is_name(name)).ok_or(Fault::NoSuch)?;
    let name = name.to_owned();
    Ok((found, name))
}

async fn asked(
    caller: &Caller,
    found: &Found,
    name: &str,
    act: ErrandAct,
) -> Result<Vec<u8>, Problem> {
    let errand = Errand {
        kind: KeptKind::File,
        name,
        act,
    };
    caller.ask(&found.kept.recipient, errand, WITHIN).await
}

/// What came of a batch, each answer with its values put back.
pub(super) async fn content((State(state), Path(written), headers): ByName) -> Response {
    let work = async {
        let caller = Caller::enter(&state, &headers, SHAPE).await?;
        let (batch, part) = match File::parse(&written).ok_or(Fault::NoSuch)? {
            File::Of(batch, part) => (batch, part),
            File::Sent(id) => {
                caller.found((KeptKind::File, id), WITHIN).await?;
                return Err(Fault::OwnFile.into());
            }
        };
        let (found, provider_name) = of_batch(&caller, batch, part).await?;
        let reading = results::Reading {
            kind: KeptKind::File,
            name: &provider_name,
            within: WITHIN,
            media_type: "application/jsonl",
            restore: results::of_output,
        };
        results::read(caller, &found, reading).await
    };
    plainly((&state, &headers, SHAPE), work).await
}

/// Which page of the list.
#[derive(Deserialize)]
struct Wanted {
    after: Option<String>,
    limit: Option<u32>,
    order: Option<String>,
    purpose: Option<String>,
}

pub(super) async fn list((State(state), uri, headers): ForPage) -> Response {
    let work = async {
        let caller = Caller::enter(&state, &headers, SHAPE).await?;
        let page = listed(&caller, &uri).await?;
        Ok(axum::Json(page).into_response())
    };
    plainly((&state, &headers, SHAPE), work).await
}

/// The files that were sent; those with what came of a batch are named by the batch.
async fn listed(caller: &Caller, uri: &Uri) -> Result<Value, Problem> {
    let unreadable = |field| Problem::Form(FormFault::Field(field));
    let Query(wanted) = Query::<Wanted>::try_from_uri(uri).map_err(|_| unreadable("limit"))?;
    if wanted.order.is_some_and(|order| order != "desc") {
        return Err(Problem::Form(FormFault::NotDone("order")));
    }
    if wanted.purpose.is_some_and(|purpose| purpose != "batch") {
        return Ok(
            json!({"object": "list", "data": [], "has_more": false, "first_id": null, "last_id": null}),
        );
    }
    let part = match &wanted.after {
        None => KeptPart::First,
        Some(after) => KeptPart::After(id(PREFIX, after).ok_or(unreadable("after"))?),
    };
    let page = Page {
        kind: KeptKind::File,
        part,
        limit: wanted.limit,
        within: WITHIN,
    };
    let (kept, has_more) = page.kept(caller).await?;
    let data = page::shown(&kept, |kept| Box::pin(looked_at(caller, kept))).await?;
    let named = |kept: Option<&KeptMap>| kept.map(|kept| sent_name(kept.id));
    Ok(json!({"object": "list", "data": data, "has_more": has_more,
        "first_id": named(kept.first()), "last_id": named(kept.last())}))
}

/// How a file stands that was sent.
async fn looked_at(caller: &Caller, kept: &KeptMap) -> Result<Vec<u8>, Problem> {
    let name = kept.provider_name.as_deref().unwrap_or_default();
    let errand = Errand {
        kind: KeptKind::File,
        name,
        act: ErrandAct::Look,
    };
    let document = caller.ask(&kept.recipient, errand, WITHIN).await?;
    shown(&document, kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_what_it_belongs_to() {
        let one = Uuid::from_u128(0xab);
        let check = |written: &str, expected: Option<File>| {
            assert!(File::parse(written) == expected, "{written}");
        };
        check(&sent_name(one), Some(File::Sent(one)));
        for part in Part::BOTH {
            check(&part.name(one), Some(File::Of(one, part)));
        }
        check("file-ab", None);
        check("file-ab-output", None);
        check("-output", None);
    }

    #[test]
    fn a_file_is_read_line_by_line() {
        let line = |name: &str, url: &str| {
            format!(
                r#"{{"custom_id":"{name}","method":"POST","url":"{url}","body":{{"model":"m"}}}}"#
            )
        };
        let chat = "/v1/chat/completions";
        let file = format!("{}\r\n{}\n", line("a", chat), line("b", chat));
        let (endpoint, found) = requests(file.as_bytes(), 2).unwrap();
        assert_eq!(endpoint, chat);
        assert_eq!(found[1], ("b".to_owned(), br#"{"model":"m"}"#.to_vec()));

        let refused = |file: String, most: usize| requests(file.as_bytes(), most).unwrap_err();
        let code = |problem: Problem| problem.code().into_owned();
        assert_eq!(code(refused(file.clone(), 1)), "batch_too_large");
        for (file, expected) in [
            (String::new(), "invalid_json"),
            ("\n".to_owned(), "invalid_json"),
            (
                format!("{}\n\n{}", line("a", chat), line("b", chat)),
                "invalid_json",
            ),
            (
                format!("{}\n{}", line("a", chat), line("a", chat)),
                "invalid_field",
            ),
            (
                format!("{}\n{}", line("a", chat), line("b", "/v1/responses")),
                "invalid_field",
            ),
            (line("a", "/v1/images/generations"), "unsupported_field"),
            (line("a", chat).replace("POST", "GET"), "invalid_field"),
            (
                line("a", chat).replace("\"body\"", "\"meer\":1,\"body\""),
                "invalid_field",
            ),
        ] {
            assert_eq!(code(refused(file.clone(), 9)), expected, "{file}");
        }
    }
}
