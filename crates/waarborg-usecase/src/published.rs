//! The register that was published, and the file here: what a stop between the two leaves is finished, and a program
//! with another file than the others serves nobody.

use waarborg_domain::entry::{Act as Noted, Actor, Entry, Facts};
use waarborg_domain::register::Register;
use waarborg_domain::register::change::{Act, Change, Stage, Step};

use crate::changes::{self, ChangeError};
use crate::desk::Desk;

/// How the file here stands to what was published last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// It is what was published, or somebody changed it by hand since; or nothing ever was.
    Here,
    /// It was noted as published, and no program has taken it yet: somebody stopped before the file was moved.
    Unfinished,
    /// Others run on what was published, and the file here is the one before it.
    Elsewhere,
}

/// What a start found and did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mended {
    /// Nothing was unfinished.
    Nothing(Published),
    /// The file is now what was noted as published.
    Finished,
    /// The file could not be written: it was noted as failed, and waits to be published again.
    Failed,
}

/// Compares the file here with what was published last. Where several programs run on one store, each asks this.
///
/// # Errors
///
/// [`ChangeError`] if the file or the store cannot answer.
pub async fn standing(desk: &Desk) -> Result<Published, ChangeError> {
    Ok(compare(desk).await?.0)
}

/// Finishes what a stop left unfinished: the file becomes what was noted as published. If that cannot be, it is noted
/// as failed, and waits to be published again.
///
/// # Errors
///
/// [`ChangeError`] if the file or the store cannot answer.
pub async fn mend(desk: &Desk) -> Result<Mended, ChangeError> {
    let (found, change) = compare(desk).await?;
    let (Published::Unfinished, Some(change)) = (found, change) else {
        return Ok(Mended::Nothing(found));
    };
    let open = changes::open(desk, change.id).await?;
    let file = &desk.register_file;
    let new = Register::digest_of(&open.texts.source);
    let did = match file.lay_beside(open.texts.source.clone()).await {
        Ok(()) => file.put_in_place(open.change.base.clone(), new).await,
        Err(fault) => Err(fault),
    };
    if did.is_ok() {
        return Ok(Mended::Finished);
    }
    let by = change.last().map(|step| step.by);
    let step = Step {
        act: Act::Fail,
        by: by.ok_or(ChangeError::Missing)?,
        at: desk.now(),
        reason: String::new(),
    };
    let facts = Facts {
        register: Some(open.change.base.clone()),
        ..Facts::default()
    };
    let entry = Entry::new(desk.now(), Actor::House, Noted::ChangeFailed)
        .on(change.id)
        .with(facts);
    let seen = change.steps.len();
    desk.store
        .step_change(change.id, seen, step, None, entry)
        .await?;
    Ok(Mended::Failed)
}

async fn compare(desk: &Desk) -> Result<(Published, Option<Change>), ChangeError> {
    let mut changes = desk.store.changes().await?;
    changes.retain(|change| change.stage() == Stage::Published);
    let last = changes
        .iter()
        .max_by_key(|change| change.publication().map(|step| step.at))
        .cloned();
    let Some(last) = last else {
        return Ok((Published::Here, None));
    };
    let here = Register::digest_of(&desk.register_file.read().await?);
    let is_older = changes.iter().any(|change| change.base == here);
    if !is_older {
        return Ok((Published::Here, None));
    }
    let texts = desk.store.change_texts(last.id).await?;
    let new = Register::digest_of(&texts.ok_or(ChangeError::Missing)?.source);
    if new == here {
        return Ok((Published::Here, None));
    }
    let kept = desk.store.registers().await?;
    let is_taken = kept.iter().any(|register| register.digest == new);
    if last.base == here && !is_taken {
        return Ok((Published::Unfinished, Some(last)));
    }
    Ok((Published::Elsewhere, None))
}
