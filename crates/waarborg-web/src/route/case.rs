//! One request in the console: read, linked to a person, decided by one officer or by two, and told.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use serde::Deserialize;
use waarborg_domain::decision::{
    About, Decided, Decision, Ground, Identity, Slice, TaskEnd, Verdict,
};
use waarborg_domain::ids::RecordId;
use waarborg_domain::register::Basis;
use waarborg_domain::rights::{Channel, Right, Stage};
use waarborg_usecase::casework::{self, CaseError, Correction, File, Link, Rectification};
use waarborg_usecase::requests::{self, Receive};
use waarborg_usecase::{disputes, mail, sureness, withheld};

use super::paper;
use crate::error::{Said, WebError};
use crate::form::{Fields, Filled};
use crate::page::intake;
use crate::page::letter::{self, PieceView};
use crate::page::{case as page, rights};
use crate::show;
use crate::show::letter::Scribe;
use crate::visit::{Visit, html};

/// What a request says and how far it is. Reading it is written in the log before anything is shown.
pub(super) async fn read(
    visit: Visit,
    Path(reference): Path<String>,
) -> Result<Response, WebError> {
    let file = casework::open(&visit.desk, visit.staff()?, &reference).await?;
    shown(&visit, &file, None).await
}

/// Moves a request to a stage that decides nothing.
pub(super) async fn move_on(
    Path(reference): Path<String>,
    filled: Filled,
) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let stage = Stage::parse(fields.get("stage")).ok_or(WebError::Malformed)?;
    let moved = casework::move_on(&visit.desk, visit.staff()?, &reference, stage).await;
    back(&visit, &reference, moved).await
}

/// Says whose data it is about.
pub(super) async fn link(
    Path(reference): Path<String>,
    filled: Filled,
) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let identity = Identity::parse(fields.get("identity")).ok_or(WebError::Malformed)?;
    let linked = match casework::look_up(&visit.desk, fields.get("number")).await {
        Ok(subject) => {
            let link = Link { subject, identity };
            casework::link(&visit.desk, visit.staff()?, &reference, link).await
        }
        Err(fault) => Err(fault),
    };
    match linked {
        Ok(going_on) => back(&visit, &going_on, Ok(())).await,
        Err(fault) => back(&visit, &reference, Err::<(), _>(fault)).await,
    }
}

/// Has a code mailed to the address that who asks gave.
pub(super) async fn send_code(
    Path(reference): Path<String>,
    filled: Filled,
) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let language = mail::language(fields.get("language")).ok_or(WebError::Malformed)?;
    let staff = visit.staff()?;
    let sent = sureness::send_code(&visit.desk, staff, &reference, language).await;
    back(&visit, &reference, sent).await
}

/// Types in the code that somebody told.
pub(super) async fn confirm(
    Path(reference): Path<String>,
    filled: Filled,
) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let by = (Some(visit.staff()?.actor()), visit.language());
    let told = fields.get("mailed");
    let confirmed = sureness::confirm(&visit.desk, &reference, told, by).await;
    let right = confirmed.and_then(|is_right| is_right.then_some(()).ok_or(CaseError::WrongCode));
    back(&visit, &reference, right).await
}

/// Puts aside what who asks says is not right.
pub(super) async fn put_aside(
    Path(reference): Path<String>,
    filled: Filled,
) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let (staff, value) = (visit.staff()?, fields.get("disputed"));
    let put = disputes::put_aside(&visit.desk, staff, &reference, value).await;
    back(&visit, &reference, put).await
}

/// Looks up whether identifiers of who asks stood in prompts.
pub(super) async fn look(
    Path(reference): Path<String>,
    filled: Filled,
) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let identity = Identity::parse(fields.get("identity")).ok_or(WebError::Malformed)?;
    let text = fields.get("identifiers");
    let looked = casework::look(&visit.desk, visit.staff()?, &reference, (text, identity)).await;
    back(&visit, &reference, looked).await
}

/// Corrects what answers say about who asks, or leaves it out of them.
pub(super) async fn withhold(
    Path(reference): Path<String>,
    filled: Filled,
) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let lines = |name: &str| {
        let lines = fields.get(name).lines().map(str::trim);
        lines.filter(|line| !line.is_empty()).collect::<Vec<_>>()
    };
    let statement = fields.get("withheld_statement").trim();
    let leaves_out = fields.get("how") == "left_out";
    if !leaves_out && statement.is_empty() {
        return back(&visit, &reference, Err::<(), _>(CaseError::WithoutReasons)).await;
    }
    let ask = withheld::Ask {
        names: lines("names"),
        around: lines("around"),
        statement: (!leaves_out).then_some(statement),
    };
    let added = withheld::add(&visit.desk, visit.staff()?, &reference, &ask).await;
    back(&visit, &reference, added).await
}

/// Lets answers say again what they say.
pub(super) async fn release(
    Path(reference): Path<String>,
    filled: Filled,
) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let entry = fields.get("entry").parse().map_err(|_| WebError::Missing)?;
    let ended = withheld::end(&visit.desk, visit.staff()?, RecordId(entry)).await;
    back(&visit, &reference, ended).await
}

/// Gives it more time, and tells why.
pub(super) async fn extend(
    Path(reference): Path<String>,
    filled: Filled,
) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let scribe = Scribe::new(&visit.desk);
    let extended = casework::extend(
        &visit.desk,
        visit.staff()?,
        &reference,
        fields.get("reasons"),
        (fields.get("language"), &scribe),
    )
    .await;
    back(&visit, &reference, extended).await
}

/// Stops the clock until it is known who asks, and tells why.
pub(super) async fn doubt(
    Path(reference): Path<String>,
    filled: Filled,
) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let scribe = Scribe::new(&visit.desk);
    let doubted = casework::doubt(
        &visit.desk,
        visit.staff()?,
        &reference,
        fields.get("reasons"),
        (fields.get("language"), &scribe),
    )
    .await;
    back(&visit, &reference, doubted).await
}

/// Decides, alone where nothing is refused.
pub(super) async fn decide(
    Path(reference): Path<String>,
    filled: Filled,
) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let decision = decision(&fields)?;
    let filled =
        |name: &str| Some(fields.get(name).trim().to_owned()).filter(|text| !text.is_empty());
    let correction = match (filled("wrong"), filled("right")) {
        (Some(wrong), Some(right)) => Some(Correction { wrong, right }),
        (None, None) => None,
        // Which of the two is missing cannot be guessed.
        _ => return Err(WebError::Malformed),
    };
    let rectification = Rectification {
        correction,
        statement: filled("statement"),
    };
    let scribe = Scribe::new(&visit.desk);
    let decided = casework::propose(
        &visit.desk,
        visit.staff()?,
        &reference,
        (decision, rectification),
        (fields.get("language"), &scribe),
    )
    .await;
    back(&visit, &reference, decided).await
}

/// The second person agrees.
pub(super) async fn agree(
    Path(reference): Path<String>,
    filled: Filled,
) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    if fields.get("sure") != "yes" {
        return Err(WebError::Malformed);
    }
    let scribe = Scribe::new(&visit.desk);
    let agreed = casework::agree(&visit.desk, visit.staff()?, &reference, &scribe).await;
    back(&visit, &reference, agreed).await
}

/// The second person does not agree.
pub(super) async fn send_back(
    Path(reference): Path<String>,
    filled: Filled,
) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let why = fields.get("why");
    let sent = casework::send_back(&visit.desk, visit.staff()?, &reference, why).await;
    back(&visit, &reference, sent).await
}

/// In which form somebody wants letters.
#[derive(Deserialize)]
pub(super) struct Form {
    #[serde(default)]
    form: String,
}

/// The letters that the person was given.
pub(super) async fn letters(
    visit: Visit,
    Path(reference): Path<String>,
    Query(asked): Query<Form>,
) -> Result<Response, WebError> {
    let file = casework::open(&visit.desk, visit.staff()?, &reference).await?;
    if asked.form == "pdf" {
        return paper::letters(&visit, &reference, &file.letters);
    }
    Ok(html(letter::page(&visit.frame(), &reference, &file.letters)).into_response())
}

/// The content of what was found.
pub(super) async fn pack(
    visit: Visit,
    Path(reference): Path<String>,
) -> Result<Response, WebError> {
    let staff = visit.staff()?;
    let file = casework::open(&visit.desk, staff, &reference).await?;
    let pack = casework::pack(&visit.desk, staff, &file).await?;
    let words = visit.words();
    let pieces: Vec<PieceView> = pack
        .pieces
        .iter()
        .map(|piece| PieceView {
            category: show::case::category_in_words(&visit, &piece.category),
            what: format!(
                "{} · {}",
                words.say(show::access::part_key(piece.part)),
                show::moment(&visit.desk, &words, piece.created_at)
            ),
            text: show::access::text_of(piece.part, &piece.content),
        })
        .collect();
    let frame = visit.frame();
    Ok(html(letter::pack(&frame, &reference, &pieces, pack.n_unreadable)).into_response())
}

/// The form for a letter or a call.
pub(super) async fn intake_form(visit: Visit) -> Response {
    html(intake::form(&visit.frame(), visit.desk.today(), None)).into_response()
}

/// Takes in a letter or a call. Its clock runs from the day on which it came in.
pub(super) async fn intake(filled: Filled) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let channel = Channel::parse(fields.get("channel"))
        .filter(|channel| intake::CHANNELS.contains(channel))
        .ok_or(WebError::Malformed)?;
    let right = Right::parse(fields.get("right")).ok_or(WebError::Malformed)?;
    let day = fields.get("day").parse().ok();
    let Some(received_at) = day.and_then(|day| casework::received_on(&visit.desk, day)) else {
        let form = intake::form(&visit.frame(), visit.desk.today(), Some("intake-fault-day"));
        return Ok(said(StatusCode::UNPROCESSABLE_ENTITY, form));
    };
    let asked = Receive {
        right,
        channel,
        words: fields.get("words").trim().to_owned(),
        reply_to: fields.get("reply_to").trim().to_owned(),
    };
    let receipt = requests::receive_at(&visit.desk, None, asked, received_at).await?;
    let view = super::rights::receipt_view(&visit, &receipt);
    Ok(html(rights::receipt(&visit.frame(), &view)).into_response())
}

/// What recipients were asked.
pub(super) async fn tasks(visit: Visit) -> Result<Response, WebError> {
    let desk = &visit.desk;
    waarborg_usecase::console::viewed(desk, visit.staff()?, "tasks").await?;
    let requests = casework::queue(desk).await?;
    let mut tasks: Vec<_> = casework::tasks(desk).await?;
    tasks.sort_by_key(|task| (task.ended.is_some(), task.created_at));
    let views: Vec<_> = tasks
        .iter()
        .filter_map(|task| {
            let request = requests.iter().find(|request| request.id == task.request)?;
            Some(show::case::task_view(
                &visit,
                task,
                request.reference.as_str(),
            ))
        })
        .collect();
    Ok(html(page::all_tasks(&visit.frame(), &views)).into_response())
}

/// What came of a recipient's task.
pub(super) async fn end_task(Path(id): Path<String>, filled: Filled) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let id = id.parse().map_err(|_| WebError::Missing)?;
    let end = TaskEnd::parse(fields.get("end")).ok_or(WebError::Malformed)?;
    casework::end_task(&visit.desk, visit.staff()?, id, end).await?;
    Ok(Redirect::to(&visit.frame().link("/console/tasks")).into_response())
}

/// A form's decision: for each slice its name and what is said of it, in the same order.
fn decision(fields: &Fields) -> Result<Decision, WebError> {
    let parts: Option<Vec<Decided>> = fields
        .all("about")
        .zip(fields.all("verdict"))
        .map(|(about, verdict)| {
            Some(Decided {
                about: about_of(about)?,
                verdict: match verdict {
                    "granted" => Verdict::Granted,
                    ground => Verdict::Refused(Ground::parse(ground)?),
                },
            })
        })
        .collect();
    let fee = fields.get("fee").trim();
    let fee_cents = if fee.is_empty() {
        None
    } else {
        Some(cents(fee).ok_or(WebError::Malformed)?)
    };
    Ok(Decision {
        parts: parts.ok_or(WebError::Malformed)?,
        reasons: fields.get("reasons").trim().to_owned(),
        fee_cents,
    })
}

fn about_of(name: &str) -> Option<About> {
    if name == "whole" {
        return Some(About::Whole);
    }
    let mut words = name.split(' ');
    let slice = Slice {
        category: words.next()?.to_owned(),
        purpose: words.next()?.to_owned(),
        basis: Basis::parse(words.next()?)?,
    };
    words.next().is_none().then_some(About::Slice(slice))
}

/// An amount as people write it: `12`, `12,50`, `12.50`.
fn cents(amount: &str) -> Option<u32> {
    let (whole, part) = amount.split_once([',', '.']).unwrap_or((amount, "00"));
    let part = match part.len() {
        2 => part.parse::<u32>().ok()?,
        _ => return None,
    };
    let cents = whole
        .parse::<u32>()
        .ok()?
        .checked_mul(100)?
        .checked_add(part)?;
    (cents > 0).then_some(cents)
}

/// Back to the page of the request; what went wrong stands on it.
async fn back<T>(
    visit: &Visit,
    reference: &str,
    did: Result<T, CaseError>,
) -> Result<Response, WebError> {
    let Err(fault) = did else {
        let here = format!("/console/requests/{reference}");
        return Ok(Redirect::to(&visit.frame().link(&here)).into_response());
    };
    let Some(key) = fault_key(&fault) else {
        return Err(fault.into());
    };
    let file = casework::open(&visit.desk, visit.staff()?, reference).await?;
    shown(visit, &file, Some(key)).await
}

async fn shown(
    visit: &Visit,
    file: &File,
    fault: Option<&'static str>,
) -> Result<Response, WebError> {
    let mut view = show::case::view(visit, visit.staff()?, file).await?;
    view.fault = fault;
    let page = page::page(&visit.frame(), &view);
    Ok(if fault.is_some() {
        said(StatusCode::UNPROCESSABLE_ENTITY, page)
    } else {
        html(page).into_response()
    })
}

/// What an officer reads who broke a rule of deciding.
fn fault_key(fault: &CaseError) -> Option<&'static str> {
    use waarborg_domain::calendar::NoExtension;
    use waarborg_domain::decision::Undecided;
    Some(match fault {
        CaseError::Missing => "case-fault-nobody",
        CaseError::Closed => "case-fault-closed",
        CaseError::IdentityFirst => "case-fault-identity",
        CaseError::Undecided(Undecided::WithoutReasons)
        | CaseError::WithoutReasons
        | CaseError::NoExtension(NoExtension::WithoutReasons) => "case-fault-reasons",
        CaseError::Undecided(Undecided::AlwaysFree) => "case-fault-free",
        CaseError::Undecided(_) => "case-fault-ground",
        CaseError::OtherSlices => "case-fault-slices",
        CaseError::Nowhere => "case-fault-nowhere",
        CaseError::NotDeclared => "case-fault-not-declared",
        CaseError::NoIdentifier => "case-fault-no-identifier",
        CaseError::NoMail => "case-fault-no-mail",
        CaseError::NoAddress => "case-fault-no-address",
        CaseError::Enough => "case-fault-enough",
        CaseError::NotShown => "case-fault-not-shown",
        CaseError::WrongCode => "case-fault-wrong-code",
        CaseError::SamePerson => "case-fault-same",
        CaseError::NothingWaits => "case-fault-nothing-waits",
        CaseError::NoExtension(_) => "case-fault-too-late",
        CaseError::ClockRuns => "case-fault-clock-runs",
        CaseError::NotOfficer
        | CaseError::NoDesk
        | CaseError::NotAllowed(_)
        | CaseError::Store(_) => return None,
    })
}

fn said(status: StatusCode, page: maud::Markup) -> Response {
    let mut response = (status, html(page)).into_response();
    response.extensions_mut().insert(Said);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_as_people_write_it() {
        assert_eq!(cents("12"), Some(1200));
        assert_eq!(cents("12,50"), Some(1250));
        assert_eq!(cents("0.05"), Some(5));
        for wrong in ["", "0", "12,5", "-3", "1e3", "12,500", "99999999999"] {
            assert_eq!(cents(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_name_of_a_slice_is_read_back_and_nothing_else_is() {
        let slice = About::Slice(Slice {
            category: "user_content".into(),
            purpose: "improve".into(),
            basis: Basis::Consent,
        });
        assert_eq!(about_of("user_content improve consent"), Some(slice));
        assert_eq!(about_of("whole"), Some(About::Whole));
        assert_eq!(about_of("user_content improve"), None);
        assert_eq!(about_of("a b consent d"), None);
    }
}
