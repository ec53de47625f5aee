//! Asks a recipient to answer the requests of a file that it keeps already.

use serde_json::{Value, json};
use waarborg_domain::entry::{Act, Actor, Entry, Facts};

use super::{BatchError, Found, MOST_KEPT, TERM, ended, surface_of};
use crate::desk::House;
use crate::gateway::{GatewayError, applications_person};
use crate::ports::{Deposit, GatewayKey, KeptKind, KeptMap, Provided};

/// What a client asks for of a file.
pub struct Begin {
    /// Which address its requests are for.
    pub endpoint: String,
    /// Within which time.
    pub window: String,
    /// The client's own labels. They stay here.
    pub metadata: Value,
}

/// Begins a batch of a file. What came in the place of what goes along in a map of its own: the file may be deleted before
/// the answers are fetched.
///
/// # Errors
///
/// [`BatchError`]; the register is asked again, as the file may have been sent under another one.
pub async fn begin(
    house: &House,
    key: &GatewayKey,
    file: &Found,
    asked: Begin,
) -> Result<(KeptMap, Vec<u8>), BatchError> {
    let desk = house.desk();
    let (mut map, _) = file.map(&desk, key)?;
    let recipient = file.kept.recipient.as_str();
    if desk.register.term(TERM).is_none() {
        return Err(BatchError::NoTerm);
    }
    let declared = desk.register.recipient(recipient);
    if !declared.is_some_and(|declared| declared.stores_input) {
        return Err(BatchError::MayNotStore {
            recipient: recipient.to_owned(),
        });
    }
    let provider = desk.providers.provider(recipient);
    let provider = provider.ok_or(GatewayError::NoModel)?;
    let surface = surface_of(key);
    let permit = desk
        .permit(&surface, &applications_person())
        .map_err(GatewayError::from)?;
    let transfer = desk
        .register
        .transfer(&permit, recipient, desk.today())
        .map_err(GatewayError::from)?;

    let beside = json!({"endpoint": asked.endpoint, "file": file.kept.id.simple().to_string(), "metadata": asked.metadata});
    map.beside = beside.as_object().cloned().unwrap_or_default();
    let now = desk.now();
    let kept = KeptMap {
        id: desk.ids.id(now),
        key: key.id,
        kind: KeptKind::Batch,
        recipient: recipient.to_owned(),
        provider_name: None,
        created_at: now,
        ends_at: desk.term_ends_at(TERM, now),
        version: 1,
    };
    let facts = Facts {
        recipient: Some(recipient.to_owned()),
        register: Some(desk.register.version().to_owned()),
        n_records: Some(map.lines.len() as u64),
        ..Facts::default()
    };
    let entry = Entry::new(now, Actor::Application(key.id), Act::BatchBegun)
        .for_purpose(&key.purpose)
        .on(kept.id)
        .with(facts);
    let marks = map
        .marks_and_beside(&desk)
        .map_err(|_| GatewayError::Finder)?;
    let keeping = desk.store.keep_map(
        kept.clone(),
        map.written(),
        marks,
        Provided::Fewer(MOST_KEPT),
        entry,
    );
    if !keeping.await? {
        return Err(BatchError::TooManyKept);
    }
    let deposit = Deposit::Batch {
        file: file.provider_name.clone(),
        endpoint: asked.endpoint,
        window: asked.window,
    };
    match provider.deposit(&transfer, deposit).await {
        Ok((provider_name, answer)) => {
            desk.store.name_map(kept.id, &provider_name).await?;
            let kept = KeptMap {
                provider_name: Some(provider_name),
                ..kept
            };
            Ok((kept, answer))
        }
        Err(error) => {
            desk.store
                .end_map(kept.id, ended(&desk, key, &kept))
                .await?;
            Err(error.into())
        }
    }
}
