//! Restoring in pieces is restoring at once, and nothing is held back beyond its bound.
#![no_main]

use libfuzzer_sys::fuzz_target;
use waarborg_detect::Kind;
use waarborg_detect::surrogate::{ConversationKey, Language, Scope, Surrogates, Tools};

fuzz_target!(|input: (u8, Vec<u8>, &str)| {
    let (seed, cuts, answer) = input;
    let mut surrogates = Surrogates::new(ConversationKey::new([seed; 32]), Language::Dutch);
    let name = surrogates.surrogate(Kind::Person, "Fatima el Amrani");
    let mail = surrogates.surrogate(Kind::Email, "f@example.nl");
    let answer = answer.replace('@', &name).replace('#', &mail);

    let tools = Tools::ordinary();
    for scope in [Scope::Text, Scope::JsonString, Scope::ToolArguments(tools)] {
        let whole = surrogates.restore_all(&answer, scope);
        let mut restorer = surrogates.restorer(scope);
        let mut pieces = String::new();
        let mut rest = answer.as_str();
        for cut in &cuts {
            let mut at = usize::from(*cut).min(rest.len());
            while !rest.is_char_boundary(at) {
                at += 1;
            }
            let (piece, after) = rest.split_at(at);
            pieces.push_str(&restorer.push(piece));
            rest = after;
        }
        pieces.push_str(&restorer.push(rest));
        pieces.push_str(&restorer.finish());
        assert_eq!(pieces, whole);
    }
});
