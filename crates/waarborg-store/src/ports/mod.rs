//! The ports, each method one transaction, the same code over both databases.

pub(crate) mod agreements;
mod casework;
mod changes;
mod doors;
pub(crate) mod holds;
pub(crate) mod kept_maps;
mod key_cache;
pub(crate) mod mails;
pub(crate) mod numbers;
pub(crate) mod openings;
pub(crate) mod people;
mod purposes;
pub(crate) mod records;
mod registers;
pub(crate) mod requests;
pub(crate) mod restrictions;
pub(crate) mod sightings;
pub(crate) mod stored;
pub(crate) mod suppressions;
pub(crate) mod tasks;
mod trail;

pub(crate) use key_cache::KeyCache;
use waarborg_domain::entry::Entry;
use waarborg_usecase::ports::StoreError;

use crate::archive::Archive;
use crate::engine::{Fault, ReadWork, Urgency, Work};
use crate::keys::KeyFault;

impl Archive {
    /// Runs a write; the outside sees only whether it may try again.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        urgency: Urgency,
        job: impl FnMut(&mut Work<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.writer().run(urgency, job).await.map_err(opaque)
    }

    /// Runs a read.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        job: impl FnMut(&mut ReadWork<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.readers().run(job).await.map_err(opaque)
    }
}

impl Work<'_> {
    /// Appends the entry that explains what this job did.
    pub(crate) fn explain(&mut self, entry: &Entry) -> Result<(), Fault> {
        self.log.append(self.session, self.keys, entry)
    }
}

pub(crate) fn opaque(fault: Fault) -> StoreError {
    match fault {
        Fault::Full => StoreError::Full,
        Fault::Keys(KeyFault::Gone | KeyFault::Unreadable) => {
            tracing::warn!("a record does not open");
            StoreError::Unreadable
        }
        other => {
            tracing::error!(fault = %crate::engine::chain(&other), "the store could not answer");
            StoreError::Unavailable
        }
    }
}
