//! A mail as the bytes that a server takes.

use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::{Address, address::Envelope};
use waarborg_domain::mail::{Mail, Passed};
use waarborg_domain::register::MessageClass;

/// A mail, ready to be handed in.
pub(crate) struct Letter {
    pub(crate) envelope: Envelope,
    pub(crate) bytes: Vec<u8>,
}

/// Writes a mail; `None` if it cannot be one, which its types rule out.
///
/// The gate read the addresses and the subject as single lines, and the library encodes what is not plain, so no
/// word of a mail becomes a line of its head.
pub(crate) fn write(mail: &Mail<Passed>) -> Option<Letter> {
    let from: Address = mail.from().as_str().parse().ok()?;
    let to: Address = mail.to().as_str().parse().ok()?;
    let envelope = Envelope::new(Some(from.clone()), vec![to.clone()]).ok()?;
    let mut head = Message::builder()
        .from(Mailbox::new(None, from.clone()))
        .to(Mailbox::new(None, to))
        .subject(mail.subject().as_str())
        .date(moment(mail.passed_at().as_second()))
        // The same at every try: a server that got it twice can tell.
        .message_id(Some(format!("<{}@{}>", mail.id(), from.domain())))
        .raw_header(plain("Auto-Submitted", "auto-generated")?)
        .header(ContentType::TEXT_PLAIN);
    if let Some(stop) = mail.stop() {
        // RFC 8058: programs for mail show a button of their own, which sends this without asking further.
        head = head
            .raw_header(plain("List-Unsubscribe", &format!("<{stop}>"))?)
            .raw_header(plain(
                "List-Unsubscribe-Post",
                "List-Unsubscribe=One-Click",
            )?);
    }
    if mail.class() == MessageClass::Marketing {
        head = head.raw_header(plain("Precedence", "bulk")?);
    }
    let bytes = head.body(mail.text().to_owned()).ok()?.formatted();
    Some(Letter { envelope, bytes })
}

/// A line of the head that needs no encoding; `None` if it would.
fn plain(name: &'static str, value: &str) -> Option<HeaderValue> {
    let is_plain = value
        .bytes()
        .all(|byte| byte.is_ascii_graphic() || byte == b' ');
    let name = HeaderName::new_from_ascii_str(name);
    is_plain
        .then(|| HeaderValue::dangerous_new_pre_encoded(name, value.to_owned(), value.to_owned()))
}

fn moment(seconds: i64) -> SystemTime {
    let since = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
    SystemTime::UNIX_EPOCH + since
}
