//! What the ledger can say: the acts that must stay done, as they are written and read back.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use uuid::Uuid;
use waarborg_domain::audit::{DestroyedKey, KeyTrace};

/// One thing that must stay done. Ids are random and say nothing about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Act {
    /// A person was erased.
    EraseSubject(Uuid),
    /// A conversation, request or other object was erased.
    EraseObject {
        /// Whose it was.
        subject: Uuid,
        /// The object.
        object: Uuid,
    },
    /// Slices of a person's data were erased: pairs of category and purpose.
    EraseSlices {
        /// Whose.
        subject: Uuid,
        /// The slices.
        slices: Vec<(String, String)>,
    },
    /// Records ended by their claims, in a retention run of this moment.
    Night {
        /// When it ran, in microseconds since 1970 (UTC).
        now: i64,
        /// Who came before this and left nothing was forgotten.
        idle_since: i64,
    },
    /// Every claim for a purpose ends then at the latest.
    EndPurpose {
        /// The purpose of the register.
        purpose: String,
        /// When, in microseconds since 1970 (UTC).
        by: i64,
    },
    /// The key of a person's lines in the audit log was destroyed. The log says so too.
    EraseTrail {
        /// Whose it was.
        subject: Uuid,
        /// The key, and what is left of it.
        destroyed: DestroyedKey,
    },
    /// Processing of a person's data was restricted (article 18).
    Restrict(Uuid),
    /// The restriction was lifted.
    Lift(Uuid),
    /// A person objected to a purpose (article 21).
    Object {
        /// Who.
        subject: Uuid,
        /// The purpose of the register.
        purpose: String,
    },
    /// An objection was refused by the privacy desk.
    Overrule {
        /// Who objected.
        subject: Uuid,
        /// The purpose of the register.
        purpose: String,
    },
    /// Nothing is sent to an address for a purpose any more. It belongs to nobody who is known here.
    Suppress {
        /// The keyed fingerprint of the address.
        mark: [u8; 32],
        /// The purpose of the register.
        purpose: String,
    },
    /// An identifier that stood in prompts is forgotten.
    ForgetSeen {
        /// Its keyed fingerprint.
        mark: [u8; 32],
    },
    /// Two people agreed that something is not erased for a while.
    Hold {
        /// Whose.
        subject: Uuid,
        /// The hold.
        hold: Uuid,
        /// Its ground, its days, who agreed.
        said: Value,
    },
    /// A hold was lifted.
    LiftHold {
        /// Whose.
        subject: Uuid,
        /// The hold.
        hold: Uuid,
    },
    /// A person withdrew a consent (article 7(3)).
    Withdraw {
        /// Who.
        subject: Uuid,
        /// The purpose of the register.
        purpose: String,
        /// The controller that had the consent.
        entity: String,
        /// The time zone in which the days of what follows are counted.
        zone: String,
    },
    /// A request came in.
    Receive {
        /// Whose.
        subject: Uuid,
        /// The request.
        request: Uuid,
        /// Its header: dates, right and reference. Nothing of what it says or of how to reach who asks.
        header: Value,
    },
    /// A request came to another stage.
    Move {
        /// Whose.
        subject: Uuid,
        /// The request.
        request: Uuid,
        /// The stage.
        stage: String,
        /// The time zone in which the days of what follows are counted.
        zone: String,
    },
    /// A request was extended.
    Extend {
        /// Whose.
        subject: Uuid,
        /// The request.
        request: Uuid,
        /// The new day to work towards.
        aim: String,
        /// The new last day.
        latest: String,
    },
    /// The last record of a request is gone, and the request with it.
    EndRequest {
        /// Whose.
        subject: Uuid,
        /// The request.
        request: Uuid,
    },
    /// A recipient was asked something because of a request.
    Ask {
        /// The task.
        task: Uuid,
        /// For which request, whom, what, and until when it may hold something.
        said: Value,
    },
    /// A recipient answered.
    Answer {
        /// The task.
        task: Uuid,
        /// What it answered.
        end: String,
    },
    /// Something happened by which periods begin.
    Event {
        /// To what it happened.
        to: Happened,
        /// The event of the register's grammar.
        trigger: String,
        /// The time zone in which the days of what follows are counted.
        zone: String,
    },
    /// What had happened is undone.
    TakeBack {
        /// To what it had happened.
        to: Happened,
        /// The event of the register's grammar.
        trigger: String,
    },
    /// Something is kept that a restore must not take away.
    Keep {
        /// Whose.
        subject: Uuid,
        /// The record.
        record: Uuid,
        /// To what it belongs, its claims, and what it says, sealed under its own key: it ends with the record.
        said: Value,
    },
    /// A person disputes what a record says; it is not used until their request is decided (article 18(1)(a)).
    Dispute {
        /// Whose.
        subject: Uuid,
        /// The request that disputes it.
        request: Uuid,
        /// The record.
        record: Uuid,
    },
    /// What a record says was corrected (article 16).
    Correct {
        /// Whose.
        subject: Uuid,
        /// The record.
        record: Uuid,
        /// What it says now, sealed under the record's own key: it ends with the record.
        sealed: Vec<u8>,
    },
    /// A backup was restored; the log of acts before it may repeat itself.
    Restored,
}

/// To what an event happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened {
    /// A person.
    Subject(Uuid),
    /// A conversation, request or other object.
    Object(Uuid),
}

impl Happened {
    const fn subject(&self) -> Option<&Uuid> {
        match self {
            Self::Subject(subject) => Some(subject),
            Self::Object(_) => None,
        }
    }

    const fn object(&self) -> Option<&Uuid> {
        match self {
            Self::Subject(_) => None,
            Self::Object(object) => Some(object),
        }
    }

    fn of(subject: Option<Uuid>, object: Option<Uuid>) -> Option<Self> {
        subject
            .map(Self::Subject)
            .or_else(|| object.map(Self::Object))
    }
}

/// An act as the columns of a line: its name, whose, on what, and what else it says.
pub(super) struct Columns {
    pub(super) act: &'static str,
    pub(super) subject: Option<Uuid>,
    pub(super) object: Option<Uuid>,
    pub(super) said: String,
}

fn columns(
    act: &'static str,
    subject: Option<&Uuid>,
    object: Option<&Uuid>,
    said: &Value,
) -> Columns {
    Columns {
        act,
        subject: subject.copied(),
        object: object.copied(),
        said: said.to_string(),
    }
}

impl Act {
    pub(super) fn columns(&self) -> Columns {
        match self {
            Self::EraseSubject(subject) => {
                columns("erase subject", Some(subject), None, &json!({}))
            }
            Self::EraseObject { subject, object } => {
                columns("erase object", Some(subject), Some(object), &json!({}))
            }
            Self::EraseSlices { subject, slices } => columns(
                "erase slices",
                Some(subject),
                None,
                &json!({ "slices": slices }),
            ),
            Self::Night { now, idle_since } => columns(
                "night",
                None,
                None,
                &json!({"now": now, "idle_since": idle_since}),
            ),
            Self::EndPurpose { purpose, by } => columns(
                "end purpose",
                None,
                None,
                &json!({"purpose": purpose, "by": by}),
            ),
            Self::EraseTrail { subject, destroyed } => columns(
                "erase trail",
                Some(subject),
                Some(&destroyed.key),
                &json!({"key_trace": destroyed.trace.to_string()}),
            ),
            Self::Restrict(subject) => columns("restrict", Some(subject), None, &json!({})),
            Self::Lift(subject) => columns("lift", Some(subject), None, &json!({})),
            Self::Object { subject, purpose } => {
                columns("object", Some(subject), None, &json!({"purpose": purpose}))
            }
            Self::Hold {
                subject,
                hold,
                said,
            } => columns("hold", Some(subject), Some(hold), said),
            Self::LiftHold { subject, hold } => {
                columns("lift hold", Some(subject), Some(hold), &json!({}))
            }
            Self::Overrule { subject, purpose } => columns(
                "overrule",
                Some(subject),
                None,
                &json!({ "purpose": purpose }),
            ),
            Self::Suppress { mark, purpose } => columns(
                "suppress",
                None,
                None,
                &json!({"mark": STANDARD.encode(mark), "purpose": purpose}),
            ),
            Self::ForgetSeen { mark } => columns(
                "forget seen",
                None,
                None,
                &json!({"mark": STANDARD.encode(mark)}),
            ),
            Self::Withdraw {
                subject,
                purpose,
                entity,
                zone,
            } => columns(
                "withdraw",
                Some(subject),
                None,
                &json!({"purpose": purpose, "entity": entity, "zone": zone}),
            ),
            Self::Receive { .. }
            | Self::Move { .. }
            | Self::Extend { .. }
            | Self::EndRequest { .. }
            | Self::Ask { .. }
            | Self::Answer { .. }
            | Self::Event { .. }
            | Self::TakeBack { .. }
            | Self::Keep { .. }
            | Self::Dispute { .. }
            | Self::Correct { .. } => self.columns_of_a_case(),
            Self::Restored => columns("restored", None, None, &json!({})),
        }
    }

    /// The same for requests, what follows on them, and events.
    fn columns_of_a_case(&self) -> Columns {
        match self {
            Self::Receive {
                subject,
                request,
                header,
            } => columns("receive", Some(subject), Some(request), header),
            Self::Move {
                subject,
                request,
                stage,
                zone,
            } => columns(
                "move",
                Some(subject),
                Some(request),
                &json!({"stage": stage, "zone": zone}),
            ),
            Self::Extend {
                subject,
                request,
                aim,
                latest,
            } => columns(
                "extend",
                Some(subject),
                Some(request),
                &json!({"aim": aim, "latest": latest}),
            ),
            Self::EndRequest { subject, request } => {
                columns("end request", Some(subject), Some(request), &json!({}))
            }
            Self::Keep {
                subject,
                record,
                said,
            } => columns("keep", Some(subject), Some(record), said),
            Self::Ask { task, said } => columns("ask", None, Some(task), said),
            Self::Answer { task, end } => {
                columns("answer", None, Some(task), &json!({ "end": end }))
            }
            Self::Event { to, trigger, zone } => columns(
                "event",
                to.subject(),
                to.object(),
                &json!({"trigger": trigger, "zone": zone}),
            ),
            Self::TakeBack { to, trigger } => columns(
                "take back",
                to.subject(),
                to.object(),
                &json!({ "trigger": trigger }),
            ),
            Self::Dispute {
                subject,
                request,
                record,
            } => columns(
                "dispute",
                Some(subject),
                Some(record),
                &json!({"request": request.to_string()}),
            ),
            Self::Correct {
                subject,
                record,
                sealed,
            } => columns(
                "correct",
                Some(subject),
                Some(record),
                &json!({"sealed": STANDARD.encode(sealed)}),
            ),
            _ => columns("restored", None, None, &json!({})),
        }
    }

    pub(super) fn from_columns(
        act: &str,
        subject: Option<Uuid>,
        object: Option<Uuid>,
        said: &str,
    ) -> Option<Self> {
        let said: Value = serde_json::from_str(said).ok()?;
        let text = |name: &str| said.get(name)?.as_str().map(str::to_owned);
        Some(match act {
            "erase subject" => Self::EraseSubject(subject?),
            "erase object" => Self::EraseObject {
                subject: subject?,
                object: object?,
            },
            "erase slices" => Self::EraseSlices {
                subject: subject?,
                slices: pairs(said.get("slices")?)?,
            },
            "night" => Self::Night {
                now: said.get("now")?.as_i64()?,
                idle_since: said.get("idle_since")?.as_i64()?,
            },
            "end purpose" => Self::EndPurpose {
                purpose: text("purpose")?,
                by: said.get("by")?.as_i64()?,
            },
            "erase trail" => Self::EraseTrail {
                subject: subject?,
                destroyed: destroyed(object?, &text("key_trace")?)?,
            },
            "dispute" => disputed(subject?, object?, &text("request")?)?,
            "restrict" => Self::Restrict(subject?),
            "lift" => Self::Lift(subject?),
            "object" => Self::Object {
                subject: subject?,
                purpose: text("purpose")?,
            },
            "hold" => Self::Hold {
                subject: subject?,
                hold: object?,
                said,
            },
            "lift hold" => Self::LiftHold {
                subject: subject?,
                hold: object?,
            },
            "overrule" => Self::Overrule {
                subject: subject?,
                purpose: text("purpose")?,
            },
            "suppress" => Self::Suppress {
                mark: mark(&said)?,
                purpose: text("purpose")?,
            },
            "forget seen" => Self::ForgetSeen { mark: mark(&said)? },
            "withdraw" => Self::Withdraw {
                subject: subject?,
                purpose: text("purpose")?,
                entity: text("entity")?,
                zone: text("zone")?,
            },
            "restored" => Self::Restored,
            _ => return Self::of_a_case(act, subject, object, said),
        })
    }

    /// The same for requests, what follows on them, and events.
    fn of_a_case(
        act: &str,
        subject: Option<Uuid>,
        object: Option<Uuid>,
        said: Value,
    ) -> Option<Self> {
        let text = |name: &str| said.get(name)?.as_str().map(str::to_owned);
        Some(match act {
            "receive" => Self::Receive {
                subject: subject?,
                request: object?,
                header: said,
            },
            "keep" => Self::Keep {
                subject: subject?,
                record: object?,
                said,
            },
            "move" => Self::Move {
                subject: subject?,
                request: object?,
                stage: text("stage")?,
                zone: text("zone")?,
            },
            "extend" => Self::Extend {
                subject: subject?,
                request: object?,
                aim: text("aim")?,
                latest: text("latest")?,
            },
            "end request" => ended(subject?, object?),
            "ask" => Self::Ask {
                task: object?,
                said,
            },
            "answer" => Self::Answer {
                task: object?,
                end: text("end")?,
            },
            "event" => Self::Event {
                to: Happened::of(subject, object)?,
                trigger: text("trigger")?,
                zone: text("zone")?,
            },
            "take back" => Self::TakeBack {
                to: Happened::of(subject, object)?,
                trigger: text("trigger")?,
            },
            "correct" => Self::Correct {
                subject: subject?,
                record: object?,
                sealed: STANDARD.decode(text("sealed")?).ok()?,
            },
            _ => return None,
        })
    }
}

const fn ended(subject: Uuid, request: Uuid) -> Act {
    Act::EndRequest { subject, request }
}

fn disputed(subject: Uuid, record: Uuid, request: &str) -> Option<Act> {
    Some(Act::Dispute {
        subject,
        request: request.parse().ok()?,
        record,
    })
}

fn destroyed(key: Uuid, trace: &str) -> Option<DestroyedKey> {
    let trace = STANDARD.decode(trace).ok()?;
    Some(DestroyedKey {
        key,
        trace: KeyTrace(trace.try_into().ok()?),
    })
}

fn mark(said: &Value) -> Option<[u8; 32]> {
    let mark = said.get("mark")?.as_str()?;
    STANDARD.decode(mark).ok()?.try_into().ok()
}

fn pairs(said: &Value) -> Option<Vec<(String, String)>> {
    let pair = |pair: &Value| {
        let word = |nth: usize| Some(pair.get(nth)?.as_str()?.to_owned());
        Some((word(0)?, word(1)?))
    };
    said.as_array()?.iter().map(pair).collect()
}
