//! `waarborg register`: what the register declares, what changed, and the record of processing activities.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use serde_json::{Value, json};
use waarborg_domain::notice::{
    Notice, Shown, changes_in_words, recipients_csv, record_as_linked_data, ropa_csv, ropa_pdf,
    ropa_xlsx,
};
use waarborg_domain::register::{
    Basis, Class, Diff, Lack, Mechanism, Procedure, Processing, Recipient, Register as Declared,
    Retention, skeleton,
};

use crate::{
    clock::WallClock,
    configuration,
    home::Home,
    printer::{Output, Printer, tell},
    stop::{Outcome, Stop},
};

/// Shows the register.
#[derive(Debug, Args)]
pub(crate) struct Register {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Show every rule: processings, retention, recipients.
    Show {
        /// Another register than the one of the directory.
        #[arg(long, value_name = "FILE", conflicts_with = "dir")]
        register: Option<PathBuf>,
        #[command(flatten)]
        home: Home,
    },
    /// Say what changes between two registers, of which class each change is, and what it asks.
    Diff(Diffing),
    /// Write the beginning of a processing on a legal basis, with the questions that it asks.
    Skeleton {
        /// The legal basis.
        #[arg(long, value_parser = Basis::WORDS.to_vec())]
        basis: String,
        /// The service for which it is.
        #[arg(long, default_value = "?", value_parser = name)]
        service: String,
        /// The purpose.
        #[arg(long, default_value = "?", value_parser = name)]
        purpose: String,
    },
    /// Write the record of processing activities (article 30(1)), the recipients, or the rules for the use of AI.
    Export {
        /// The form of the record.
        #[arg(long, value_enum, default_value_t = Format::RopaCsv)]
        format: Format,
        /// The language of a text for people.
        #[arg(long, value_parser = ["nl", "en"], default_value = "nl")]
        lang: String,
        /// Another register than the one of the directory.
        #[arg(long, value_name = "FILE", conflicts_with = "dir")]
        register: Option<PathBuf>,
        #[command(flatten)]
        home: Home,
    },
}

#[derive(Debug, Args)]
struct Diffing {
    /// The old and the new register; with one file the old one is that of the directory.
    #[arg(value_name = "FILE", required = true, num_args = 1..=2)]
    files: Vec<PathBuf>,
    /// Exit with 1 only where a change goes at least this far.
    #[arg(long, value_enum, default_value_t = Furthest::Editorial)]
    from: Furthest,
    /// The language.
    #[arg(long, value_parser = ["nl", "en"], default_value = "nl")]
    lang: String,
    #[command(flatten)]
    home: Home,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Furthest {
    /// Any change.
    Editorial,
    /// Something that people were told is different.
    Material,
    /// Data that is there already gets another purpose.
    NewPurpose,
}

impl From<Furthest> for Class {
    fn from(from: Furthest) -> Self {
        match from {
            Furthest::Editorial => Self::Editorial,
            Furthest::Material => Self::Material,
            Furthest::NewPurpose => Self::NewPurpose,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The record: a table with one row for each processing.
    RopaCsv,
    /// The record and the recipients as a workbook.
    RopaXlsx,
    /// The record and the recipients to print and to sign.
    RopaPdf,
    /// The record as linked data, in the Data Privacy Vocabulary.
    DpvJsonld,
    /// Everybody who receives data: processors, and transfers with their instruments.
    RecipientsCsv,
    /// The same as a text for people.
    RecipientsMd,
    /// The rules for the use of AI, from the matrix of the policy.
    AiPolicyMd,
}

/// A name as the register has them: it goes into a file.
fn name(text: &str) -> Result<String, &'static str> {
    let is_plain = |letter: char| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_' || letter == '-'
    };
    if text == "?" || (!text.is_empty() && text.chars().all(is_plain)) {
        Ok(text.to_owned())
    } else {
        Err("write small letters, digits, _ and -")
    }
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when a register cannot be read or has faults.
pub(crate) fn run(ask: &Register, printer: &mut Printer) -> Result<Outcome, Stop> {
    match &ask.act {
        Act::Show { register, home } => show(&compiled(register.as_ref(), home)?, printer),
        Act::Diff(ask) => diff(ask, printer),
        Act::Skeleton {
            basis,
            service,
            purpose,
        } => {
            let basis = Basis::parse(basis).unwrap_or(Basis::Legit);
            printer.text(&skeleton(basis, service, purpose))?;
            Ok(Outcome::Good)
        }
        Act::Export {
            format,
            lang,
            register,
            home,
        } => {
            let today = configuration::today(&WallClock::of(home));
            let register = compiled(register.as_ref(), home)?;
            export(*format, &register, lang, today, printer)
        }
    }
}

fn export(
    format: Format,
    register: &Declared,
    language: &str,
    at: Date,
    printer: &mut Printer,
) -> Result<Outcome, Stop> {
    let shown = Shown {
        at,
        residence: None,
        language,
        notice: None,
    };
    match format {
        Format::RopaCsv => printer.text(&ropa_csv(register))?,
        Format::RopaXlsx => printer.bytes(&ropa_xlsx(register))?,
        Format::RopaPdf => printer.bytes(&ropa_pdf(register))?,
        Format::DpvJsonld => printer.text(&format!("{:#}\n", record_as_linked_data(register)))?,
        Format::RecipientsCsv => printer.text(&recipients_csv(register))?,
        Format::RecipientsMd => {
            printer.text(&Notice::of_recipients(register, &shown).to_markdown())?;
        }
        Format::AiPolicyMd => printer.text(&Notice::of_ai_use(register, &shown).to_markdown())?,
    }
    Ok(Outcome::Good)
}

/// The named register, or that of the directory; faults are told on standard error.
pub(crate) fn compiled(file: Option<&PathBuf>, home: &Home) -> Result<Declared, Stop> {
    let path = file.cloned().unwrap_or_else(|| home.register());
    let today = configuration::today(&WallClock::of(home));
    configuration::read_register(&path, today)?.map_err(|faults| {
        for fault in &faults {
            tell(fault);
        }
        Stop::unusable(
            format!("{} has faults", path.display()),
            "mend them as written above",
        )
    })
}

fn show(register: &Declared, printer: &mut Printer) -> Result<Outcome, Stop> {
    let rules = rules(register);
    if printer.output() == Output::Json {
        let rules: serde_json::Map<String, Value> = rules.into_iter().collect();
        printer.json(
            &json!({ "name": register.head().name, "version": register.version(), "rules": rules }),
        )?;
        return Ok(Outcome::Good);
    }
    printer.line(format_args!(
        "{}, version {}",
        register.head().name,
        register.version()
    ))?;
    for (name, rule) in rules {
        printer.line(format_args!("{name}  {}", sentence(&rule)))?;
    }
    Ok(Outcome::Good)
}

fn diff(ask: &Diffing, printer: &mut Printer) -> Result<Outcome, Stop> {
    let (old, new) = match ask.files.as_slice() {
        [old, new] => (Some(old), new),
        [new] => (None, new),
        _ => {
            return Err(Stop::unusable(
                "there is nothing to compare",
                "name the old and the new register",
            ));
        }
    };
    let old = compiled(old, &ask.home)?;
    let new = compiled(Some(new), &ask.home)?;
    let today = configuration::today(&WallClock::of(&ask.home));
    let diff = old.diff(&new, today);
    if printer.output() == Output::Json {
        printer.json(&diff_document(&diff, &old, &new))?;
    } else {
        printer.text(&changes_in_words(&diff, &ask.lang))?;
    }
    let from = Class::from(ask.from);
    Ok(match diff.class() {
        Some(class) if class >= from => Outcome::Findings,
        _ => Outcome::Good,
    })
}

fn diff_document(diff: &Diff, old: &Declared, new: &Declared) -> Value {
    let changes: Vec<Value> = diff
        .changes
        .iter()
        .map(|change| {
            json!({
                "rule": change.rule,
                "key": change.key,
                "from": change.from,
                "to": change.to,
                "class": change.class.name(),
                "matter": change.matter.name(),
                "only_narrows": change.only_narrows,
                "procedure": procedure_document(change.procedure),
            })
        })
        .collect();
    let lacks: Vec<Value> = diff
        .lacks
        .iter()
        .map(|lack| match lack {
            Lack::SameVersion => json!({ "lack": lack.name() }),
            Lack::TooEarly { not_before } => {
                json!({ "lack": lack.name(), "not_before": not_before.to_string() })
            }
            Lack::NoNote { rule } => json!({ "lack": lack.name(), "rule": rule }),
        })
        .collect();
    json!({
        "from": old.version(),
        "to": new.version(),
        "class": diff.class().map(Class::name),
        "procedure": procedure_document(diff.procedure()),
        "changes": changes,
        "lacks": lacks,
    })
}

fn procedure_document(procedure: Procedure) -> Value {
    json!({
        "announced_days": procedure.announced_days,
        "tells_people": procedure.tells_people,
        "old_data": procedure.old_data.name(),
        "second_approver": procedure.second_approver,
    })
}

/// Every rule under its id, as plain values.
fn rules(register: &Declared) -> Vec<(String, Value)> {
    let processings = register
        .processings()
        .iter()
        .map(|processing| (processing.rule.clone(), processing_rule(processing)));
    let retentions = register
        .retentions()
        .iter()
        .map(|retention| (retention.rule.clone(), retention_rule(retention)));
    let recipients = register
        .recipients()
        .map(|recipient| (recipient.rule(), recipient_rule(recipient)));
    let profile = (
        "policy".to_owned(),
        json!({ "profile": register.policy_profile().as_str() }),
    );
    processings
        .chain(retentions)
        .chain(recipients)
        .chain([profile])
        .collect()
}

fn processing_rule(processing: &Processing) -> Value {
    json!({
        "service": processing.service.to_string(),
        "purpose": processing.purpose.to_string(),
        "categories": words(&processing.categories),
        "basis": processing.basis.as_str(),
        "evidence": processing.evidence,
        "recipients": words(&processing.recipients),
    })
}

fn retention_rule(retention: &Retention) -> Value {
    json!({
        "service": retention.service.to_string(),
        "category": retention.category.to_string(),
        "purpose": retention.purpose.to_string(),
        "when": retention.when.as_ref().map(|(name, value)| format!("{name}={value}")),
        "claim": claim(retention),
        "kind": retention.kind.as_str(),
        "action": retention.action.as_str(),
    })
}

fn recipient_rule(recipient: &Recipient) -> Value {
    json!({
        "kind": recipient.kind.as_str(),
        "country": recipient.country,
        "destination": recipient.destination.as_str(),
        "mechanism": recipient.mechanism.map(Mechanism::as_str),
        "valid_until": recipient.valid_until.map(|day| day.to_string()),
        "base_url": recipient.base_url,
        "fields": recipient.fields,
    })
}

fn claim(retention: &Retention) -> String {
    if retention.trigger.is_memory_only() {
        return retention.trigger.to_string();
    }
    format!("{} + {}", retention.trigger, retention.period)
}

fn words<T: ToString>(names: &[T]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

/// A rule on one line: `purpose answer, basis contract`.
fn sentence(rule: &Value) -> String {
    let parts = rule
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| {
            let shown = match value {
                Value::Null => return None,
                Value::String(text) => text.clone(),
                Value::Array(items) => items
                    .iter()
                    .filter_map(Value::as_str)
                    .collect::<Vec<_>>()
                    .join("+"),
                other => other.to_string(),
            };
            (!shown.is_empty()).then(|| format!("{name} {shown}"))
        });
    parts.collect::<Vec<_>>().join(", ")
}
