//! The file of the register in memory, for the tests of the pages.

use std::sync::Mutex;

use waarborg_domain::register::{Fault, Register};
use waarborg_usecase::ports::{FileAnswer, FileFault, RegisterFile};

/// The file of the register, in memory.
pub(super) struct MemoryFile {
    pub(super) text: Mutex<String>,
    beside: Mutex<String>,
    is_closed: Mutex<bool>,
}

impl MemoryFile {
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: Mutex::new(text.to_owned()),
            beside: Mutex::default(),
            is_closed: Mutex::new(false),
        }
    }

    /// From now on nothing can be written beside it, or can again.
    pub(super) fn closes(&self, is_closed: bool) {
        *self.is_closed.lock().unwrap() = is_closed;
    }
}

impl RegisterFile for MemoryFile {
    fn read(&self) -> FileAnswer<'_, String> {
        let text = self.text.lock().unwrap().clone();
        Box::pin(async move { Ok(text) })
    }

    fn may_write(&self) -> FileAnswer<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    fn hindrances(&self, _: &Register) -> Vec<Fault> {
        Vec::new()
    }

    fn lay_beside(&self, text: String) -> FileAnswer<'_, ()> {
        let is_closed = *self.is_closed.lock().unwrap();
        *self.beside.lock().unwrap() = text;
        Box::pin(async move { (!is_closed).then_some(()).ok_or(FileFault::ReadOnly) })
    }

    fn put_in_place(&self, old: String, _: String) -> FileAnswer<'_, ()> {
        let mut text = self.text.lock().unwrap();
        let is_same = Register::digest_of(&text) == old;
        if is_same {
            *text = self.beside.lock().unwrap().clone();
        }
        Box::pin(async move { is_same.then_some(()).ok_or(FileFault::Changed) })
    }
}
