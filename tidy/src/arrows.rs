//! Which crate may know which: the arrows of the house, and what the pure rooms must not touch.

use crate::tree::{Fault, Source, Tree};

/// What one crate may depend on.
struct Room {
    name: &'static str,
    ours: &'static [&'static str],
}

const HTTP: &[&str] = &[
    "axum", "http", "http-*", "hyper", "hyper-*", "tower", "tower-*", "reqwest", "rustls",
    "rustls-*",
];
const SQL: &[&str] = &[
    "rusqlite",
    "libsqlite3-sys",
    "tokio-postgres",
    "postgres*",
    "sqlx*",
    "deadpool*",
];
const EFFECTS: &[&str] = &[
    "tokio",
    "tokio-*",
    "futures*",
    "async-*",
    "tracing",
    "tracing-*",
    "log",
    "getrandom",
    "rand",
    "rand_*",
    "tempfile",
    "clap",
];
/// Mail leaves by one door, as what goes to a model does.
const MAIL: &[&str] = &["lettre"];
/// Code that is not ours and not in the binary, loaded when a model is configured.
const LOADED: &[&str] = &["ort", "ort-*", "libloading"];
const SEALING: &[&str] = &["chacha20poly1305", "aes-*", "hkdf"];

const ROOMS: &[Room] = &[
    Room {
        name: "waarborg-detect",
        ours: &[],
    },
    Room {
        name: "waarborg-files",
        ours: &[],
    },
    Room {
        name: "waarborg-domain",
        ours: &["waarborg-detect"],
    },
    Room {
        name: "waarborg-usecase",
        ours: &["waarborg-detect", "waarborg-files", "waarborg-domain"],
    },
    Room {
        name: "waarborg-store",
        ours: &["waarborg-detect", "waarborg-domain", "waarborg-usecase"],
    },
    Room {
        name: "waarborg-gateway",
        ours: &[
            "waarborg-detect",
            "waarborg-files",
            "waarborg-domain",
            "waarborg-usecase",
        ],
    },
    Room {
        name: "waarborg-mail",
        ours: &["waarborg-domain", "waarborg-usecase"],
    },
    Room {
        name: "waarborg-model",
        ours: &["waarborg-detect"],
    },
    Room {
        name: "waarborg-web",
        ours: &["waarborg-detect", "waarborg-domain", "waarborg-usecase"],
    },
    Room {
        name: "waarborg",
        ours: &[
            "waarborg-detect",
            "waarborg-files",
            "waarborg-domain",
            "waarborg-usecase",
            "waarborg-store",
            "waarborg-gateway",
            "waarborg-mail",
            "waarborg-model",
            "waarborg-web",
        ],
    },
];

/// Names, or beginnings of names (`futures*`), of outside crates that have no place in a room.
fn closed_groups(room: &str) -> Vec<&'static str> {
    let groups: &[&[&str]] = match room {
        "waarborg-detect" | "waarborg-domain" | "waarborg-files" => {
            &[HTTP, SQL, EFFECTS, SEALING, MAIL, LOADED]
        }
        "waarborg-usecase" => &[HTTP, SQL, SEALING, MAIL, LOADED, &["tokio", "tokio-*"]],
        "waarborg-store" => &[
            &["axum", "http", "http-*", "hyper", "hyper-*", "tower"],
            MAIL,
            LOADED,
        ],
        "waarborg-gateway" | "waarborg-web" => &[SQL, SEALING, MAIL, LOADED],
        "waarborg-mail" => &[SQL, SEALING, LOADED, &["axum", "hyper", "hyper-*", "tower"]],
        "waarborg-model" => &[HTTP, SQL, SEALING, MAIL, &["tokio", "tokio-*"]],
        _ => &[],
    };
    groups.concat()
}

/// Words that only code with effects contains; the pure rooms have none of them.
const EFFECT_WORDS: &[&str] = &[
    "async fn",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "println!",
    "eprintln!",
    "tracing::",
    "getrandom",
    "RandomState",
];

/// Every crate depends only on the rooms below it and on outside crates that its work needs.
#[must_use]
pub fn faults(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for room in ROOMS {
        let path = format!("crates/{}/Cargo.toml", room.name);
        match tree.find(&path) {
            Some(manifest) => faults.extend(room_faults(room, manifest)),
            None => faults.push(Fault::of(
                &path,
                "the map names this crate, but it is not there",
            )),
        }
    }
    for source in tree
        .below("crates/")
        .filter(|source| source.name() == "Cargo.toml")
    {
        if !ROOMS
            .iter()
            .any(|room| source.path == format!("crates/{}/Cargo.toml", room.name))
        {
            faults.push(Fault::of(
                &source.path,
                "a crate that the map does not know; a new subject is a module",
            ));
        }
    }
    faults
}

fn room_faults(room: &Room, manifest: &Source) -> Vec<Fault> {
    let mut faults = Vec::new();
    let closed = closed_groups(room.name);
    for name in crate::dependencies::names(&manifest.text, &["dependencies", "build-dependencies"])
    {
        if name.starts_with("waarborg") {
            if !room.ours.contains(&name.as_str()) {
                faults.push(Fault::of(
                    &manifest.path,
                    format!(
                        "{} may not know {name}: an arrow only points down",
                        room.name
                    ),
                ));
            }
        } else if closed.iter().any(|pattern| matches(pattern, &name)) {
            faults.push(Fault::of(
                &manifest.path,
                format!("{name} has no place in {}", room.name),
            ));
        }
    }
    for name in crate::dependencies::names(&manifest.text, &["dev-dependencies"]) {
        let sideways = name.starts_with("waarborg")
            && !room.ours.contains(&name.as_str())
            && name != room.name;
        if sideways {
            faults.push(Fault::of(
                &manifest.path,
                format!("the tests of {} may not know {name} either", room.name),
            ));
        }
    }
    faults
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern
        .strip_suffix('*')
        .map_or(pattern == name, |start| name.starts_with(start))
}

/// `detect`, `files` and `domain` have no async, no input or output, no clock, no randomness and no logging.
#[must_use]
pub fn purity_faults(tree: &Tree) -> Vec<Fault> {
    let pure = [
        "crates/waarborg-detect/src/",
        "crates/waarborg-files/src/",
        "crates/waarborg-domain/src/",
    ];
    let mut faults = Vec::new();
    for source in tree
        .rust()
        .filter(|source| pure.iter().any(|folder| source.path.starts_with(folder)))
    {
        for (number, line) in source.shipped_lines() {
            for word in EFFECT_WORDS.iter().filter(|word| line.contains(**word)) {
                faults.push(Fault::at(
                    &source.path,
                    number,
                    format!("{word} in a pure room"),
                ));
            }
        }
    }
    faults
}

/// Only `waarborg` reads the environment.
#[must_use]
pub fn environment_faults(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for source in tree.rust().filter(|source| {
        source.path.starts_with("crates/waarborg-") && source.path.contains("/src/")
    }) {
        for (number, line) in source
            .shipped_lines()
            .filter(|(_, line)| line.contains("env::var"))
        {
            faults.push(Fault::at(
                &source.path,
                number,
                format!("only the binary reads the environment: {}", line.trim()),
            ));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(room: &str, dependency: &str) -> usize {
        let manifest = Source::new(
            "x/Cargo.toml",
            &format!("[dependencies]\n{dependency}.workspace = true\n"),
        );
        let room = ROOMS.iter().find(|known| known.name == room).unwrap();
        room_faults(room, &manifest).len()
    }

    #[test]
    fn an_arrow_that_points_up_or_sideways_is_a_fault() {
        assert_eq!(check("waarborg-domain", "waarborg-detect"), 0);
        assert_eq!(check("waarborg-domain", "waarborg-usecase"), 1);
        assert_eq!(check("waarborg-gateway", "waarborg-store"), 1);
        assert_eq!(check("waarborg", "waarborg-store"), 0);
    }

    #[test]
    fn a_pure_room_is_closed_to_what_has_effects() {
        assert_eq!(check("waarborg-detect", "tokio"), 1);
        assert_eq!(check("waarborg-domain", "futures-util"), 1);
        assert_eq!(check("waarborg-domain", "http-body-util"), 1);
        assert_eq!(check("waarborg-usecase", "rusqlite"), 1);
        assert_eq!(check("waarborg-web", "chacha20poly1305"), 1);
        assert_eq!(check("waarborg-domain", "jiff"), 0);
    }

    #[test]
    fn a_clock_in_the_domain_is_a_fault_and_in_its_tests_is_not() {
        let tree = Tree::of(&[
            (
                "crates/waarborg-domain/src/a.rs",
                "fn a() { SystemTime::now(); }",
            ),
            (
                "crates/waarborg-domain/src/b.rs",
                "#[cfg(test)]\nmod tests {\n fn a() { SystemTime::now(); }\n}",
            ),
        ]);
        assert_eq!(purity_faults(&tree).len(), 1);
    }
}
