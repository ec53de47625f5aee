//! Is what is not plain found, and nothing else?

use super::*;

fn rules(text: &str, language: &str) -> Vec<Rule> {
    let plain = measure(text, language);
    plain.remarks.iter().map(|remark| remark.rule).collect()
}

#[test]
fn every_rule_has_a_text_that_breaks_it_and_one_that_does_not() {
    let long = "Wij bewaren de gegevens die u ons geeft zolang als dat nodig is voor het doel waarvoor u ze aan ons gaf.";
    for (rule, language, breaks, keeps) in [
        (
            Rule::LongSentence,
            "nl",
            long,
            "Wij bewaren uw gegevens zolang dat nodig is.",
        ),
        (
            Rule::Passive,
            "nl",
            "Uw gegevens worden na een jaar gewist.",
            "Wij wissen uw gegevens na een jaar.",
        ),
        (
            Rule::Passive,
            "en",
            "Your data is kept for a year.",
            "We keep your data for a year.",
        ),
        (
            Rule::Abbreviation,
            "nl",
            "Dat doen wij i.v.m. de wet.",
            "Dat doen wij voor de wet.",
        ),
        (
            Rule::Abbreviation,
            "nl",
            "De AVG geeft u rechten.",
            "De privacywet (AVG) geeft u rechten. De AVG geldt hier.",
        ),
        (
            Rule::DifficultWord,
            "nl",
            "Indien u dat wilt, helpen wij.",
            "Als u dat wilt, helpen wij.",
        ),
        (
            Rule::DifficultWord,
            "en",
            "We endeavour to answer.",
            "We try to answer.",
        ),
    ] {
        assert_eq!(rules(breaks, language), [rule], "{breaks}");
        assert_eq!(rules(keeps, language), [], "{keeps}");
    }
}

#[test]
fn an_enumeration_is_no_long_sentence() {
    let text = "- Wij gebruiken uw naam, uw adres, uw telefoonnummer, uw vragen, uw antwoorden, uw bestanden, uw bezoek, uw toestemmingen, uw verzoeken en uw klachten.";
    assert_eq!(rules(text, "nl"), []);
}

#[test]
fn a_remark_names_its_line_and_what_to_write() {
    let plain = measure("# Kop\n\nGoed.\nDat geldt tevens hier.\n", "nl");
    assert_eq!(plain.n_sentences, 3);
    let [remark] = plain.remarks.as_slice() else {
        panic!("{plain:?}");
    };
    assert_eq!(
        (remark.line, remark.words.as_str(), remark.mend.as_str()),
        (4, "tevens", "ook")
    );
}

#[test]
fn any_text_can_be_measured() {
    for text in [
        "",
        ".",
        "...",
        "é.é. É! ;",
        "```\nindien\n```",
        "| indien |",
        "\u{0}",
        ". .a.b. c",
    ] {
        assert_eq!(
            measure(text, "nl").count(Rule::DifficultWord),
            0,
            "{text:?}"
        );
    }
}

/// Share of the sentences of a notice in which nobody does it, at most: one in twenty in Dutch, one in ten in English.
#[test]
fn every_notice_is_plain() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/notices");
    let mut n_notices = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let language = if name.ends_with(".nl.md") { "nl" } else { "en" };
        let plain = measure(&std::fs::read_to_string(&path).unwrap(), language);
        let hard: Vec<&Remark> = plain
            .remarks
            .iter()
            .filter(|remark| matches!(remark.rule, Rule::LongSentence | Rule::DifficultWord))
            .collect();
        assert!(hard.is_empty(), "{name}: {hard:#?}");
        let most = if language == "nl" { 20 } else { 10 };
        assert!(
            plain.count(Rule::Passive) * most <= plain.n_sentences,
            "{name}: {plain:#?}"
        );
        n_notices += 1;
    }
    assert_eq!(n_notices, 10);
}
