//! Sound that a provider answers with, on its way to the client.

use futures_util::stream;
use waarborg_usecase::ports::{ProviderError, Reply};

use super::error;
use crate::upstream::Answer;

/// The media types of sound that are passed on, also under other names that they go by. Any other answer is no sound.
pub(crate) const KNOWN: &[(&str, &str)] = &[
    ("audio/mpeg", "audio/mpeg"),
    ("audio/mp3", "audio/mpeg"),
    ("audio/wav", "audio/wav"),
    ("audio/x-wav", "audio/wav"),
    ("audio/wave", "audio/wav"),
    ("audio/flac", "audio/flac"),
    ("audio/x-flac", "audio/flac"),
    ("audio/aac", "audio/aac"),
    ("audio/ogg", "audio/ogg"),
    ("audio/opus", "audio/opus"),
    ("audio/pcm", "audio/pcm"),
    ("audio/mp4", "audio/mp4"),
    ("audio/webm", "audio/webm"),
];

/// An answer as sound, which goes on piece by piece: the provider is read as fast as the client reads.
///
/// # Errors
///
/// [`ProviderError::Unreadable`] if it is something else.
pub(super) fn sound(answer: Answer) -> Result<Reply, ProviderError> {
    let media_type = answer.media_type();
    let known = KNOWN.iter().find(|(name, _)| *name == media_type);
    let (_, media_type) = known.ok_or(ProviderError::Unreadable)?;
    let pieces = stream::unfold(Some(answer), |answer| async move {
        let mut answer = answer?;
        match answer.next().await {
            Ok(None) => None,
            Ok(Some(bytes)) => Some((Ok(Vec::from(bytes)), Some(answer))),
            Err(fault) => Some((Err(error(fault)), None)),
        }
    });
    Ok(Reply::Sound {
        media_type,
        pieces: Box::pin(pieces),
    })
}
