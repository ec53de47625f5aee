//! How mail is handed in; the server and its country stand in the register, like those of every recipient.

use std::{path::PathBuf, time::Duration};

use waarborg_domain::mail::MailAddress;
use waarborg_mail::Patience;

use super::reader::{Faults, Table};

/// What the register does not say about the server that takes outgoing mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MailSetting {
    /// The recipient's name in the register.
    pub(crate) recipient: String,
    /// From whom mail is.
    pub(crate) from: MailAddress,
    /// The account at the server, and the file with its password.
    pub(crate) login: Option<(String, PathBuf)>,
    /// Without TLS, to a server on this machine.
    pub(crate) is_plain: bool,
    /// How long the server may take.
    pub(crate) patience: Patience,
    /// The line in the file.
    pub(crate) line: usize,
}

/// How mail is sent; `None` where it is not.
pub(super) fn mail(root: &mut Table<'_>, faults: &mut Faults<'_>) -> Option<MailSetting> {
    let mut table = root.table("mail", faults)?;
    let line = faults.line(table.span().start);
    let span = table.span().clone();
    let recipient = table.text("recipient", faults);
    if recipient.is_none() {
        let mend = "write the name of a recipient of register.toml".to_owned();
        faults.add(
            "missing",
            &span,
            "`mail.recipient` is missing".to_owned(),
            mend,
        );
    }
    let from = table.text("from", faults);
    let read = from
        .as_ref()
        .and_then(|from| MailAddress::parse(&from.value));
    if read.is_none() {
        let place = from.as_ref().map_or(&span, |from| &from.span);
        let mend = "write an address without a name, such as \"privacy@example.nl\"".to_owned();
        faults.add(
            "mail",
            place,
            "`mail.from` is no mail address".to_owned(),
            mend,
        );
    }
    let user = table.text("user", faults);
    let password_file = table.text("password_file", faults);
    if user.is_some() != password_file.is_some() {
        let mend = "write both, or neither".to_owned();
        let message = "one of `mail.user` and `mail.password_file` is missing".to_owned();
        faults.add("mail", &span, message, mend);
    }
    let mut patience = Patience::default();
    for (key, limit) in [
        ("connect_seconds", &mut patience.connect),
        ("answer_seconds", &mut patience.answer),
    ] {
        if let Some(seconds) = table.number(key, 1..31, faults) {
            *limit = Duration::from_secs(seconds);
        }
    }
    let is_plain = table.truth("plain", faults).unwrap_or(false);
    table.finish(faults);
    Some(MailSetting {
        recipient: recipient?.value,
        from: read?,
        login: user
            .zip(password_file)
            .map(|(user, file)| (user.value, PathBuf::from(file.value))),
        is_plain,
        patience,
        line,
    })
}
