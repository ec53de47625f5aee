//! The page of the audit log: what a line says there.

use http::StatusCode;
use waarborg_detect::Kind;
use waarborg_domain::entry::{Act, Actor, Entry, Facts, Role};
use waarborg_domain::policy::{Cell, Change, Policy, Subject};
use waarborg_domain::register::{Destination, Label};
use waarborg_usecase::ports::Trail as _;

use super::house::{NOW, place, place_under};

#[tokio::test]
async fn a_line_says_that_a_prompt_was_routed_or_confirmed_in_both_languages() {
    let place = place();
    for (purpose, is_routed, is_confirmed) in [
        ("plain", false, false),
        ("routed", true, false),
        ("confirmed", false, true),
        ("both", true, true),
    ] {
        let facts = Facts {
            is_routed,
            is_confirmed,
            ..Facts::default()
        };
        let sent = Entry::new(NOW.parse().unwrap(), Actor::House, Act::PromptSent);
        let sent = sent.for_purpose(purpose).with(facts);
        place.store.note(sent).await.unwrap();
    }
    let mut staff = place.staff(Role::Auditor).await;
    for (path, routed, confirmed) in [
        (
            "/console/audit",
            "naar een eigen model geleid",
            "de schrijver zei ja tegen een waarschuwing",
        ),
        (
            "/console/audit?lang=en",
            "routed to a model of one's own",
            "the writer said yes to a warning",
        ),
    ] {
        assert_eq!(staff.get(path).await, StatusCode::OK);
        let both = format!("{routed}, {confirmed}");
        for (purpose, said) in [
            ("plain", None),
            ("routed", Some(routed)),
            ("confirmed", Some(confirmed)),
            ("both", Some(both.as_str())),
        ] {
            let said = said.map(|said| format!(" <span class=\"muted\">{said}</span>"));
            let line = format!(
                "<td><code>prompt.sent</code>{}</td><td>{purpose}</td>",
                said.unwrap_or_default()
            );
            assert!(staff.page.contains(&line), "{line}: {}", staff.page);
        }
    }
}

#[tokio::test]
async fn a_yes_in_the_chat_stands_in_the_line_of_what_it_let_go() {
    let warns = Change {
        rule: "policy:test".into(),
        group: None,
        subject: Subject::Kind(Kind::Email),
        destination: Destination::Eu,
        cell: Cell::Warn,
        why: Label::default(),
    };
    let place = place_under(Policy::shipped("pseudonymise").unwrap().changed_by([warns]));
    let mut browser = place.visitor().await;
    let text = ("text", "Mail sanne@example.org");
    let sent = [text, ("history", "off"), ("model", "demo")];
    let refused = browser.post("/chat", &sent).await;
    assert_eq!(refused, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(browser.page.contains("value=\"direct-identifier\""));

    let accepted = [&sent[..], &[("accept", "direct-identifier")]].concat();
    assert_eq!(
        browser.post("/chat", &accepted).await,
        StatusCode::SEE_OTHER
    );
    assert!(place.model.saw.lock().unwrap()[0].contains("sanne@example.org"));

    let lines = place.store.state().entries.clone();
    let lines = lines
        .iter()
        .map(|entry| (entry.act, entry.facts.is_confirmed));
    let of_prompts = |(act, _): &(Act, bool)| matches!(act, Act::PromptSent | Act::PromptRefused);
    let lines: Vec<(Act, bool)> = lines.filter(of_prompts).collect();
    assert_eq!(
        lines,
        [(Act::PromptRefused, false), (Act::PromptSent, true)]
    );
}
