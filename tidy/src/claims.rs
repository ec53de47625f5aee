//! What we may not say of ourselves: no text claims a legal conclusion or a certainty.

use crate::tree::{Fault, Tree};

/// Claims that nobody can prove, in lower case.
const CLAIMS: &[&str] = &[
    "gdpr compliant",
    "gdpr-compliant",
    "gdpr proof",
    "gdpr-proof",
    "avg compliant",
    "avg-compliant",
    "avg proof",
    "avg-proof",
    "avg-bestendig",
    "privacy-proof",
    "fully compliant",
    "volledig compliant",
    "ensures compliance",
    "guarantees compliance",
    "guarantees privacy",
    "garandeert privacy",
    "100% safe",
    "100% veilig",
    "100% secure",
    "completely anonymous",
    "volledig anoniem",
    "military-grade",
    "unhackable",
    "bank-level",
];

/// No text that a person reads makes a claim that cannot be proved.
#[must_use]
pub fn faults(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for source in tree
        .sources
        .iter()
        .filter(|source| !source.path.starts_with("tidy/"))
    {
        for (number, line) in source.lines() {
            let line = line.trim().to_lowercase();
            if line.starts_with('[') || line.starts_with("evidence =") {
                continue; // names inside a register, which nobody reads as a sentence
            }
            for claim in CLAIMS.iter().filter(|claim| line.contains(**claim)) {
                faults.push(Fault::at(
                    &source.path,
                    number,
                    format!("“{claim}” is a claim that nobody can prove"),
                ));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_in_any_case_is_a_fault() {
        assert_eq!(
            faults(&Tree::of(&[("README.md", "Waarborg is GDPR Compliant.")])).len(),
            1
        );
        assert!(
            faults(&Tree::of(&[(
                "README.md",
                "It gives evidence; a lawyer gives conclusions."
            )]))
            .is_empty()
        );
    }
}
