//! What an operator asks of an installation, whether it is running or not.
//!
//! A running program holds the log and the keys; a command then hands its errand over at the control socket in the
//! data directory, which only the owner can open. Where nothing runs, the command opens the installation itself.

use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use waarborg_domain::{
    entry::{Act, Actor, Entry, Role},
    rights::{Channel, Request, Right},
};
use waarborg_store::Exported;
use waarborg_usecase::{
    Surface, console,
    keys,
    ports::{RetentionReport, StoreError},
    requests::{self, Receive},
    retention,
};

use crate::{home::Home, installation::Installation, stop::Stop};

/// One errand.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "errand", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Errand {
    /// Make a gateway key for a service and purpose of the register.
    IssueKey {
        /// A name for the operator.
        label: String,
        /// The service; the one for applications when it is not said.
        service: Option<String>,
        /// The purpose; the one of the chat when it is not said.
        purpose: Option<String>,
    },
    /// Make a one-time link into the console.
    ConsoleLink {
        /// The role that it gives.
        role: String,
    },
    /// Every data-subject request with its dates.
    ListRequests,
    /// Take in a request that came by letter, telephone or at the desk.
    ReceiveRequest {
        /// Which right.
        right: String,
        /// Where it came in.
        channel: String,
        /// In the person's own words.
        words: String,
        /// How they want to be answered.
        reply_to: String,
    },
    /// End the claims whose time has come.
    EndClaims,
    /// Say what ending claims would do now.
    ClaimsDue,
    /// Check the whole audit log.
    VerifyAudit,
    /// Write the audit log to a file so that a stranger can check it.
    ExportAudit {
        /// The file; it must not exist.
        file: PathBuf,
        /// With what the lines say, not only their commitments.
        payloads: bool,
    },
    /// Copy what is kept to a file, and the key store to another.
    Backup {
        /// The file for what is kept; it must not exist.
        file: PathBuf,
        /// The file for the key store; it must not exist.
        keys: Option<PathBuf>,
    },
}

/// What came of an errand.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reply {
    Done(Value),
    Refused { message: String, next: String },
    Unusable { message: String, next: String },
}

/// The service for applications in the registers that come with the program.
const GATEWAY: &str = "gateway";

/// How long a command waits for a running program.
const PATIENCE: Duration = Duration::from_mins(10);

/// Carries out an errand, by the running program or by ourselves.
///
/// # Errors
///
/// [`Stop`] with what the person can do.
pub(crate) fn carry_out(home: &Home, errand: Errand) -> Result<Value, Stop> {
    if let Some(reply) = ask_running(home, &errand)? {
        return match reply {
            Reply::Done(value) => Ok(value),
            Reply::Refused { message, next } => Err(Stop::Refused { message, next }),
            Reply::Unusable { message, next } => Err(Stop::Unusable { message, next }),
        };
    }
    crate::runtime()?.block_on(async {
        let installation = Installation::open(home)?;
        perform(&installation, errand).await
    })
}

/// Answers one line from the control socket with one line.
pub(crate) async fn answer(installation: &Installation, line: &str) -> String {
    let reply = match serde_json::from_str(line) {
        Ok(errand) => match perform(installation, errand).await {
            Ok(value) => Reply::Done(value),
            Err(Stop::Unusable { message, next }) => Reply::Unusable { message, next },
            Err(Stop::Refused { message, next }) => Reply::Refused { message, next },
            Err(Stop::Closed) => Reply::Done(Value::Null),
        },
        Err(_) => Reply::Unusable {
            message: "the running program does not know this errand".to_owned(),
            next: "use the same version for the command as for the server".to_owned(),
        },
    };
    serde_json::to_string(&reply).unwrap_or_default()
}

/// The reply of the running program; `None` where nothing runs.
#[cfg(unix)]
fn ask_running(home: &Home, errand: &Errand) -> Result<Option<Reply>, Stop> {
    use std::os::unix::net::UnixStream;

    let Ok(mut stream) = UnixStream::connect(home.control_socket()) else {
        return Ok(None);
    };
    let broken = |_: std::io::Error| {
        Stop::refused("the running program broke off", "look at its log; the errand may have been done or not")
    };
    stream.set_read_timeout(Some(PATIENCE)).map_err(broken)?;
    let line = serde_json::to_string(errand).unwrap_or_default();
    stream.write_all(format!("{line}\n").as_bytes()).map_err(broken)?;
    let mut reply = String::new();
    BufReader::new(stream).read_line(&mut reply).map_err(broken)?;
    serde_json::from_str(&reply).map(Some).map_err(|_| {
        Stop::refused("the running program gave no answer that we understand", "use the same version for both")
    })
}

/// Whether a server runs on this directory.
#[cfg(unix)]
pub(crate) fn is_running(home: &Home) -> bool {
    std::os::unix::net::UnixStream::connect(home.control_socket()).is_ok()
}

/// Elsewhere we cannot tell.
#[cfg(not(unix))]
pub(crate) fn is_running(_: &Home) -> bool {
    false
}

/// Elsewhere the server must be stopped first.
#[cfg(not(unix))]
fn ask_running(_: &Home, _: &Errand) -> Result<Option<Reply>, Stop> {
    Ok(None)
}

pub(crate) async fn perform(installation: &Installation, errand: Errand) -> Result<Value, Stop> {
    let desk = installation.house.desk();
    match errand {
        Errand::IssueKey { label, service, purpose } => {
            let gateway = desk.register.service(GATEWAY).map(|service| service.name.to_string());
            let surface = Surface {
                service: service.or(gateway).unwrap_or_else(|| desk.surfaces.chat.service.clone()),
                purpose: purpose.unwrap_or_else(|| desk.surfaces.chat.purpose.clone()),
                category: desk.surfaces.chat.category.clone(),
            };
            let key = keys::issue(&desk, Actor::Operator, &label, &surface, None).await.map_err(|error| {
                Stop::refused(format!("no key was issued: {error}"), "name a service and purpose of the register")
            })?;
            Ok(json!({ "gateway_key": key, "service": surface.service, "purpose": surface.purpose }))
        }
        Errand::ConsoleLink { role } => {
            let role = Role::parse(&role).ok_or_else(|| {
                Stop::unusable("there is no such role", "use officer, auditor or operator")
            })?;
            let token = console::link(&desk, role).await.map_err(stored)?;
            Ok(json!({ "console_link": installation.console_link(&token), "role": role.name() }))
        }
        Errand::ListRequests => {
            let requests = requests::list(&desk).await.map_err(stored)?;
            Ok(json!({ "requests": requests.iter().map(as_json).collect::<Vec<_>>() }))
        }
        Errand::ReceiveRequest { right, channel, words, reply_to } => {
            let right = Right::parse(&right).ok_or_else(|| {
                let known: Vec<&str> = Right::ALL.iter().map(|right| right.name()).collect();
                Stop::unusable("there is no such right", format!("use one of {}", known.join(", ")))
            })?;
            let channel = Channel::parse(&channel)
                .ok_or_else(|| Stop::unusable("there is no such channel", "use letter, mail, phone or counter"))?;
            let asked = Receive { right, channel, words, reply_to };
            let receipt = requests::receive(&desk, None, asked).await.map_err(|error| {
                Stop::refused(format!("the request was not received: {error}"), "mend the register or try again; nothing was kept")
            })?;
            let mut answer = as_json(&receipt.request);
            if let Some(answer) = answer.as_object_mut() {
                answer.insert("secret".to_owned(), json!(receipt.secret.text()));
            }
            Ok(answer)
        }
        Errand::EndClaims => Ok(claims(&retention::run(&desk, Actor::Operator).await.map_err(stored)?)),
        Errand::ClaimsDue => Ok(claims(&retention::would_do(&desk).await.map_err(stored)?)),
        Errand::VerifyAudit => {
            let report = console::verify_audit(&desk, Actor::Operator).await.map_err(stored)?;
            Ok(json!({
                "ok": report.faults.is_empty(),
                "n_entries": report.n_entries,
                "n_erased": report.n_erased,
                "root": report.root,
                "signed_at": report.signed_at.map(|at| at.to_string()),
                "faults": report.faults,
            }))
        }
        Errand::ExportAudit { file, payloads } => {
            refuse_existing(&file)?;
            let what = if payloads { Exported::Payloads } else { Exported::Proof };
            let n_entries = installation.archive.export_trail(&file, what).await.map_err(stored)?;
            Ok(json!({ "file": file, "n_entries": n_entries, "log_key": installation.archive.log_key() }))
        }
        Errand::Backup { file, keys } => {
            refuse_existing(&file)?;
            keys.as_deref().map_or(Ok(()), refuse_existing)?;
            let entry = Entry::new(desk.now(), Actor::Operator, Act::BackupMade);
            installation.archive.backup(&file, entry).await.map_err(stored)?;
            if let Some(keys) = &keys {
                installation.archive.backup_keys(keys).await.map_err(stored)?;
            }
            let bytes = std::fs::metadata(&file).map_or(0, |about| about.len());
            Ok(json!({ "file": file, "keys": keys, "bytes": bytes }))
        }
    }
}

fn refuse_existing(file: &Path) -> Result<(), Stop> {
    if file.exists() {
        return Err(Stop::unusable(format!("{} exists already", file.display()), "name a file that does not exist yet"));
    }
    Ok(())
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

fn stored(error: StoreError) -> Stop {
    Stop::refused(error.to_string(), "check the disk and the log, then try again")
}
