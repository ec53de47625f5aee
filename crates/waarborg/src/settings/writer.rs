//! Applications that sign for who of their people writes: `[writer.…]`.

use std::{collections::BTreeMap, path::PathBuf};

use http::HeaderName;

use super::reader::{Faults, Table};

/// How `Open WebUI` calls the header in which its token comes, and itself in the token.
const HEADER_OF_OPEN_WEBUI: &str = "x-openwebui-user-jwt";
const OPEN_WEBUI: &str = "open-webui";

/// An application that signs for who writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WriterSetting {
    /// By what name keys ask for it.
    pub(crate) name: String,
    /// The file that holds the secret that it shares with us.
    pub(crate) secret_file: PathBuf,
    /// In which header its token comes.
    pub(crate) header: HeaderName,
    /// What it calls itself.
    pub(crate) issuer: String,
    /// For whom its tokens are meant, where they say so.
    pub(crate) audiences: Vec<String>,
    /// The claim that says who writes.
    pub(crate) person: String,
    /// Whether each person has a number of their own in the log, and a share of their own.
    pub(crate) per_person: bool,
    /// The claim that says of which group they are.
    pub(crate) group_claim: Option<String>,
    /// The group of the register for each of its values.
    pub(crate) groups: BTreeMap<String, String>,
    /// The line in the file.
    pub(crate) line: usize,
}

/// Every application that signs for who writes, in the order of the file.
pub(super) fn writers(root: &mut Table<'_>, faults: &mut Faults<'_>) -> Vec<WriterSetting> {
    let mut writers = Vec::new();
    for (name, mut table) in root.named_tables("writer", faults) {
        let span = table.span().clone();
        let secret_file = table.text("secret_file", faults);
        if secret_file.is_none() {
            faults.add(
                "missing",
                &span,
                format!("`writer.{name}.secret_file` is missing"),
                "name the file that holds the secret with which it signs".to_owned(),
            );
        }
        let header = header(&name, &mut table, faults);
        let word = |found: Option<super::reader::Found<String>>, usual: &str| {
            found.map_or_else(|| usual.to_owned(), |found| found.value)
        };
        let issuer = word(table.text("issuer", faults), OPEN_WEBUI);
        let audiences = table.texts("audience", faults);
        let person = word(table.text("person", faults), "sub");
        let per_person = table.truth("per_person", faults).unwrap_or(false);
        let group_claim = table.text("group_claim", faults).map(|found| found.value);
        let groups = table.table("groups", faults);
        let groups: BTreeMap<String, String> = groups
            .map(|groups| groups.every_text(faults))
            .unwrap_or_default()
            .into_iter()
            .collect();
        if group_claim.is_some() == groups.is_empty() {
            faults.add(
                "writer",
                &span,
                format!("`writer.{name}` names a claim for groups without groups, or groups without a claim"),
                "write both group_claim and groups, or neither".to_owned(),
            );
        }
        table.finish(faults);
        let (Some(secret_file), Some(header)) = (secret_file, header) else {
            continue;
        };
        writers.push(WriterSetting {
            secret_file: PathBuf::from(secret_file.value),
            line: faults.line(span.start),
            name,
            header,
            issuer,
            audiences,
            person,
            per_person,
            group_claim,
            groups,
        });
    }
    writers.sort_by_key(|writer| writer.line);
    writers
}

/// Headers that say something else already.
const TAKEN: [&str; 4] = ["authorization", "x-api-key", "cookie", "host"];

fn header(name: &str, table: &mut Table<'_>, faults: &mut Faults<'_>) -> Option<HeaderName> {
    let Some(found) = table.text("header", faults) else {
        return Some(HeaderName::from_static(HEADER_OF_OPEN_WEBUI));
    };
    let header: Option<HeaderName> = found.value.to_ascii_lowercase().parse().ok();
    let header = header.filter(|header| {
        !TAKEN.contains(&header.as_str()) && !header.as_str().starts_with("x-waarborg-")
    });
    if header.is_none() {
        faults.add(
            "header",
            &found.span,
            format!("`writer.{name}.header` is no header in which such a token comes"),
            "write for example \"X-OpenWebUI-User-Jwt\"".to_owned(),
        );
    }
    header
}

#[cfg(test)]
mod tests {
    use crate::settings::Settings;

    fn codes(source: &str) -> Vec<(&'static str, usize)> {
        let read = Settings::read(source, "waarborg.toml");
        let faults = read.err().unwrap_or_default();
        faults
            .iter()
            .map(|fault| (fault.code, fault.line))
            .collect()
    }

    #[test]
    fn open_webui_needs_no_more_than_its_secret() {
        let source = "[writer.openwebui]\nsecret_file = \"keys/openwebui\"\n";
        let settings = Settings::read(source, "waarborg.toml").unwrap();
        let writer = &settings.writers[0];
        assert_eq!(writer.name, "openwebui");
        assert_eq!(writer.header, "x-openwebui-user-jwt");
        assert_eq!(
            (writer.issuer.as_str(), writer.person.as_str()),
            ("open-webui", "sub")
        );
        assert!(writer.audiences.is_empty() && !writer.per_person && writer.groups.is_empty());
    }

    #[test]
    fn every_fault_of_a_writer_is_told_with_its_line() {
        assert_eq!(codes("[writer.x]\n"), [("missing", 1)]);
        let with = |line: &str| codes(&format!("[writer.x]\nsecret_file = \"k\"\n{line}\n"));
        assert_eq!(with("header = \"X-Wie\""), []);
        for taken in [
            "Authorization",
            "x-api-key",
            "X-Waarborg-Person",
            "met blank",
            "",
        ] {
            assert_eq!(
                with(&format!("header = \"{taken}\"")),
                [("header", 3)],
                "{taken}"
            );
        }
        assert_eq!(with("group_claim = \"role\""), [("writer", 1)]);
        assert_eq!(with("groups = { admin = \"beheer\" }"), [("writer", 1)]);
        assert_eq!(
            with("group_claim = \"role\"\ngroups = { admin = \"beheer\" }"),
            []
        );
        assert_eq!(with("secret = \"geheim\""), [("unknown-key", 3)]);
    }
}
