//! The audit log, and the store as a whole.

use waarborg_domain::entry::Entry;
use waarborg_domain::ids::{GatewayKeyId, SubjectId};
use waarborg_usecase::ports::{Answer, AuditReport, Storage, Trail, TrailLine, TrailPart};

use crate::archive::Archive;
use crate::engine::{Fault, Urgency};
use crate::trail::{self, Anchor};

impl Trail for Archive {
    fn record(&self, entry: Entry) -> Answer<'_, ()> {
        Box::pin(async move {
            self.write(Urgency::Essential, move |work| work.explain(&entry))
                .await
        })
    }

    fn note(&self, entry: Entry) -> Answer<'_, ()> {
        Box::pin(async move {
            if entry.subject.is_none() && self.writer().note(&entry) {
                return Ok(());
            }
            self.write(Urgency::Hasty, move |work| work.explain(&entry))
                .await
        })
    }

    fn trail_of(&self, subject: SubjectId) -> Answer<'_, Vec<TrailLine>> {
        let secrets = self.share_secrets();
        Box::pin(async move {
            self.writer().bring_in_noted().await;
            self.read(move |work| trail::lines_of(work, &secrets, subject.0))
                .await
        })
    }

    fn trail_of_key(
        &self,
        key: GatewayKeyId,
        before: Option<u64>,
        n: u32,
    ) -> Answer<'_, TrailPart> {
        let secrets = self.share_secrets();
        Box::pin(async move {
            self.writer().bring_in_noted().await;
            self.read(move |work| trail::lines_of_key(work, &secrets, key, (before, n)))
                .await
        })
    }

    fn latest(&self, before: Option<u64>, n: u32) -> Answer<'_, Vec<TrailLine>> {
        let secrets = self.share_secrets();
        Box::pin(async move {
            self.writer().bring_in_noted().await;
            self.read(move |work| trail::lines_latest(work, &secrets, (before, n)))
                .await
        })
    }

    fn verify(&self) -> Answer<'_, AuditReport> {
        let secrets = self.share_secrets();
        let anchor = Anchor::in_folder(&self.settings().keys);
        Box::pin(async move {
            self.writer().bring_in_noted().await;
            // Read before the log is, which may only have grown since.
            let kept = anchor.read().map_err(|error| super::opaque(error.into()))?;
            self.read(move |work| trail::check(work, &secrets, kept.clone()))
                .await
        })
    }
}

impl Storage for Archive {
    fn ready(&self) -> Answer<'_, ()> {
        Box::pin(async move {
            self.write(Urgency::Ordinary, |work| {
                if work.keys.is_alone() {
                    return Err(Fault::MirrorAway);
                }
                Ok(())
            })
            .await
        })
    }

    fn backend(&self) -> String {
        self.backend_name().to_owned()
    }

    fn sign_note(&self, text: &str) -> String {
        self.secrets().signer().sign_text(text)
    }

    fn log_key(&self) -> String {
        Self::log_key(self)
    }
}
