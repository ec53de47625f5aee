//! `waarborg keys`: keys for applications, issued, listed and taken back; and one-time links for people.

use clap::{Args, Subcommand};
use serde_json::Value;

use crate::{
    errand::{Bounds, Errand, carry_out},
    home::Home,
    printer::Printer,
    stop::{Outcome, Stop},
};

/// Issues keys and links, and takes keys back.
#[derive(Debug, Args)]
pub(crate) struct Keys {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Make a gateway key for an application; it is shown once.
    Issue(Box<Issue>),
    /// Show every key that was issued, without its secret.
    List {
        #[command(flatten)]
        home: Home,
    },
    /// Take a key back; from that moment it opens nothing, also where the server runs.
    Revoke {
        /// The id that `waarborg keys list` shows.
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        home: Home,
    },
    /// Make a one-time link into the console.
    Console {
        /// What the holder may do there.
        #[arg(long, value_parser = ["officer", "auditor", "operator"], default_value = "officer")]
        role: String,
        #[command(flatten)]
        home: Home,
    },
}

/// What a key is for, and within what.
#[derive(Debug, Args)]
struct Issue {
    /// A name for yourself, not of a person.
    #[arg(long, default_value = "application")]
    label: String,
    /// The service of the register that it may use.
    #[arg(long)]
    service: Option<String>,
    /// The purpose of the register that it may pursue.
    #[arg(long)]
    purpose: Option<String>,
    /// A model that it may ask for; more than once for more of them. Without it: every model.
    #[arg(long = "model", value_name = "MODEL")]
    models: Vec<String>,
    /// A policy that is stricter than the one in force.
    #[arg(long)]
    policy: Option<String>,
    /// A group of the register: what the policy changes for that group holds for this key.
    #[arg(long)]
    group: Option<String>,
    /// Its application asks people before it sends what the policy warns of, and passes their yes on.
    #[arg(long)]
    may_confirm: bool,
    /// The application of waarborg.toml ([writer.NAME]) that signs for who writes; without its token nothing goes.
    #[arg(long, value_name = "NAME")]
    signed_by: Option<String>,
    /// The day from which it opens nothing any more, such as 2027-12-31.
    #[arg(long, value_name = "DAY")]
    expires: Option<String>,
    /// How many requests it may make in a minute.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    requests_per_minute: Option<u32>,
    /// How many tokens it may use in a day.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    tokens_per_day: Option<u64>,
    /// How many cents it may cost in a month; the prices stand in waarborg.toml.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    cents_per_month: Option<u32>,
    /// It opens for tokens of issuers alone ([issuer.…] in waarborg.toml): its id is shown, and nobody gets its secret.
    #[arg(long)]
    for_tokens: bool,
    #[command(flatten)]
    home: Home,
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when the installation cannot be used or the register does not allow it.
pub(crate) fn run(ask: &Keys, printer: &mut Printer) -> Result<Outcome, Stop> {
    match &ask.act {
        Act::Issue(issue) => {
            let errand = Errand::IssueKey {
                label: issue.label.clone(),
                service: issue.service.clone(),
                purpose: issue.purpose.clone(),
                bounds: Bounds {
                    models: issue.models.clone(),
                    policy: issue.policy.clone(),
                    group: issue.group.clone(),
                    may_confirm: issue.may_confirm,
                    signed_by: issue.signed_by.clone(),
                    expires: issue.expires.clone(),
                    requests_per_minute: issue.requests_per_minute,
                    tokens_per_day: issue.tokens_per_day,
                    cents_per_month: issue.cents_per_month,
                },
            };
            let mut made = carry_out(&issue.home, errand)?;
            if !issue.for_tokens {
                return show_secret(&made, "gateway_key", printer);
            }
            if let Some(members) = made.as_object_mut() {
                members.remove("gateway_key");
            }
            show_secret(&made, "id", printer)
        }
        Act::Console { role, home } => {
            let errand = Errand::ConsoleLink { role: role.clone() };
            show_secret(&carry_out(home, errand)?, "console_link", printer)
        }
        Act::List { home } => {
            let listed = carry_out(home, Errand::ListKeys)?;
            let keys = listed.get("gateway_keys").and_then(Value::as_array);
            let text: String = keys.into_iter().flatten().map(line).collect();
            printer.either(&listed, &text)?;
            Ok(Outcome::Good)
        }
        Act::Revoke { id, home } => {
            let revoked = carry_out(home, Errand::RevokeKey { id: id.clone() })?;
            printer.either(&revoked, &line(&revoked))?;
            Ok(Outcome::Good)
        }
    }
}

fn show_secret(made: &Value, name: &str, printer: &mut Printer) -> Result<Outcome, Stop> {
    let secret = made.get(name).and_then(Value::as_str).unwrap_or_default();
    printer.either(made, &format!("{secret}\n"))?;
    Ok(Outcome::Good)
}

/// A key on one line: its id, what it is for, and until when it opens.
fn line(key: &Value) -> String {
    let of = |name: &str| key.get(name).and_then(Value::as_str);
    let word = |name: &str| of(name).unwrap_or_default();
    let state = match (of("revoked_at"), of("expires_at")) {
        (Some(at), _) => format!("revoked {at}"),
        (None, Some(at)) => format!("opens until {at}"),
        (None, None) => "opens".to_owned(),
    };
    let count = |name: &str, what: &str| {
        let number = key.get(name).and_then(Value::as_u64);
        number.map(|number| format!(", {number} {what}"))
    };
    let models: Vec<&str> = key
        .get("models")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let bounds = [
        (!models.is_empty()).then(|| format!(", only {}", models.join(" and "))),
        of("policy").map(|policy| format!(", policy {policy}")),
        of("group").map(|group| format!(", group {group}")),
        (key.get("may_confirm") == Some(&Value::Bool(true))).then(|| ", may confirm".to_owned()),
        of("signed_by").map(|name| format!(", writers signed by {name}")),
        count("requests_per_minute", "requests a minute"),
        count("tokens_per_day", "tokens a day"),
        count("cents_per_month", "cents a month"),
    ];
    let bounds: String = bounds.into_iter().flatten().collect();
    format!(
        "{}  {} for {}  {}  issued {}  {state}{bounds}\n",
        word("id"),
        word("service"),
        word("purpose"),
        word("label"),
        word("created_at"),
    )
}
