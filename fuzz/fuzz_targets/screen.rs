//! What screening lets through is JSON with the same structure, and no value that it replaced is in it.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use waarborg_detect::surrogate::{ConversationKey, Language, Surrogates};
use waarborg_detect::{Detector, Finding};
use waarborg_domain::finder::{Finder, FinderFailed};
use waarborg_domain::json::{Limits, scan};
use waarborg_domain::policy::Policy;
use waarborg_domain::prompt::{Prompt, Screen, Screening, Waived};
use waarborg_domain::register::Destination;
use waarborg_gateway::chat_completions::ChatCompletions;

struct Found(Detector);

impl Finder for Found {
    fn find(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
        Ok(self.0.find(text))
    }
}

static FINDER: LazyLock<Found> = LazyLock::new(|| Found(Detector::new()));
static POLICY: LazyLock<Policy> = LazyLock::new(|| Policy::shipped("pseudonymise").expect("it is shipped"));

fuzz_target!(|text: &str| {
    let body = format!(
        "{{\"model\":\"m\",\"messages\":[{{\"role\":\"user\",\"content\":\"{}\"}}]}}",
        waarborg_domain::json::escaped(text)
    );
    let Ok(prompt) = Prompt::parse(body.clone().into_bytes(), &Limits::default(), &ChatCompletions) else {
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
