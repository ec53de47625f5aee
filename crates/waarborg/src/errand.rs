//! What an operator asks of an installation, whether it is running or not.
//!
//! A running program holds the log and the keys; a command then hands its errand over at the control socket in the
//! data directory, which only the owner can open. Where nothing runs, the command opens the installation itself.

mod disclosures;
mod key;
mod mail;
mod perform;

use std::{
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{home::Home, installation::Installation, stop::Stop};

pub(crate) use perform::perform;

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
        /// Within what it may be used.
        #[serde(default)]
        bounds: Bounds,
    },
    /// Every gateway key that was issued.
    ListKeys,
    /// Take a gateway key back.
    RevokeKey {
        /// Its id, as the list shows it.
        id: String,
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
    /// Say what one request says and how to answer it; reading is written in the log.
    ShowRequest {
        /// Its reference.
        reference: String,
    },
    /// Move one request to another stage.
    MoveRequest {
        /// Its reference.
        reference: String,
        /// The stage.
        stage: String,
    },
    /// Note that something happened to a person.
    PostEvent {
        /// The event, as the register names it.
        name: String,
        /// The number of the person.
        person: String,
        /// When; now when it is not said.
        at: Option<String>,
    },
    /// Say what is left of records that ended as numbers.
    Numbers {
        /// Leave out what is smaller.
        least: u64,
    },
    /// Every disclosure about a person, without what it says of them.
    ListDisclosures {
        /// The number of the person.
        person: String,
    },
    /// Say to which addresses marketing may be sent now.
    FilterMessages {
        /// The purpose of the register.
        purpose: String,
        /// The addresses.
        addresses: Vec<String>,
    },
    /// Put mails in the queue.
    SendMails {
        /// The message of the register.
        message: String,
        /// To whom, as lines.
        to: Vec<String>,
        /// What they are about.
        subject: String,
        /// What they say.
        text: String,
        /// The part that sells.
        selling: Option<String>,
        /// The language of it.
        language: String,
    },
    /// Tell the persons concerned that the notice changes.
    TellChange {
        /// The message of the register.
        message: String,
        /// The language of it.
        language: String,
    },
    /// Say how far a job of mails is.
    CountMails {
        /// Its number.
        job: String,
    },
    /// Stop a job of mails.
    StopMails {
        /// Its number.
        job: String,
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

/// Within what a gateway key may be used, as an operator asks for it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Bounds {
    /// The models that it may ask for; all if none is named.
    pub(crate) models: Vec<String>,
    /// A policy that is stricter than the one in force.
    pub(crate) policy: Option<String>,
    /// The group of the register whose prompts it carries.
    pub(crate) group: Option<String>,
    /// Whether its application may pass on a person's yes to a warning.
    pub(crate) may_confirm: bool,
    /// The application of `waarborg.toml` that must sign for who writes.
    pub(crate) signed_by: Option<String>,
    /// The day from which it opens nothing any more.
    pub(crate) expires: Option<String>,
    /// Requests in a minute.
    pub(crate) requests_per_minute: Option<u32>,
    /// Tokens in a day.
    pub(crate) tokens_per_day: Option<u64>,
    /// Cents in a month.
    pub(crate) cents_per_month: Option<u32>,
}

/// What came of an errand.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reply {
    Done(Value),
    Refused { message: String, next: String },
    Unusable { message: String, next: String },
}

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
        let desk = installation.house.desk();
        let register = crate::serve::reaching(&installation, &desk.register).await?;
        let policy = Arc::clone(&desk.policy);
        installation.house.publish(register, policy);
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
        Stop::refused(
            "the running program broke off",
            "look at its log; the errand may have been done or not",
        )
    };
    stream.set_read_timeout(Some(PATIENCE)).map_err(broken)?;
    let line = serde_json::to_string(errand).unwrap_or_default();
    stream
        .write_all(format!("{line}\n").as_bytes())
        .map_err(broken)?;
    let mut reply = String::new();
    BufReader::new(stream)
        .read_line(&mut reply)
        .map_err(broken)?;
    serde_json::from_str(&reply).map(Some).map_err(|_| {
        Stop::refused(
            "the running program gave no answer that we understand",
            "use the same version for both",
        )
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
