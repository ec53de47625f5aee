//! Pictures and files that lie in a request: read at the door, and inspected together with the rest of it.
//!
//! What was read of a file stands in its place while the request is inspected. So its words have the same verdict as all
//! others, and whatever is not found here stays what it was: a part that nobody can look into, which is refused.

mod containers;
mod find;
mod media;
mod reading;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot};
use waarborg_domain::prompt::Enclosure;
use waarborg_files::{PictureReader, Reason, STACK_BYTES};
use waarborg_usecase::file_texts::Recall;

use crate::weights::Shown;

pub(crate) use find::{Encloses, pictures_in};

/// Makes what reads the letters in pictures, anew for each request; `None` where nothing can.
pub type Letters = dyn Fn() -> Option<Box<dyn PictureReader>> + Send + Sync;

/// Reads the files that lie in requests, a few at once and each within a time.
#[derive(Clone)]
pub(crate) struct Files {
    places: Arc<Semaphore>,
    time: Duration,
    pictures: Pictures,
}

/// What becomes of the letters in pictures.
#[derive(Clone)]
enum Pictures {
    /// Nothing reads them.
    Unread,
    /// They are read by this, where it can.
    Read(Arc<Letters>),
    /// The operator wants no pictures, whatever could read them.
    Refused,
}

/// A request body in which the text of each picture and file stands in its place.
pub(crate) struct Opened {
    /// The body.
    pub(crate) body: Vec<u8>,
    /// What lies in it.
    pub(crate) enclosures: Vec<Enclosure>,
    /// The pictures among that.
    pub(crate) pictures: Vec<Shown>,
}

impl From<Vec<u8>> for Opened {
    fn from(body: Vec<u8>) -> Self {
        Self {
            body,
            enclosures: Vec::new(),
            pictures: Vec::new(),
        }
    }
}

/// Why a picture or file was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Others are being read, and took all the time there is.
    Busy,
    /// It cannot be read wholly.
    Unread {
        /// Where it lies.
        place: String,
        /// Why.
        why: Why,
    },
}

/// Why a picture or file was not read wholly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// It is not the base64 that it should be.
    NotBase64,
    /// Its content is of another kind than its type or its name says.
    OtherKind,
    /// Nothing is known that takes what is written about it out of a picture of this kind.
    NotStripped,
    /// It is a picture, or one is in it, and the operator wants none.
    PictureRefused,
    /// Something in it was not read.
    Gap(Reason),
    /// There are too many of them.
    TooMany,
    /// Reading took too long.
    TooSlow,
}

impl Why {
    /// The end of the name of its sentence, and what programs know it by.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::NotBase64 => "not-base64",
            Self::OtherKind => "other-kind",
            Self::NotStripped => "not-stripped",
            Self::TooMany => "too-many",
            Self::TooSlow => "too-slow",
            Self::PictureRefused => "picture-refused",
            Self::Gap(reason) => match reason {
                Reason::Encrypted => "encrypted",
                Reason::Damaged => "damaged",
                Reason::Picture => "picture",
                Reason::Undecodable => "undecodable",
                Reason::Reference => "reference",
                Reason::TooDeep | Reason::TooMuch => "too-much",
                Reason::Unsupported => "unsupported",
                _ => "failed",
            },
        }
    }

    /// The name of its sentence.
    pub(crate) const fn sentence(self) -> &'static str {
        match self {
            Self::NotBase64 => "file-not-base64",
            Self::OtherKind => "file-other-kind",
            Self::NotStripped => "file-not-stripped",
            Self::TooMany => "file-too-many",
            Self::TooSlow => "file-too-slow",
            Self::PictureRefused => "file-picture-refused",
            Self::Gap(reason) => match reason {
                Reason::Encrypted => "file-encrypted",
                Reason::Damaged => "file-damaged",
                Reason::Picture => "file-picture",
                Reason::Undecodable => "file-undecodable",
                Reason::Reference => "file-reference",
                Reason::TooDeep | Reason::TooMuch => "file-too-much",
                Reason::Unsupported => "file-unsupported",
                _ => "file-failed",
            },
        }
    }
}

impl Files {
    /// Reads so many at once, each within this time.
    pub(crate) fn new(n_at_once: usize, time: Duration) -> Self {
        Self {
            places: Arc::new(Semaphore::new(n_at_once)),
            time,
            pictures: Pictures::Unread,
        }
    }

    /// The same, with somebody who reads the letters in pictures.
    pub(crate) fn with_letters(self, letters: Arc<Letters>) -> Self {
        Self {
            pictures: Pictures::Read(letters),
            ..self
        }
    }

    /// The same, where no request may hold a picture.
    pub(crate) fn without_pictures(self) -> Self {
        Self {
            pictures: Pictures::Refused,
            ..self
        }
    }

    /// Reads the pictures and files that lie in a body in these ways, but those whose text is known.
    ///
    /// # Errors
    ///
    /// [`Fault`] if one of them cannot be read wholly.
    pub(crate) async fn open(
        &self,
        encloses: &'static [Encloses],
        body: Vec<u8>,
        recall: impl FnOnce() -> Option<Recall>,
    ) -> Result<Opened, Fault> {
        let found = find::all(&body, encloses);
        let Some(first) = found.first() else {
            return Ok(body.into());
        };
        let place = first.place.clone();
        let unread = |why| Fault::Unread {
            place: place.clone(),
            why,
        };

        let recall = recall();
        let work = async {
            let permit = Arc::clone(&self.places).acquire_owned().await;
            let permit = permit.map_err(|_| Fault::Busy)?;
            let (sender, receiver) = oneshot::channel();
            let given_up = Arc::new(AtomicBool::new(false));
            let _patience = Patience(Arc::clone(&given_up));
            let pictures = self.pictures.clone();
            let started = thread::Builder::new()
                .name("file".to_owned())
                .stack_size(STACK_BYTES)
                .spawn(move || {
                    let opened = reading::opened(&body, found, &pictures, (recall, &given_up));
                    // The place is free only now, also where nobody waited so long.
                    drop(permit);
                    let _ = sender.send(opened);
                });
            started.map_err(|_| Fault::Busy)?;
            // A reader that breaks down takes the sender with it.
            receiver
                .await
                .unwrap_or_else(|_| Err(unread(Why::Gap(Reason::Failed))))
        };
        tokio::time::timeout(self.time, work)
            .await
            .unwrap_or_else(|_| Err(unread(Why::TooSlow)))
    }
}

impl Pictures {
    fn reader(&self) -> Option<Box<dyn PictureReader>> {
        match self {
            Self::Read(letters) => letters(),
            Self::Unread | Self::Refused => None,
        }
    }
}

/// Tells whoever reads that nobody waits any more.
struct Patience(Arc<AtomicBool>);

impl Drop for Patience {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
