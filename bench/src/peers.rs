//! The two things the product is measured beside: a provider that answers at once, and a proxy that looks at nothing.

use std::convert::Infallible;
use std::future::Future;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;

use crate::Outcome;

const MODELS: &str =
    r#"{"object":"list","data":[{"id":"bench","object":"model","created":1,"owned_by":"bench"}]}"#;
const ANSWER: &str = r#"{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"bench","choices":[{"index":0,"message":{"role":"assistant","content":"Dank voor uw bericht. Wij kijken ernaar en laten binnen twee weken weten wat wij doen."},"finish_reason":"stop"}],"usage":{"prompt_tokens":500,"completion_tokens":20,"total_tokens":520}}"#;

/// Answers every request at once with the same small answer, as a stream where one is asked for.
pub(crate) async fn upstream() -> Outcome<()> {
    let events = stream_of_events();
    serve(move |request: Request<Incoming>| {
        let events = events.clone();
        async move {
            if request.uri().path().ends_with("/models") {
                return answer("application/json", Bytes::from_static(MODELS.as_bytes()));
            }
            let body = request
                .into_body()
                .collect()
                .await
                .map(http_body_util::Collected::to_bytes)
                .unwrap_or_default();
            if contains(&body, b"\"stream\":true") {
                answer("text/event-stream", events)
            } else {
                answer("application/json", Bytes::from_static(ANSWER.as_bytes()))
            }
        }
    })
    .await
}

/// Hands every request to `target` and every answer back, byte by byte, over kept connections.
pub(crate) async fn passthrough(target: String) -> Outcome<()> {
    let client: Client<HttpConnector, Incoming> =
        Client::builder(TokioExecutor::new()).build(HttpConnector::new());
    serve(move |request: Request<Incoming>| {
        let client = client.clone();
        let address = format!("http://{target}{}", request.uri().path());
        async move {
            let (mut head, body) = request.into_parts();
            head.headers.remove(hyper::header::HOST);
            if let Ok(uri) = address.parse() {
                head.uri = uri;
            }
            match client.request(Request::from_parts(head, body)).await {
                Ok(response) => response.map(BodyExt::boxed),
                Err(error) => answer("text/plain", Bytes::from(error.to_string())),
            }
        }
    })
    .await
}

type AnyBody = http_body_util::combinators::BoxBody<Bytes, hyper::Error>;

fn answer(kind: &'static str, body: Bytes) -> Response<AnyBody> {
    let mut response = Response::new(
        Full::new(body)
            .map_err(|never: Infallible| match never {})
            .boxed(),
    );
    response.headers_mut().insert(
        hyper::header::CONTENT_TYPE,
        hyper::header::HeaderValue::from_static(kind),
    );
    response
}

fn stream_of_events() -> Bytes {
    let mut events = String::new();
    for piece in [
        "Dank ",
        "voor ",
        "uw ",
        "bericht. ",
        "Wij ",
        "kijken ",
        "ernaar.",
    ] {
        events.push_str("data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"bench\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"");
        events.push_str(piece);
        events.push_str("\"},\"finish_reason\":null}]}\n\n");
    }
    events.push_str("data: [DONE]\n\n");
    Bytes::from(events)
}

fn contains(body: &[u8], piece: &[u8]) -> bool {
    body.windows(piece.len()).any(|window| window == piece)
}

/// Listens on a free port, prints it, and answers until the process is ended.
async fn serve<Answering, Answered>(answering: Answering) -> Outcome<()>
where
    Answering: Fn(Request<Incoming>) -> Answered + Clone + Send + 'static,
    Answered: Future<Output = Response<AnyBody>> + Send + 'static,
{
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let answering = answering.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let answered = answering(request);
                async move { Ok::<_, Infallible>(answered.await) }
            });
            // A connection that breaks is the end of that connection, nothing else.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}
