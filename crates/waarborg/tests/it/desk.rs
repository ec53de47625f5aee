//! The privacy desk from outside: two officers, letters that say why, dates that the law sets.

use crate::{
    http::{Answer, Client, escape},
    person::Person,
    program::{Installation, Server, err},
};

/// An officer in the console.
#[derive(Clone)]
pub(crate) struct Officer {
    pub(crate) client: Client,
    token: String,
}

impl Officer {
    /// Enters with a link of their own.
    pub(crate) fn enter(installation: &Installation, server: &Server) -> Self {
        let made =
            installation.command(&["keys", "console", "--role", "officer", "--output", "json"]);
        assert!(made.status.success(), "{}", err(&made));
        let made: serde_json::Value = serde_json::from_slice(&made.stdout).unwrap();
        let link = made["console_link"].as_str().unwrap();
        let secret = link.split("link=").nth(1).unwrap().to_owned();
        let mut client = server.client();
        client.get(&format!("/console/enter?link={}", escape(&secret)));
        let entered = client.post_form("/console/enter", &[("link", &secret)]);
        assert_eq!(entered.status, 303, "{}", entered.text());
        let page = client.get("/console/requests").text();
        let token = between(&page, "name=\"form_token\" value=\"");
        Self { client, token }
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.client.get(path)
    }

    pub(crate) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut fields = fields.to_vec();
        fields.push(("form_token", &self.token));
        self.client.post_form(path, &fields)
    }
}

/// The text after the first `start`, up to a quote or a tag.
pub(crate) fn between(page: &str, start: &str) -> String {
    let rest = page
        .split(start)
        .nth(1)
        .unwrap_or_else(|| panic!("no {start} in {page}"));
    rest.split(['"', '<']).next().unwrap().to_owned()
}

/// Every `about` of the form to decide with.
pub(crate) fn slices(page: &str) -> Vec<String> {
    page.split("name=\"about\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

/// A request out of a session: its number and its code.
pub(crate) fn asks(person: &mut Person, right: &str, question: &str) -> (String, String) {
    let page = person.client.get("/rights").text();
    let token = between(&page, "name=\"form_token\" value=\"");
    let fields = [
        ("right", right),
        ("question", question),
        ("form_token", token.as_str()),
    ];
    let page = person.client.post_form("/rights", &fields).text();
    let mut shown = page.split("<strong class=\"reference\">").skip(1);
    let mut next = || shown.next().unwrap().split('<').next().unwrap().to_owned();
    (next(), next())
}

/// The page of a request, for who has its code.
pub(crate) fn status(server: &Server, (reference, code): &(String, String)) -> String {
    let page = server
        .client()
        .post_form(&format!("/rights/{reference}"), &[("code", code)]);
    assert_eq!(page.status, 200, "{}", page.text());
    page.text()
}

#[test]
fn a_no_needs_two_people_its_ground_and_a_letter_that_names_the_way_to_court() {
    let installation = Installation::demo();
    let server = installation.serve();
    let mut person = Person::come(&server);
    assert_eq!(
        person
            .say("Wanneer komt de vuilniswagen in de Dorpsstraat?", "on")
            .status,
        200
    );
    let request = asks(&mut person, "erasure", "Graag alles wissen.");
    let page = format!("/console/requests/{}", request.0);

    let mut first = Officer::enter(&installation, &server);
    let shown = first.get(&page).text();
    let found = slices(&shown);
    assert!(
        found.contains(&"user_content answer_questions contract".to_owned()),
        "{found:?}"
    );
    assert!(
        first
            .get(&format!("{page}/pack"))
            .text()
            .contains("vuilniswagen")
    );
    assert!(first.get("/console/audit").text().contains("records.read"));

    let mut fields: Vec<(&str, &str)> = Vec::new();
    for slice in &found {
        fields.extend([("about", slice.as_str()), ("verdict", "legal_claims")]);
    }
    fields.push(("language", "nl"));
    let silent = first.post(&format!("{page}/decide"), &fields);
    assert_eq!(silent.status, 422);
    assert!(silent.text().contains("Schrijf eerst de redenen op"));
    fields.push(("reasons", "Er loopt een zaak over deze vragen."));
    assert_eq!(first.post(&format!("{page}/decide"), &fields).status, 303);
    assert!(
        !status(&server, &request).contains("Ons antwoord"),
        "nothing is told before it is decided"
    );

    let own = first.post(&format!("{page}/agree"), &[("sure", "yes")]);
    assert_eq!(own.status, 422, "nobody is their own second person");
    let mut second = Officer::enter(&installation, &server);
    assert!(second.get(&page).text().contains("Er loopt een zaak"));
    assert_eq!(
        second
            .post(&format!("{page}/agree"), &[("sure", "yes")])
            .status,
        303
    );
    assert_eq!(
        second
            .post(&format!("{page}/agree"), &[("sure", "yes")])
            .status,
        422,
        "once"
    );

    let letter = status(&server, &request);
    for part in [
        "Antwoord op uw verzoek",
        "nodig voor een rechtszaak (artikel 17(3)(e) AVG)",
        "Er loopt een zaak over deze vragen.",
        "Autoriteit Persoonsgegevens",
        "naar de rechter",
        "We hebben uw verzoek afgewezen",
    ] {
        assert!(letter.contains(part), "{part}: {letter}");
    }
    assert!(
        second
            .get(&format!("{page}/letter"))
            .text()
            .contains("naar de rechter")
    );
    assert_eq!(person.listed().len(), 1, "nothing was erased");
}

/// Scenario 4, the letter.
#[test]
fn a_yes_of_one_officer_erases_and_the_letter_says_what_stays() {
    let installation = Installation::demo();
    let server = installation.serve();
    let mut person = Person::come(&server);
    person.say("Mijn heg is te hoog, zegt de buurman.", "on");
    let request = asks(&mut person, "erasure", "Graag alles wissen.");
    let page = format!("/console/requests/{}", request.0);
    let mut officer = Officer::enter(&installation, &server);
    let found = slices(&officer.get(&page).text());
    let mut fields: Vec<(&str, &str)> = Vec::new();
    for slice in &found {
        fields.extend([("about", slice.as_str()), ("verdict", "granted")]);
    }
    fields.push(("language", "en"));
    let done = officer.post(&format!("{page}/decide"), &fields);
    assert_eq!(done.status, 303, "{}", done.text());
    let letter = status(&server, &request);
    assert!(letter.contains("We erased 2 records"), "{letter}");
    assert!(letter.contains("You can also go to court"));
    assert_ne!(
        person.client.get("/api/v1/chat").status,
        200,
        "the session ended with the data"
    );
    assert_eq!(
        officer.post(&format!("{page}/decide"), &fields).status,
        422,
        "a closed request stays closed"
    );
}

#[test]
fn a_letter_is_taken_in_with_its_day_and_nothing_is_granted_to_who_is_unknown() {
    let installation = Installation::demo();
    installation.set_clock("2027-03-04T10:00:00Z");
    let server = installation.serve();
    let mut person = Person::come(&server);
    person.say("Wanneer is het loket open?", "on");
    let number = person.client.get("/my-data/download").json()["visit"]["number"]
        .as_str()
        .unwrap()
        .to_owned();

    let mut officer = Officer::enter(&installation, &server);
    let mut fields = vec![
        ("channel", "letter"),
        ("right", "access"),
        ("day", "2027-03-09"),
        ("words", "Wat weet u van mij?"),
        ("reply_to", "Dorpsstraat 1, Duinrode"),
    ];
    assert_eq!(
        officer.post("/console/intake", &fields).status,
        422,
        "a day to come"
    );
    fields[2].1 = "2027-03-01";
    let taken = officer.post("/console/intake", &fields).text();
    assert!(taken.contains("1 april 2027"), "{taken}");
    let reference = between(&taken, "<strong class=\"reference\">");
    let page = format!("/console/requests/{reference}");
    assert_eq!(
        slices(&officer.get(&page).text()),
        ["whole"],
        "nobody is linked"
    );

    let link = |level| [("number", number.clone()), ("identity", level)];
    for (level, is_sure) in [("channel".to_owned(), false), ("human".to_owned(), true)] {
        let fields = link(level);
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        assert_eq!(officer.post(&format!("{page}/link"), &fields).status, 303);
        assert_eq!(slices(&officer.get(&page).text()) != ["whole"], is_sure);
    }
    let nobody = [
        ("number", "00000000-0000-7000-8000-000000000000"),
        ("identity", "human"),
    ];
    assert_eq!(officer.post(&format!("{page}/link"), &nobody).status, 422);
}

/// Scenario 7, the extension.
#[test]
fn a_request_of_31_january_is_extended_in_time_with_a_reason_and_never_after() {
    let installation = Installation::demo();
    installation.set_clock("2029-01-31T09:00:00Z");
    let server = installation.serve();
    let mut person = Person::come(&server);
    let request = asks(&mut person, "access", "Alles, graag.");
    let late = asks(&mut person, "rectification", "Mijn straat klopt niet.");
    assert!(status(&server, &request).contains("28 februari 2029"));
    let server = {
        drop(server);
        installation.set_clock("2029-02-20T09:00:00Z");
        installation.serve()
    };

    let mut officer = Officer::enter(&installation, &server);
    let path = format!("/console/requests/{}/extend", request.0);
    let without = [("reasons", " "), ("language", "nl")];
    assert_eq!(officer.post(&path, &without).status, 422);
    let with = [
        ("reasons", "Wij zoeken nog in het archief."),
        ("language", "nl"),
    ];
    assert_eq!(officer.post(&path, &with).status, 303);
    assert_eq!(officer.post(&path, &with).status, 422, "once");
    let told = status(&server, &request);
    assert!(
        told.contains("30 april 2029") && told.contains("Wij zoeken nog in het archief."),
        "{told}"
    );

    drop(server);
    installation.set_clock("2029-03-04T09:00:00Z");
    let server = installation.serve();
    let mut officer = Officer::enter(&installation, &server);
    let path = format!("/console/requests/{}/extend", late.0);
    let refused = officer.post(&path, &with);
    assert_eq!(refused.status, 422);
    assert!(
        refused.text().contains("de eerste maand is voorbij"),
        "{}",
        refused.text()
    );
}

/// The clock stands still while it is doubted who asks, only where the register says so, with a reason.
#[test]
fn doubt_about_who_asks_stops_the_clock_by_a_rule_of_the_register_and_with_a_reason() {
    let installation = Installation::demo();
    installation.set_clock("2027-03-01T10:00:00Z");
    let server = installation.serve();
    let mut person = Person::come(&server);
    person.say("Wanneer is het loket open?", "on");
    let number = person.client.get("/my-data/download").json()["visit"]["number"]
        .as_str()
        .unwrap()
        .to_owned();
    let letter = [
        ("channel", "letter"),
        ("right", "access"),
        ("day", "2027-03-01"),
        ("words", "Wat weet u van mij?"),
        ("reply_to", "Dorpsstraat 1, Duinrode"),
    ];
    let doubt = [
        (
            "reasons",
            "De handtekening lijkt niet op die van vorig jaar.",
        ),
        ("language", "nl"),
    ];

    let mut officer = Officer::enter(&installation, &server);
    let taken = officer.post("/console/intake", &letter).text();
    let page = format!(
        "/console/requests/{}",
        between(&taken, "<strong class=\"reference\">")
    );
    assert!(!officer.get(&page).text().contains("De klok stilzetten"));
    let refused = officer.post(&format!("{page}/doubt"), &doubt);
    assert_eq!(refused.status, 422, "the register has no rule");
    assert!(refused.text().contains("De klok mag hier niet stilstaan"));

    drop(server);
    installation.change_register(|source| {
        let rule = "doubt_pauses = { nl = \"Zo leest de toezichthouder artikel 12.\", en = \"The authority reads article 12 so.\" }";
        source.replacen("authority = \"NL-AP\"", &format!("authority = \"NL-AP\"\n{rule}"), 1)
    });
    let server = installation.serve();
    let notice = server.client().get("/privacy").text();
    assert!(notice.contains("Zo leest de toezichthouder artikel 12."));
    let mut officer = Officer::enter(&installation, &server);
    let without = [("reasons", " "), ("language", "nl")];
    assert_eq!(officer.post(&format!("{page}/doubt"), &without).status, 422);
    assert_eq!(officer.post(&format!("{page}/doubt"), &doubt).status, 303);
    let shown = officer.get(&page).text();
    assert!(
        shown.contains("De klok staat stil sinds 1 maart 2027."),
        "{shown}"
    );
    let told = officer.get(&format!("{page}/letter")).text();
    assert!(
        told.contains("Laat ons zien dat u het bent") && told.contains(doubt[0].1),
        "{told}"
    );
    assert_eq!(
        officer.post(&format!("{page}/doubt"), &doubt).status,
        422,
        "once"
    );

    drop(server);
    installation.set_clock("2027-03-05T10:00:00Z");
    let server = installation.serve();
    let mut officer = Officer::enter(&installation, &server);
    let link = |identity| [("number", number.as_str()), ("identity", identity)];
    officer.post(&format!("{page}/link"), &link("channel"));
    let shown = officer.get(&page).text();
    assert!(
        shown.contains("De klok staat stil"),
        "the channel shows nothing: {shown}"
    );
    assert_eq!(
        officer.post(&format!("{page}/link"), &link("human")).status,
        303
    );
    let shown = officer.get(&page).text();
    assert!(
        shown.contains("van 1 maart 2027 tot 5 maart 2027"),
        "{shown}"
    );
    assert!(
        shown.contains("Zonder stilstand: streven 1 april 2027, uiterlijk 1 april 2027."),
        "{shown}"
    );
    assert!(shown.contains("5 april 2027"), "{shown}");
    assert_eq!(
        officer.post(&format!("{page}/doubt"), &doubt).status,
        422,
        "it is known who asks"
    );
}

#[test]
fn a_wrong_value_is_corrected_where_the_person_gave_it_and_a_statement_stands_with_the_rest() {
    let installation = Installation::demo();
    let server = installation.serve();
    let mut person = Person::come(&server);
    assert_eq!(
        person
            .say("Mijn heg is 12 meter hoog, 112 bellen hielp niet.", "on")
            .status,
        200
    );
    let backup = installation.path().join("backup");
    let made = installation.command(&["backup", backup.to_str().unwrap()]);
    assert!(made.status.success(), "{}", err(&made));
    let request = asks(&mut person, "rectification", "De heg is 2 meter.");
    let page = format!("/console/requests/{}", request.0);
    let mut officer = Officer::enter(&installation, &server);
    let found = slices(&officer.get(&page).text());
    let mut fields: Vec<(&str, &str)> = vec![("language", "nl")];
    for slice in &found {
        fields.extend([("about", slice.as_str()), ("verdict", "granted")]);
    }
    let mut with = |more: &[(&str, &str)]| {
        let fields: Vec<_> = fields.iter().chain(more).copied().collect();
        officer.post(&format!("{page}/decide"), &fields)
    };
    assert_eq!(with(&[]).status, 422, "neither a value nor a statement");
    assert_eq!(with(&[("wrong", "12 meter")]).status, 400);
    let nowhere = with(&[("wrong", "13 meter"), ("right", "2 meter")]);
    assert_eq!(nowhere.status, 422);
    assert!(nowhere.text().contains("staat nergens in wat de persoon"));
    let decided = with(&[
        ("wrong", "12"),
        ("right", "2"),
        ("statement", "De heg is 2 meter, niet 12."),
    ]);
    assert_eq!(decided.status, 303, "{}", decided.text());

    let holds = |person: &mut Person| {
        let data = person.data().text();
        assert!(
            data.contains("Mijn heg is 2 meter hoog, 112 bellen"),
            "{data}"
        );
        assert!(!data.contains("Mijn heg is 12 meter"));
        data
    };
    assert!(holds(&mut person).contains("De heg is 2 meter, niet 12."));
    let letter = status(&server, &request);
    assert!(
        letter.contains("1 gegeven verbeterd in wat u ons zelf gaf"),
        "{letter}"
    );

    server.stop();
    std::fs::remove_dir_all(installation.path().join("data")).unwrap();
    let restored = installation.command(&["restore", backup.to_str().unwrap()]);
    assert!(restored.status.success(), "{}", err(&restored));
    let server = installation.serve();
    person.moved_to(&server);
    holds(&mut person);
}
