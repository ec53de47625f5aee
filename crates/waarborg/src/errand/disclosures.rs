//! The disclosures about a person, as an operator may see them: that there was one, not to whom.

use serde_json::{Value, json};
use waarborg_domain::{entry::Actor, ids::SubjectId};
use waarborg_usecase::{
    Desk,
    disclosures::{self, DisclosureError},
};

use crate::stop::Stop;

/// Lists them, the newest first.
pub(super) async fn list(desk: &Desk, person: &str) -> Result<Value, Stop> {
    let nobody = || {
        Stop::unusable(
            "nobody is known by that number",
            "the person finds it in the download of their own data",
        )
    };
    let subject = person.trim().parse().map(SubjectId).map_err(|_| nobody())?;
    let listed = disclosures::listed(desk, Actor::Operator, subject).await;
    let listed = listed.map_err(|error| match error {
        DisclosureError::Nobody => nobody(),
        other => Stop::refused(
            other.to_string(),
            "check the register and the log, then try again",
        ),
    })?;
    let lines = listed.iter().map(|disclosure| {
        let rule = desk.register.disclosure(&disclosure.what.rule);
        json!({
            "id": disclosure.id.to_string(),
            "at": disclosure.at.to_string(),
            "standing": disclosure.standing.name(),
            "disclosure": disclosure.what.rule,
            "case": rule.map(|rule| rule.case.as_str()),
            "categories": disclosure.what.categories,
        })
    });
    Ok(json!({ "disclosures": lines.collect::<Vec<_>>() }))
}
