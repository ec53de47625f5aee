//! The commands that need no server: what they print, where, and how they end.

use std::{
    io::{BufRead, BufReader, Write},
    process::Stdio,
};

use crate::program::{err, out, run, run_with, waarborg};

#[test]
fn a_bsn_in_a_text_is_a_finding_with_offsets_in_code_points() {
    let output = run_with(
        &["detect", "-", "--output", "json"],
        "Één BSN: 111222333.".as_bytes(),
    );
    assert_eq!(output.status.code(), Some(1));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let bsn = found["spans"]
        .as_array()
        .unwrap()
        .iter()
        .find(|span| span["label"] == "BSN")
        .unwrap();
    assert_eq!(
        (bsn["start"].as_u64(), bsn["end"].as_u64()),
        (Some(9), Some(18))
    );
    assert!(!bsn["why"].as_str().unwrap().is_empty());
    assert!(
        !out(&output).contains("111222333"),
        "a finding does not repeat the text"
    );
}

#[test]
fn a_text_without_personal_data_ends_well_and_prints_nothing() {
    let output = run_with(&["detect"], b"Hoe laat gaat het loket open?\n");
    assert_eq!(output.status.code(), Some(0), "{}", out(&output));
    assert!(output.stdout.is_empty());
}

#[test]
fn jsonl_is_answered_line_by_line_while_the_input_is_still_open() {
    let mut child = waarborg()
        .args(["detect", "-", "--format", "jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for id in ["a", "b"] {
        writeln!(
            stdin,
            "{{\"id\":\"{id}\",\"text\":\"mail jan@example.org\"}}"
        )
        .unwrap();
        stdin.flush().unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let answer: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(answer["id"], id);
        assert_eq!(answer["spans"][0]["label"], "EMAIL");
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn what_is_not_utf_8_or_not_json_is_refused_with_a_next_step() {
    let output = run_with(&["detect", "--format", "text"], b"caf\xe9");
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("UTF-8") && err(&output).contains("next:"));
    assert!(output.stdout.is_empty());

    let output = run_with(
        &["detect", "--format", "jsonl"],
        b"{\"id\":1,\"text\":\"x\"}\n{\"id\":2}\n",
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("line 2"));

    let output = run(&["detect", "/nowhere/at/all.txt"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_file_is_read_by_its_content_and_a_finding_says_where_it_stands() {
    let message = b"From: jan@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/html\r\n\r\n<p>BSN 1112<b>22333</b></p>\r\n--b\r\nContent-Type: image/png; name=foto.png\r\n\
        Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b--\r\n";
    let output = run_with(&["detect", "-", "--output", "json"], message);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["kind"], "mail");
    let place = |label: &str| {
        let spans = found["spans"].as_array().unwrap();
        spans.iter().find(|span| span["label"] == label).unwrap()["place"].clone()
    };
    assert_eq!(place("EMAIL"), "header From");
    assert_eq!(place("BSN"), "paragraph 1");
    assert_eq!(found["unread"][0]["place"], "foto.png › the file");
    assert_eq!(found["unread"][0]["reason"], "picture");
    assert!(err(&output).contains("foto.png"));
}

#[test]
fn a_file_of_which_nothing_can_be_read_is_never_clean() {
    let output = run_with(&["detect"], b"%PDF-1.4\n1 0 obj<</Type/Catalog");
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("not read: the file: it is damaged"));

    let half =
        b"MIME-Version: 1.0\r\nSubject: hoi\r\nContent-Type: application/pkcs7-mime\r\n\r\nMIIB";
    let output = run_with(&["detect"], half);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    assert!(output.stdout.is_empty());
}

#[test]
fn explain_says_what_was_kept_and_what_was_dropped() {
    let table = "Naam\tGeboren\nJan de Vries\t17-05-1980\n".as_bytes();
    let output = run_with(&["detect", "--explain"], table);
    assert_eq!(output.status.code(), Some(1));
    let lines = out(&output);
    assert!(
        lines.contains("kept") && lines.contains("over the end of a cell"),
        "{lines}"
    );
    assert!(!lines.contains("Vries"), "{lines}");

    let output = run_with(&["detect", "--explain", "--output", "json"], table);
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let considered = found["considered"].as_array().unwrap();
    assert!(
        considered
            .iter()
            .any(|one| one["stage"] == "structure" && one["fate"] == "kept")
    );
    assert!(considered.iter().any(|one| one["fate"] == "two-cells"));
}

#[test]
fn letters_of_old_windows_are_read() {
    let output = run_with(&["detect"], b"Ren\xe9e, BSN 111222333");
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).contains("BSN"));
}

#[test]
fn a_fault_in_a_line_does_not_repeat_the_line() {
    let output = run_with(
        &["detect", "--format", "jsonl"],
        b"{\"text\": \"geheim 111222333\"",
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(!err(&output).contains("111222333"), "{}", err(&output));
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let mut child = waarborg()
        .args(["detect", "--format", "jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    for _ in 0..1000 {
        if writeln!(stdin, "{{\"id\":1,\"text\":\"BSN 111222333\"}}").is_err() {
            break;
        }
    }
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(output.stderr.is_empty(), "{}", err(&output));
}

#[test]
fn a_pseudonymised_text_is_restored_from_its_map_alone() {
    let dir = tempfile::tempdir().unwrap();
    let map = dir.path().join("map.json");
    let map = map.to_str().unwrap();
    let text = "Geachte mevrouw Jansen, uw BSN 111222333 en mail [k.jansen@example.org](https://example.org) staan in het dossier.\n";

    let hidden = run_with(&["pseudonymise", "-", "--map", map], text.as_bytes());
    assert_eq!(hidden.status.code(), Some(0), "{}", err(&hidden));
    assert!(!out(&hidden).contains("111222333") && !out(&hidden).contains("k.jansen"));
    assert!(err(&hidden).contains("personal data"));

    let again = run_with(&["pseudonymise", "-", "--map", map], text.as_bytes());
    assert_eq!(out(&again), out(&hidden), "one map is one conversation");

    let shown = run_with(&["restore-text", "-", "--map", map], &hidden.stdout);
    assert_eq!(out(&shown), text);

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            std::fs::metadata(map).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}

#[test]
fn surrogates_that_look_real_are_restored_and_never_taken_for_somebody_in_another_text() {
    let dir = tempfile::tempdir().unwrap();
    let map = dir.path().join("map.json");
    let map = map.to_str().unwrap();
    let text = "Geachte mevrouw Jansen, uw BSN 111222333 en mail k.jansen@example.org staan in het dossier.\n";
    let command = ["pseudonymise", "-", "--map", map, "--realistic"];

    let hidden = run_with(&command, text.as_bytes());
    assert_eq!(hidden.status.code(), Some(0), "{}", err(&hidden));
    let sent = out(&hidden);
    assert!(
        !sent.contains("111222333") && !sent.contains("Jansen") && !sent.contains('['),
        "{sent}"
    );
    assert_eq!(out(&run_with(&command, text.as_bytes())), sent);
    let shown = run_with(&["restore-text", "-", "--map", map], &hidden.stdout);
    assert_eq!(out(&shown), text);

    let twice = run_with(&command, sent.as_bytes());
    assert_eq!(twice.status.code(), Some(2), "{}", out(&twice));
    assert!(out(&twice).is_empty());

    let other = dir.path().join("other.json");
    let other = other.to_str().unwrap();
    run_with(&["pseudonymise", "-", "--map", other], text.as_bytes());
    let mixed = run_with(
        &["pseudonymise", "-", "--map", other, "--realistic"],
        text.as_bytes(),
    );
    assert_eq!(mixed.status.code(), Some(2));
}

#[test]
fn a_file_that_is_no_map_is_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let map = dir.path().join("brief.txt");
    std::fs::write(&map, "een brief").unwrap();
    let output = run_with(
        &["pseudonymise", "-", "--map", map.to_str().unwrap()],
        b"BSN 111222333",
    );
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&map).unwrap(), "een brief");
}

#[test]
fn a_request_of_31_january_is_due_at_the_end_of_february() {
    let input = br#"{"country":"NL","received":"2025-01-31","months":1,"id":"mine"}
{"country":"NL","received":"2026-04-05","months":1}
"#;
    let output = run_with(&["due", "-", "--format", "jsonl"], input);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let lines: Vec<serde_json::Value> = out(&output)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        (lines[0]["aim"].as_str(), lines[0]["latest"].as_str()),
        (Some("2025-02-28"), Some("2025-02-28"))
    );
    assert_eq!(lines[0]["id"], "mine", "what we do not know is kept");
    assert_eq!(
        lines[1]["latest"], "2026-05-06",
        "the fifth of May is a holiday every year"
    );
}

#[test]
fn a_date_that_does_not_exist_is_refused() {
    let output = run_with(
        &["due"],
        br#"{"country":"NL","received":"2026-02-30","months":1}"#,
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("line 1"));
}

#[test]
fn a_notice_for_a_country_that_does_not_exist_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("new");
    let place = place.to_str().unwrap();
    assert!(run(&["init", "--yes", "--dir", place]).status.success());

    let known = run(&["notice", "--dir", place, "--residence", "TH"]);
    assert!(known.status.success(), "{}", err(&known));
    let unknown = run(&["notice", "--dir", place, "--residence", "ZZ"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(err(&unknown).contains("ZZ"));
}

#[test]
fn how_plain_a_notice_is_can_be_measured() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("new");
    let place = place.to_str().unwrap();
    assert!(run(&["init", "--yes", "--dir", place]).status.success());
    let measured = run(&[
        "lint", "notice", "--dir", place, "--draft", "--output", "json",
    ]);
    let found: serde_json::Value = serde_json::from_slice(&measured.stdout).unwrap();
    let remarks = found["remarks"].as_array().unwrap();
    assert!(found["n_sentences"].as_u64().unwrap() > 50);
    assert!(
        remarks
            .iter()
            .all(|remark| remark["rule"] == "passive" || remark["rule"] == "abbreviation")
    );
    assert_eq!(measured.status.code(), Some(i32::from(!remarks.is_empty())));

    let text = run(&["lint", "notice", "--dir", place, "--draft"]);
    assert!(err(&text).contains(" long-sentence, "), "{}", err(&text));
}

#[test]
fn a_register_with_an_open_place_has_a_draft_of_its_notice() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("new");
    let register = place.join("register.toml");
    let place = place.to_str().unwrap();
    assert!(run(&["init", "--yes", "--dir", place]).status.success());
    let source = std::fs::read_to_string(&register).unwrap();
    std::fs::write(&register, source.replacen("+ 12months", "+ ?", 1)).unwrap();

    assert_eq!(run(&["notice", "--dir", place]).status.code(), Some(2));
    let draft = run(&["notice", "--dir", place, "--draft"]);
    assert!(draft.status.success(), "{}", err(&draft));
}

#[test]
fn an_init_that_fails_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("new");
    let with_url = |url: &str| {
        run(&[
            "init",
            "--yes",
            "--dir",
            place.to_str().unwrap(),
            "--provider",
            "openai",
            "--base-url",
            url,
        ])
    };
    let failed = with_url("ftp://model.example");
    assert_eq!(failed.status.code(), Some(2), "{}", err(&failed));
    assert!(!place.exists());
    let made = with_url("https://model.example/v1");
    assert!(made.status.success(), "{}", err(&made));
}

#[test]
fn help_and_version_go_to_standard_output_and_a_wrong_command_does_not() {
    assert!(out(&run(&["--help"])).contains("Exit codes"));
    assert!(out(&run(&["--version"])).starts_with("waarborg "));
    let output = run(&["detct"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty() && err(&output).contains("detect"));
}

/// A directory for real work, made without a test clock.
fn real(dir: &std::path::Path) -> String {
    let dir = dir.join("echt");
    let dir = dir.to_str().unwrap().to_owned();
    let made = run(&["init", "--dir", &dir, "--yes"]);
    assert!(made.status.success(), "{}", err(&made));
    dir
}

#[test]
fn a_test_clock_never_comes_to_a_directory_that_was_made_for_real_work() {
    let folder = tempfile::tempdir().unwrap();
    let dir = real(folder.path());
    let at = |name: &str| std::path::Path::new(&dir).join(name);
    std::fs::write(at("test-clock.json"), r#"{"ahead_ms":31536000000}"#).unwrap();
    let doctor = run(&["doctor", "--dir", &dir]);
    assert!(out(&doctor).contains("does nothing"), "{}", out(&doctor));
    let received = run(&["request", "receive", "--dir", &dir, "--right", "access"]);
    assert!(received.status.success(), "{}", err(&received));
    let year = run(&["request", "list", "--dir", &dir, "--output", "json"]);
    let listed: serde_json::Value = serde_json::from_slice(&year.stdout).unwrap();
    let received_at = listed["requests"][0]["received_at"].as_str().unwrap();
    let ahead: jiff::Timestamp = received_at.parse().unwrap();
    let made_at = std::fs::metadata(at("waarborg.toml")).unwrap().modified();
    let today = jiff::Timestamp::try_from(made_at.unwrap()).unwrap();
    assert!(
        ahead.duration_since(today).as_hours().abs() < 1,
        "{received_at}"
    );

    let settings = std::fs::read_to_string(at("waarborg.toml")).unwrap();
    std::fs::write(
        at("waarborg.toml"),
        format!("test_clock = true\n{settings}"),
    )
    .unwrap();
    let refused = run(&["keys", "list", "--dir", &dir]);
    assert_eq!(refused.status.code(), Some(2), "{}", out(&refused));
    assert!(err(&refused).contains("another clock"), "{}", err(&refused));
}

#[cfg(unix)]
#[test]
fn what_init_writes_is_not_for_everybody() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("proef");
    let dir = dir.to_str().unwrap();
    let begun = run(&["init", "--dir", dir, "--yes", "--test-clock"]);
    assert!(begun.status.success(), "{}", err(&begun));
    for (name, most) in [
        ("waarborg.toml", 0o640),
        ("register.toml", 0o640),
        ("test-clock.json", 0o600),
        ("data/lock", 0o600),
        ("data/waarborg.db", 0o600),
        ("keys/keys.db", 0o600),
        ("keys/epochs.key", 0o600),
    ] {
        let about = std::fs::metadata(std::path::Path::new(dir).join(name)).unwrap();
        let mode = about.permissions().mode() & 0o777;
        assert_eq!(mode & !most, 0, "{name} has mode {mode:o}");
    }
}

#[test]
fn recognisers_of_presidio_become_a_file_that_detect_reads() {
    let yaml = b"recognizers:\n  - name: Case\n    supported_entity: CASE\n    patterns:\n      - {name: p, regex: '\\bZK-\\d{6}\\b', score: 0.9}\n";
    let output = run_with(&["recognisers", "import-presidio", "-"], yaml);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("recognisers.toml");
    std::fs::write(&file, &output.stdout).unwrap();

    let found = run_with(
        &["detect", "--recognisers", file.to_str().unwrap()],
        b"Het gaat om ZK-204815.\n",
    );
    assert_eq!(found.status.code(), Some(1), "{}", err(&found));
    assert!(
        out(&found).contains("CUSTOMER_NUMBER.CASE"),
        "{}",
        out(&found)
    );

    let left = run_with(
        &["recognisers", "import-presidio", "--output", "json"],
        b"recognizers: [UsBankRecognizer]\n",
    );
    assert_eq!(left.status.code(), Some(1));
    assert!(
        out(&left).contains("\"left\":[{\"line\":1"),
        "{}",
        out(&left)
    );
    let broken = run_with(&["recognisers", "import-presidio"], b"a: [");
    assert_eq!(broken.status.code(), Some(2));
}
