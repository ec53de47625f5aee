//! What detection promises for every text.

use std::fs;
use std::sync::LazyLock;
use std::time::Duration;

use proptest::prelude::*;
use waarborg_detect::surrogate::{ConversationKey, Language, Scope, Surrogates};
use waarborg_detect::{Detector, Finding};

static DETECTOR: LazyLock<Detector> = LazyLock::new(Detector::new);

fn check_shape(text: &str, findings: &[Finding]) -> Result<(), TestCaseError> {
    let mut end = 0;
    for finding in findings {
        prop_assert!(
            finding.span.start >= end && finding.span.start < finding.span.end,
            "{findings:?}"
        );
        prop_assert!(text.get(finding.span.clone()).is_some(), "{findings:?}");
        prop_assert!((0.0..=1.0).contains(&finding.score));
        end = finding.span.end;
    }
    Ok(())
}

/// Pieces of text that recognisers react to, among any other characters.
fn piece() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "BSN ",
        "111222333",
        "06-12345678",
        "+31 6 ",
        "NL91 ABNA 0417 1643 00",
        "jan@x.nl",
        "https://x.com/jan_b/",
        "mevrouw ",
        "van der ",
        "geb. ",
        "14-03-1951",
        "1234 AB",
        "Dorpsstraat 12",
        "\n",
        "; ",
        "naam;bsn;tel\n",
        "-----BEGIN PRIVATE KEY-----",
        "://a:b@",
        "Password=",
        "wachtwoord: ",
        "(",
        "\u{200b}",
        "é",
        "１２",
        "а",
        "ꓮ",
        "①",
        "℡",
        "dubbel ",
        "postcode ",
        "KvK ",
        "\u{301}",
        "👩",
        "nul zes ",
        "@",
        "::",
        "'",
        "C:\\Users\\",
        "{\"bsn\":\"",
        "12-AB-34",
        "J.",
        "45 jaar",
        "heeft astma",
        "&#49;",
        "%31%32",
        "\\u0040",
        "=4A=61",
        "SmFuIGRlIFZyaWVzIDA2LTEyMzQ1Njc4",
        "1 1 1 2 2 2 3 3 3",
        "1**1**1",
        "\u{202e}",
        "333222111",
        " apenstaartje ",
        " punt ",
        "nul een ",
        "J_a_n_ _d_e",
        "<b></b>",
        "achterstevoren ",
    ];
    prop_oneof![3 => proptest::sample::select(KNOWN).prop_map(str::to_string), 2 => "\\PC{0,6}", 1 => "[ -~]{0,12}"]
}

/// What makes a link or a tag of what stands behind it, in small letters.
const LINKS: [&str; 15] = [
    "//",
    "](",
    "<",
    "www.",
    "mailto:",
    "data:",
    "javascript:",
    "vbscript:",
    "tel:",
    "sms:",
    "http:",
    "https:",
    "ftp:",
    "ws:",
    "wss:",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn findings_are_sorted_disjoint_and_on_character_boundaries(pieces in proptest::collection::vec(piece(), 0..24)) {
        let text = pieces.concat();
            check_shape(&text, &DETECTOR.find(&text))?;
    }

    #[test]
    fn replacing_and_restoring_any_findings_gives_back_the_text(pieces in proptest::collection::vec(piece(), 0..24)) {
        let text = pieces.concat();
        let findings = DETECTOR.find(&text);
        let mut surrogates = Surrogates::new(ConversationKey::new([3; 32]), Language::Dutch);
        surrogates.reserve(&text);
        let mut replaced = String::new();
        let mut expected = String::new();
        let mut at = 0;
        for finding in &findings {
            let value = text.get(finding.span.clone()).unwrap();
            replaced.push_str(text.get(at..finding.span.start).unwrap());
            expected.push_str(text.get(at..finding.span.start).unwrap());
            // A word against a surrogate would hide it or be taken for part of it.
            replaced.push(' ');
            expected.push(' ');
            let surrogate = surrogates.surrogate(finding.kind, value);
            let first = surrogates.entries().find(|(_, other, _)| *other == surrogate).unwrap().2;
            expected.push_str(first);
            replaced.push_str(&surrogate);
            at = finding.span.end;
        }
        replaced.push_str(text.get(at..).unwrap());
        expected.push_str(text.get(at..).unwrap());
        // Links and tags are not restored by design.
        let has_link = LINKS.iter().any(|mark| replaced.to_lowercase().contains(mark));
        prop_assume!(!has_link);
        // White space alone, so that two spellings that fold together compare equal.
        prop_assert_eq!(surrogates.restore_all(&replaced, Scope::Text), expected);
    }
}

/// Time that this thread has had a processor, where the system tells; else nothing.
fn time_used() -> Option<Duration> {
    let line = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    line.split(' ')
        .next()?
        .parse()
        .ok()
        .map(Duration::from_nanos)
}

#[test]
fn hostile_texts_take_time_in_proportion_to_their_length() {
    let families = [
        "a",
        "x@",
        "NL",
        "12345678",
        "+31 ",
        "van der ",
        "http://",
        "A",
        "\u{200b}",
        "e\u{301}",
        "\u{202e}",
        "👩\u{200d}",
        "een ",
        "%25",
        "&#49;",
        "01-01-",
        "1 - ",
        "\"",
        "[PERSOON_",
        "A.",
        "Jan ",
        "12;",
        "a;b\n",
        "://a:",
        "Password=",
        "-----BEGIN PRIVATE KEY-----",
        "nul ",
        "а",
        "а-",
        "бa-",
        "①",
        "℡",
        "dubbel een ",
        "postcode een ",
        "Straat 1 ",
        "(",
        "BSN ",
        "jan is 4, ",
        "'",
        "1 2 ",
        "1**",
        "een ",
        "a punt b apenstaartje ",
        "U2Fubm",
        "=4A",
        "\\u0031",
        "achterstevoren ",
        "1\n",
        "@\n",
        "Jan uit Delft, ",
        "tandarts op Urk ",
    ];
    for family in families {
        let timed = |n: usize| {
            let text = family.repeat(n / family.len());
            {
                let before = time_used()?;
                std::hint::black_box(DETECTOR.find(&text));
                Some(time_used()?.saturating_sub(before))
            }
        };
        let (Some(short), Some(long)) = (timed(1_000), timed(8_000)) else {
            return;
        };
        // Eight times the text: anything quadratic takes 64 times as long. The clock ticks in milliseconds.
        let limit = short * 24 + Duration::from_millis(120);
        assert!(
            long <= limit,
            "{family:?}: {short:?} for 1 kB, {long:?} for 8 kB"
        );
    }
}

#[test]
fn what_gives_way_to_its_neighbour_begins_at_what_is_seen_however_it_is_disguised() {
    let plain = r"R$ewritping at lambing. Use he\\\\\\\\\\\\\\\\sidents WHERE surname ILIKE 'vandermeulen' AIve had whipljgash e\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\.";
    for hidden in ["", "\u{200c}\u{34f}", "\u{200b}\u{e0041}"] {
        let text = plain.replace(' ', &format!("{hidden} {hidden}"));
        let found = DETECTOR.find(&text);
        let [person, health] = found.as_slice() else {
            panic!("{found:?}")
        };
        let said = |finding: &Finding| text.get(finding.span.clone()).unwrap_or_default();
        assert!(said(person).ends_with('\''), "{found:?}");
        assert!(said(health).starts_with("AIve"), "{found:?}");
    }
}
