//! Every house rule, over the whole repository.

use waarborg_tidy::{
    Fault, Tree, arrows, claims, dependencies, licences, migrations, shape, testdata, texts, words,
};

fn check(rule: impl Fn(&Tree) -> Vec<Fault>) {
    let faults = match Tree::read() {
        Ok(tree) => rule(&tree),
        Err(error) => vec![Fault::of(".", error.to_string())],
    };
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert!(
        faults.is_empty(),
        "{} fault(s):\n{}\n",
        lines.len(),
        lines.join("\n")
    );
}

#[test]
fn arrows_between_crates_only_point_down() {
    check(arrows::faults);
}

#[test]
fn the_pure_rooms_have_no_effects() {
    check(arrows::purity_faults);
}

#[test]
fn only_the_binary_reads_the_environment() {
    check(arrows::environment_faults);
}

#[test]
fn versions_are_declared_in_the_workspace_only() {
    check(dependencies::version_faults);
}

#[test]
fn every_dependency_has_a_row_that_explains_it() {
    check(dependencies::row_faults);
}

#[test]
fn the_lock_file_stays_small() {
    check(dependencies::number_faults);
}

#[test]
fn every_package_has_a_permitted_licence_and_source() {
    check(|tree| {
        let rules = tree
            .find("deny.toml")
            .map(|source| licences::Permitted::parse(&source.text))
            .unwrap_or_default();
        match licences::metadata(&tree.root) {
            Ok(metadata) => licences::faults(&metadata, &rules),
            Err(message) => vec![Fault::of("Cargo.lock", message)],
        }
    });
}

#[test]
fn files_stay_short() {
    check(shape::size_faults);
}

#[test]
fn every_file_opens_with_a_sentence() {
    check(shape::opening_faults);
}

#[test]
fn nothing_is_ignored_undone_or_allowed_in_passing() {
    check(shape::banned_faults);
}

#[test]
fn every_exception_says_its_reason() {
    check(shape::reason_faults);
}

#[test]
fn no_path_of_one_machine_is_in_the_repository() {
    check(shape::machine_path_faults);
}

#[test]
fn names_follow_the_glossary() {
    check(|tree| {
        let words = tree
            .find("tidy/words.toml")
            .map(|source| words::Word::parse(&source.text))
            .unwrap_or_default();
        words::faults(tree, &words)
    });
}

#[test]
fn no_text_claims_what_nobody_can_prove() {
    check(claims::faults);
}

#[test]
fn migrations_come_in_pairs() {
    check(migrations::pair_faults);
}

#[test]
fn every_table_says_what_it_keeps() {
    check(migrations::comment_faults);
}

#[test]
fn every_table_is_declared_in_every_register() {
    check(migrations::register_faults);
}

#[test]
fn dutch_and_english_say_the_same_things() {
    check(texts::faults);
}

#[test]
fn every_kind_of_finding_has_test_data() {
    check(testdata::faults);
}
