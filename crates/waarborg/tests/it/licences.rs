//! A licence that ends: by events of the register, and not by a day alone.

use crate::{
    mail::forward,
    person::Person,
    program::{Installation, err},
};

/// Scenario 14.
#[test]
fn a_licence_that_is_limited_keeps_renewal_goes_on_and_the_end_erases_six_months_later() {
    let installation = Installation::demo();
    installation.change_register(|source| {
        let kept = "when = \"history=on\"\nclaim = \"last_activity + 12months\"";
        assert!(source.contains(kept));
        let licensed = "when = \"history=on\"\nclaim = \"licence_ended + 6months\"";
        source.replacen(kept, licensed, 1)
    });
    let server = installation.serve();
    let mut person = Person::come(&server);
    assert_eq!(person.say("Wanneer is het loket open?", "on").status, 200);
    let number = person.data().json()["visit"]["number"]
        .as_str()
        .unwrap()
        .to_owned();
    let event = |name: &str| {
        let posted = installation.command(&["event", "post", name, "--person", &number]);
        assert!(posted.status.success(), "{name}: {}", err(&posted));
    };
    let night = |hours: u32| {
        forward(&installation, &format!("PT{hours}H"));
        let run = installation.command(&["retention", "run"]);
        assert!(run.status.success(), "{}", err(&run));
    };
    let is_there = |person: &mut Person| person.data().text().contains("loket open");

    event("licence_expired");
    night(24 * 240);
    assert!(is_there(&mut person), "limited, and kept");
    event("licence_renewed");
    night(24 * 260);
    assert!(is_there(&mut person), "renewed");
    event("licence_expired");
    event("licence_ended");
    night(24 * 430);
    assert!(is_there(&mut person), "not yet six months after the end");
    night(24 * 450);
    assert!(!is_there(&mut person), "six months after the end");
}

#[test]
fn what_is_anonymised_leaves_a_number_and_nothing_else() {
    let installation = Installation::demo();
    installation.change_register(|source| {
        let kept = "when = \"history=off\"\nclaim = \"first_message + 30d\"\nkind = \"at_most\"\naction = \"erase\"";
        assert!(source.contains(kept));
        source.replacen(kept, &kept.replace("erase", "anonymise"), 1)
    });
    let server = installation.serve();
    let mut person = Person::come(&server);
    for nth in 0..6 {
        let said = person.say(&format!("Kanarievraag {nth} over de heg."), "off");
        assert_eq!(said.status, 200);
    }
    let mut gone = Person::come(&server);
    gone.say("Deze wordt gewist.", "off");
    assert_eq!(gone.erase().status, 200);
    forward(&installation, "PT960H");
    let run = installation.command(&["retention", "run"]);
    assert!(run.status.success(), "{}", err(&run));
    assert!(!person.data().text().contains("Kanarievraag"));
    let listed = installation.command(&["retention", "numbers", "--output", "json"]);
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    let numbers = listed["numbers"].as_array().unwrap();
    assert_eq!(numbers.len(), 1, "{listed}");
    // Six questions and six answers; who had theirs erased is not among them.
    assert_eq!(
        (&numbers[0]["category"], &numbers[0]["n"]),
        (&"user_content".into(), &12.into())
    );
    let few = installation.command(&["retention", "numbers", "--least", "13"]);
    assert_eq!(crate::program::out(&few), "", "what is small is not told");
    let smaller = installation.command(&["retention", "numbers", "--least", "9"]);
    assert_eq!(smaller.status.code(), Some(2), "nor to who asks for it");
    drop(server);
    for (path, content) in installation.files() {
        let is_there = memchr::memmem::find(&content, b"Kanarievraag").is_some();
        assert!(!is_there, "{}", path.display());
    }
}
