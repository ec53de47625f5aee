//! The record of processing and what stands beside it: the same from the command line and at the public addresses.

use crate::program::{Installation, out, run};

fn exported(installation: &Installation, format: &str) -> Vec<u8> {
    let output = installation.command(&["register", "export", "--format", format]);
    assert!(output.status.success(), "{format}");
    output.stdout
}

#[test]
fn the_record_is_public_in_every_form_and_says_the_same_as_the_command() {
    let installation = Installation::demo();
    let exports = [
        "ropa-csv",
        "ropa-xlsx",
        "dpv-jsonld",
        "recipients-csv",
        "ropa-pdf",
    ]
    .map(|format| exported(&installation, format));
    let server = installation.serve();
    let mut reader = server.client();

    let addresses = [
        ("/record.csv", "text/csv"),
        ("/record.xlsx", "application/vnd.openxmlformats"),
        ("/record.jsonld", "application/ld+json"),
        ("/recipients.csv", "text/csv"),
        ("/record.pdf", "application/pdf"),
    ];
    for ((address, kind), export) in addresses.iter().zip(&exports) {
        let answer = reader.get(address);
        assert_eq!(answer.status, 200, "{address}");
        assert!(answer.header("content-type").unwrap().starts_with(kind));
        assert!(answer.body == *export, "{address} differs from the command");
    }
    let linked: serde_json::Value = serde_json::from_slice(&exports[2]).unwrap();
    assert_eq!(linked["@type"], "dpv:RecordsOfActivities");
}

#[test]
fn the_rules_for_ai_and_the_recipients_follow_the_register() {
    let installation = Installation::demo();
    installation.change_register(|source| {
        source
            + "\n[[policy.override]]\nkind = \"LICENCE_PLATE\"\ndestination = \"outside-eu\"\nverdict = \"block\"\n\
               why = { nl = \"Kentekens blijven binnen.\", en = \"Plates stay inside.\" }\n"
    });
    let server = installation.serve();
    let mut reader = server.client();

    let rules = reader.get("/policy").text();
    assert!(
        rules.contains("Kentekens blijven binnen.")
            && rules.contains("data-rule=\"policy:LICENCE_PLATE/outside-eu\""),
        "{rules}"
    );
    assert!(rules.contains("mag niet mee"));
    let english = reader.get("/policy?lang=en&format=md").text();
    assert!(
        english.contains("Plates stay inside.") && english.contains("may not go along"),
        "{english}"
    );
    let recipients = reader.get("/recipients").text();
    assert!(recipients.contains("data-rule=\"recipient:") && recipients.contains("/record.jsonld"));
    let text = exported(&installation, "recipients-md");
    assert!(
        String::from_utf8(text)
            .unwrap()
            .starts_with("# Wie gegevens krijgt van")
    );
}

#[test]
fn a_workbook_holds_every_row_of_the_record() {
    let installation = Installation::demo();
    let csv = String::from_utf8(exported(&installation, "ropa-csv")).unwrap();
    let book = exported(&installation, "ropa-xlsx");
    let found = installation.path().join("record.xlsx");
    std::fs::write(&found, &book).unwrap();

    // Our own reader of workbooks is another program than our writer.
    let read = run(&["detect", found.to_str().unwrap(), "--output", "json"]);
    let read: serde_json::Value = serde_json::from_str(&out(&read)).unwrap();
    assert_eq!(read["kind"], "xlsx", "{read}");
    assert_eq!(read["unread"], serde_json::json!([]));
    let text = String::from_utf8_lossy(&book);
    let n_rows = text.matches("<row>").count();
    let recipients = String::from_utf8(exported(&installation, "recipients-csv")).unwrap();
    let lines = |csv: &str| csv.matches("\r\n").count();
    assert_eq!(n_rows, lines(&csv) + lines(&recipients));
}

/// The rows of a table, cell by cell.
fn cells(csv: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut is_quoted = false;
    let mut letters = csv.chars().peekable();
    while let Some(letter) = letters.next() {
        let row = rows.last_mut().unwrap();
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                letters.next();
                row.last_mut().unwrap().push('"');
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(String::new()),
            '\r' if !is_quoted => {}
            '\n' if !is_quoted => rows.push(vec![String::new()]),
            letter => row.last_mut().unwrap().push(letter),
        }
    }
    rows
}

#[test]
fn the_record_to_print_holds_every_cell_of_the_table() {
    let installation = Installation::demo();
    let printed = exported(&installation, "ropa-pdf");
    let read = waarborg_files::read(None, &printed, &waarborg_files::Limits::default());
    assert_eq!(read.kind().code(), "pdf");
    let text = read.whole().unwrap();
    let letters = |text: &str| -> String { text.split_whitespace().collect() };
    let read = letters(text.as_str());
    let mut n = 0;
    for format in ["ropa-csv", "recipients-csv"] {
        let csv = String::from_utf8(exported(&installation, format)).unwrap();
        for cell in cells(&csv).iter().skip(1).flatten() {
            assert!(read.contains(&letters(cell)), "{cell}");
            n += 1;
        }
    }
    assert!(n > 100, "{n}");
}

#[test]
fn every_record_says_its_source_and_the_basis_that_applied() {
    let installation = Installation::demo();
    let server = installation.serve();
    let mut person = crate::person::Person::come(&server);
    person.say("Wanneer gaat de balie open?", "on");
    let data = person.data().json();
    let categories = data["categories"].as_array().unwrap();
    assert!(!categories.is_empty());
    for category in categories {
        assert_eq!(category["source"], "person", "{category}");
        for claim in category["claims"].as_array().unwrap() {
            assert!(!claim["basis"].as_str().unwrap().is_empty(), "{claim}");
            assert!(!claim["purpose"].as_str().unwrap().is_empty(), "{claim}");
        }
    }
}
