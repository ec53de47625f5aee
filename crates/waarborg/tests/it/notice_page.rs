//! The page of the notice: its frame in the notice's language, and its layers.

use crate::program::{Installation, err, out};

#[test]
fn around_a_notice_in_german_french_and_swedish_the_page_is_in_that_language() {
    let installation = Installation::demo();
    let server = installation.serve();
    for (language, contents, since, skip) in [
        (
            "de",
            "Auf dieser Seite",
            "gilt ab dem",
            "Zum Inhalt springen",
        ),
        (
            "fr",
            "Sur cette page",
            "valable à partir du",
            "Aller au contenu",
        ),
        (
            "sv",
            "På den här sidan",
            "gäller från och med",
            "Gå till innehållet",
        ),
    ] {
        let answer = server.client().get(&format!("/privacy?lang={language}"));
        assert_eq!(answer.header("content-language"), Some(language));
        let page = answer.text();
        assert!(page.contains(&format!("<html lang=\"{language}\">")));
        for said in [contents, since, skip] {
            assert!(page.contains(said), "{language}: {said}");
        }
        for english in [
            "On this page",
            "applies since",
            "Skip to content",
            "Main menu",
            "Read another version",
            "Recipients<",
        ] {
            assert!(!page.contains(english), "{language}: {english}");
        }
        assert!(page.contains("href=\"/cookies?lang=en\" hreflang=\"en\""));
        // The other pages are not in that language, and say so.
        let rights = server.client().get(&format!("/rights?lang={language}"));
        assert!(rights.text().contains("<html lang=\"en\">"));
    }
}

#[test]
fn the_notice_is_read_in_five_lines_whole_or_with_articles_and_rules() {
    let installation = Installation::demo();
    let server = installation.serve();
    let get = |layer: &str| {
        let address = format!("/privacy?lang=en&layer={layer}");
        let answer = server.client().get(&address);
        (answer.status, answer.text())
    };
    let (short, full, legal) = (get("short").1, get("full").1, get("legal").1);
    assert!(short.contains("five-lines") && !short.contains("id=\"retention\""));
    assert!(full.contains("id=\"retention\"") && !full.contains("GDPR article 13(2)(a)"));
    assert!(legal.contains("GDPR article 13(2)(a), 14(2)(a)"), "{legal}");
    assert!(legal.contains("[controller:"));
    assert_eq!(get("deep").0, 400);
    for page in [&short, &full, &legal] {
        assert!(page.contains("layer=legal\""));
    }
    let printed = installation.command(&["notice", "--lang", "en", "--layer", "legal"]);
    assert!(printed.status.success(), "{}", err(&printed));
    assert!(out(&printed).contains("GDPR article 13(1)(a)"));
}
