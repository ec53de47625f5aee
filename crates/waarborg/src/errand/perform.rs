//! Carries out one errand on an opened installation.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use waarborg_domain::{
    entry::{Act, Actor, Entry, Role},
    ids::SubjectId,
    rights::{Channel, Request, Right, Stage},
};
use waarborg_store::Exported;
use waarborg_usecase::{
    Desk, casework, console,
    events::{self, EventError},
    messages,
    ports::{RetentionReport, StoreError},
    requests::{self, Receive},
    retention,
};

use super::{Errand, disclosures, key, mail};
use crate::{installation::Installation, stop::Stop};

/// Carries out one errand; what it says goes to the operator.
///
/// # Errors
///
/// [`Stop`] with what the operator can do.
pub(crate) async fn perform(installation: &Installation, errand: Errand) -> Result<Value, Stop> {
    let desk = installation.house.desk();
    match errand {
        Errand::IssueKey {
            label,
            service,
            purpose,
            bounds,
        } => key::issue(&desk, &label, service, purpose, bounds).await,
        Errand::ListKeys => key::list(&desk).await,
        Errand::RevokeKey { id } => key::revoke(&desk, &id).await,
        Errand::ConsoleLink { role } => console_link(installation, &desk, &role).await,
        Errand::ListRequests => {
            let requests = requests::list(&desk).await.map_err(stored)?;
            Ok(json!({ "requests": requests.iter().map(as_json).collect::<Vec<_>>() }))
        }
        Errand::ReceiveRequest {
            right,
            channel,
            words,
            reply_to,
        } => receive(&desk, &right, &channel, words, reply_to).await,
        Errand::ShowRequest { reference } => show_request(&desk, &reference).await,
        Errand::MoveRequest { reference, stage } => move_request(&desk, &reference, &stage).await,
        Errand::PostEvent { name, person, at } => post_event(&desk, &name, &person, at).await,
        Errand::Numbers { least } => {
            let numbers = desk.store.numbers(least).await.map_err(stored)?;
            let lines = numbers.into_iter().map(|one| {
                json!({"month": one.month, "service": one.service, "category": one.category, "n": one.n})
            });
            Ok(json!({ "numbers": lines.collect::<Vec<_>>() }))
        }
        Errand::ListDisclosures { person } => disclosures::list(&desk, &person).await,
        Errand::FilterMessages { purpose, addresses } => {
            filter_messages(&desk, &purpose, addresses).await
        }
        Errand::SendMails {
            message,
            to,
            subject,
            text,
            selling,
            language,
        } => {
            let asked = mail::Asked {
                message,
                to,
                subject,
                text,
                selling,
                language,
            };
            mail::send(&desk, asked).await
        }
        Errand::TellChange { message, language } => mail::tell(&desk, &message, &language).await,
        Errand::CountMails { job } => mail::count(&desk, &job).await,
        Errand::StopMails { job } => mail::stop(&desk, &job).await,
        Errand::EndClaims => Ok(claims(
            &retention::run(&desk, Actor::Operator)
                .await
                .map_err(stored)?,
        )),
        Errand::ClaimsDue => Ok(claims(&retention::would_do(&desk).await.map_err(stored)?)),
        Errand::VerifyAudit => verify_audit(&desk).await,
        Errand::ExportAudit { file, payloads } => export_audit(installation, &file, payloads).await,
        Errand::Backup { file, keys } => backup(installation, &desk, &file, keys).await,
    }
}

async fn console_link(installation: &Installation, desk: &Desk, role: &str) -> Result<Value, Stop> {
    let role = Role::parse(role).ok_or_else(|| {
        Stop::unusable("there is no such role", "use officer, auditor or operator")
    })?;
    let token = console::link(desk, role).await.map_err(stored)?;
    Ok(json!({
        "console_link": installation.console_link(&token),
        "works_within": installation.console_link_works_within(),
        "role": role.name(),
    }))
}

async fn receive(
    desk: &Desk,
    right: &str,
    channel: &str,
    words: String,
    reply_to: String,
) -> Result<Value, Stop> {
    let right = Right::parse(right).ok_or_else(|| {
        let known: Vec<&str> = Right::ALL.iter().map(|right| right.name()).collect();
        Stop::unusable(
            "there is no such right",
            format!("use one of {}", known.join(", ")),
        )
    })?;
    let channel = Channel::parse(channel).ok_or_else(|| {
        Stop::unusable(
            "there is no such channel",
            "use letter, mail, phone or counter",
        )
    })?;
    let asked = Receive {
        right,
        channel,
        words,
        reply_to,
    };
    let receipt = requests::receive(desk, None, asked)
        .await
        .map_err(|error| {
            Stop::refused(
                format!("the request was not received: {error}"),
                "mend the register or try again; nothing was kept",
            )
        })?;

    let mut answer = as_json(&receipt.request);
    if let Some(answer) = answer.as_object_mut() {
        answer.insert("secret".to_owned(), json!(receipt.secret.text()));
    }
    Ok(answer)
}

async fn show_request(desk: &Desk, reference: &str) -> Result<Value, Stop> {
    let request = find_request(desk, reference).await?;
    let parts = requests::read_case(desk, Actor::Operator, request.id)
        .await
        .map_err(|error| {
            Stop::refused(
                format!("the request cannot be read: {error}"),
                "check the register and the disk, then try again",
            )
        })?;
    let said: Vec<Value> = parts
        .into_iter()
        .map(|(part, text)| json!({ "part": part.name(), "text": text }))
        .collect();

    let mut answer = as_json(&request);
    if let Some(answer) = answer.as_object_mut() {
        answer.insert("said".to_owned(), json!(said));
    }
    Ok(answer)
}

async fn move_request(desk: &Desk, reference: &str, stage: &str) -> Result<Value, Stop> {
    let stage = Stage::parse(stage).ok_or_else(|| {
        let known: Vec<&str> = Stage::ALL.iter().map(|stage| stage.name()).collect();
        Stop::unusable(
            "there is no such stage",
            format!("use one of {}", known.join(", ")),
        )
    })?;
    if !casework::moves_by_hand(stage) && stage != Stage::Answered {
        return Err(Stop::refused(
            format!("no command makes a request {}", stage.name()),
            "a no, a part and an extension are decided at the privacy desk in the console, with reasons and by two people",
        ));
    }
    let mut request = find_request(desk, reference).await?;
    if !request.stage.may_become(stage) {
        return Err(Stop::refused(
            format!(
                "a request that is {} cannot become {}",
                request.stage.name(),
                stage.name()
            ),
            "a closed request stays closed; receive a new one if there is more to do",
        ));
    }
    requests::move_to(desk, Actor::Operator, &request, stage)
        .await
        .map_err(stored)?;
    request.stage = stage;
    Ok(as_json(&request))
}

async fn post_event(
    desk: &Desk,
    name: &str,
    person: &str,
    at: Option<String>,
) -> Result<Value, Stop> {
    let nobody = || {
        Stop::unusable(
            "nobody is known by that number",
            "the person finds it in the download of their own data",
        )
    };
    let subject = person.trim().parse().map(SubjectId).map_err(|_| nobody())?;
    let at = match at {
        None => desk.now(),
        Some(at) => at
            .parse()
            .map_err(|_| Stop::unusable("this is no time", "write it as 2026-11-21T12:00:00Z"))?,
    };
    match events::post(desk, Actor::Operator, name, subject, at).await {
        Ok(n_claims) => Ok(json!({ "event": name, "at": at.to_string(), "n_claims": n_claims })),
        Err(EventError::Nobody) => Err(nobody()),
        Err(EventError::Unknown) => Err(Stop::unusable(
            "no such event can be told from outside",
            format!(
                "use one of {}",
                events::names().collect::<Vec<_>>().join(", ")
            ),
        )),
        Err(error @ (EventError::NotYet | EventError::Store(_))) => Err(Stop::refused(
            error.to_string(),
            "check the time, the disk and the log, then try again",
        )),
    }
}

async fn filter_messages(
    desk: &Desk,
    purpose: &str,
    addresses: Vec<String>,
) -> Result<Value, Stop> {
    let may = messages::may_send(desk, purpose, &addresses)
        .await
        .map_err(|error| {
            Stop::refused(
                error.to_string(),
                "name a purpose with marketing = true in the register; nothing may be sent now",
            )
        })?;
    let allowed: Vec<String> = addresses
        .into_iter()
        .zip(may)
        .filter_map(|(address, may)| may.then_some(address))
        .collect();
    Ok(json!({ "allowed": allowed }))
}

async fn find_request(desk: &Desk, reference: &str) -> Result<Request, Stop> {
    let requests = requests::list(desk).await.map_err(stored)?;
    let asked = reference.trim().to_uppercase();
    requests
        .into_iter()
        .find(|request| request.reference.to_string().to_uppercase() == asked)
        .ok_or_else(|| {
            Stop::unusable(
                "there is no request with that reference",
                "take it from `waarborg request list`",
            )
        })
}

async fn verify_audit(desk: &Desk) -> Result<Value, Stop> {
    let report = console::verify_audit(desk, Actor::Operator)
        .await
        .map_err(stored)?;
    Ok(json!({
        "ok": report.faults.is_empty(),
        "n_entries": report.n_entries,
        "n_erased": report.n_erased,
        "root": report.root,
        "signed_at": report.signed_at.map(|at| at.to_string()),
        "faults": report.faults,
    }))
}

async fn export_audit(
    installation: &Installation,
    file: &Path,
    payloads: bool,
) -> Result<Value, Stop> {
    refuse_existing(file)?;
    refuse_unwritable(file)?;
    let what = if payloads {
        Exported::Payloads
    } else {
        Exported::Proof
    };
    let n_entries = installation
        .archive
        .export_trail(file, what)
        .await
        .map_err(stored)?;
    Ok(json!({ "file": file, "n_entries": n_entries, "log_key": installation.archive.log_key() }))
}

async fn backup(
    installation: &Installation,
    desk: &Desk,
    file: &Path,
    keys: Option<PathBuf>,
) -> Result<Value, Stop> {
    refuse_existing(file)?;
    refuse_unwritable(file)?;
    if let Some(keys) = &keys {
        refuse_existing(keys)?;
        refuse_unwritable(keys)?;
    }
    let entry = Entry::new(desk.now(), Actor::Operator, Act::BackupMade);
    installation
        .archive
        .backup(file, entry)
        .await
        .map_err(stored)?;
    if let Some(keys) = &keys {
        installation
            .archive
            .backup_keys(keys)
            .await
            .map_err(stored)?;
    }
    let bytes = std::fs::metadata(file).map_or(0, |about| about.len());
    Ok(json!({ "file": file, "keys": keys, "bytes": bytes }))
}

fn refuse_existing(file: &Path) -> Result<(), Stop> {
    if file.exists() {
        return Err(Stop::unusable(
            format!("{} exists already", file.display()),
            "name a file that does not exist yet",
        ));
    }
    Ok(())
}

/// Tries the place beside the file, so that nothing is left under its own name if the errand fails later.
fn refuse_unwritable(file: &Path) -> Result<(), Stop> {
    let mut trial = file.as_os_str().to_owned();
    trial.push(".trial");
    let tried = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&trial)
        .and_then(|_| std::fs::remove_file(&trial));
    tried.map_err(|error| {
        Stop::unusable(
            format!("{} cannot be written: {error}", file.display()),
            "name a file in a folder that exists and that this program may write to",
        )
    })
}

fn as_json(request: &Request) -> Value {
    json!({
        "reference": request.reference.to_string(),
        "right": request.right.name(),
        "channel": request.channel.name(),
        "stage": request.stage.name(),
        "received_at": request.received_at.to_string(),
        "aim": request.due.aim.to_string(),
        "latest": request.due.latest.to_string(),
        "details": request.details.name(),
    })
}

fn claims(report: &RetentionReport) -> Value {
    json!({
        "n_claims": report.n_claims,
        "n_records": report.n_records,
        "n_objects": report.n_objects,
        "n_late": report.n_late,
    })
}

pub(super) fn stored(error: StoreError) -> Stop {
    Stop::refused(
        error.to_string(),
        "check the disk and the log, then try again",
    )
}
