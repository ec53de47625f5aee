//! The log in memory, and the store as a whole.

use waarborg_domain::entry::Entry;
use waarborg_domain::ids::{GatewayKeyId, SubjectId};
use waarborg_usecase::ports::{
    Answer, AuditReport, Storage, StoreError, Trail, TrailLine, TrailPart,
};

use super::memory::Memory;

impl Trail for Memory {
    fn record(&self, entry: Entry) -> Answer<'_, ()> {
        self.done(|state| state.entries.push(entry))
    }

    fn note(&self, entry: Entry) -> Answer<'_, ()> {
        self.record(entry)
    }

    fn trail_of(&self, _: SubjectId) -> Answer<'_, Vec<TrailLine>> {
        self.done(|_| Vec::new())
    }

    fn trail_of_key(&self, _: GatewayKeyId, _: Option<u64>, _: u32) -> Answer<'_, TrailPart> {
        Box::pin(async { Err(StoreError::Unavailable) })
    }

    fn latest(&self, before: Option<u64>, n: u32) -> Answer<'_, Vec<TrailLine>> {
        self.done(move |state| {
            let before = before.map_or(Ok(usize::MAX), usize::try_from).unwrap();
            let line = |(position, entry): (usize, &Entry)| TrailLine {
                position: position as u64,
                payload: Some(entry.payload()),
            };
            state
                .entries
                .iter()
                .enumerate()
                .take(before)
                .rev()
                .take(n as usize)
                .map(line)
                .collect()
        })
    }

    fn verify(&self) -> Answer<'_, AuditReport> {
        self.done(|state| AuditReport {
            n_entries: state.entries.len() as u64,
            root: "root".into(),
            n_erased: 0,
            faults: Vec::new(),
            signed_at: None,
        })
    }
}

impl Storage for Memory {
    fn ready(&self) -> Answer<'_, ()> {
        self.done(|_| ())
    }

    fn backend(&self) -> String {
        "memory".into()
    }

    fn sign_note(&self, text: &str) -> String {
        text.to_owned()
    }

    fn log_key(&self) -> String {
        String::new()
    }
}
