//! What somebody must answer before a legal basis holds, as the beginning of a register: every `"?"` is still open.

use std::fmt::Write as _;

use super::model::contract_items;
use super::{Article9, Basis};

/// What a basis rests on, and what must be asked before it does.
fn rests_on(basis: Basis) -> (&'static str, &'static [&'static str]) {
    match basis {
        Basis::Contract => (
            "contract",
            &[
                "Which contract with the person is it, and did that person conclude it?",
                "Is every field needed to do what it promises? What is merely useful has another basis.",
            ],
        ),
        Basis::Consent => (
            "",
            &[
                "Can people say no without losing anything? An employer or a public body rarely can ask.",
                "Is it asked apart from everything else, for this purpose alone, and by an act of theirs?",
                "Is withdrawing as easy as giving, and what stops when they do?",
                "Are there children below the age at which they consent themselves?",
            ],
        ),
        Basis::LegalDuty => (
            "statute",
            &[
                "Which article of which law obliges you, and to exactly these data?",
                "For how long does that law ask you to keep them?",
            ],
        ),
        Basis::Legit => (
            "lia",
            &[
                "Which interest is it, whose, and is it lawful, clear and real?",
                "Can it be reached with less data, or without?",
                "What do people expect, what can it do to them, and are there children among them?",
                "What do you do to make it weigh less, and how do people object?",
                "A public body does not have this basis for its tasks.",
            ],
        ),
        Basis::Vital => (
            "policy",
            &[
                "Whose life or health is in danger?",
                "Can the person consent, or is there another basis? Then use that.",
            ],
        ),
        Basis::PublicTask | Basis::Authority => (
            "statute",
            &[
                "Which law gives you this task or authority?",
                "Is this needed for it, and no more than needed?",
                "How do people object?",
            ],
        ),
    }
}

/// The beginning of a processing on a basis, with its questions, to be filled in.
#[must_use]
pub fn skeleton(basis: Basis, service: &str, purpose: &str) -> String {
    let (kind, questions) = rests_on(basis);
    let mut text = String::new();
    for question in questions {
        let _ = writeln!(text, "# {question}");
    }
    let _ = writeln!(
        text,
        "[[processing]]\nservice = \"{service}\"\npurpose = \"{purpose}\"\ncategories = [\"?\"]\nbasis = \"{basis}\""
    );
    let id = format!("{purpose}-{kind}");
    if kind.is_empty() {
        let _ = writeln!(text, "consent = \"{purpose}@1\"");
        let _ = writeln!(
            text,
            "\n[consent.{purpose}]\nversion = \"1\"\ntext = {{ nl = \"?\", en = \"?\" }}"
        );
    } else {
        let _ = writeln!(text, "evidence = \"{id}\"");
    }
    if basis == Basis::Legit {
        text.push_str("interest = { nl = \"?\", en = \"?\" }\n");
    }
    let _ = writeln!(
        text,
        "# Health, religion, origin and the like also need a ground: {}.",
        Article9::WORDS.join(", ")
    );
    if !kind.is_empty() {
        let _ = writeln!(
            text,
            "\n[evidence.{id}]\nkind = \"{kind}\"\ntitle = {{ nl = \"?\", en = \"?\" }}\ndate = \"?\"\nreview = \"?\""
        );
        let items = contract_items(kind);
        if !items.is_empty() {
            let names: Vec<String> = items
                .iter()
                .map(|(name, article)| format!("\"{name}\" ({article})"))
                .collect();
            let _ = writeln!(
                text,
                "# Add what it answers: {}.\ncovers = []",
                names.join(", ")
            );
        }
    }
    let _ = writeln!(
        text,
        "\n# How long, from when, and why no longer?\n[[retention]]\nservice = \"{service}\"\ncategory = \"?\"\npurpose = \"{purpose}\"\nclaim = \"?\"\nwhy = {{ nl = \"?\", en = \"?\" }}"
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_basis_has_a_skeleton_that_is_a_register_with_open_places() {
        for word in Basis::WORDS {
            let basis = Basis::parse(word).unwrap();
            let text = skeleton(basis, "chat", "improve");
            let read: toml::de::DeTable<'_> = toml::de::DeTable::parse(&text).unwrap().into_inner();
            assert!(
                read.contains_key("processing") && read.contains_key("retention"),
                "{text}"
            );
            assert!(
                text.contains(&format!("basis = \"{word}\"")) && text.matches("\"?\"").count() >= 3
            );
            assert!(text.starts_with("# "), "it asks first");
        }
        let legit = skeleton(Basis::Legit, "chat", "improve");
        for asked in ["necessity", "interest = ", "kind = \"lia\"", "object"] {
            assert!(legit.contains(asked), "{asked}");
        }
    }
}
