//! Whether a message in a conversation exercises a right. A fixed list of phrases decides, never a model.
//!
//! A hit executes nothing: the person is shown a card with what can be done, and "no, just send my message".

use crate::rights::Right;

/// The right that a message asks for, or `None`.
#[must_use]
pub fn right_asked_for(message: &str) -> Option<Right> {
    let words = words(message);
    if words.len() > LONGEST
        || TASKS
            .iter()
            .any(|task| words.first().is_some_and(|first| first == task))
    {
        return None;
    }
    let said = format!(" {} ", words.join(" "));
    PHRASES
        .iter()
        .find(|(_, all)| {
            all.iter()
                .all(|any| any.iter().any(|phrase| said.contains(phrase)))
        })
        .map(|(right, _)| *right)
}

/// A longer message is about something, not a request by itself.
const LONGEST: usize = 40;

/// A message that opens with one of these asks the model for a text about rights.
const TASKS: &[&str] = &[
    "schrijf",
    "vertaal",
    "vat",
    "herschrijf",
    "verzin",
    "bedenk",
    "stel",
    "write",
    "translate",
    "summarise",
    "summarize",
    "draft",
];

type Phrases = &'static [&'static [&'static str]];

const MINE: &[&str] = &[
    " mijn gegevens ",
    " mij gegevens ",
    " me gegevens ",
    " mijn persoonsgegevens ",
    " mijn data ",
    " mijn persoonlijke gegevens ",
    " al mijn ",
    " alles over mij ",
    " alles over me ",
    " alles van mij ",
    " gegevens van mij ",
    " gegevens over mij ",
    " gegevens van me ",
    " gegevens over me ",
    " my data ",
    " my personal data ",
    " my information ",
    " all my ",
    " everything about me ",
    " data about me ",
    " data on me ",
    " information about me ",
];

/// Data, and of whom, apart from each other: "welke gegevens heb je van mij".
const DATA: &[&str] = &[
    " gegevens ",
    " persoonsgegevens ",
    " informatie ",
    " data ",
    " information ",
    " alles ",
    " everything ",
];
const OF_ME: &[&str] = &[
    " van mij ",
    " over mij ",
    " van me ",
    " over me ",
    " about me ",
    " on me ",
    " of me ",
    " of mine ",
];

const CONSENT: &[&str] = &[" toestemming ", " consent ", " permission "];

/// Each line: the right, and groups of phrases of which each must have one in the message. The first line that fits counts.
const PHRASES: &[(Right, Phrases)] = &[
    (
        Right::Withdrawal,
        &[
            &[
                " trek ",
                " intrekken ",
                " in te trekken ",
                " withdraw ",
                " revoke ",
            ],
            CONSENT,
        ],
    ),
    (
        Right::Complaint,
        &[
            &[" klacht ", " complaint "],
            &[" gegevens ", " privacy ", " avg ", " gdpr ", " data "],
        ],
    ),
    (
        Right::Erasure,
        &[
            &[
                " verwijder ",
                " verwijderen ",
                " verwijderd ",
                " wis ",
                " wissen ",
                " vernietig ",
                " delete ",
                " erase ",
                " remove ",
            ],
            MINE,
        ],
    ),
    (
        Right::Erasure,
        &[
            &[
                " verwijder ",
                " verwijderen ",
                " wis ",
                " wissen ",
                " delete ",
                " erase ",
                " remove ",
            ],
            DATA,
            OF_ME,
        ],
    ),
    (
        Right::Erasure,
        &[&[
            " vergeten worden ",
            " vergeten te worden ",
            " be forgotten ",
            " vergeet mij ",
            " forget me ",
            " recht op vergetelheid ",
            " right to be forgotten ",
        ]],
    ),
    (
        Right::Rectification,
        &[
            &[
                " corrigeer ",
                " corrigeren ",
                " verbeter ",
                " verbeteren ",
                " wijzig ",
                " wijzigen ",
                " correct ",
                " rectify ",
                " kloppen niet ",
            ],
            MINE,
        ],
    ),
    (
        Right::Restriction,
        &[
            &[
                " beperk ",
                " beperken ",
                " beperking ",
                " restrict ",
                " stop met verwerken ",
                " stop processing ",
            ],
            &[" gegevens ", " verwerking ", " data ", " processing "],
        ],
    ),
    (
        Right::Portability,
        &[
            &[
                " meenemen ",
                " overdragen ",
                " overzetten ",
                " exporteer ",
                " exporteren ",
                " download ",
                " downloaden ",
                " export ",
                " transfer ",
                " take ",
            ],
            MINE,
        ],
    ),
    (
        Right::Erasure,
        &[
            &[" verwijder ", " wis ", " delete ", " erase "],
            &[" alles ", " everything "],
        ],
    ),
    (
        Right::Objection,
        &[
            &[" stop ", " stoppen "],
            &[
                " gebruiken ",
                " gebruik ",
                " verwerken ",
                " using ",
                " processing ",
            ],
            MINE,
        ],
    ),
    (
        Right::Objection,
        &[
            &[" bezwaar ", " i object "],
            &[
                " gegevens ",
                " verwerking ",
                " gebruik ",
                " data ",
                " processing ",
                " use ",
            ],
        ],
    ),
    (
        Right::Recipients,
        &[
            &[
                " aan wie ",
                " welke ontvangers ",
                " to whom ",
                " which recipients ",
            ],
            &[
                " doorgegeven ",
                " verteld ",
                " doorgaf ",
                " ontvangers ",
                " passed ",
                " told ",
                " recipients ",
            ],
            &[
                " gegevens ",
                " wissen ",
                " verbetering ",
                " data ",
                " erasure ",
                " correction ",
            ],
        ],
    ),
    (
        Right::Information,
        &[
            &[
                " hoe gaan jullie ",
                " hoe gaat u ",
                " hoe ga je ",
                " how do you handle ",
                " how do you use ",
            ],
            &[" om met ", " met mijn ", " handle ", " use "],
            &[
                " gegevens ",
                " persoonsgegevens ",
                " data ",
                " information ",
            ],
        ],
    ),
    (
        Right::HumanReview,
        &[
            &[" besluit ", " beslissing ", " decision "],
            &[" door een mens ", " by a human ", " by a person "],
        ],
    ),
    (
        Right::Access,
        &[
            &[
                " welke ",
                " wat voor ",
                " inzien ",
                " inzage ",
                " opvragen ",
                " bekijken ",
                " bekijk ",
                " zien ",
                " kopie ",
                " what ",
                " which ",
                " access ",
                " see ",
                " show ",
                " copy ",
            ],
            MINE,
        ],
    ),
    (
        Right::Access,
        &[
            &[
                " welke ", " wat ", " inzage ", " kopie ", " what ", " which ", " copy ",
            ],
            DATA,
            OF_ME,
        ],
    ),
    (
        Right::Access,
        &[&[
            " wat weet je over mij ",
            " wat weet je van mij ",
            " wat weten jullie over mij ",
            " what do you know about me ",
            " inzageverzoek ",
        ]],
    ),
];

fn words(message: &str) -> Vec<String> {
    message
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(LONGEST + 1)
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(message: &str, expected: Option<Right>) {
        assert_eq!(right_asked_for(message), expected, "{message}");
    }

    #[test]
    fn a_person_may_ask_in_their_own_words() {
        check("Welke gegevens heb je van mij?", Some(Right::Access));
        check("welke gegevens hebben jullie over mij", Some(Right::Access));
        check("Ik wil mijn gegevens inzien.", Some(Right::Access));
        check(
            "Wat voor informatie hebben jullie over me opgeslagen?",
            Some(Right::Access),
        );
        check("What data do you have about me?", Some(Right::Access));
        check("Wat weet je over mij?", Some(Right::Access));
        check(
            "Aan wie hebben jullie doorgegeven dat mijn gegevens zijn gewist?",
            Some(Right::Recipients),
        );
        check(
            "Hoe gaan jullie om met mijn gegevens?",
            Some(Right::Information),
        );
        check("Verwijder mijn gegevens", Some(Right::Erasure));
        check("kun je alles over mij wissen", Some(Right::Erasure));
        check("Please delete my data.", Some(Right::Erasure));
        check("ik wil vergeten worden", Some(Right::Erasure));
        check("wis alles", Some(Right::Erasure));
        check("verwijder mij gegevens", Some(Right::Erasure));
        check("stop met mijn gegevens gebruiken", Some(Right::Objection));
        check("can I download my data?", Some(Right::Portability));
        check("Ik trek mijn toestemming in", Some(Right::Withdrawal));
        check(
            "ik maak bezwaar tegen het gebruik van mijn gegevens",
            Some(Right::Objection),
        );
        check(
            "Beperk de verwerking van mijn gegevens",
            Some(Right::Restriction),
        );
        check(
            "Ik wil een klacht indienen over mijn privacy",
            Some(Right::Complaint),
        );
    }

    #[test]
    fn a_question_or_a_task_is_not_a_request() {
        check("Hoe verwijder ik een bestand van mijn laptop?", None);
        check(
            "Schrijf een brief waarin ik vraag: verwijder mijn gegevens",
            None,
        );
        check("Welke vergunning heb ik nodig voor een dakkapel?", None);
        check("What is the capital of France?", None);
        check("Wat kun je mij vertellen over de gemeente?", None);
        check("", None);
    }
}
