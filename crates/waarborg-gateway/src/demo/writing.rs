//! What the demonstration model writes: fixed sentences, and the surrogates spelled the way models spell them.

use waarborg_detect::surrogate::Language;

use super::reading::Reading;
use crate::texts::say;

/// A way in which models write a surrogate.
type Spelling = fn(&str) -> String;

const SPELLINGS: [Spelling; 6] = [
    |inside| format!("**[{inside}]**"),
    |inside| inside.to_owned(),
    |inside| format!("[{}]", inside.to_lowercase()),
    |inside| format!("[{}]", inside.replace('_', " ")),
    |inside| format!("[{}]", inside.replace('_', "\\_")),
    |inside| format!("[{}]", inside.replace('_', "-")),
];

/// Words in a question and the sentence that answers them.
const TOPICS: [(&[&str], &str); 6] = [
    (
        &[
            "paspoort",
            "identiteitskaart",
            "passport",
            "identity card",
            "rijbewijs",
        ],
        "demo-topic-passport",
    ),
    (
        &[
            "verhuiz",
            "verhuis",
            "moving",
            "moved",
            "move house",
            "new address",
        ],
        "demo-topic-moving",
    ),
    (
        &["afval", "grofvuil", "container", "waste", "rubbish"],
        "demo-topic-waste",
    ),
    (&["parkeer", "parking"], "demo-topic-parking"),
    (
        &["belasting", "aanslag", "woz", "bezwaar", "tax"],
        "demo-topic-tax",
    ),
    (
        &["bijstand", "uitkering", "schuld", "benefit", "debt"],
        "demo-topic-benefit",
    ),
];

/// The text of choice `number`, counted from zero.
pub(super) fn text(reading: &Reading<'_>, number: u64) -> String {
    let language = reading.language;
    let mut sentences = vec![say(language, "demo-who", &[])];
    if let Some(result) = &reading.tool_result {
        sentences.push(say(
            language,
            "demo-tool-result",
            &[("result", result.trim())],
        ));
    }
    sentences.extend(about_surrogates(language, &reading.surrogates));
    sentences.push(say(language, topic(&reading.question), &[]));
    if reading.n_choices > 1 {
        sentences.push(say(
            language,
            "demo-variant",
            &[("number", &(number + 1).to_string())],
        ));
    }
    sentences.join("\n\n")
}

fn about_surrogates(language: Language, surrogates: &[String]) -> Vec<String> {
    if surrogates.is_empty() {
        return vec![say(language, "demo-seen-none", &[])];
    }
    let mut sentences = Vec::new();
    let person = surrogates
        .iter()
        .find(|surrogate| surrogate.starts_with("[PERS"));
    if let Some(person) = person {
        sentences.push(say(language, "demo-greeting", &[("person", person)]));
    }
    sentences.push(say(
        language,
        "demo-seen",
        &[("list", &surrogates.join(", "))],
    ));
    let disturbed: Vec<String> = surrogates
        .iter()
        .zip(SPELLINGS.iter().cycle())
        .map(|(surrogate, spelling)| spelling(surrogate.trim_matches(['[', ']'])))
        .collect();
    sentences.push(say(
        language,
        "demo-repeat",
        &[("list", &disturbed.join(", "))],
    ));
    if let Some(person) = person {
        let bare = person.trim_matches(['[', ']']);
        sentences.push(say(language, "demo-genitive", &[("person", bare)]));
    }
    sentences
}

fn topic(question: &str) -> &'static str {
    let question = question.to_lowercase();
    let known = TOPICS
        .iter()
        .find(|(words, _)| words.iter().any(|word| question.contains(word)));
    known.map_or("demo-topic-other", |(_, key)| key)
}
