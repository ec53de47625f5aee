//! What a client is told of a request that goes only when a second person agrees.

use serde_json::json;
use waarborg_usecase::Desk;
use waarborg_usecase::agreements::Second;
use waarborg_usecase::ports::Answered;

use super::error::Telling;

/// The code for programs.
pub(super) const CODE: &str = "personal_data_needs_second_person";

/// How a request stands that a second person must agree to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum SecondPerson {
    /// It waits, or was answered.
    Asked {
        reference: String,
        answered: Answered,
        /// Until when, on the clock of the organisation.
        until: String,
    },
    /// Nobody can be asked.
    Nobody,
}

impl SecondPerson {
    pub(super) fn of(desk: &Desk, second: Option<Second>) -> Self {
        second.map_or(Self::Nobody, |second| {
            let ends_at = second.ends_at.to_zoned(desk.zone.clone());
            Self::Asked {
                reference: second.reference,
                answered: second.answered,
                until: ends_at.strftime("%Y-%m-%d %H:%M").to_string(),
            }
        })
    }

    /// The sentence for people.
    pub(super) const fn key(&self) -> &'static str {
        match self {
            Self::Asked {
                answered: Answered::No,
                ..
            } => "error-second-no",
            Self::Asked { .. } => "error-second",
            Self::Nobody => "error-second-nobody",
        }
    }

    /// What fills the sentence, and what a program may want to know.
    pub(super) fn tells(&self, telling: Telling) -> Telling {
        match self {
            Self::Asked {
                reference,
                answered,
                until,
            } => telling
                .with("reference", reference)
                .with("until", until)
                .and(
                    "second_person",
                    json!({"reference": reference, "answered": answered.name(), "until": until}),
                ),
            Self::Nobody => telling.and("second_person", json!(null)),
        }
    }
}
