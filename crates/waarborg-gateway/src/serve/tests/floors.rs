//! What detection must reach on the prompts of `nl-chat/dev`, counted as the shared scorer counts: below these floors nothing is
//! released. How far above them it is, and on whom it was not written for, `bench/detect` tells.

use std::collections::BTreeMap;

use waarborg_detect::Detector;

use super::*;

/// A span in code points, with its label.
type Span = (usize, usize, String);

/// Labels of one group count as one.
fn group(label: &str) -> &str {
    match label {
        "ADDRESS" | "POSTCODE" | "CITY" => "LOC",
        "CUSTOMER_NUMBER" | "EMPLOYEE_NUMBER" | "PATIENT_NUMBER" | "ID_NUMBER" | "DEVICE_ID" => {
            "NUM"
        }
        other => other,
    }
}

const SPECIAL: [&str; 8] = [
    "HEALTH",
    "RELIGION",
    "ETHNICITY",
    "POLITICAL",
    "UNION",
    "SEXUAL_ORIENTATION",
    "CRIMINAL",
    "BIOMETRIC_GENETIC",
];

fn is_direct(label: &str) -> bool {
    label != "QUASI" && !SPECIAL.contains(&label)
}

fn overlap(one: &Span, other: &Span) -> bool {
    one.0 < other.1 && other.0 < one.1
}

fn spans_of(prompt: &Value, optional: bool) -> Vec<Span> {
    let spans = prompt["spans"].as_array().unwrap().iter();
    let place = |span: &Value, name: &str| usize::try_from(span[name].as_u64().unwrap()).unwrap();
    spans
        .filter(|span| span["optional"].as_bool().unwrap_or_default() == optional)
        .map(|span| {
            let label = span["label"].as_str().unwrap().to_owned();
            (place(span, "start"), place(span, "end"), label)
        })
        .collect()
}

fn found_in(detector: &Detector, text: &str) -> Vec<Span> {
    let points = |end: usize| text.get(..end).unwrap().chars().count();
    let findings = detector.find(text).into_iter();
    findings
        .map(|finding| {
            let (start, end) = (points(finding.span.start), points(finding.span.end));
            (start, end, finding.kind.label().to_owned())
        })
        .collect()
}

/// True and false findings, and what was missed.
#[derive(Default)]
struct Tally {
    hits: u32,
    alarms: u32,
    misses: u32,
}

impl Tally {
    fn f1(&self) -> f64 {
        let both = f64::from(2 * self.hits);
        both / (both + f64::from(self.alarms + self.misses))
    }
}

/// A part of a whole.
#[derive(Default)]
struct Share(usize, usize);

impl Share {
    fn add(&mut self, counts: bool) {
        self.0 += usize::from(counts);
        self.1 += 1;
    }

    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    fn percent(&self) -> f64 {
        100.0 * self.0 as f64 / self.1 as f64
    }
}

#[test]
fn detection_reaches_its_floors() {
    let Some(prompts) = crate::shared_data::lines("data/nl-chat/dev.jsonl") else {
        return;
    };
    let detector = Detector::new();
    let (mut leaks, mut points, mut marked) =
        (Share::default(), Share::default(), Share::default());
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for prompt in &prompts {
        let found = found_in(&detector, prompt["text"].as_str().unwrap());
        let (wanted, optional) = (spans_of(prompt, false), spans_of(prompt, true));
        let is_optional = |span: &Span| optional.iter().any(|other| overlap(span, other));
        let is_covered = |point: usize| found.iter().any(|span| (span.0..span.1).contains(&point));

        let direct: Vec<&Span> = wanted.iter().filter(|span| is_direct(&span.2)).collect();
        for point in direct.iter().flat_map(|span| span.0..span.1) {
            points.add(is_covered(point));
        }
        if !direct.is_empty() {
            leaks.add(!direct.iter().all(|span| (span.0..span.1).all(is_covered)));
        }
        let tags = prompt["tags"].as_array().unwrap();
        if tags.iter().any(|tag| tag == "clean") {
            marked.add(found.iter().any(|span| !is_optional(span)));
        }

        let is_same =
            |one: &Span, other: &Span| group(&one.2) == group(&other.2) && overlap(one, other);
        for span in &wanted {
            let tally = tallies.entry(group(&span.2).to_owned()).or_default();
            if found.iter().any(|other| is_same(span, other)) {
                tally.hits += 1;
            } else {
                tally.misses += 1;
            }
        }
        for span in &found {
            if !wanted.iter().any(|other| is_same(span, other)) && !is_optional(span) {
                tallies.entry(group(&span.2).to_owned()).or_default().alarms += 1;
            }
        }
    }

    assert!(
        leaks.percent() <= 8.0,
        "{} % of the prompts leak",
        leaks.percent()
    );
    assert!(
        points.percent() >= 98.0,
        "{} % of the letters are found",
        points.percent()
    );
    assert!(
        marked.percent() <= 5.0,
        "{} % of the clean prompts are marked",
        marked.percent()
    );
    let floors = [
        ("PERSON", 0.93),
        ("EMAIL", 0.97),
        ("PHONE", 0.97),
        ("BSN", 0.97),
        ("IBAN", 0.97),
        ("CREDIT_CARD", 0.97),
        ("LICENCE_PLATE", 0.97),
        ("IP", 0.97),
        ("API_KEY", 0.97),
        ("QUASI", 0.5),
    ];
    for (label, floor) in floors {
        let reached = tallies[label].f1();
        assert!(reached >= floor, "{label}: {reached}");
    }
    let mut special = Tally::default();
    for tally in SPECIAL.iter().filter_map(|label| tallies.get(*label)) {
        special.hits += tally.hits;
        special.alarms += tally.alarms;
        special.misses += tally.misses;
    }
    assert!(special.f1() >= 0.75, "special categories: {}", special.f1());
}
