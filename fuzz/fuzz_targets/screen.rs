//! What screening lets through is JSON with the same structure, and no value that it replaced is in it.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use waarborg_detect::surrogate::{ConversationKey, Language, Surrogates};
use waarborg_detect::{Detector, Finding};
use waarborg_domain::finder::{Finder, FinderFailed};
use waarborg_domain::json::{LeafKind, Limits, Path, scan};
use waarborg_domain::policy::Policy;
use waarborg_domain::prompt::{LeafRole, Prompt, Protocol, Screen, Screening, Waived};
use waarborg_domain::register::Destination;

struct Found(Detector);

impl Finder for Found {
    fn find(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
        Ok(self.0.find_ungrouped(text))
    }
}

/// Of a chat with one message, what was said is inspected and nothing else.
struct Said;

impl Protocol for Said {
    fn role(&self, path: &Path, kind: LeafKind, _: &str) -> LeafRole {
        if kind == LeafKind::Text && path.last_key() == Some("content") {
            LeafRole::Text
        } else {
            LeafRole::Word
        }
    }
}

static FINDER: LazyLock<Found> = LazyLock::new(|| Found(Detector::new()));
static POLICY: LazyLock<Policy> = LazyLock::new(|| Policy::shipped("pseudonymise").expect("it is shipped"));

fuzz_target!(|text: &str| {
    let body = format!(
        "{{\"model\":\"m\",\"messages\":[{{\"role\":\"user\",\"content\":\"{}\"}}]}}",
        waarborg_domain::json::escaped(text)
    );
    let Ok(prompt) = Prompt::parse(body.clone().into_bytes(), &Limits::default(), &Said) else {
        return;
    };
    let waived = Waived::default();
    let screening = Screening {
        finder: &*FINDER,
        policy: &POLICY,
        destination: Destination::Eu,
        has_ground: false,
        waived: &waived,
        witness: None,
    };
    let mut surrogates = Surrogates::new(ConversationKey::new([3; 32]), Language::Dutch);
    if let Ok(Screen::Passed { prompt, report }) = prompt.screen(&screening, &mut surrogates) {
        let before = scan(body.as_bytes(), &Limits::default()).expect("it was JSON");
        let after = scan(prompt.body(), &Limits::default()).expect("it is JSON");
        assert_eq!(before.len(), after.len());
        if report.marks.is_empty() {
            assert_eq!(prompt.body(), body.as_bytes());
        }
    }
});
