//! What fits whom.

use super::*;
use crate::Detector;

/// The people who fit, and each part with what to write instead.
fn told(texts: &[&str]) -> (u32, u32, Vec<(String, Option<String>)>) {
    let detector = Detector::new();
    let mut found: Vec<Vec<Finding>> = texts
        .iter()
        .map(|text| detector.find_ungrouped(text))
        .collect();
    let mut all: Vec<(&str, &mut [Finding])> = texts
        .iter()
        .copied()
        .zip(found.iter_mut().map(Vec::as_mut_slice))
        .collect();
    tell_groups(&People::new(), &mut all);
    let mut people = (0, 0);
    let mut parts = Vec::new();
    for (text, findings) in texts.iter().zip(&found) {
        for finding in findings {
            if let Some(group) = &finding.about.group {
                people = (group.people, group.then);
                parts.push((
                    text.get(finding.span.clone()).unwrap().to_owned(),
                    group.instead.clone(),
                ));
            }
        }
    }
    (people.0, people.1, parts)
}

#[test]
fn birth_date_postcode_and_sex_fit_one_person() {
    let (people, then, parts) =
        told(&["Mevrouw Bakker, geboren op 14-03-1951, woont op 3511 AB in Utrecht."]);
    assert_eq!(people, 1, "{parts:?}");
    assert!(then >= 100, "{then} {parts:?}");
    assert!(
        parts
            .iter()
            .any(|(part, instead)| part == "14-03-1951" && instead.is_some())
    );
}

#[test]
fn a_large_town_alone_hides_everybody() {
    let (people, then, parts) = told(&["Jan de Vries woont in Amsterdam."]);
    assert!(people >= 500_000 && then == people, "{people}");
    assert_eq!(parts, [("Amsterdam".to_owned(), None)]);
}

#[test]
fn a_rare_illness_in_a_small_town_is_told_and_widened() {
    let (people, then, parts) =
        told(&["Mijn buurvrouw Els Bakker uit Urk heeft de ziekte van Huntington."]);
    assert!(people <= 3, "{people} {parts:?}");
    assert!(then >= 100, "{then} {parts:?}");
}

#[test]
fn parts_in_several_messages_count_together() {
    let first = "Els Bakker woont in Urk.";
    let second = "Els is geboren op 14-03-1951.";
    let (alone, ..) = told(&[first]);
    let (together, ..) = told(&[first, second]);
    assert!(alone > 10_000 && together <= 3, "{alone} {together}");
}

#[test]
fn parts_of_two_people_do_not_count_together() {
    let (people, ..) = told(&[
        "Els Bakker woont in Urk.",
        "Piet Jansen is geboren op 14-03-1951.",
    ]);
    assert!(people > 100, "{people}");
}

#[test]
fn one_digit_counts() {
    assert_eq!(
        [0.2, 1.0, 14.9, 15.0, 96.0, 18_000_000.0].map(rounded),
        [1, 1, 10, 20, 100, 20_000_000]
    );
}

#[test]
fn groups_that_are_told_later_are_those_that_are_told_at_once() {
    let (detector, people) = (Detector::new(), People::new());
    for text in [
        "Mevrouw Bakker, geboren op 14-03-1951, woont op 3511 AB in Utrecht.",
        "Els uit Urk heeft hemofilie. Haar broer Piet Bakker (34) is burgemeester van Urk.",
        "Is er een tandarts op Urk?",
        "Wat zijn de symptomen van diabetes?",
    ] {
        let mut later = detector.find_ungrouped(text);
        assert!(later.iter().all(|finding| finding.about.group.is_none()));
        tell_groups(&people, &mut [(text, &mut later)]);
        assert_eq!(later, detector.find(text), "{text}");
    }
}
