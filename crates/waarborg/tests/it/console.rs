//! The console: a link that works once, roles that stay apart, and a program that stays small.

use crate::{
    http::{Answer, Client, escape},
    program::{Installation, err, run},
};

fn secret_of(link: &str) -> String {
    link.split("link=").nth(1).unwrap().to_owned()
}

fn enter(client: &mut Client, link: &str) -> Answer {
    let secret = secret_of(link);
    let door = client.get(&format!("/console/enter?link={}", escape(&secret)));
    assert_eq!(door.status, 200, "looking at the link does not use it up");
    client.post_form("/console/enter", &[("link", &secret)])
}

#[test]
fn the_link_of_the_start_opens_the_console_once() {
    let installation = Installation::demo();
    let server = installation.serve();
    let link = server.started["console_link"].as_str().unwrap().to_owned();
    assert!(
        link.starts_with(&format!("http://{}/", server.address)),
        "{link}"
    );

    assert_ne!(
        server.client().get("/console").status,
        200,
        "the console is open to everybody"
    );
    let mut officer = server.client();
    assert_eq!(enter(&mut officer, &link).status, 303);
    for page in [
        "/console",
        "/console/requests",
        "/console/register",
        "/console/audit",
        "/console/try",
    ] {
        assert_eq!(officer.get(page).status, 200, "{page}");
    }
    assert_eq!(
        enter(&mut server.client(), &link).status,
        403,
        "the link works twice"
    );
    assert_eq!(
        enter(&mut server.client(), &installation.console_link).status,
        303,
        "the link of init works as well"
    );
}

#[test]
fn an_operator_does_not_see_requests() {
    let installation = Installation::demo();
    let server = installation.serve();
    let made = installation.command(&["keys", "console", "--role", "operator", "--output", "json"]);
    assert!(made.status.success(), "{}", err(&made));
    let made: serde_json::Value = serde_json::from_slice(&made.stdout).unwrap();
    let mut operator = server.client();
    assert_eq!(
        enter(&mut operator, made["console_link"].as_str().unwrap()).status,
        303
    );
    assert_eq!(operator.get("/console").status, 200);
    assert_eq!(operator.get("/console/requests").status, 403);
}

#[test]
fn an_officer_reads_a_request_and_closes_it_and_the_log_says_so() {
    let installation = Installation::demo();
    let server = installation.serve();
    let received = installation.command(&[
        "request",
        "receive",
        "--right",
        "access",
        "--reply-to",
        "s.dewit@example.org",
        "--output",
        "json",
    ]);
    assert!(received.status.success(), "{}", err(&received));
    let received: serde_json::Value = serde_json::from_slice(&received.stdout).unwrap();
    let reference = received["reference"].as_str().unwrap();
    let page = format!("/console/requests/{reference}");

    let mut officer = server.client();
    assert_eq!(enter(&mut officer, &installation.console_link).status, 303);
    assert!(officer.get("/console/requests").text().contains(&page));
    let shown = officer.get(&page);
    assert_eq!(shown.status, 200);
    assert!(shown.text().contains("s.dewit@example.org"));
    assert_eq!(
        officer.get("/console/requests/WB-0000-0000-0000").status,
        404
    );
    assert!(
        officer
            .get("/console/audit")
            .text()
            .contains("records.read")
    );

    let decide = format!("{page}/decide");
    let forged = officer.post_form(&decide, &[("about", "whole"), ("verdict", "granted")]);
    assert_eq!(forged.status, 403, "a form that is not ours");
    let token = shown.text();
    let token = token.split("name=\"form_token\" value=\"").nth(1).unwrap();
    let token = ("form_token", token.split('"').next().unwrap());
    for stage in ["answered", "refused", "received"] {
        let moved = officer.post_form(&page, &[("stage", stage), token]);
        assert_eq!(moved.status, 422, "{stage} without a decision");
    }
    let granted = [
        ("about", "whole"),
        ("verdict", "granted"),
        ("language", "nl"),
        token,
    ];
    let sure = officer.post_form(&decide, &granted);
    assert_eq!(sure.status, 303, "{}", sure.text());
    assert_eq!(
        officer
            .post_form(&page, &[("stage", "working"), token])
            .status,
        422,
        "a closed request stays closed"
    );

    for role in ["auditor", "operator"] {
        let made = installation.command(&["keys", "console", "--role", role, "--output", "json"]);
        let made: serde_json::Value = serde_json::from_slice(&made.stdout).unwrap();
        let mut other = server.client();
        enter(&mut other, made["console_link"].as_str().unwrap());
        assert_eq!(other.get(&page).status, 403, "{role}");
        assert!(
            !other.get("/console/requests").text().contains(&page),
            "{role}"
        );
    }
    assert_eq!(server.client().get(&page).status, 403);
}

#[test]
fn a_second_program_on_the_same_directory_is_refused() {
    let installation = Installation::demo();
    let server = installation.serve();
    let second = installation.command(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(second.status.code(), Some(1), "{}", err(&second));
    assert!(err(&second).contains("another program"));
    let taken = server.address.to_string();
    let other = Installation::demo();
    let second = run(&["serve", "--dir", other.dir(), "--listen", &taken]);
    assert_eq!(second.status.code(), Some(2));
    assert!(err(&second).contains("--listen"), "{}", err(&second));
}

#[cfg(target_os = "linux")]
#[test]
fn an_idle_program_takes_less_than_a_hundred_megabytes_and_writes_no_core_file() {
    let installation = Installation::demo();
    let server = installation.serve();
    assert_eq!(server.client().get("/readyz").status, 200);
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let resident = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap();
    let kilobytes: u64 = resident.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(kilobytes < 100_000, "{kilobytes} kB");
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", server.id())).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    assert!(core.split_whitespace().nth(4) == Some("0"), "{core}");
}

#[test]
fn who_knocks_too_often_is_told_when_to_come_back() {
    let installation = Installation::demo();
    let settings = installation.path().join("waarborg.toml");
    let written = std::fs::read_to_string(&settings).unwrap();
    let shares = "\n[limits]\nconsole_per_hour = 2\npeople_per_address = 1\nkey_per_minute = 2\n";
    std::fs::write(&settings, format!("{written}{shares}")).unwrap();
    let server = installation.serve();

    let mut somebody = server.client();
    let try_link = |client: &mut Client| client.post_form("/console/enter", &[("link", "none")]);
    assert_eq!(try_link(&mut somebody).status, 403);
    assert_eq!(try_link(&mut somebody).status, 403);
    let held = try_link(&mut server.client());
    assert_eq!(held.status, 429, "the address counts, not the connection");
    let wait: u64 = held.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=1801).contains(&wait), "{wait}");
    assert!(held.text().contains("Even wachten"), "{}", held.text());
    assert_eq!(somebody.get("/rights").status, 200);

    let mut application = server.client().with_key(&installation.gateway_key);
    assert_eq!(application.get("/v1/models").status, 200);
    assert_eq!(application.get("/v1/models").status, 200);
    let held = application.get("/v1/models");
    assert_eq!(held.status, 429);
    assert!(held.header("retry-after").is_some() && held.text().contains("too_many_requests"));
}
