//! What one line of the audit log says: who did what, when, for which purpose, on which object. Never content.

use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};

use jiff::Timestamp;
use uuid::Uuid;
use waarborg_detect::Kind;

use crate::audit::{DestroyedKey, KeyTrace};
use crate::ids::{GatewayKeyId, SessionId, SubjectId};
use crate::json::escape_into;
use crate::policy::Verdict;

/// Who acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The person themselves.
    Subject(SubjectId),
    /// An application, by its gateway key.
    Application(GatewayKeyId),
    /// Staff in the console.
    Staff {
        /// Their session.
        session: SessionId,
        /// What they may do.
        role: Role,
    },
    /// The operator at the command line.
    Operator,
    /// The program itself: the schedule, a start, a restore.
    House,
}

/// What staff may do in the console. A role is not a rank: none includes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The privacy desk: handles requests, reads what a request needs.
    Officer,
    /// Checks evidence; reads no content.
    Auditor,
    /// Runs the installation; reads no content.
    Operator,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Officer, Self::Auditor, Self::Operator];

    /// The role's name in settings, URLs and the log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Auditor => "auditor",
            Self::Operator => "operator",
        }
    }

    /// Reads a role's name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Act { $($(#[$doc])* $name,)* }

        impl Act {
            /// Every act.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The act's stable name in the log.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

acts! {
    /// A person saw the notice and went on.
    NoticeAcknowledged = "notice.acknowledged",
    /// A person gave consent for one purpose.
    ConsentGiven = "consent.given",
    /// A person refused consent for one purpose.
    ConsentRefused = "consent.refused",
    /// A person withdrew consent for one purpose.
    ConsentWithdrawn = "consent.withdrawn",
    /// A conversation was opened.
    ConversationOpened = "conversation.opened",
    /// A conversation was deleted by its person.
    ConversationDeleted = "conversation.deleted",
    /// A screened prompt was sent to a recipient.
    PromptSent = "prompt.sent",
    /// A prompt was refused; nothing left.
    PromptRefused = "prompt.refused",
    /// A prompt waits for a second person's yes; of its text nothing is kept.
    AgreementAsked = "agreement.asked",
    /// A second person agreed that one prompt may go.
    AgreementGiven = "agreement.given",
    /// A second person did not agree.
    AgreementDenied = "agreement.denied",
    /// A second person's yes was used up: the prompt goes.
    AgreementUsed = "agreement.used",
    /// A recipient was asked to answer the requests of a file that it keeps.
    BatchBegun = "batch.begun",
    /// What came in the place of what in something that a provider kept is destroyed here.
    KeptMapEnded = "kept_map.ended",
    /// The client gave something that a provider keeps other labels, which stay here.
    KeptMapLabelled = "kept_map.labelled",
    /// A turn of a conversation was kept.
    TurnKept = "turn.kept",
    /// It was looked up whether an identifier stood in prompts.
    SightingsRead = "sightings.read",
    /// Identifiers that stood in prompts were forgotten.
    SightingsErased = "sightings.erased",
    /// Answers about a person are corrected, or left out, from now on.
    AnswersWithheld = "answers.withheld",
    /// Answers about a person say again what they say.
    AnswersReleased = "answers.released",
    /// Mails of one job wait to be sent.
    MailQueued = "mail.queued",
    /// The mail server took a mail.
    MailSent = "mail.sent",
    /// A mail did not go: it was not allowed, or no server took it.
    MailEnded = "mail.ended",
    /// A job was stopped; what of it waited does not go.
    MailingStopped = "mailing.stopped",
    /// Records were opened and read.
    RecordsRead = "records.read",
    /// A data-subject request came in.
    RequestReceived = "request.received",
    /// Somebody asked again what they asked already; it stays one request.
    RequestRepeated = "request.repeated",
    /// A data-subject request moved to another stage.
    RequestMoved = "request.moved",
    /// A code was mailed to the address of a request.
    CodeSent = "request.code_sent",
    /// A code showed that the address of a request is theirs who asks.
    CodeConfirmed = "request.code_confirmed",
    /// The link in a mail opened the answer to a request.
    AnswerOpened = "request.answer_opened",
    /// A link was made by which another controller gets what a person provided.
    TransferPrepared = "transfer.prepared",
    /// Staff said whose data a request is about.
    RequestLinked = "request.linked",
    /// A decision was proposed that needs a second person.
    DecisionProposed = "decision.proposed",
    /// The second person did not agree.
    DecisionReturned = "decision.returned",
    /// A request was decided, and the decision carried out.
    RequestDecided = "request.decided",
    /// A recipient said what it did with what it was asked.
    RecipientAnswered = "recipient.answered",
    /// A person's statement was added to their data.
    Rectified = "subject.rectified",
    /// A person was given access to their data.
    AccessGiven = "access.given",
    /// A person took their data along.
    DataExported = "data.exported",
    /// A person's data was erased.
    SubjectErased = "subject.erased",
    /// The key of a person's lines in this log was destroyed; which lines, its trace shows.
    TrailErased = "trail.erased",
    /// Claims ended and their records were erased.
    RetentionRun = "retention.run",
    /// A person's data was restricted.
    Restricted = "subject.restricted",
    /// The restriction of a person's data was lifted.
    RestrictionLifted = "subject.restriction_lifted",
    /// A person said that what is kept of them is right.
    DataConfirmed = "subject.data_confirmed",
    /// A record was put aside, because a person says that it is not right.
    Disputed = "record.disputed",
    /// A person objected to a purpose.
    Objected = "subject.objected",
    /// An objection was refused, for compelling grounds.
    ObjectionRefused = "subject.objection_refused",
    /// An address gets no marketing any more. The line names nobody.
    MarketingStopped = "marketing.stopped",
    /// A legal hold was proposed; it needs a second person.
    HoldProposed = "hold.proposed",
    /// A second person agreed to a legal hold.
    HoldAgreed = "hold.agreed",
    /// A legal hold was lifted.
    HoldLifted = "hold.lifted",
    /// It was proposed to give data to somebody outside; it needs a second person.
    DisclosureProposed = "disclosure.proposed",
    /// A second person agreed, and the data was given.
    DisclosureMade = "disclosure.made",
    /// A proposal to give data was taken back.
    DisclosureTakenBack = "disclosure.taken_back",
    /// Something happened by which periods begin or stop.
    EventNoted = "event.noted",
    /// A gateway key was issued.
    KeyIssued = "key.issued",
    /// A gateway key was revoked.
    KeyRevoked = "key.revoked",
    /// A one-time console link was made.
    ConsoleLinkMade = "console.link",
    /// Staff entered the console.
    ConsoleEntered = "console.entered",
    /// Staff looked at something in the console.
    ConsoleViewed = "console.viewed",
    /// The program started with a register.
    Started = "house.started",
    /// Somebody began to change the register.
    ChangeBegun = "change.begun",
    /// Something was written in a change of the register.
    ChangeWritten = "change.written",
    /// A change of the register was put on a file that had changed meanwhile.
    ChangeRebased = "change.rebased",
    /// A change of the register was proposed.
    ChangeProposed = "change.proposed",
    /// A change of the register went back to be written in.
    ChangeReturned = "change.returned",
    /// A change of the register was approved.
    ChangeApproved = "change.approved",
    /// A change became the file of the register.
    ChangePublished = "change.published",
    /// A change did not become the file of the register after all.
    ChangeFailed = "change.failed",
    /// Nothing comes of a change of the register.
    ChangeWithdrawn = "change.withdrawn",
    /// The persons concerned were told of a change by mail.
    ChangeTold = "change.told",
    /// A new version of the register took effect.
    RegisterPublished = "register.published",
    /// A backup was made.
    BackupMade = "backup.made",
    /// A backup was restored and the ledger replayed over it.
    Restored = "backup.restored",
    /// The log was checked.
    AuditVerified = "audit.verified",
}

/// One line of the audit log.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub act: Act,
    /// For which purpose, by its name in the register.
    pub purpose: Option<String>,
    /// About whom. The payload is sealed under this person's key, so that erasure ends it.
    pub subject: Option<SubjectId>,
    /// On which object: a conversation, request, record, key.
    pub object: Option<Uuid>,
    /// Counts and outcomes.
    pub facts: Facts,
}

/// What else a line may say: closed words and counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// What screening decided.
    pub verdict: Option<Verdict>,
    /// How many findings of which kind.
    pub findings: BTreeMap<Kind, u32>,
    /// The recipient's name in the register.
    pub recipient: Option<String>,
    /// The version of the register under which this happened.
    pub register: Option<String>,
    /// A closed word: a right, a refusal's code, a role.
    pub detail: Option<&'static str>,
    /// How many records were concerned.
    pub n_records: Option<u64>,
    /// What is left of a key that was destroyed.
    pub key_trace: Option<KeyTrace>,
    /// It went to a model of one's own in place of the one that was asked for.
    pub is_routed: bool,
    /// Who wrote it said yes to what the policy warns of.
    pub is_confirmed: bool,
}

impl Entry {
    /// A line about an act, still without subject, purpose or facts.
    #[must_use]
    pub fn new(at: Timestamp, actor: Actor, act: Act) -> Self {
        Self {
            at,
            actor,
            act,
            purpose: None,
            subject: None,
            object: None,
            facts: Facts::default(),
        }
    }

    /// The line that says which key of the log an erasure destroyed. It names nobody.
    #[must_use]
    pub fn trail_erased(at: Timestamp, destroyed: DestroyedKey) -> Self {
        let facts = Facts {
            key_trace: Some(destroyed.trace),
            ..Facts::default()
        };
        Self::new(at, Actor::House, Act::TrailErased)
            .on(destroyed.key)
            .with(facts)
    }

    /// The same line, for a purpose.
    #[must_use]
    pub fn for_purpose(mut self, purpose: impl Into<String>) -> Self {
        self.purpose = Some(purpose.into());
        self
    }

    /// The same line, about a person.
    #[must_use]
    pub const fn about(mut self, subject: SubjectId) -> Self {
        self.subject = Some(subject);
        self
    }

    /// The same line, on an object.
    #[must_use]
    pub const fn on(mut self, object: Uuid) -> Self {
        self.object = Some(object);
        self
    }

    /// The same line with these facts.
    #[must_use]
    pub fn with(mut self, facts: Facts) -> Self {
        self.facts = facts;
        self
    }

    /// The line's canonical form, which the log commits to: JSON with keys in a fixed order.
    #[must_use]
    pub fn payload(&self) -> String {
        let mut line = String::with_capacity(USUAL_LENGTH);
        line.push_str("{\"at\":\"");
        show(&mut line, self.at);
        line.push_str("\",\"actor\":");
        write_actor(self.actor, &mut line);
        add_word(&mut line, "act", self.act.name());
        if let Some(purpose) = &self.purpose {
            add_word(&mut line, "purpose", purpose);
        }
        if let Some(subject) = self.subject {
            add_shown(&mut line, "subject", subject);
        }
        if let Some(object) = self.object {
            add_shown(&mut line, "object", object);
        }
        self.facts.add_to(&mut line);
        line.push('}');
        line
    }
}

impl Facts {
    fn add_to(&self, line: &mut String) {
        if let Some(verdict) = self.verdict {
            add_word(line, "verdict", verdict.name());
        }
        if !self.findings.is_empty() {
            add_name(line, "findings");
            line.push('{');
            for (place, (kind, n_found)) in self.findings.iter().enumerate() {
                if place > 0 {
                    line.push(',');
                }
                write_word(line, kind.label());
                line.push(':');
                show(line, n_found);
            }
            line.push('}');
        }
        if let Some(recipient) = &self.recipient {
            add_word(line, "recipient", recipient);
        }
        if let Some(register) = &self.register {
            add_word(line, "register", register);
        }
        if let Some(detail) = self.detail {
            add_word(line, "detail", detail);
        }
        if let Some(n_records) = self.n_records {
            add_name(line, "n_records");
            show(line, n_records);
        }
        if let Some(key_trace) = self.key_trace {
            add_shown(line, "key_trace", key_trace);
        }
        if self.is_routed {
            add_flag(line, "routed");
        }
        if self.is_confirmed {
            add_flag(line, "confirmed");
        }
    }
}

/// So many bytes has almost no line.
const USUAL_LENGTH: usize = 512;

fn write_actor(actor: Actor, line: &mut String) {
    match actor {
        Actor::Subject(subject) => write_alone(line, "subject", subject),
        Actor::Application(key) => write_alone(line, "application", key),
        Actor::Staff { session, role } => {
            line.push_str("{\"staff\":\"");
            show(line, session);
            line.push('"');
            add_word(line, "role", role.name());
            line.push('}');
        }
        Actor::Operator => line.push_str("\"operator\""),
        Actor::House => line.push_str("\"house\""),
    }
}

/// An object with this one member, which needs no escapes.
fn write_alone(line: &mut String, name: &str, value: impl Display) {
    line.push_str("{\"");
    line.push_str(name);
    line.push_str("\":\"");
    show(line, value);
    line.push_str("\"}");
}

fn add_name(line: &mut String, name: &str) {
    line.push_str(",\"");
    line.push_str(name);
    line.push_str("\":");
}

fn add_word(line: &mut String, name: &str, word: &str) {
    add_name(line, name);
    write_word(line, word);
}

/// A member that is there only where it is true: lines from before it was known stay what they were.
fn add_flag(line: &mut String, name: &str) {
    add_name(line, name);
    line.push_str("true");
}

/// A member whose value needs no escapes.
fn add_shown(line: &mut String, name: &str, value: impl Display) {
    add_name(line, name);
    line.push('"');
    show(line, value);
    line.push('"');
}

fn write_word(line: &mut String, word: &str) {
    line.push('"');
    escape_into(word, line);
    line.push('"');
}

fn show(line: &mut String, value: impl Display) {
    // Writing to a String does not fail.
    let _ = write!(line, "{value}");
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;

    #[test]
    fn a_payload_is_the_same_text_for_the_same_line() {
        let subject = SubjectId(Uuid::from_u128(1));
        let entry = Entry::new(
            Timestamp::UNIX_EPOCH,
            Actor::Subject(subject),
            Act::ConsentGiven,
        )
        .for_purpose("improve")
        .about(subject);
        assert_eq!(
            entry.payload(),
            concat!(
                r#"{"at":"1970-01-01T00:00:00Z","actor":{"subject":"00000000-0000-0000-0000-000000000001"},"#,
                r#""act":"consent.given","purpose":"improve","subject":"00000000-0000-0000-0000-000000000001"}"#
            )
        );
    }

    /// The log commits to these bytes: lines of before must not become others.
    #[test]
    fn a_line_that_is_neither_routed_nor_confirmed_is_what_it_was_before_lines_said_so() {
        let sent = |is_routed, is_confirmed| {
            let facts = Facts {
                verdict: Some(Verdict::Allow),
                recipient: Some("huis".into()),
                is_routed,
                is_confirmed,
                ..Facts::default()
            };
            let sent = Entry::new(Timestamp::UNIX_EPOCH, Actor::House, Act::PromptSent);
            sent.with(facts).payload()
        };
        let before = concat!(
            r#"{"at":"1970-01-01T00:00:00Z","actor":"house","act":"prompt.sent","#,
            r#""verdict":"allow","recipient":"huis""#
        );
        assert_eq!(sent(false, false), format!("{before}}}"));
        assert_eq!(sent(true, false), format!("{before},\"routed\":true}}"));
        assert_eq!(
            sent(true, true),
            format!("{before},\"routed\":true,\"confirmed\":true}}")
        );
    }

    /// The same line, written by somebody else's code.
    fn by_serde(entry: &Entry) -> String {
        let mut line = Map::new();
        line.insert("at".into(), json!(entry.at.to_string()));
        let actor = match entry.actor {
            Actor::Subject(subject) => json!({"subject": subject.to_string()}),
            Actor::Application(key) => json!({"application": key.to_string()}),
            Actor::Staff { session, role } => {
                json!({"staff": session.to_string(), "role": role.name()})
            }
            Actor::Operator => json!("operator"),
            Actor::House => json!("house"),
        };
        line.insert("actor".into(), actor);
        line.insert("act".into(), json!(entry.act.name()));
        let mut add = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                line.insert(name.into(), value);
            }
        };
        let facts = &entry.facts;
        let counts = facts.findings.iter();
        let counts: Map<String, Value> = counts
            .map(|(kind, n_found)| (kind.label().to_owned(), json!(n_found)))
            .collect();
        add("purpose", entry.purpose.as_ref().map(|name| json!(name)));
        add("subject", entry.subject.map(|id| json!(id.to_string())));
        add("object", entry.object.map(|id| json!(id.to_string())));
        add(
            "verdict",
            facts.verdict.map(|verdict| json!(verdict.name())),
        );
        add("findings", (!counts.is_empty()).then(|| counts.into()));
        add(
            "recipient",
            facts.recipient.as_ref().map(|name| json!(name)),
        );
        add("register", facts.register.as_ref().map(|name| json!(name)));
        add("detail", facts.detail.map(|word| json!(word)));
        add("n_records", facts.n_records.map(|n| json!(n)));
        add(
            "key_trace",
            facts.key_trace.map(|trace| json!(trace.to_string())),
        );
        add("routed", facts.is_routed.then(|| json!(true)));
        add("confirmed", facts.is_confirmed.then(|| json!(true)));
        Value::Object(line).to_string()
    }

    #[test]
    fn a_payload_is_what_any_other_writer_of_json_makes_of_it() {
        let id = |number| Uuid::from_u128(number);
        let actors = [
            Actor::Subject(SubjectId(id(1))),
            Actor::Application(GatewayKeyId(id(2))),
            Actor::Staff {
                session: SessionId(id(3)),
                role: Role::Auditor,
            },
            Actor::Operator,
            Actor::House,
        ];
        let full = Facts {
            verdict: Some(Verdict::Pseudonymise),
            findings: [(Kind::Bsn, 1), (Kind::Person, 23)].into_iter().collect(),
            recipient: Some("a \"b\"\\\u{1}\n\u{7f}é".to_owned()),
            register: Some("sha256:00".to_owned()),
            detail: Some("formats"),
            n_records: Some(u64::MAX),
            key_trace: Some(KeyTrace([7; 32])),
            is_routed: false,
            is_confirmed: true,
        };
        let routed = Facts {
            is_routed: true,
            is_confirmed: false,
            ..full.clone()
        };
        let at: Timestamp = "2026-11-22T10:11:12.000345Z".parse().unwrap();
        for actor in actors {
            for facts in [Facts::default(), full.clone(), routed.clone()] {
                let bare = Entry::new(at, actor, Act::PromptSent).with(facts);
                let named = bare.clone().for_purpose("über\t").on(id(4));
                let about = named.clone().about(SubjectId(id(5)));
                for entry in [bare, named, about] {
                    assert_eq!(entry.payload(), by_serde(&entry));
                }
            }
        }
    }

    #[test]
    fn every_role_is_read_back_by_its_name() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.name()), Some(role));
        }
    }
}
