//! Gateway keys: bound to one service and purpose, shown once, kept as a fingerprint.

use jiff::Timestamp;
use thiserror::Error;
use uuid::Builder;
use waarborg_domain::entry::{Act, Actor, Entry};
use waarborg_domain::ids::{GatewayKeyId, Token};
use waarborg_domain::permit::{PersonState, Refusal};

use crate::desk::{Desk, Surface};
use crate::ports::{GatewayKey, KeyBounds, StoreError};

/// How a gateway key begins, so that people and secret scanners know it.
pub const PREFIX: &str = "wbg_";

/// Why no key was issued, or a key does not open.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum KeyError {
    /// The register does not allow this purpose for this service.
    #[error(transparent)]
    NotAllowed(#[from] Refusal),
    /// No key, an unknown one, or one that was revoked or ended.
    #[error("the gateway key does not open")]
    Closed,
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Issues a key for a service and purpose of the register: its id, and the text, which is shown once and never again.
///
/// # Errors
///
/// [`KeyError`] if the register does not know the service or purpose.
pub async fn issue(
    desk: &Desk,
    actor: Actor,
    label: &str,
    surface: &Surface,
    expires_at: Option<Timestamp>,
    bounds: KeyBounds,
) -> Result<(GatewayKeyId, String), KeyError> {
    desk.permit(
        surface,
        &PersonState {
            notice_seen: true,
            ..PersonState::default()
        },
    )?;

    let now = desk.now();
    let key = GatewayKey {
        id: GatewayKeyId(desk.ids.id(now)),
        label: label.to_owned(),
        service: surface.service.clone(),
        purpose: surface.purpose.clone(),
        created_at: now,
        expires_at,
        revoked_at: None,
        stands_for: None,
        bounds,
    };
    let id = key.id;
    let entry = Entry::new(now, actor, Act::KeyIssued)
        .for_purpose(&surface.purpose)
        .on(id.0);
    let token = desk.ids.token();
    desk.store.issue(key, &token, entry).await?;

    Ok((id, format!("{PREFIX}{}", token.text())))
}

/// The key that an application carries.
///
/// # Errors
///
/// [`KeyError::Closed`] if it does not open.
pub async fn check(desk: &Desk, carried: &str) -> Result<GatewayKey, KeyError> {
    let token = carried
        .strip_prefix(PREFIX)
        .and_then(Token::parse)
        .ok_or(KeyError::Closed)?;
    let key = desk
        .store
        .gateway_key(&token)
        .await?
        .ok_or(KeyError::Closed)?;
    opening(desk, key)
}

/// The key with this id, for who is let in by something else than its secret.
///
/// # Errors
///
/// [`KeyError::Closed`] if there is none, or it opens nothing any more.
pub async fn by_id(desk: &Desk, id: GatewayKeyId) -> Result<GatewayKey, KeyError> {
    let key = desk.store.gateway_key_by_id(id).await?;
    opening(desk, key.ok_or(KeyError::Closed)?)
}

fn opening(desk: &Desk, key: GatewayKey) -> Result<GatewayKey, KeyError> {
    let has_ended = key.revoked_at.is_some() || key.expires_at.is_some_and(|end| end <= desk.now());
    if has_ended {
        Err(KeyError::Closed)
    } else {
        Ok(key)
    }
}

/// The same key for one of the people who use it: with a number of their own, by which the log and what is used up are
/// theirs. Who has the number knows nobody's name.
#[must_use]
pub fn of_person(desk: &Desk, key: GatewayKey, person: &str) -> GatewayKey {
    let scope = [
        &b"person of a key"[..],
        key.id.0.as_bytes(),
        person.as_bytes(),
    ];
    let secret = desk.secrets.conversation_key(&scope);
    let (bytes, _) = secret.split_first_chunk::<16>().unwrap_or((&[0; 16], &[]));
    GatewayKey {
        id: GatewayKeyId(Builder::from_custom_bytes(*bytes).into_uuid()),
        stands_for: Some(key.id),
        ..key
    }
}

/// Every key that was issued, oldest first, also those that open nothing any more.
///
/// # Errors
///
/// [`StoreError`] if the store could not answer.
pub async fn list(desk: &Desk) -> Result<Vec<GatewayKey>, StoreError> {
    desk.store.gateway_keys().await
}

/// Revokes a key: from now on it opens nothing. `None` if there is no such key; one that was revoked before stays so.
///
/// # Errors
///
/// [`StoreError`] if nothing was stored; the key still opens then.
pub async fn revoke(
    desk: &Desk,
    actor: Actor,
    id: GatewayKeyId,
) -> Result<Option<GatewayKey>, StoreError> {
    let Some(key) = find(desk, id).await? else {
        return Ok(None);
    };
    if key.revoked_at.is_some() {
        return Ok(Some(key));
    }

    let now = desk.now();
    let entry = Entry::new(now, actor, Act::KeyRevoked)
        .for_purpose(&key.purpose)
        .on(id.0);
    desk.store.revoke(id, now, entry).await?;

    find(desk, id).await
}

async fn find(desk: &Desk, id: GatewayKeyId) -> Result<Option<GatewayKey>, StoreError> {
    let keys = desk.store.gateway_keys().await?;
    Ok(keys.into_iter().find(|key| key.id == id))
}
