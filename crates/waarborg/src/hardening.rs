//! What a crash may not leave behind: no payload of a panic on the screen, no core file on the disk.

use std::{
    io::{self, Write},
    panic,
};

/// A panic says where it happened and nothing of what it carried; a payload may hold a person's text.
pub(crate) fn silence_panics() {
    panic::set_hook(Box::new(|panicked| {
        let place = panicked.location().map_or_else(
            || "an unknown place".to_owned(),
            |location| format!("{}:{}", location.file(), location.line()),
        );
        // Standard error may be closed; the process goes on all the same.
        let _ = writeln!(
            io::stderr().lock(),
            "waarborg: a part of the program stopped at {place}; the message is withheld because it may hold personal data"
        );
    }));
}

/// Makes the system write no core file of this process, and lets no other process look into its memory.
///
/// A system that does not know these calls keeps its own rules; `waarborg doctor` shows what holds.
#[cfg(target_os = "linux")]
pub(crate) fn forbid_core_files() {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

    let _ = setrlimit(
        Resource::Core,
        Rlimit {
            current: Some(0),
            maximum: Some(0),
        },
    );
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}

/// Elsewhere the system's own rules hold.
#[cfg(not(target_os = "linux"))]
pub(crate) fn forbid_core_files() {}
