//! What a notice promises: everything in it follows from the register, and nothing is typed by hand.

use std::sync::LazyLock;

use jiff::civil::{Date, date};

use super::{Block, LANGUAGES, Notice, Shown, record_as_linked_data, ropa_csv};
use crate::law::Law;
use crate::register::Register;

const DEMO: &str = include_str!("../../../../registers/demo-gemeente.toml");
const SMALL: &str = include_str!("../register/tests/small.toml");
const TODAY: Date = date(2026, 11, 21);

static LAW: LazyLock<Law> = LazyLock::new(|| Law::shipped().unwrap());

fn register(source: &str) -> Register {
    let compiled = Register::compile(source, "register.toml", &LAW, TODAY);
    compiled.unwrap_or_else(|faults| panic!("{faults:#?}"))
}

fn shown<'a>(language: &'a str, notice: Option<&'a str>) -> Shown<'a> {
    Shown {
        at: TODAY,
        residence: None,
        language,
        notice,
    }
}

#[test]
fn no_text_is_missing_and_none_is_open() {
    for source in [DEMO, SMALL] {
        for language in LANGUAGES {
            let notice = Notice::of(&register(source), &shown(language, None));
            assert!(!notice.is_open());
            for statement in notice.statements() {
                let text = &statement.text;
                let keys = [
                    "section-",
                    "retention-",
                    "event-",
                    "purpose-",
                    "period-",
                    "why-",
                    "first-",
                    "five-",
                ];
                assert!(
                    !text.is_empty() && !keys.iter().any(|key| text.contains(key)),
                    "{text}"
                );
                assert!(!text.contains("  ") && !text.contains('{'), "{text}");
            }
        }
    }
}

#[test]
fn a_change_of_a_period_changes_the_notice() {
    let text = |source: &str| Notice::of(&register(source), &shown("nl", None)).to_markdown();
    assert!(text(SMALL).contains("30 dagen"));
    assert!(
        text(&SMALL.replace("first_message + 30d", "first_message + 14d")).contains("14 dagen")
    );
}

#[test]
fn a_transfer_names_country_mechanism_and_end() {
    let text = Notice::of(&register(SMALL), &shown("nl", None)).to_markdown();
    assert!(text.contains(
        "Model A: in de Verenigde Staten. Dat is buiten de Europese Economische Ruimte."
    ));
    assert!(text.contains("tot en met 30 juni 2027"));
    assert!(!text.contains("Wij sturen uw gegevens niet naar landen"));
}

#[test]
fn what_is_open_is_marked_in_a_draft() {
    let source = SMALL
        .replace("first_message + 30d", "first_message + ?")
        .replace("\"Straat 1, Plaats\"", "\"?\"");
    let (draft, faults) = Register::draft(&source, "register.toml", &LAW, TODAY);
    let open: Vec<_> = faults
        .iter()
        .filter(|fault| fault.code == "open-value")
        .map(|fault| fault.line)
        .collect();
    assert_eq!(open.len(), 2, "{faults:?}");

    let notice = Notice::of(&draft.unwrap(), &shown("nl", None));
    assert!(notice.is_open());
    assert!(
        notice
            .to_markdown()
            .contains("Wij bewaren dit hooguit tot *[nog in te vullen]* na uw eerste bericht.")
    );
    assert!(
        notice
            .to_markdown()
            .contains("Adres: *[nog in te vullen]*, Nederland.")
    );
    assert!(
        notice
            .to_html()
            .contains("<em class=\"open\">[nog in te vullen]</em>")
    );
}

#[test]
fn an_organisation_that_says_je_says_it_everywhere() {
    let source = SMALL.replace(
        "languages = [\"nl\", \"en\"]",
        "languages = [\"nl\", \"en\"]\naddress = \"je\"",
    );
    let notice = Notice::of(&register(&source), &shown("nl", None));
    let own_words = |statement: &super::Statement| {
        statement
            .rules
            .iter()
            .any(|rule| rule.starts_with("category:"))
    };
    for statement in notice
        .statements()
        .filter(|statement| !own_words(statement))
    {
        let words: Vec<&str> = statement
            .text
            .split(|letter: char| !letter.is_alphabetic())
            .collect();
        assert!(
            !words.contains(&"u") && !words.contains(&"U"),
            "{}",
            statement.text
        );
    }
}

#[test]
fn the_first_layer_answers_seven_questions_for_one_service() {
    let demo = register(DEMO);
    let answers = Notice::first_layer(&demo, "chat", &shown("nl", None));

    assert_eq!(answers.len(), 7);
    for answer in &answers {
        assert!(!answer.statements.is_empty(), "{:?}", answer.question);
        assert!(!answer.title.contains('-'));
    }
    let whole: String = answers
        .iter()
        .flat_map(|answer| &answer.statements)
        .map(|line| line.text.clone() + "\n")
        .collect();
    assert!(whole.contains("Het demomodel: in Nederland."), "{whole}");
    assert!(
        whole.contains(
            "Bewaart u het gesprek niet? Wij bewaren dit hooguit tot 30 dagen na uw eerste bericht."
        ),
        "{whole}"
    );
    assert!(!whole.contains("jeugdarts"));
}

#[test]
fn the_controller_and_the_authority_follow_the_residence() {
    let source = SMALL.replace("residences = [\"*\"]", "residences = [\"EEA\"]").replace(
        "[service.chat]",
        "[controller.elsewhere]\nname = \"Elders Ltd\"\naddress = \"Road 1\"\ncountry = \"GB\"\nresidences = [\"*\"]\nauthority = \"GB-ICO\"\n\
         privacy = { name = \"Desk\", mail = \"desk@elsewhere.example\" }\nrepresentative = { name = \"R\", mail = \"r@r.example\" }\n[service.chat]",
    );
    let register = register(&source);
    let text = |residence| {
        Notice::of(
            &register,
            &Shown {
                at: TODAY,
                residence: Some(residence),
                language: "en",
                notice: None,
            },
        )
        .to_markdown()
    };
    assert!(
        text("SE").contains("Voorbeeld BV is responsible")
            && text("SE").contains("Integritetsskyddsmyndigheten")
    );
    assert!(
        text("GB").contains("Elders Ltd is responsible")
            && text("GB").contains("Information Commissioner")
    );
}

#[test]
fn html_and_json_carry_the_rules() {
    let notice = Notice::of(&register(DEMO), &shown("en", Some("public")));
    assert!(
        notice
            .to_html()
            .contains("data-rule=\"retention:chat/user_content/answer_questions[history=off]\"")
    );
    assert!(notice.to_html_page().starts_with("<!doctype html>"));
    let json = notice.to_json();
    assert_eq!(json["controller"], "duinrode");
    assert!(json["sections"].as_array().unwrap().len() >= 10);
    assert!(notice.sections.iter().any(|section| {
        section
            .blocks
            .iter()
            .any(|block| matches!(block, Block::Table { .. }))
    }));
}

#[test]
fn markup_in_a_register_is_text_in_html() {
    let source = SMALL.replace(
        "name = \"Voorbeeld BV\"\naddress",
        "name = \"<script>alert(1)</script>\"\naddress",
    );
    let html = Notice::of(&register(&source), &shown("nl", None)).to_html_page();
    assert!(!html.contains("<script>") && html.contains("&lt;script&gt;"));
}

#[test]
fn the_record_of_processing_has_a_row_per_processing_and_safe_cells() {
    let small = register(&SMALL.replace("nl = \"Chat\"", "nl = \"=1+1, \\\"x\\\"\""));
    let csv = super::ropa_csv(&small);

    assert_eq!(
        super::record_of_processing(&small).len(),
        small.processings().len()
    );
    assert!(csv.contains("\"'=1+1, \"\"x\"\"\""), "{csv}");
    assert!(csv.contains("model: US by scc until 2027-06-30"));
}

#[test]
fn a_notice_for_a_day_after_the_mechanism_ended_says_that_nothing_is_sent() {
    let register = register(SMALL);
    let on = |at| {
        Notice::of(
            &register,
            &Shown {
                at,
                ..shown("nl", None)
            },
        )
        .to_markdown()
    };
    assert!(!on(date(2027, 6, 30)).contains("Wij sturen er dan niets naartoe."));
    assert!(on(date(2027, 7, 1)).contains("Wij sturen er dan niets naartoe."));
}

/// Article 13(1) a to f and (2) a to f, each with words that only its own statement has.
#[test]
fn the_twelve_items_of_article_13_are_in_the_notice() {
    let source = SMALL
        .replace("country = \"NL\"\nresidences", "country = \"NL\"\nofficer = { name = \"FG\", mail = \"fg@voorbeeld.example\" }\nresidences")
        .replace("automated_decisions = \"none\"", "automated_decisions = \"human_review\"")
        .replace("basis = \"contract\"", "basis = \"legit\"\ninterest = { nl = \"een goede dienst\", en = \"a good service\" }\nobligatory = true");
    let text = Notice::of(&register(&source), &shown("nl", None)).to_markdown();

    for (item, words) in [
        ("1a controller", "Voorbeeld BV is verantwoordelijk"),
        ("1b officer", "fg@voorbeeld.example"),
        ("1c purposes and basis", "De dienst leveren"),
        ("1d interest", "een goede dienst"),
        ("1e recipients", "Model A: in de Verenigde Staten"),
        ("1f transfers and copy", "een kopie van de afspraken"),
        ("2a period", "hooguit tot 30 dagen"),
        ("2b rights", "U mag fouten laten verbeteren"),
        ("2c withdrawal", "U mag toestemming altijd intrekken"),
        ("2d complaint", "Autoriteit Persoonsgegevens"),
        (
            "2e obligatory",
            "Zonder deze gegevens kunnen wij u niet helpen",
        ),
        ("2f decisions", "Een mens beslist"),
    ] {
        assert!(text.contains(words), "{item}");
    }
}

#[test]
fn a_notice_in_german_french_or_swedish_says_what_is_not_translated_and_marks_it() {
    let demo = register(DEMO);
    for (language, says, right) in [
        ("de-AT", "eigenen Sprache (Niederländisch)", "Sie dürfen"),
        ("fr", "propre langue (néerlandais)", "Vous pouvez"),
        ("sv", "eget språk (nederländska)", "Du får"),
    ] {
        let notice = Notice::of(&demo, &shown(language, None));
        let fallback = notice.fallback.clone().unwrap();
        assert!(fallback.contains(says), "{fallback}");
        let foreign = notice
            .statements()
            .filter(|said| !said.foreign.is_empty())
            .count();
        assert!(foreign > 10);
        for said in notice.statements() {
            let whole: String = said.pieces().into_iter().map(|(_, text)| text).collect();
            assert_eq!(whole, said.text);
            assert!(
                !said.text.contains(['\u{E001}', '\u{E002}', '\u{E003}']),
                "{}",
                said.text
            );
        }
        let html = notice.to_html_page();
        let code = language.split('-').next().unwrap();
        assert!(html.contains(&format!("<html lang=\"{code}\">")));
        assert!(html.contains("<span lang=\"nl\">") && html.contains(says));
        let markdown = notice.to_markdown();
        assert!(markdown.contains(says) && markdown.contains(right));
        assert_eq!(notice.to_json()["fallback"], fallback);
    }
    for language in ["nl", "en"] {
        let notice = Notice::of(&demo, &shown(language, None));
        assert_eq!(notice.fallback, None);
        assert!(
            notice.statements().all(|said| said.foreign.is_empty()),
            "{language}"
        );
    }
}

#[test]
fn who_decides_together_is_in_the_notice_the_record_and_where_one_asks() {
    let joint = "[joint.partner]\nname = \"Partner BV\"\nservices = [\"chat\"]\n\
        essence = { nl = \"Wij antwoorden u, de partner beveiligt.\", en = \"We answer you, the partner secures.\" }\n\
        privacy = { name = \"Privacy\", mail = \"privacy@partner.example\" }\n";
    let alone = register(SMALL);
    assert!(Notice::elsewhere(&alone, &shown("nl", None)).is_empty());
    let together = register(&format!("{SMALL}\n{joint}"));
    let says = "Over Chat beslissen wij samen met Partner BV. Wij antwoorden u, de partner beveiligt. \
        U kunt bij ons terecht en daar: privacy@partner.example.";
    let notice = Notice::of(&together, &shown("nl", None));
    let found = notice.statements().find(|said| said.text == says).unwrap();
    assert_eq!(found.rules, ["joint:partner"]);
    let elsewhere = Notice::elsewhere(&together, &shown("nl", None));
    assert_eq!(elsewhere.len(), 1);
    assert_eq!(elsewhere[0].text, says);
    assert!(ropa_csv(&together).contains("together with Partner BV"));
    let record = record_as_linked_data(&together).to_string();
    assert!(record.contains("dpv:JointDataControllers") && record.contains("Partner BV"));

    let source = SMALL.replace(
        "role = \"controller\"",
        "role = \"processor\"\nprincipal = { nl = \"Gemeente Voorbeeld\", en = \"Voorbeeld\" }",
    );
    if let Ok(working) = Register::compile(&source, "register.toml", &LAW, TODAY) {
        let elsewhere = Notice::elsewhere(&working, &shown("nl", None));
        assert_eq!(
            elsewhere[0].text,
            "Voor Chat werken wij in opdracht van Gemeente Voorbeeld. Vraag het daar."
        );
    }
}
