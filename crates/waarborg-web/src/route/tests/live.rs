//! The live page: what staff read there, and nobody else.

use std::sync::Arc;

use axum::body::Body;
use http::{Request, StatusCode, header};
use tower::ServiceExt as _;
use waarborg_domain::entry::Role;
use waarborg_usecase::House;

use super::house::place;
use crate::{App, Settings, routes};

#[tokio::test]
async fn staff_read_what_is_counted_in_both_languages_and_the_log_stays_as_it_is() {
    let place = place();
    let mut staff = place.staff(Role::Operator).await;
    let n_entries = place.store.state().entries.len();
    assert_eq!(staff.get("/console/live").await, StatusCode::OK);
    for said in [
        "<dt>Verzoeken die op antwoord wachten</dt><dd>2</dd>",
        "<dt>Beantwoord in de laatste vijf minuten</dt><dd>31</dd>",
        "Geteld sinds 20 november 2026, 08.05 uur",
        "Gelezen op 21 november 2026, 12.00.00 uur",
        "<dt>Beantwoorde verzoeken</dt><dd>1.300</dd>",
        "<dt>Tegengehouden</dt><dd>87</dd>",
        "<dd>binnen 5 ms</dd>",
        "<dd>binnen 25 ms</dd>",
        "<dt>Tokens</dt><dd>36.000</dd>",
        "<dt>Kosten in centen</dt><dd>12,34</dd>",
        "Van 1 ontvanger is geen prijs ingesteld.",
        "<td>Mag niet mee</td><td>87</td>",
        "<td>Burgerservicenummer</td><td>91</td></tr><tr><td>MADE_UP</td><td>1</td>",
        "<td>werkt</td><td>1.204</td><td>3</td><td>20.000</td><td>10.000</td><td>12,34</td>",
        "&lt;other&gt;</td>",
        "<td>2.000</td><td>geen prijs ingesteld</td>",
        "<td>rust na te veel fouten</td>",
        "<td>403</td><td>87</td>",
    ] {
        assert!(staff.page.contains(said), "{said}: {}", staff.page);
    }
    assert_eq!(staff.get("/console/live?lang=en").await, StatusCode::OK);
    for said in [
        "<dd>1,300</dd>",
        "<dd>12.34</dd>",
        "May not go along",
        "no price set",
        "href=\"/console/live?lang=en\"",
    ] {
        assert!(staff.page.contains(said), "{said}");
    }
    assert_eq!(place.store.state().entries.len(), n_entries);
}

#[tokio::test]
async fn without_its_script_the_page_stands_still_and_a_link_reads_it_again() {
    let place = place();
    let mut staff = place.staff(Role::Auditor).await;
    staff.get("/console/live").await;
    let page = &staff.page;
    assert!(
        page.contains("href=\"/console/live\">Ververs</a>"),
        "{page}"
    );
    assert!(!page.contains("http-equiv"), "nothing moves by itself");
    let button = page.split("id=\"live-stop\"").nth(1).unwrap();
    assert!(button.split('>').next().unwrap().contains(" hidden"));
    assert_eq!(page.matches("<script").count(), 1);
    assert!(page.contains("/live.js\"></script>"), "{page}");
    let live = page.split("id=\"live\"").nth(1).unwrap();
    assert!(
        !live.contains("aria-live") && !live.contains("role=\"status\""),
        "numbers that change are not read out"
    );
    for table in live.split("<table>").skip(1) {
        assert!(
            table.starts_with("<thead><tr><th scope=\"col\">"),
            "{table}"
        );
    }

    staff.get("/console").await;
    assert!(!staff.page.contains("live.js"));
    assert!(staff.page.contains("href=\"/console/live\">Live</a>"));
}

#[tokio::test]
async fn where_nobody_counts_there_is_no_page_of_noughts() {
    let place = place();
    let staff = place.staff(Role::Officer).await;
    let app = App::new(
        Arc::new(House::new(place.desk.clone())),
        Settings::default(),
    );
    let request = Request::get("/console/live")
        .header(header::HOST, "vraag.example")
        .header(header::COOKIE, staff.cookie.clone().unwrap())
        .body(Body::empty())
        .unwrap();
    let answer = routes(app).oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}
