//! The one listening socket: bounded connections, bounded waiting, and an end that lets answers finish.

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{Router, body::Body, response::IntoResponse as _};
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body::{Body as HttpBody, Frame};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    time::{Duration, Instant, Sleep},
};
use tower::Service as _;
use waarborg_web::pace::Caller;

use super::hosts::Hosts;
use super::reader::Reader;
use crate::settings::Limits;

/// Headers in one request; browsers send about twenty.
const MOST_HEADERS: usize = 100;

/// Bytes of one request's head.
const LARGEST_HEAD_BYTES: usize = 64 * 1024;

/// Answers connections until `stop` says so, then lets running answers finish for at most the drain time.
pub(super) async fn answer(
    listener: TcpListener,
    router: Router,
    hosts: Hosts,
    limits: &Limits,
    mut stop: watch::Receiver<bool>,
) {
    let hosts = Arc::new(hosts);
    let places = Arc::new(Semaphore::new(limits.connections));

    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            break;
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let Ok((stream, caller)) = accepted else {
            // Out of file handles or a connection that went away: breathe, then go on.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let router = router.clone();
        let hosts = Arc::clone(&hosts);
        let limits = limits.clone();
        let stop = stop.clone();
        tokio::spawn(async move {
            converse(stream, Caller(caller.ip()), router, hosts, &limits, stop).await;
            drop(place);
        });
    }

    drop(listener);
    let everyone = u32::try_from(limits.connections).unwrap_or(u32::MAX);
    if tokio::time::timeout(limits.drain, places.acquire_many(everyone))
        .await
        .is_err()
    {
        tracing::warn!("some answers did not finish in time and were cut off");
    }
}

async fn converse(
    stream: TcpStream,
    caller: Caller,
    router: Router,
    hosts: Arc<Hosts>,
    limits: &Limits,
    mut stop: watch::Receiver<bool>,
) {
    // Small pieces of a streamed answer must not wait for each other.
    let _ = stream.set_nodelay(true);
    let patience = limits.body;
    let service = service_fn(move |request: Request<Incoming>| {
        // What is read at once may be longer than the room for it.
        let refused = if head_bytes(&request) > LARGEST_HEAD_BYTES {
            Some(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.into_response())
        } else {
            hosts.misdirected(&request)
        };
        let mut router = router.clone();
        async move {
            if let Some(response) = refused {
                return Ok(response);
            }
            let mut request = request.map(|body| Body::new(Patient::new(body, patience)));
            request.extensions_mut().insert(caller);
            Ok::<_, Infallible>(match router.call(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            })
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header)
        .max_headers(MOST_HEADERS)
        .max_buf_size(LARGEST_HEAD_BYTES)
        .serve_connection(TokioIo::new(Reader::new(stream, limits.write)), service);
    let mut connection = std::pin::pin!(connection);

    // A connection that breaks is the caller's business; there is nobody to tell.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stop.wait_for(|stop| *stop) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// How many bytes the target and the headers of a request have.
fn head_bytes<B>(request: &Request<B>) -> usize {
    let target = request.uri().path_and_query();
    let target = target.map_or(0, |target| target.as_str().len());
    let headers = request.headers().iter();
    let headers = headers.map(|(name, value)| name.as_str().len() + value.len());
    headers.fold(target, usize::saturating_add)
}

/// A request body that gives up when the sender says nothing for too long.
struct Patient {
    body: Incoming,
    patience: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
}

impl Patient {
    fn new(body: Incoming, patience: Duration) -> Self {
        Self {
            body,
            patience,
            waiting: None,
        }
    }
}

/// The body did not arrive.
#[derive(Debug, thiserror::Error)]
enum BodyError {
    /// Nothing came for too long.
    #[error("the request body stopped arriving")]
    TooSlow,
    /// The connection broke.
    #[error("the request body broke off")]
    Broken(#[from] hyper::Error),
}

impl HttpBody for Patient {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            self.waiting = None;
            return Poll::Ready(frame.map(|frame| frame.map_err(BodyError::Broken)));
        }
        let until = Instant::now() + self.patience;
        let sleep = self
            .waiting
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(until)));
        match sleep.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Some(Err(BodyError::TooSlow))),
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.size_hint()
    }
}
