//! Addresses of the providers that are closed here, because nobody looks into what goes over them, and what to do instead.

/// The beginning of an address, and the sentence that says why it is closed.
pub(crate) const CLOSED: &[(&str, &str)] = &[
    ("/v1/uploads", "error-closed-files"),
    ("/v1/images", "error-closed-images"),
    ("/v1/videos", "error-closed-images"),
    ("/v1/audio", "error-closed-audio"),
    ("/v1/realtime", "error-closed-realtime"),
    ("/v1/responses", "error-closed-kept"),
    ("/v1/conversations", "error-closed-kept"),
    ("/v1/assistants", "error-closed-kept"),
    ("/v1/threads", "error-closed-kept"),
    ("/v1/vector_stores", "error-closed-kept"),
    ("/v1/containers", "error-closed-kept"),
    ("/v1/skills", "error-closed-kept"),
    ("/v1/fine_tuning", "error-closed-training"),
    ("/v1/evals", "error-closed-training"),
];

/// What an Ollama offers beside, mostly to whoever manages it; its clients look for it under these names.
pub(super) const CLOSED_OF_OLLAMA: [&str; 8] = [
    "/api/show",
    "/api/ps",
    "/api/pull",
    "/api/push",
    "/api/create",
    "/api/copy",
    "/api/delete",
    "/api/embeddings",
];

/// The sentence for those.
pub(super) const WHY_OF_OLLAMA: &str = "error-closed-ollama";

/// The sentence that says why an address is closed, if it is one that providers have.
pub(super) fn why(path: &str) -> Option<&'static str> {
    CLOSED.iter().find_map(|(beginning, sentence)| {
        let rest = path.strip_prefix(beginning)?;
        (rest.is_empty() || rest.starts_with('/')).then_some(*sentence)
    })
}
