//! The gate, rule by rule, on the register of an organisation that sends every class of message.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::claim::Trigger;
use crate::law::Law;
use crate::permit::{HeldConsent, PersonState, Refusal};
use crate::register::Register;

const TODAY: Date = Date::constant(2026, 11, 22);
const NOW: &str = "2026-11-22T12:00:00Z";

/// A small register, with a server for mail and messages of every class.
fn register() -> Register {
    let source = include_str!("../register/tests/small.toml")
        .replace(
            "categories = [\"mail_address\"]\nbasis = \"consent\"",
            "categories = [\"mail_address\"]\nrecipients = [\"post\"]\nbasis = \"consent\"",
        )
        .replace("fields = [\"mail\"]", "fields = [\"mail\", \"message\"]")
        .replace("[message.news]\nclass = \"marketing\"\nmax = 12\n", "")
        .replace(
            "[message.reminder]\nclass = \"reminder\"\nmode = \"on_request\"\nwindow = \"trial_ended .. trial_ended + 14d\"\n",
            "",
        )
        + MESSAGES;
    Register::compile(&source, "small.toml", &Law::shipped().unwrap(), TODAY).unwrap_or_else(
        |faults| {
            let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
            panic!("{}", faults.join("\n"))
        },
    )
}

const MESSAGES: &str = r#"
[[processing]]
service = "chat"
purpose = "provide"
categories = ["mail_address"]
basis = "contract"
evidence = "terms"
recipients = ["post"]

[[retention]]
service = "chat"
category = "mail_address"
purpose = "provide"
claim = "created + 7d"
kind = "at_most"
action = "erase"
why = { nl = "Zo lang is het nodig.", en = "It is needed for that long." }

[recipient.post]
label = { nl = "de mailserver", en = "the mail server" }
kind = "internal"
country = "NL"
destination = "own"
stores_input = false
trains = false
base_url = "smtps://mail.voorbeeld.example"
fields = ["mail", "message"]

[message.news]
class = "marketing"
service = "chat"
purpose = "newsletter"
category = "mail_address"
max = 2

[message.change]
class = "legal"
service = "chat"
purpose = "provide"
category = "mail_address"

[message.order]
class = "service"
service = "chat"
purpose = "provide"
category = "mail_address"
marketing_part = "offer"

[message.opinion]
class = "survey"
service = "chat"
purpose = "provide"
category = "mail_address"

[message.asked]
class = "reminder"
mode = "on_request"
service = "chat"
purpose = "provide"
category = "mail_address"

[message.trial]
class = "reminder"
mode = "automatic"
window = "trial_ended .. trial_ended + 14d"
service = "chat"
purpose = "provide"
category = "mail_address"

[message.told]
class = "service"
"#;

/// What is asked of the gate, and may be changed.
struct Case {
    message: &'static str,
    person: PersonState,
    happened: Vec<Happened>,
    is_stopped: bool,
    is_selling_stopped: bool,
    n_sent: u64,
    stop: Option<String>,
    recipient: &'static str,
}

impl Case {
    fn of(message: &'static str) -> Self {
        let consent = HeldConsent {
            purpose: "newsletter".into(),
            entity: "voorbeeld".into(),
            text_version: "1".into(),
        };
        Self {
            message,
            person: PersonState {
                notice_seen: true,
                consents: vec![consent],
                ..PersonState::default()
            },
            happened: Vec::new(),
            is_stopped: false,
            is_selling_stopped: false,
            n_sent: 0,
            stop: Some("https://voorbeeld.example/mail/stop/x".into()),
            recipient: "post",
        }
    }

    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    fn ask(self) -> Result<Mail<Passed>, Held> {
        let draft = Draft {
            id: Uuid::nil(),
            message: self.message.into(),
            to: MailAddress::parse("jan@example.nl").unwrap(),
            from: MailAddress::parse("wij@voorbeeld.example").unwrap(),
            subject: SubjectLine::parse("Nieuws").unwrap(),
            text: "Dag Jan.".into(),
            selling: Some("Nu met korting.".into()),
            foot: "Afmelden kan.".into(),
            stop: self.stop,
        };
        let sending = Sending {
            person: &self.person,
            is_stopped: self.is_stopped,
            is_selling_stopped: self.is_selling_stopped,
            n_sent: self.n_sent,
            happened: &self.happened,
            recipient: self.recipient,
            now: NOW.parse().unwrap(),
            today: TODAY,
            zone: &TimeZone::UTC,
        };
        register().pass(draft, &sending)
    }

    fn held(self) -> Held {
        self.ask().unwrap_err()
    }
}

#[test]
fn a_mail_goes_to_the_server_of_the_register_and_says_what_was_written() {
    let mail = Case::of("news").ask().unwrap();
    assert_eq!(mail.server(), "smtps://mail.voorbeeld.example");
    assert_eq!(mail.text(), "Dag Jan.\n\nNu met korting.\n\nAfmelden kan.");
    assert_eq!(
        format!("{mail:?}"),
        format!("Mail({}, marketing)", Uuid::nil())
    );
}

#[test]
fn a_no_stops_what_can_be_refused_and_nothing_else() {
    for (message, is_held) in [
        ("news", true),
        ("opinion", true),
        ("change", false),
        ("order", false),
    ] {
        let outcome = Case::of(message).with(|case| case.is_stopped = true).ask();
        assert_eq!(outcome.err(), is_held.then_some(Held::Stopped), "{message}");
    }
}

#[test]
fn an_objection_takes_the_part_out_that_sells() {
    let mail = Case::of("order")
        .with(|case| case.is_selling_stopped = true)
        .ask()
        .unwrap();
    assert_eq!(mail.text(), "Dag Jan.\n\nAfmelden kan.");
}

#[test]
fn without_consent_or_after_an_objection_nothing_goes() {
    let none = Case::of("news").with(|case| case.person.consents.clear());
    assert!(matches!(
        none.held(),
        Held::NotAllowed(Refusal::NoConsent { .. })
    ));
    let objected = Case::of("news").with(|case| case.person.objections = vec!["newsletter".into()]);
    assert!(matches!(
        objected.held(),
        Held::NotAllowed(Refusal::Objected { .. })
    ));
    let restricted = Case::of("order").with(|case| case.person.restricted = true);
    assert_eq!(restricted.held(), Held::NotAllowed(Refusal::Restricted));
}

#[test]
fn what_can_be_refused_offers_a_way_to() {
    for message in ["news", "opinion"] {
        let without = Case::of(message).with(|case| case.stop = None);
        assert_eq!(without.held(), Held::NoWayOut, "{message}");
    }
    assert!(
        Case::of("order")
            .with(|case| case.stop = None)
            .ask()
            .is_ok()
    );
}

#[test]
fn a_reminder_goes_as_its_mode_says() {
    assert_eq!(Case::of("asked").held(), Held::NotAsked);
    let asked = Case::of("asked").with(|case| {
        case.person.consents.push(HeldConsent {
            purpose: "provide".into(),
            entity: "voorbeeld".into(),
            text_version: "1".into(),
        });
    });
    assert!(asked.ask().is_ok());
}

#[test]
fn a_message_goes_in_its_window_and_never_outside() {
    for (days_ago, is_open) in [(0, true), (13, true), (15, false), (-1, false)] {
        let now: Timestamp = NOW.parse().unwrap();
        let at = now - jiff::SignedDuration::from_hours(24 * days_ago);
        let outcome = Case::of("trial")
            .with(|case| case.happened = vec![(Trigger::TrialEnded, at)])
            .ask();
        assert_eq!(outcome.is_ok(), is_open, "{days_ago}");
    }
    assert_eq!(Case::of("trial").held(), Held::OutsideWindow);
    let other = Case::of("trial").with(|case| {
        case.happened = vec![(Trigger::AccountDeleted, NOW.parse().unwrap())];
    });
    assert_eq!(other.held(), Held::OutsideWindow);
}

#[test]
fn a_message_goes_as_often_as_the_register_says() {
    assert!(Case::of("news").with(|case| case.n_sent = 1).ask().is_ok());
    let often = Case::of("news").with(|case| case.n_sent = 2);
    assert_eq!(often.held(), Held::OftenEnough);
}

#[test]
fn what_the_register_does_not_say_is_not_sent() {
    for message in ["told", "nothing"] {
        assert_eq!(Case::of(message).held(), Held::Undeclared, "{message}");
    }
    let elsewhere = Case::of("news").with(|case| case.recipient = "model");
    assert!(matches!(
        elsewhere.held(),
        Held::NotAllowed(Refusal::RecipientNotForPurpose { .. })
    ));
    let nobody = Case::of("news").with(|case| case.recipient = "nobody");
    assert_eq!(nobody.held(), Held::NotAllowed(Refusal::UnknownRecipient));
}

proptest! {
    #[test]
    fn text_is_text_whatever_was_written(text in any::<String>()) {
        let read = readable(&text);
        prop_assert!(!read.chars().any(|letter| letter.is_control() && letter != '\n' && letter != '\t'));
    }
}
