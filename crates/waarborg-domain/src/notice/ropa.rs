//! The record of processing activities (article 30), one row per processing.

use std::fmt::Write as _;

use crate::register::{Basis, Destination, Processing, Recipient, Register, Retention};

/// One row of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RopaRow {
    /// The rule that it follows from.
    pub rule: String,
    /// The controller, with contact and officer (article 30(1)(a)).
    pub controller: String,
    /// The service.
    pub service: String,
    /// The purpose (b).
    pub purpose: String,
    /// The term of the purpose in the Data Privacy Vocabulary.
    pub purpose_term: String,
    /// The legal basis and what it rests on.
    pub basis: String,
    /// Whose data (c).
    pub subjects: String,
    /// The categories of data (c).
    pub categories: String,
    /// The recipients (d).
    pub recipients: String,
    /// Transfers to third countries with their safeguards (e).
    pub transfers: String,
    /// The terms for erasure (f).
    pub retention: String,
    /// The security measures (g).
    pub measures: String,
}

/// The headings of the record, in the order of the columns.
pub const ROPA_HEAD: [&str; 12] = [
    "rule",
    "controller",
    "service",
    "purpose",
    "purpose_term",
    "legal_basis",
    "data_subjects",
    "categories",
    "recipients",
    "transfers",
    "retention",
    "measures",
];

/// The record of processing that follows from a register.
#[must_use]
pub fn record_of_processing(register: &Register) -> Vec<RopaRow> {
    register
        .processings()
        .iter()
        .map(|processing| row(register, processing))
        .collect()
}

/// The record as CSV, with a heading (RFC 4180).
#[must_use]
pub fn ropa_csv(register: &Register) -> String {
    csv(
        &ROPA_HEAD,
        record_of_processing(register)
            .into_iter()
            .map(RopaRow::cells),
    )
}

impl RopaRow {
    /// Its cells, in the order of [`ROPA_HEAD`].
    #[must_use]
    pub fn cells(self) -> [String; 12] {
        [
            self.rule,
            self.controller,
            self.service,
            self.purpose,
            self.purpose_term,
            self.basis,
            self.subjects,
            self.categories,
            self.recipients,
            self.transfers,
            self.retention,
            self.measures,
        ]
    }
}

/// One recipient: what it gets, where, on which instrument, and what it does with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientRow {
    /// The rule that it follows from.
    pub rule: String,
    /// Its cells, in the order of [`RECIPIENT_HEAD`].
    pub cells: [String; 13],
}

/// The headings of the list of recipients, in the order of the columns.
pub const RECIPIENT_HEAD: [&str; 13] = [
    "rule",
    "recipient",
    "kind",
    "country",
    "outside_eea",
    "mechanism",
    "valid_until",
    "contract",
    "purposes",
    "fields",
    "keeps",
    "trains",
    "sub_processors",
];

/// Everybody who receives data: processors, and transfers to third countries with their instruments (article 30(1)(d) and (e)).
#[must_use]
pub fn recipient_rows(register: &Register) -> Vec<RecipientRow> {
    let language = register.head().languages.first();
    let language = language.map_or("en", String::as_str);
    register
        .recipients()
        .map(|recipient| {
            let purposes = register
                .processings()
                .iter()
                .filter(|processing| processing.recipients.contains(&recipient.name))
                .map(|processing| format!("{}/{}", processing.service, processing.purpose));
            let mut purposes: Vec<String> = purposes.collect();
            purposes.dedup();
            let label = recipient.label.in_language(language);
            let keeps = match (recipient.stores_input, recipient.residual) {
                (false, _) => "no".to_owned(),
                (true, Some(residual)) => residual.to_string(),
                (true, None) => "yes".to_owned(),
            };
            let yes_or_no = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
            let cells = [
                recipient.rule(),
                label.unwrap_or(recipient.name.as_str()).to_owned(),
                recipient.kind.to_string(),
                recipient.country.clone(),
                yes_or_no(is_transfer(register, recipient)),
                recipient
                    .mechanism
                    .map(|mechanism| mechanism.to_string())
                    .unwrap_or_default(),
                recipient
                    .valid_until
                    .map(|day| day.to_string())
                    .unwrap_or_default(),
                recipient.dpa.clone().unwrap_or_default(),
                purposes.join("; "),
                recipient.fields.join("; "),
                keeps,
                yes_or_no(recipient.trains),
                recipient.sub_processors.join("; "),
            ];
            RecipientRow {
                rule: recipient.rule(),
                cells,
            }
        })
        .collect()
}

/// The list of recipients as CSV, with a heading (RFC 4180).
#[must_use]
pub fn recipients_csv(register: &Register) -> String {
    csv(
        &RECIPIENT_HEAD,
        recipient_rows(register).into_iter().map(|row| row.cells),
    )
}

fn csv<const N: usize>(head: &[&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut csv = format!("{}\r\n", head.join(","));
    for cells in rows {
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        let _ = write!(csv, "{}\r\n", cells.join(","));
    }
    csv
}

/// Those to whom a processing lets data leave the European Economic Area.
pub(super) fn transfers_of<'r>(
    register: &'r Register,
    processing: &'r Processing,
) -> impl Iterator<Item = &'r Recipient> {
    processing
        .recipients
        .iter()
        .filter_map(|name| register.recipient(name.as_str()))
        .filter(|recipient| is_transfer(register, recipient))
}

pub(super) fn is_transfer(register: &Register, recipient: &Recipient) -> bool {
    recipient.destination != Destination::Own && !register.law().is_eea(&recipient.country)
}

fn row(register: &Register, processing: &Processing) -> RopaRow {
    let controller = register.default_controller();
    let language = register
        .head()
        .languages
        .first()
        .map_or("en", String::as_str);
    let mut together = String::new();
    for joint in register.joint_controllers() {
        if joint.services.contains(&processing.service) {
            let _ = write!(together, "; together with {} (article 26)", joint.name);
        }
    }
    let officer = controller.officer.as_ref().map(|officer| {
        format!(
            "; officer: {} {}",
            officer.name.in_language(language).unwrap_or_default(),
            officer.mail.as_deref().unwrap_or_default()
        )
    });
    let privacy = controller
        .privacy
        .mail
        .as_deref()
        .or(controller.privacy.url.as_deref())
        .unwrap_or_default();
    let service = register.service(processing.service.as_str());
    let categories = processing.categories.iter().map(|name| {
        let rule = register.category(name.as_str());
        let label = rule
            .and_then(|rule| rule.label.in_language(language))
            .unwrap_or(name.as_str());
        let fields = rule.map(|rule| rule.fields.join(", ")).unwrap_or_default();
        format!("{label} ({fields})")
    });
    let recipients: Vec<_> = processing
        .recipients
        .iter()
        .filter_map(|name| register.recipient(name.as_str()))
        .collect();
    let transfers = transfers_of(register, processing);
    let retention = register.retentions().iter().filter(|retention| {
        retention.service == processing.service
            && retention.purpose == processing.purpose
            && processing.categories.contains(&retention.category)
    });

    RopaRow {
        rule: processing.rule.clone(),
        controller: format!(
            "{}, {}, {privacy}{}",
            controller.name,
            controller.address,
            officer.unwrap_or_default()
        ) + &together,
        service: service
            .and_then(|service| service.label.in_language(language))
            .unwrap_or(processing.service.as_str())
            .to_owned(),
        purpose: processing.purpose.to_string(),
        purpose_term: register
            .purpose(processing.purpose.as_str())
            .map(|rule| rule.dpv.clone())
            .unwrap_or_default(),
        basis: bases(processing),
        subjects: service
            .and_then(|service| service.people.in_language(language))
            .unwrap_or_default()
            .to_owned(),
        categories: categories.collect::<Vec<_>>().join("; "),
        recipients: recipients
            .iter()
            .map(|recipient| {
                format!(
                    "{} ({}, {})",
                    recipient.name, recipient.country, recipient.destination
                )
            })
            .collect::<Vec<_>>()
            .join("; "),
        transfers: transfers.map(transferred).collect::<Vec<_>>().join("; "),
        retention: retention.map(ended).collect::<Vec<_>>().join("; "),
        measures: register
            .measures()
            .iter()
            .filter_map(|measure| measure.label.in_language(language))
            .collect::<Vec<_>>()
            .join(" "),
    }
}

/// Where a recipient takes data, and by which instrument.
fn transferred(recipient: &Recipient) -> String {
    let mechanism = recipient
        .mechanism
        .map_or("none", |mechanism| mechanism.as_str());
    let until = recipient
        .valid_until
        .map(|day| format!(" until {day}"))
        .unwrap_or_default();
    format!(
        "{}: {} by {mechanism}{until}",
        recipient.name, recipient.country
    )
}

/// When a category ends, and how.
fn ended(retention: &Retention) -> String {
    let when = retention
        .when
        .as_ref()
        .map(|(name, value)| format!(" when {name}={value}"))
        .unwrap_or_default();
    format!(
        "{}{when}: {} + {} ({}, {})",
        retention.category,
        retention.trigger,
        retention.period,
        retention.kind.as_str(),
        retention.action.as_str()
    )
}

/// The basis and what it rests on, and the one that applies otherwise.
fn bases(processing: &Processing) -> String {
    let said = |basis: Basis, evidence: Option<&String>| match evidence {
        Some(evidence) => format!("{basis} ({evidence})"),
        None => basis.to_string(),
    };
    let first = said(processing.basis, processing.evidence.as_ref());
    match processing.otherwise {
        Some(otherwise) => format!(
            "{first}, otherwise {}",
            said(otherwise, processing.otherwise_evidence.as_ref())
        ),
        None => first,
    }
}

/// A cell of CSV; a formula of a spreadsheet is kept from running.
fn quoted(cell: &str) -> String {
    let guarded = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    if guarded.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}
