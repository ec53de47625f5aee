//! Closes the door where the file here is not the register that was published: others would promise something else.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{StatusCode, header};
use waarborg_usecase::published::{self, Mended, Published};

use crate::{installation::Installation, printer::tell, stop::Stop};

/// What everybody reads at a closed door.
const CLOSED: &str = "The register here is not the one that was published. Nothing is taken in or given out until it is.\n";

/// What to do about it.
const MEND: &str = "copy register.toml from where it was published; to go back on purpose, publish a change that says so";

/// Whether this program serves.
#[derive(Debug, Default)]
pub(super) struct Door {
    is_closed: AtomicBool,
    // Between the note and the file lie a few milliseconds: what is seen once may be that.
    was_unfinished: AtomicBool,
}

impl Door {
    /// Looks whether the file here is the published one. A store that does not answer closes nothing: then nothing is
    /// taken in anyway.
    pub(super) async fn look(&self, installation: &Installation) {
        let Ok(found) = published::standing(&installation.house.desk()).await else {
            return;
        };
        let is_unfinished = found == Published::Unfinished;
        let was_unfinished = self.was_unfinished.swap(is_unfinished, Ordering::Relaxed);
        let is_closed = found == Published::Elsewhere || (is_unfinished && was_unfinished);
        let was_closed = self.is_closed.swap(is_closed, Ordering::Relaxed);
        match (was_closed, is_closed) {
            (false, true) => {
                tracing::error!(
                    "the register here is not the one that was published; nothing is served"
                );
                tell(format_args!("nothing is served: {MEND}"));
            }
            (true, false) => {
                tracing::info!("the register here is the one that was published; it serves again");
            }
            (true, true) | (false, false) => {}
        }
    }
}

/// Finishes what a stop left unfinished, before anybody comes in.
///
/// # Errors
///
/// [`Stop`] where others run on a register that is not the one here.
pub(super) async fn start(installation: &Installation) -> Result<(), Stop> {
    let mended = published::mend(&installation.house.desk()).await;
    match mended.map_err(|error| Stop::refused(error.to_string(), "check the disk and the log"))? {
        Mended::Nothing(Published::Elsewhere) => Err(Stop::refused(
            "the register here is not the one that was published",
            MEND,
        )),
        Mended::Nothing(Published::Here | Published::Unfinished) => Ok(()),
        Mended::Finished => {
            tell(
                "a change of the register was noted as published and not yet in its file; now it is",
            );
            Ok(())
        }
        Mended::Failed => {
            tell(
                "a change of the register was noted as published, and its file cannot be written; publish it again",
            );
            Ok(())
        }
    }
}

/// Answers for everybody while the door is closed; whether the program lives can still be asked.
pub(super) async fn guard(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    if !door.is_closed.load(Ordering::Relaxed) || request.uri().path() == "/healthz" {
        return next.run(request).await;
    }
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::RETRY_AFTER, "10"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (StatusCode::SERVICE_UNAVAILABLE, headers, CLOSED).into_response()
}
