//! What happens by itself: claims end when their time has come, also those that came due while nothing ran.

use std::sync::Arc;

use tokio::{sync::watch, time::Duration};
use waarborg_domain::entry::Actor;
use waarborg_usecase::{
    Desk,
    ports::{RetentionReport, StoreError},
    retention,
};

use super::watching::Counters;
use crate::installation::Installation;

/// How often we look. An `at most` period must not be outlived by much; looking costs one indexed question.
const EVERY: Duration = Duration::from_secs(5);

/// A test clock jumps, and the test waits for what follows.
const EVERY_IN_TESTS: Duration = Duration::from_millis(200);

/// Looks again and again until the program stops.
pub(super) async fn run(
    installation: Arc<Installation>,
    counters: Arc<Counters>,
    mut stopped: watch::Receiver<bool>,
) {
    let every = if installation.clock.is_test() {
        EVERY_IN_TESTS
    } else {
        EVERY
    };
    let mut is_failing = false;
    let mut is_log_kept = false;

    loop {
        let desk = installation.house.desk();
        match installation.end_log() {
            Ok(0) => is_log_kept = false,
            Ok(_) => tracing::info!("files of the log ended"),
            // Its folder cannot be read or changed; what ended goes as soon as it can.
            Err(_) if is_log_kept => {}
            Err(_) => {
                is_log_kept = true;
                tracing::error!("files of the log have ended and cannot be removed");
            }
        }
        // What could not be kept waits for the next time.
        let _ = desk.store.keep_seen().await;
        match end_due_claims(&desk).await {
            Ok(report) => {
                is_failing = false;
                if let Some(report) = report {
                    counters.retention_ran();
                    tracing::info!(
                        n_claims = report.n_claims,
                        n_records = report.n_records,
                        n_late = report.n_late,
                        "claims ended and what had none left was erased"
                    );
                }
            }
            Err(_) if is_failing => {}
            Err(_) => {
                is_failing = true;
                tracing::error!("the store does not answer; claims cannot end");
            }
        }
        let is_stopped = tokio::select! {
            () = tokio::time::sleep(every) => false,
            _ = stopped.wait_for(|stop| *stop) => true,
        };
        if is_stopped {
            let _ = desk.store.keep_seen().await;
            return;
        }
    }
}

/// Ends what is due; `None` when nothing was, so that a quiet night leaves no line in the log.
/// How often what keys used up is shared with other programs on the same store.
const SHARED_EVERY: Duration = Duration::from_secs(1);

/// Shares what keys use up until the program stops, and once more then.
pub(super) async fn share_spending(
    installation: Arc<Installation>,
    mut stopped: watch::Receiver<bool>,
) {
    loop {
        let is_last = tokio::select! {
            () = tokio::time::sleep(SHARED_EVERY) => false,
            _ = stopped.wait_for(|stop| *stop) => true,
        };
        let desk = installation.house.desk();
        let term = desk.term_lasts(waarborg_usecase::remembered::TERM);
        desk.remembered.forget_old(desk.now(), term);
        let term = desk.term_lasts(waarborg_usecase::file_texts::TERM);
        desk.remembered.files().forget_old(desk.now(), term);
        // What could not be told is told the next time; that the store is away is told by who needs it.
        let _ = installation
            .spending
            .share(&installation.house.desk())
            .await;
        if is_last {
            return;
        }
    }
}

async fn end_due_claims(desk: &Desk) -> Result<Option<RetentionReport>, StoreError> {
    if retention::would_do(desk).await?.n_claims == 0 {
        return Ok(None);
    }
    retention::run(desk, Actor::House).await.map(Some)
}
