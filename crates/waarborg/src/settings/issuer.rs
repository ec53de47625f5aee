//! Issuers whose tokens let people in without a key of this house: `[issuer.…]`.

use std::path::PathBuf;

use uuid::Uuid;
use waarborg_domain::ids::GatewayKeyId;
use waarborg_gateway::identity::{Declared, EVERYBODY, issuer_url};

use super::reader::{Faults, Table};

/// An issuer of tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IssuerSetting {
    /// What is declared of it.
    pub(crate) declared: Declared,
    /// The file that holds its keys; without it they are fetched from it.
    pub(crate) keys_file: Option<PathBuf>,
    /// The file with the certificates of the authorities by which it is believed; public ones without it.
    pub(crate) ca_file: Option<PathBuf>,
    /// The line in the file.
    pub(crate) line: usize,
}

/// Every issuer, in the order of the file.
pub(super) fn issuers(root: &mut Table<'_>, faults: &mut Faults<'_>) -> Vec<IssuerSetting> {
    let mut issuers: Vec<IssuerSetting> = Vec::new();
    for (name, mut table) in root.named_tables("issuer", faults) {
        let line = faults.line(table.span().start);
        let declared = declared(&name, &mut table, faults);
        let keys_file = table.text("keys_file", faults);
        let ca_file = table.text("ca_file", faults);
        if let (Some(file), Some(_)) = (&ca_file, &keys_file) {
            faults.add(
                "issuer",
                &file.span,
                format!("`issuer.{name}` has its keys in a file, so nobody asks it for them"),
                "keep one of `keys_file` and `ca_file`".to_owned(),
            );
        }
        let span = table.span().clone();
        table.finish(faults);
        if issuers.iter().any(|one| one.declared.url == declared.url) {
            faults.add(
                "issuer",
                &span,
                format!("`issuer.{name}` has the url of another one"),
                "keep one of them, with what both open".to_owned(),
            );
        }
        let path = |found: super::reader::Found<String>| PathBuf::from(found.value);
        issuers.push(IssuerSetting {
            declared,
            keys_file: keys_file.map(path),
            ca_file: ca_file.map(path),
            line,
        });
    }
    issuers.sort_by_key(|issuer| issuer.line);
    issuers
}

fn declared(name: &str, table: &mut Table<'_>, faults: &mut Faults<'_>) -> Declared {
    let span = table.span().clone();
    let missing = |key: &str, mend: &str, faults: &mut Faults<'_>| {
        faults.add(
            "missing",
            &span,
            format!("`issuer.{name}.{key}` is missing"),
            mend.to_owned(),
        );
    };
    let url = table.text("url", faults);
    match &url {
        None => missing(
            "url",
            "write what its tokens say in iss, to the letter",
            faults,
        ),
        Some(url) => {
            if let Err(fault) = issuer_url(&url.value) {
                let what = fault.to_string().replacen("base_url", "it", 1);
                faults.add(
                    "issuer",
                    &url.span,
                    format!("`issuer.{name}.url` cannot be used: {what}"),
                    "write for example \"https://login.example.nl/realms/work\"".to_owned(),
                );
            }
        }
    }
    let audiences = table.texts("audience", faults);
    if audiences.is_empty() {
        missing(
            "audience",
            "write for whom its tokens are meant, such as audience = [\"waarborg\"]",
            faults,
        );
    }
    let claim = table.text("claim", faults).map(|found| found.value);
    let opens = opens(name, table, faults);
    if opens.is_empty() {
        missing(
            "opens",
            "say which value of the claim opens which gateway key, or \"*\" for everybody",
            faults,
        );
    }
    if claim.is_none() && opens.iter().any(|(value, _)| value != EVERYBODY) {
        missing(
            "claim",
            "name the claim of which `opens` lists the values",
            faults,
        );
    }
    let person = table.text("person", faults);
    Declared {
        name: name.to_owned(),
        url: url.map(|found| found.value).unwrap_or_default(),
        audiences,
        person: person.map_or_else(|| "sub".to_owned(), |found| found.value),
        is_apart: table.truth("per_person", faults).unwrap_or(false),
        claim: claim.unwrap_or_default(),
        opens,
    }
}

fn opens(
    name: &str,
    table: &mut Table<'_>,
    faults: &mut Faults<'_>,
) -> Vec<(String, GatewayKeyId)> {
    let Some(table) = table.table("opens", faults) else {
        return Vec::new();
    };
    let mut opens = Vec::new();
    for (value, id) in table.every_text(faults) {
        match id.parse::<Uuid>() {
            Ok(id) => opens.push((value, GatewayKeyId(id))),
            // What was written is not repeated: it may be the secret itself.
            Err(_) => faults.add(
                "issuer",
                table.span(),
                format!("`issuer.{name}.opens` names a key by something that is no id"),
                "write the id that `waarborg keys list` shows, and never the secret".to_owned(),
            ),
        }
    }
    opens
}

#[cfg(test)]
mod tests {
    use crate::settings::Settings;

    const ID: &str = "0192f0c1-2b3c-7def-8a00-000000000001";
    const OTHER: &str = "0192f0c1-2b3c-7def-8a00-000000000002";

    fn codes(source: &str) -> Vec<(&'static str, usize)> {
        let read = Settings::read(source, "waarborg.toml");
        let faults = read.err().unwrap_or_default();
        faults
            .iter()
            .map(|fault| (fault.code, fault.line))
            .collect()
    }

    #[test]
    fn an_issuer_opens_keys_in_the_order_of_the_file() {
        let source = format!(
            "[issuer.werk]\nurl = \"https://login.voorbeeld.nl/realms/werk\"\naudience = [\"waarborg\"]\nclaim = \"groups\"\n\
             [issuer.werk.opens]\nzorg = \"{OTHER}\"\nbeheer = \"{ID}\"\n\"*\" = \"{ID}\"\n"
        );
        let settings = Settings::read(&source, "waarborg.toml").unwrap();
        let declared = &settings.issuers[0].declared;
        let values: Vec<&str> = declared
            .opens
            .iter()
            .map(|(value, _)| value.as_str())
            .collect();
        assert_eq!(values, ["zorg", "beheer", "*"]);
        assert_eq!(declared.person, "sub");
        assert!(!declared.is_apart && settings.issuers[0].keys_file.is_none());
    }

    #[test]
    fn every_fault_of_an_issuer_is_told_with_its_line() {
        let missing = ("missing", 1);
        assert_eq!(codes("[issuer.x]\n"), [missing, missing, missing]);
        let with = |url: &str, more: &str| {
            codes(&format!(
                "[issuer.x]\nurl = \"{url}\"\naudience = [\"a\"]\n{more}\n"
            ))
        };
        let everybody = format!("opens = {{ \"*\" = \"{ID}\" }}");
        assert_eq!(with("https://login.voorbeeld.nl", &everybody), []);
        assert_eq!(with("http://127.0.0.1:8080/x", &everybody), []);
        for url in [
            "http://login.voorbeeld.nl",
            "http://10.0.0.1/realm",
            "https://login.voorbeeld.nl/?x=1",
            "https://169.254.169.254/",
            "login",
        ] {
            assert_eq!(with(url, &everybody), [("issuer", 2)], "{url}");
        }
        let of_group = format!("opens = {{ zorg = \"{ID}\" }}");
        assert_eq!(with("https://x.nl", &of_group), [missing]);
        let secret = "opens = { \"*\" = \"wbg_geheim\" }";
        let faults = with("https://x.nl", secret);
        assert_eq!(faults.first(), Some(&missing));
        let both = format!("{everybody}\nkeys_file = \"k\"\nca_file = \"c\"");
        assert_eq!(with("https://x.nl", &both), [("issuer", 6)]);
        let twice = format!(
            "[issuer.a]\nurl = \"https://x.nl\"\naudience = [\"a\"]\n{everybody}\n[issuer.b]\nurl = \"https://x.nl\"\n\
             audience = [\"b\"]\n{everybody}\n"
        );
        assert_eq!(codes(&twice), [("issuer", 5)]);
    }
}
