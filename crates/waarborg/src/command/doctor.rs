//! `waarborg doctor`: what of the machine and the directory weakens a promise, and how to mend it.

use std::path::Path;

use clap::Args;
use serde_json::{Value, json};
use waarborg_domain::register::Fault;
use waarborg_store::keys::{Master, MirrorState, mirror_state};

use crate::{
    clock::WallClock,
    configuration::{self, Configuration},
    home::Home,
    printer::{Output, Printer, counted},
    stop::{Outcome, Stop},
};

/// Looks at an installation and its machine.
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    home: Home,
}

/// One thing that was looked at.
struct Look {
    what: &'static str,
    is_good: bool,
    found: String,
    mend: &'static str,
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when the directory is no installation.
pub(crate) fn run(ask: &Doctor, printer: &mut Printer) -> Result<Outcome, Stop> {
    let home = &ask.home;
    let configuration = configuration::read(home)?;
    let looks = [
        Look {
            what: "configuration",
            is_good: configuration.is_ok(),
            found: match &configuration {
                Ok(configuration) => format!("register {}", configuration.register.version()),
                Err(faults) => counted(
                    faults.iter().filter(|fault| fault.is_error()).count() as u64,
                    "fault",
                    "faults",
                ),
            },
            mend: "run `waarborg check` and mend what it says",
        },
        recipients(&configuration),
        private(&home.keys(), "keys", "chmod -R go-rwx the keys directory"),
        mirror(home, &configuration),
        private(&home.data(), "data", "chmod -R go-rwx the data directory"),
        clock(home),
        swap(),
        core_files(),
    ];
    let is_good = looks.iter().all(|look| look.is_good);

    if printer.output() == Output::Json {
        let looks: Vec<Value> = looks
            .iter()
            .map(|look| json!({ "what": look.what, "good": look.is_good, "found": look.found, "mend": if look.is_good { "" } else { look.mend } }))
            .collect();
        printer.json(&json!({ "ok": is_good, "looks": looks }))?;
    } else {
        for look in &looks {
            let sign = if look.is_good { "good" } else { "MEND" };
            printer.line(format_args!("{sign}  {:14} {}", look.what, look.found))?;
            if !look.is_good {
                printer.line(format_args!("      {}", look.mend))?;
            }
        }
    }
    Ok(if is_good {
        Outcome::Good
    } else {
        Outcome::Findings
    })
}

/// Whether every key exists twice.
fn mirror(home: &Home, configuration: &Result<Configuration, Vec<Fault>>) -> Look {
    let look = |is_good, found: String, mend| Look {
        what: "keys' mirror",
        is_good,
        found,
        mend,
    };
    let chosen = configuration
        .as_ref()
        .ok()
        .and_then(|configuration| configuration.settings.keys_mirror.as_ref());
    let Some(folder) = chosen.map(|folder| home.dir.join(folder)) else {
        return look(
            true,
            "none: the keys exist once; see `keys_mirror` in docs/keeping.md".to_owned(),
            "",
        );
    };
    let state =
        Master::load(&home.keys()).and_then(|master| mirror_state(&home.keys(), &folder, &master));
    let place = folder.display();
    match state {
        Ok(MirrorState::InStep) => look(true, format!("{place} holds the same keys"), ""),
        Ok(MirrorState::Missing) => look(
            false,
            format!("{place} holds no keys that can be read"),
            "mount its disk; if that is gone for good, put an empty file `new-mirror` in the empty folder",
        ),
        Ok(MirrorState::Stale) => look(
            false,
            format!("{place} is older or newer than the keys; erasures may be pending there"),
            "start the program, or let it run: it brings the older one up to date within seconds",
        ),
        Ok(_) => look(
            false,
            format!("{place} and the keys have each gone on without the other"),
            "find out which one is right, and move the other away",
        ),
        Err(fault) => look(
            false,
            format!("the keys cannot be read: {fault}"),
            "start the program: it takes keys that are gone over from their mirror",
        ),
    }
}

/// Whether time can be set by hand here, or somebody tried.
fn clock(home: &Home) -> Look {
    let is_test = WallClock::of(home).is_test();
    let is_left_over = home.test_clock().exists();
    Look {
        what: "clock",
        is_good: !is_test && !is_left_over,
        found: match (is_test, is_left_over) {
            (true, _) => "a test clock".to_owned(),
            (false, true) => format!(
                "the system's; {} is there and does nothing",
                home.test_clock().display()
            ),
            (false, false) => "the system's".to_owned(),
        },
        mend: if is_test {
            "make another directory for real work; this one is for tests"
        } else {
            "find out who put the file there, and remove it"
        },
    }
}

/// Which recipients are closed: the program runs, but nothing goes there.
fn recipients(configuration: &Result<Configuration, Vec<Fault>>) -> Look {
    let faults = match configuration {
        Ok(configuration) => &configuration.warnings,
        Err(faults) => faults,
    };
    let closed: Vec<&str> = faults
        .iter()
        .filter(|fault| fault.closes_a_recipient())
        .map(|fault| fault.message.as_str())
        .collect();
    Look {
        what: "recipients",
        is_good: closed.is_empty(),
        found: if closed.is_empty() {
            "none is closed".to_owned()
        } else {
            closed.join("; ")
        },
        mend: "nothing is sent there; run `waarborg check` and mend what it says",
    }
}

#[cfg(unix)]
fn private(path: &Path, what: &'static str, mend: &'static str) -> Look {
    use std::os::unix::fs::PermissionsExt as _;

    match std::fs::metadata(path) {
        Ok(about) => {
            let mode = about.permissions().mode() & 0o777;
            Look {
                what,
                is_good: mode.trailing_zeros() >= 6,
                found: format!("{} has mode {mode:o}", path.display()),
                mend,
            }
        }
        Err(error) => Look {
            what,
            is_good: false,
            found: format!("{}: {error}", path.display()),
            mend: "run `waarborg init`",
        },
    }
}

#[cfg(not(unix))]
fn private(path: &Path, what: &'static str, mend: &'static str) -> Look {
    let is_good = path.exists();
    Look {
        what,
        is_good,
        found: path.display().to_string(),
        mend,
    }
}

fn swap() -> Look {
    let swaps = std::fs::read_to_string("/proc/swaps").unwrap_or_default();
    let is_good = swaps
        .lines()
        .skip(1)
        .all(|line| line.contains("zram") || line.contains("crypt"));
    Look {
        what: "swap",
        is_good,
        found: if is_good {
            "none in the clear".to_owned()
        } else {
            "memory may reach the disk unencrypted".to_owned()
        },
        mend: "switch swap off, or encrypt it",
    }
}

fn core_files() -> Look {
    let pattern = std::fs::read_to_string("/proc/sys/kernel/core_pattern").unwrap_or_default();
    Look {
        what: "core files",
        is_good: true,
        found: format!(
            "the server forbids them for itself (the system's pattern: {})",
            pattern.trim()
        ),
        mend: "",
    }
}
