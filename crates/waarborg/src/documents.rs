//! Files of strangers become text: on a thread with room, behind a wall, with the letters of pictures where that was asked.

mod letters;

use std::sync::{Arc, LazyLock};
use std::thread;

use waarborg_files::{FileText, Gaps, Limits, PlacedText, STACK_BYTES};

use waarborg_gateway::Letters;

use crate::stop::Stop;
pub(crate) use letters::Tesseract;

/// Makes what reads the letters in pictures, for whoever does that again and again. The program is looked for once,
/// when the first picture comes.
pub(crate) fn letters() -> Arc<Letters> {
    static TESSERACT: LazyLock<Option<Tesseract>> = LazyLock::new(Tesseract::installed);
    Arc::new(|| {
        let reader = TESSERACT.as_ref()?.anew();
        Some(Box::new(reader))
    })
}

/// Reads everything in a file.
///
/// # Errors
///
/// [`Stop::Unusable`] when the system gives no thread, or the reader broke down beyond its own walls.
pub(crate) fn read(
    bytes: Vec<u8>,
    pictures: Option<Tesseract>,
) -> Result<(waarborg_files::FileKind, PlacedText, Gaps), Stop> {
    let reading = thread::Builder::new()
        .name("file".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(move || waarborg_files::read(None, &bytes, &Limits::default()));
    let mut text: FileText = reading
        .map_err(|_| broken())?
        .join()
        .map_err(|_| broken())?;
    if let Some(mut reader) = pictures {
        text.read_pictures(&mut reader);
    }
    let kind = text.kind();
    let (text, gaps) = text.with_gaps();
    Ok((kind, text, gaps))
}

fn broken() -> Stop {
    Stop::unusable(
        "the file could not be read: its reader broke down",
        "save it again in another form, for example as PDF or plain text",
    )
}
