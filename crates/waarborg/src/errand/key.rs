//! Errands about gateway keys: issued within bounds, listed, taken back.

use jiff::{Timestamp, civil::Date};
use serde_json::{Value, json};
use waarborg_domain::{entry::Actor, ids::GatewayKeyId, policy::Policy};
use waarborg_usecase::{
    Desk, Surface, keys,
    ports::{GatewayKey, KeyBounds},
};

use super::{Bounds, perform::stored};
use crate::stop::Stop;

/// The service for applications in the registers that come with the program.
const GATEWAY: &str = "gateway";

/// Issues a key.
pub(super) async fn issue(
    desk: &Desk,
    label: &str,
    service: Option<String>,
    purpose: Option<String>,
    bounds: Bounds,
) -> Result<Value, Stop> {
    let expires_at = bounds
        .expires
        .as_deref()
        .map(|day| expiry(desk, day))
        .transpose()?;
    let bounds = key_bounds(desk, bounds)?;
    let gateway = desk
        .register
        .service(GATEWAY)
        .map(|service| service.name.to_string());
    let surface = Surface {
        service: service
            .or(gateway)
            .unwrap_or_else(|| desk.surfaces.chat.service.clone()),
        purpose: purpose.unwrap_or_else(|| desk.surfaces.chat.purpose.clone()),
        category: desk.surfaces.chat.category.clone(),
    };
    let (id, key) = keys::issue(desk, Actor::Operator, label, &surface, expires_at, bounds)
        .await
        .map_err(|error| {
            Stop::refused(
                format!("no key was issued: {error}"),
                "name a service and purpose of the register",
            )
        })?;
    Ok(
        json!({ "gateway_key": key, "id": id.0.to_string(), "service": surface.service, "purpose": surface.purpose }),
    )
}

/// The beginning of a day from which a key opens nothing any more.
fn expiry(desk: &Desk, day: &str) -> Result<Timestamp, Stop> {
    let unusable = |_| {
        Stop::unusable(
            format!("{day} is not a day"),
            "write for example --expires 2027-12-31",
        )
    };
    let day: Date = day.parse().map_err(unusable)?;
    let start = day.to_zoned(desk.zone.clone()).map_err(unusable)?;
    if start.timestamp() <= desk.now() {
        return Err(Stop::unusable(
            "that day has begun; the key would open nothing",
            "name a later one",
        ));
    }
    Ok(start.timestamp())
}

fn key_bounds(desk: &Desk, asked: Bounds) -> Result<KeyBounds, Stop> {
    let known = desk.providers.models();
    for model in &asked.models {
        let is_served = desk.providers.recipient_of(model).is_some();
        if !is_served || model.contains('\n') {
            let names: Vec<&str> = known.iter().map(|model| model.name.as_str()).collect();
            return Err(Stop::unusable(
                "nobody serves one of these models",
                format!("name models of waarborg.toml: {}", names.join(", ")),
            ));
        }
    }
    if let Some(name) = &asked.policy {
        let is_stricter =
            Policy::shipped(name).is_ok_and(|policy| policy.is_stricter_than(&desk.policy));
        if !is_stricter {
            return Err(Stop::unusable(
                "that policy is unknown, or milder than the one in force",
                "name strict, or leave it out",
            ));
        }
    }
    if let Some(group) = &asked.group
        && desk.register.group(group).is_none()
    {
        let known: Vec<&str> = (desk.register.groups())
            .map(|group| group.name.as_str())
            .collect();
        return Err(Stop::unusable(
            "the register declares no such group",
            format!(
                "declare it ([group.…] in register.toml), or name one of: {}",
                known.join(", ")
            ),
        ));
    }
    Ok(KeyBounds {
        models: asked.models,
        policy: asked.policy,
        group: asked.group,
        may_confirm: asked.may_confirm,
        signed_by: asked.signed_by,
        requests_per_minute: asked.requests_per_minute,
        tokens_per_day: asked.tokens_per_day,
        cents_per_month: asked.cents_per_month,
    })
}

/// Takes a key back.
pub(super) async fn revoke(desk: &Desk, id: &str) -> Result<Value, Stop> {
    let unknown = || {
        Stop::unusable(
            "there is no such key",
            "`waarborg keys list` shows the ids; the secret itself is not one",
        )
    };
    let id = id.parse().map(GatewayKeyId).map_err(|_| unknown())?;
    let key = keys::revoke(desk, Actor::Operator, id)
        .await
        .map_err(stored)?
        .ok_or_else(unknown)?;
    Ok(as_json(&key))
}

/// Every key that was issued.
pub(super) async fn list(desk: &Desk) -> Result<Value, Stop> {
    let keys = keys::list(desk).await.map_err(stored)?;
    Ok(json!({ "gateway_keys": keys.iter().map(as_json).collect::<Vec<_>>() }))
}

fn as_json(key: &GatewayKey) -> Value {
    json!({
        "id": key.id.0.to_string(),
        "label": key.label,
        "service": key.service,
        "purpose": key.purpose,
        "created_at": key.created_at.to_string(),
        "expires_at": key.expires_at.map(|at| at.to_string()),
        "revoked_at": key.revoked_at.map(|at| at.to_string()),
        "models": key.bounds.models,
        "policy": key.bounds.policy,
        "group": key.bounds.group,
        "may_confirm": key.bounds.may_confirm,
        "signed_by": key.bounds.signed_by,
        "requests_per_minute": key.bounds.requests_per_minute,
        "tokens_per_day": key.bounds.tokens_per_day,
        "cents_per_month": key.bounds.cents_per_month,
    })
}
