//! What an organisation adds to detection: `recognisers.toml`, read once, its own examples tried, all faults at once.

use std::ops::Range;

use toml::de::DeTable;
use waarborg_detect::{Allowed, Checksum, Detector, Kind, Recogniser};
use waarborg_domain::register::Fault;

use super::{
    model::Chosen,
    reader::{Faults, Table},
};
use crate::finding::OwnDetector;

/// The recognisers, the exceptions and the model of an organisation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Own {
    recognisers: Vec<Recogniser>,
    allowed: Vec<Allowed>,
    model: Option<Chosen>,
}

impl Own {
    /// Reads them from their source; `file` is the name that faults carry.
    ///
    /// A recogniser whose own examples fail is refused: better no start than a number that slips through.
    ///
    /// # Errors
    ///
    /// Every fault of the file, in its order.
    pub(crate) fn read(source: &str, file: &str) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::new(file, source);
        let (document, errors) = DeTable::parse_recoverable(source);
        for error in &errors {
            faults.add(
                "syntax",
                &error.span().unwrap_or(0..0),
                error.message().to_owned(),
                "mend the TOML on this line".to_owned(),
            );
        }

        let mut root = Table::root(&document);
        let mut own = Self::default();
        for (name, table) in root.named_tables("recogniser", &mut faults) {
            own.recognisers
                .extend(recogniser(&name, table, &mut faults));
        }
        for (name, table) in root.named_tables("allow", &mut faults) {
            own.allowed.extend(allowed(&name, table, &mut faults));
        }
        if let Some(table) = root.table("model", &mut faults) {
            own.model = Chosen::read(table, file, &mut faults);
        }
        root.finish(&mut faults);

        let faults = faults.into_sorted();
        if faults.is_empty() {
            Ok(own)
        } else {
            Err(faults)
        }
    }

    /// A detector that knows them. Loads the model, if there is one.
    ///
    /// # Errors
    ///
    /// What is wrong with the model.
    pub(crate) fn detector(self) -> Result<OwnDetector, Fault> {
        let model = self.model.as_ref().map(Chosen::open).transpose()?;
        let detector = Detector::with_own(self.recognisers, self.allowed);
        Ok(OwnDetector::new(detector, model))
    }
}

fn recogniser(name: &str, mut table: Table<'_>, faults: &mut Faults<'_>) -> Option<Recogniser> {
    let path = format!("recogniser.{name}");
    let place = table.span().clone();
    let kind = table.text("kind", faults);
    let label = table.text("label", faults);
    let pattern = table.text("pattern", faults);
    let checksum = table.text("checksum", faults);
    let words = table.texts("words", faults);
    let finds = table.texts("finds", faults);
    let leaves = table.texts("leaves", faults);
    table.finish(faults);

    let (Some(kind), Some(pattern)) = (kind, pattern) else {
        faults.add(
            "missing",
            &place,
            format!("`{path}` has no kind or no pattern"),
            "write kind = \"CUSTOMER_NUMBER\" and pattern = '…'".to_owned(),
        );
        return None;
    };
    let kind = known_kind(&path, &kind.value, &kind.span, faults)?;
    let named = checksum
        .as_ref()
        .and_then(|found| Checksum::parse(&found.value));
    if let Some(found) = checksum.filter(|_| named.is_none()) {
        let known: Vec<&str> = Checksum::ALL.iter().map(|known| known.code()).collect();
        faults.add(
            "checksum",
            &found.span,
            format!("`{path}` names a check that is not known"),
            format!("use one of {}", known.join(", ")),
        );
        return None;
    }
    let recogniser = match Recogniser::new(kind, &pattern.value, named, &words) {
        Ok(recogniser) => recogniser,
        Err(error) => {
            faults.add(
                "pattern",
                &pattern.span,
                format!("`{path}` cannot be used: {error}"),
                "write a smaller or plainer pattern".to_owned(),
            );
            return None;
        }
    };
    let recogniser = match label {
        None => recogniser,
        Some(label) => match recogniser.labelled(&label.value) {
            Ok(recogniser) => recogniser,
            Err(error) => {
                faults.add(
                    "label",
                    &label.span,
                    format!("`{path}` cannot be used: {error}"),
                    "write it like label = \"CASE_NUMBER\"".to_owned(),
                );
                return None;
            }
        },
    };
    if finds.is_empty() {
        faults.add(
            "example",
            &place,
            format!("`{path}` has no example of what it finds"),
            "write finds = [\"zaak [[AB-1234]] is klaar\"], the value between brackets".to_owned(),
        );
    }
    for (number, example) in (1..).zip(&finds) {
        try_example(
            &recogniser,
            &path,
            ("finds", number, example),
            &place,
            faults,
        );
    }
    for (number, example) in (1..).zip(&leaves) {
        try_example(
            &recogniser,
            &path,
            ("leaves", number, example),
            &place,
            faults,
        );
    }
    Some(recogniser)
}

/// Whether the recogniser finds in an example exactly what stands between `[[` and `]]`.
fn try_example(
    recogniser: &Recogniser,
    path: &str,
    (key, number, example): (&str, usize, &String),
    place: &Range<usize>,
    faults: &mut Faults<'_>,
) {
    let mut plain = String::new();
    let mut expected = Vec::new();
    let mut rest = example.as_str();
    while let Some((before, (value, after))) = rest
        .split_once("[[")
        .and_then(|(before, marked)| Some((before, marked.split_once("]]")?)))
    {
        plain.push_str(before);
        expected.push(plain.len()..plain.len() + value.len());
        plain.push_str(value);
        rest = after;
    }
    plain.push_str(rest);

    let found = recogniser.find(&plain);
    if found != expected || (key == "finds" && expected.is_empty()) {
        faults.add(
            "example",
            place,
            format!(
                "example {number} of `{path}.{key}`: {} found, {} marked",
                found.len(),
                expected.len()
            ),
            "mend the pattern, or mark with [[ and ]] exactly what it must find".to_owned(),
        );
    }
}

fn allowed(name: &str, mut table: Table<'_>, faults: &mut Faults<'_>) -> Option<Allowed> {
    let path = format!("allow.{name}");
    let place = table.span().clone();
    let text = table.text("text", faults);
    let reason = table.text("reason", faults);
    let names = table.texts("kinds", faults);
    table.finish(faults);

    if reason.is_none_or(|reason| reason.value.trim().is_empty()) {
        faults.add(
            "missing",
            &place,
            format!("`{path}` gives no reason"),
            "write why this is no personal data: reason = \"our own name\"".to_owned(),
        );
    }
    let Some(text) = text else {
        faults.add(
            "missing",
            &place,
            format!("`{path}` has no text"),
            "write text = \"…\"".to_owned(),
        );
        return None;
    };
    let mut kinds = Vec::new();
    for name in &names {
        kinds.push(known_kind(&path, name, &place, faults)?);
    }
    match Allowed::new(&text.value, &kinds) {
        Ok(allowed) => Some(allowed),
        Err(error) => {
            faults.add(
                "exception",
                &text.span,
                format!("`{path}` cannot be used: {error}"),
                "take it out".to_owned(),
            );
            None
        }
    }
}

fn known_kind(
    path: &str,
    label: &str,
    place: &Range<usize>,
    faults: &mut Faults<'_>,
) -> Option<Kind> {
    let kind = Kind::parse(label);
    if kind.is_none() {
        let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.label()).collect();
        faults.add(
            "kind",
            place,
            format!("`{path}` names a kind that is not known"),
            format!("use one of {}", known.join(", ")),
        );
    }
    kind
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
[recogniser.dossier]
kind = "CUSTOMER_NUMBER"
label = "DOSSIER"
pattern = 'GEM-[0-9]{4}-[0-9]{6}'
words = ["zaak"]
finds = ["zaak [[GEM-2026-000123]] is klaar"]
leaves = ["zaak GEM-26-1", "GEM-2026-000123"]

[allow.haulier]
text = "Jan de Rijk"
kinds = ["PERSON"]
reason = "a haulier"
"#;

    fn codes(source: &str) -> Vec<(&'static str, usize)> {
        Own::read(source, "recognisers.toml")
            .unwrap_err()
            .into_iter()
            .map(|fault| (fault.code, fault.line))
            .collect()
    }

    #[test]
    fn a_good_file_gives_a_detector_that_knows_it() {
        let own = Own::read(GOOD, "recognisers.toml").unwrap();
        let detector = own.detector().ok().unwrap();
        let found = detector
            .find("De zaak GEM-2026-000123 van Jan de Rijk.")
            .unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].exact_label(), "CUSTOMER_NUMBER.DOSSIER");
    }

    #[test]
    fn a_failing_example_refuses_the_file_and_says_where() {
        let source = GOOD.replace("[[GEM-2026-000123]]", "[[GEM-2026]]-000123");
        assert_eq!(codes(&source), [("example", 2)]);
    }

    #[test]
    fn a_model_that_is_not_there_is_told_at_its_line() {
        let source = "\n[model]\nfolder = \"gone\"\n[model.labels]\nPER = \"PERSON\"\n";
        let own = Own::read(source, "/nowhere/recognisers.toml").unwrap();
        let fault = own.detector().err().unwrap();
        assert_eq!((fault.code, fault.line), ("model", 2));
        assert!(fault.message.contains("/nowhere/gone/model.onnx"));
        assert!(fault.mend.contains("optimum-cli"));
    }

    #[test]
    fn a_model_without_a_folder_or_with_a_strange_kind_is_refused() {
        assert_eq!(codes("[model]\nsure = 60\n"), [("missing", 1)]);
        let strange = "[model]\nfolder = \"m\"\nsure = 0\n[model.labels]\nPER = \"PEOPLE\"\n";
        assert_eq!(codes(strange), [("out-of-range", 3), ("kind", 4)]);
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let source = r#"
[recogniser.a]
kind = "CUSTOMER"
pattern = 'x'
finds = ["[[x]]"]

[recogniser.b]
kind = "PERSON"
pattern = '(x'
finds = ["[[x]]"]
colour = 1

[recogniser.d]
kind = "PERSON"
label = "no"
pattern = 'x'
finds = ["[[x]]"]

[allow.c]
text = "111222333"
kinds = ["BSN"]
"#;
        assert_eq!(
            codes(source),
            [
                ("kind", 3),
                ("pattern", 9),
                ("unknown-key", 11),
                ("label", 15),
                ("missing", 19),
                ("exception", 20)
            ]
        );
    }
}
