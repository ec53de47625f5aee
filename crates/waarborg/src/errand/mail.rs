//! Errands about mails to many people.

use serde_json::{Map, Value, json};
use waarborg_domain::{
    entry::Actor,
    ids::{ObjectId, SubjectId},
    mail::{MailAddress, SubjectLine},
};
use waarborg_usecase::{
    Desk,
    mail::{self, Addressee, Mailing, MailingError, Sender, TellError},
};

use super::perform::stored;
use crate::stop::Stop;

/// What somebody wants to send, as the command line has it.
pub(super) struct Asked {
    pub(super) message: String,
    pub(super) to: Vec<String>,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) selling: Option<String>,
    pub(super) language: String,
}

/// Puts mails in the queue.
///
/// # Errors
///
/// [`Stop`] with what is missing; then nothing is sent.
pub(super) async fn send(desk: &Desk, asked: Asked) -> Result<Value, Stop> {
    let subject = SubjectLine::parse(&asked.subject).ok_or_else(|| {
        Stop::unusable(
            "the subject is empty, too long or more than one line",
            "write one line of at most 200 characters",
        )
    })?;
    if asked.text.trim().is_empty() {
        return Err(Stop::unusable(
            "the text is empty",
            "write what the mail says",
        ));
    }
    let language = mail::language(&asked.language)
        .ok_or_else(|| Stop::unusable("there is no such language", "use nl or en"))?;
    let mut addressees = Vec::with_capacity(asked.to.len());
    let mut unread = Vec::new();
    for (line, nth) in asked.to.iter().zip(1_usize..) {
        match addressee(line) {
            Some(addressee) => addressees.push(addressee),
            None => unread.push(nth),
        }
    }
    let mailing = Mailing {
        subject,
        text: asked.text,
        selling: asked.selling,
        language,
    };
    let sender = Sender::new(desk, Actor::Operator);
    let job = mail::queue(desk, sender, &asked.message, mailing, addressees)
        .await
        .map_err(|error| refused(&error))?;
    Ok(json!({
        "job": job.id.to_string(),
        "n_waiting": job.n_waiting,
        "n_not_allowed": job.n_not_allowed,
        "n_twice": job.n_twice,
        "lines_unread": unread,
    }))
}

/// Puts mails about the newest change of the register in the queue, to everybody concerned who can be reached.
///
/// # Errors
///
/// [`Stop`] with what is missing; then nothing is sent.
pub(super) async fn tell(desk: &Desk, message: &str, language: &str) -> Result<Value, Stop> {
    let language = mail::language(language)
        .ok_or_else(|| Stop::unusable("there is no such language", "use nl or en"))?;
    let told = mail::tell(desk, Actor::Operator, message, language)
        .await
        .map_err(|error| match error {
            TellError::Mailing(MailingError::Nobody) => Stop::refused(
                "nobody concerned has a mail address here that may be used for this",
                "tell people at the page itself: it shows a changed notice before they go on",
            ),
            TellError::Mailing(error) => refused(&error),
            TellError::NotLegal => Stop::unusable(
                "the message is not of the class legal",
                "write class = \"legal\" at [message.…]: what must be told cannot be refused",
            ),
            TellError::Unchanged => Stop::refused(
                "the newest register changes nothing that people must be told",
                "see `waarborg register diff`",
            ),
        })?;
    Ok(json!({
        "job": told.job.id.to_string(),
        "effective": told.effective.to_string(),
        "late": told.is_late,
        "n_waiting": told.job.n_waiting,
        "n_not_allowed": told.job.n_not_allowed,
        "n_twice": told.job.n_twice,
        "n_not_reached": told.n_not_reached,
    }))
}

/// How far a job is.
///
/// # Errors
///
/// [`Stop`] when there is no such job.
pub(super) async fn count(desk: &Desk, job: &str) -> Result<Value, Stop> {
    let id = number(job)?;
    let count = mail::count(desk, id).await.map_err(stored)?;
    let mut said = Map::new();
    said.insert("job".to_owned(), json!(id.to_string()));
    said.insert("n_waiting".to_owned(), json!(count.n_waiting));
    for (end, n) in count.n_ended {
        said.insert(format!("n_{}", end.name()), json!(n));
    }
    Ok(Value::Object(said))
}

/// Stops a job.
///
/// # Errors
///
/// [`Stop`] when nothing was stopped.
pub(super) async fn stop(desk: &Desk, job: &str) -> Result<Value, Stop> {
    let id = number(job)?;
    let n = mail::end(desk, Actor::Operator, id).await.map_err(stored)?;
    Ok(json!({ "job": id.to_string(), "n_stopped": n }))
}

/// A line: an address, and perhaps the number of a person.
fn addressee(line: &str) -> Option<Addressee> {
    let mut parts = line
        .split([',', ';', '\t', ' '])
        .filter(|part| !part.is_empty());
    let address = MailAddress::parse(parts.next()?)?;
    let person = match parts.next() {
        Some(number) => Some(number.parse().map(SubjectId).ok()?),
        None => None,
    };
    parts
        .next()
        .is_none()
        .then_some(Addressee { address, person })
}

fn number(job: &str) -> Result<ObjectId, Stop> {
    job.trim().parse().map(ObjectId).map_err(|_| {
        Stop::unusable(
            "this is no number of a job",
            "take it from what `waarborg mail send` said",
        )
    })
}

fn refused(error: &MailingError) -> Stop {
    let next = match error {
        MailingError::NoPost => "add [mail] to waarborg.toml, and start the program again",
        MailingError::NoMessage => {
            "add service, purpose and category to [message.…] of register.toml"
        }
        MailingError::NoRetention => {
            "add [[retention]] of the kind at_most for that service, purpose and category, such as claim = \"created + 7d\""
        }
        MailingError::NoSellingPart => "leave the part out, or name marketing_part in the register",
        MailingError::Nobody => "write at least one address in the file, one a line",
        MailingError::Store(error) => return stored(*error),
    };
    Stop::refused(error.to_string(), next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_an_address_and_perhaps_a_number() {
        let number = "01934b1a-7f00-7000-8000-000000000001";
        for separator in [",", ";", "\t", " , "] {
            let line = format!("jan@example.nl{separator}{number}");
            let found = addressee(&line).unwrap();
            assert_eq!(found.address.as_str(), "jan@example.nl");
            assert_eq!(found.person.unwrap().to_string(), number);
        }
        assert!(addressee("jan@example.nl").unwrap().person.is_none());
        for bad in [
            "",
            "jan",
            "jan@example.nl x",
            "jan@example.nl, piet@example.nl",
        ] {
            assert!(addressee(bad).is_none(), "{bad}");
        }
    }
}
