//! Sound on its way to the client: passed on as it comes, a piece at a time.

use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use tokio::sync::OwnedSemaphorePermit;
use waarborg_usecase::ports::{Chunks, ProviderError};

use super::error::Problem;
use crate::traces::Journey;

/// The body of an answer that is sound. Where it breaks off, so does the connection: a client must not take half of it
/// for the whole. When the client goes away, the connection to the provider goes with it.
pub(super) fn body(pieces: Chunks, held: (OwnedSemaphorePermit, Option<Arc<Journey>>)) -> Body {
    let passing = (pieces, held);
    Body::from_stream(stream::unfold(Some(passing), |passing| async move {
        let (mut pieces, held) = passing?;
        match pieces.next().await? {
            Ok(piece) => Some((Ok(Bytes::from(piece)), Some((pieces, held)))),
            Err(error) => {
                broke_off(&error, held.1.as_deref());
                Some((Err(error), None))
            }
        }
    }))
}

fn broke_off(error: &ProviderError, journey: Option<&Journey>) {
    let problem = Problem::Provider(error.clone());
    tracing::warn!(
        outcome = problem.own_code(),
        "an answer ended before its end"
    );
    if let Some(journey) = journey {
        journey.failed(problem.own_code());
    }
}
