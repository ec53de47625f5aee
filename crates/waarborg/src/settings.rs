//! How this installation runs: `waarborg.toml`, read once into checked types, all faults at once.

mod issuer;
mod mail;
mod model;
pub(crate) mod own;
mod provider;
mod reader;
pub(crate) mod traces;
mod writer;

use std::{net::SocketAddr, path::PathBuf, str::FromStr, time::Duration};

use toml::de::DeTable;
use waarborg_domain::register::Fault;
use waarborg_web::pace::{Share, Shares};

pub(crate) use issuer::IssuerSetting;
pub(crate) use mail::MailSetting;
use provider::providers;
pub(crate) use provider::{ProviderSetting, ProxySetting};
use reader::{Faults, Table};
pub(crate) use traces::TracesSettings;
pub(crate) use writer::WriterSetting;

/// The settings of one installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    /// The address to listen on.
    pub(crate) listen: SocketAddr,
    /// Where people reach it, when a proxy stands in front; otherwise the listening address.
    pub(crate) public_url: Option<String>,
    /// Other names by which clients reach it, such as that of a container.
    pub(crate) hosts: Vec<String>,
    /// Where records are kept.
    pub(crate) store: StoreSetting,
    /// A second folder for the keys, on another disk.
    pub(crate) keys_mirror: Option<PathBuf>,
    /// Whether it was made for tests, with a clock that can be set.
    pub(crate) test_clock: bool,
    /// What one request and all connections may take.
    pub(crate) limits: Limits,
    /// What the log looks like.
    pub(crate) log: LogSetting,
    /// Who may see how it runs, and where.
    pub(crate) metrics: MetricsSetting,
    /// How each recipient of the register is reached, by its name there.
    pub(crate) providers: Vec<ProviderSetting>,
    /// How mail is handed in; without it none is sent.
    pub(crate) mail: Option<MailSetting>,
    /// Where traces go; without it there are none.
    pub(crate) traces: Option<TracesSettings>,
    /// What becomes of pictures in requests.
    pub(crate) pictures: PicturesSetting,
    /// The applications that sign for who of their people writes.
    pub(crate) writers: Vec<WriterSetting>,
    /// The issuers whose tokens let people in without a key of this house.
    pub(crate) issuers: Vec<IssuerSetting>,
}

/// What becomes of pictures in requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum PicturesSetting {
    /// Their letters are read by Tesseract where it is installed; else they are refused.
    #[default]
    Tesseract,
    /// They are refused, also where Tesseract is installed.
    Never,
}

/// Where records are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StoreSetting {
    /// A file in the data directory.
    Sqlite,
    /// A PostgreSQL server.
    Postgres {
        /// The address, without a password.
        url: String,
        /// The file that holds the password.
        password_file: Option<PathBuf>,
    },
}

/// What one request and all connections may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Limits {
    /// The largest request body.
    pub(crate) request_bytes: usize,
    /// Connections at one time.
    pub(crate) connections: usize,
    /// How long the head of a request may take.
    pub(crate) header: Duration,
    /// How long the next part of a body may take.
    pub(crate) body: Duration,
    /// How long a client may take nothing of an answer.
    pub(crate) write: Duration,
    /// How long running answers may go on after a stop was asked for.
    pub(crate) drain: Duration,
    /// How often one person, or one address, may knock.
    pub(crate) shares: Shares,
    /// How often one gateway key may ask.
    pub(crate) key: Share,
}

/// Who may see how it runs, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct MetricsSetting {
    /// An address for `/metrics` alone, which is then not at the door.
    pub(crate) listen: Option<SocketAddr>,
    /// The file that holds the token that who asks must carry.
    pub(crate) token_file: Option<PathBuf>,
}

/// What the log looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LogSetting {
    /// Text for people, or one JSON object on each line.
    pub(crate) format: LogFormat,
    /// The least important level that is written.
    pub(crate) level: tracing::Level,
    /// Where its files lie, from the installation's directory on; without it, it goes to standard error.
    pub(crate) folder: Option<PathBuf>,
}

/// The form of a line of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            request_bytes: 8 * 1024 * 1024,
            connections: 1024,
            header: Duration::from_secs(10),
            body: Duration::from_secs(30),
            write: Duration::from_mins(1),
            drain: Duration::from_secs(20),
            shares: Shares::default(),
            key: Share::per_minute(60_000),
        }
    }
}

impl Default for LogSetting {
    fn default() -> Self {
        Self {
            format: LogFormat::Text,
            level: tracing::Level::INFO,
            folder: None,
        }
    }
}

impl Settings {
    /// Reads the settings from their source; `file` is the name that faults carry.
    ///
    /// # Errors
    ///
    /// Every fault of the file, in its order.
    pub(crate) fn read(source: &str, file: &str) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::new(file, source);
        let (document, errors) = DeTable::parse_recoverable(source);
        for error in &errors {
            let span = error.span().unwrap_or(0..0);
            faults.add(
                "syntax",
                &span,
                error.message().to_owned(),
                "mend the TOML on this line".to_owned(),
            );
        }

        let mut root = Table::root(&document);
        let settings = Self {
            listen: address("listen", &mut root, &mut faults)
                .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8484))),
            public_url: public_url(&mut root, &mut faults),
            hosts: root.texts("hosts", &mut faults),
            store: store(&mut root, &mut faults),
            keys_mirror: root
                .text("keys_mirror", &mut faults)
                .map(|folder| PathBuf::from(folder.value)),
            test_clock: root.truth("test_clock", &mut faults).unwrap_or(false),
            limits: limits(&mut root, &mut faults),
            log: log(&mut root, &mut faults),
            metrics: MetricsSetting {
                listen: address("metrics_listen", &mut root, &mut faults),
                token_file: root
                    .text("metrics_token_file", &mut faults)
                    .map(|file| PathBuf::from(file.value)),
            },
            providers: providers(&mut root, &mut faults),
            mail: mail::mail(&mut root, &mut faults),
            traces: traces::traces(&mut root, &mut faults),
            pictures: pictures(&mut root, &mut faults),
            writers: writer::writers(&mut root, &mut faults),
            issuers: issuer::issuers(&mut root, &mut faults),
        };
        root.finish(&mut faults);

        let faults = faults.into_sorted();
        if faults.is_empty() {
            Ok(settings)
        } else {
            Err(faults)
        }
    }
}

fn address(key: &'static str, root: &mut Table<'_>, faults: &mut Faults<'_>) -> Option<SocketAddr> {
    let found = root.text(key, faults)?;
    let address = SocketAddr::from_str(&found.value).ok();
    if address.is_none() {
        faults.add(
            "listen",
            &found.span,
            format!("`{key}` is not an address with a port"),
            "write for example \"127.0.0.1:8484\"".to_owned(),
        );
    }
    address
}

fn public_url(root: &mut Table<'_>, faults: &mut Faults<'_>) -> Option<String> {
    let found = root.text("public_url", faults)?;
    let address = found.value.trim_end_matches('/').to_owned();
    let is_usable = address.parse::<http::Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri
                .authority()
                .is_some_and(|authority| !authority.as_str().contains('@'))
            && uri.query().is_none()
    });
    if !is_usable {
        faults.add(
            "address",
            &found.span,
            "`public_url` is not an address that begins with http:// or https://".to_owned(),
            "write for example \"https://chat.example.nl\", without a user name or a query"
                .to_owned(),
        );
        return None;
    }
    Some(address)
}

fn store(root: &mut Table<'_>, faults: &mut Faults<'_>) -> StoreSetting {
    let password_file = root.text("store_password_file", faults);
    let Some(found) = root.text("store", faults) else {
        return StoreSetting::Sqlite;
    };
    if found.value == "sqlite" {
        if let Some(file) = password_file {
            faults.add(
                "store",
                &file.span,
                "`store_password_file` has no use for sqlite".to_owned(),
                "remove it".to_owned(),
            );
        }
        return StoreSetting::Sqlite;
    }
    if found.value.starts_with("postgres://") || found.value.starts_with("postgresql://") {
        let user = found
            .value
            .split("://")
            .nth(1)
            .and_then(|rest| rest.split_once('@'))
            .map(|(user, _)| user);
        if user.is_some_and(|user| user.contains(':')) {
            faults.add(
                "secret-in-settings",
                &found.span,
                "`store` holds a password".to_owned(),
                "put the password in a file and name it with `store_password_file`".to_owned(),
            );
        }
        return StoreSetting::Postgres {
            url: found.value,
            password_file: password_file.map(|file| PathBuf::from(file.value)),
        };
    }
    faults.add(
        "store",
        &found.span,
        "`store` is not a store that we know".to_owned(),
        "write \"sqlite\" or \"postgres://user@host/database\"".to_owned(),
    );
    StoreSetting::Sqlite
}

fn limits(root: &mut Table<'_>, faults: &mut Faults<'_>) -> Limits {
    let mut limits = Limits::default();
    let Some(mut table) = root.table("limits", faults) else {
        return limits;
    };
    let seconds = |key, table: &mut Table<'_>, faults: &mut Faults<'_>, fallback| {
        table
            .number(key, 1..3601, faults)
            .map_or(fallback, Duration::from_secs)
    };
    limits.header = seconds("header_seconds", &mut table, faults, limits.header);
    limits.body = seconds("body_seconds", &mut table, faults, limits.body);
    limits.write = seconds("write_seconds", &mut table, faults, limits.write);
    limits.drain = seconds("drain_seconds", &mut table, faults, limits.drain);
    let mut share = |key, share: &mut Share| {
        if let Some(times) = table.number(key, 0..1_000_001, faults) {
            share.times = u32::try_from(times).unwrap_or(share.times);
        }
    };
    share("preview_per_minute", &mut limits.shares.preview);
    share("chat_per_minute", &mut limits.shares.chat);
    share("rights_per_hour", &mut limits.shares.rights);
    share("console_per_hour", &mut limits.shares.console);
    share("key_per_minute", &mut limits.key);
    if let Some(people) = table.number("people_per_address", 1..10_001, faults) {
        limits.shares.people_per_address = u32::try_from(people).unwrap_or(1);
    }
    if let Some(found) = table.text("address_header", faults) {
        match found.value.to_lowercase().parse() {
            Ok(name) => limits.shares.address_header = Some(name),
            Err(_) => faults.add(
                "header",
                &found.span,
                "`limits.address_header` is no name of a header".to_owned(),
                "write for example \"x-forwarded-for\"".to_owned(),
            ),
        }
    }
    if let Some(bytes) = table.number("request_bytes", 1024..256 * 1024 * 1024 + 1, faults) {
        limits.request_bytes = usize::try_from(bytes).unwrap_or(limits.request_bytes);
    }
    if let Some(connections) = table.number("connections", 1..100_001, faults) {
        limits.connections = usize::try_from(connections).unwrap_or(limits.connections);
    }
    table.finish(faults);
    limits
}

fn log(root: &mut Table<'_>, faults: &mut Faults<'_>) -> LogSetting {
    let mut log = LogSetting::default();
    let Some(mut table) = root.table("log", faults) else {
        return log;
    };
    if let Some(found) = table.text("format", faults) {
        match found.value.as_str() {
            "text" => log.format = LogFormat::Text,
            "json" => log.format = LogFormat::Json,
            _ => faults.add(
                "log",
                &found.span,
                "`log.format` is not a form that we know".to_owned(),
                "write \"text\" or \"json\"".to_owned(),
            ),
        }
    }
    if let Some(found) = table.text("level", faults) {
        match found.value.parse() {
            Ok(level) => log.level = level,
            Err(_) => faults.add(
                "log",
                &found.span,
                "`log.level` is not a level".to_owned(),
                "write \"error\", \"warn\", \"info\", \"debug\" or \"trace\"".to_owned(),
            ),
        }
    }
    let folder = table.text("folder", faults);
    log.folder = folder.map(|folder| PathBuf::from(folder.value));
    table.finish(faults);
    log
}

fn pictures(root: &mut Table<'_>, faults: &mut Faults<'_>) -> PicturesSetting {
    let mut pictures = PicturesSetting::default();
    let Some(mut table) = root.table("pictures", faults) else {
        return pictures;
    };
    if let Some(found) = table.text("read", faults) {
        match found.value.as_str() {
            "tesseract" => pictures = PicturesSetting::Tesseract,
            "never" => pictures = PicturesSetting::Never,
            _ => faults.add(
                "pictures",
                &found.span,
                "`pictures.read` is not a way that we know".to_owned(),
                "write \"tesseract\" or \"never\"".to_owned(),
            ),
        }
    }
    table.finish(faults);
    pictures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_gives_the_settings_that_nobody_had_to_choose() {
        let settings = Settings::read("", "waarborg.toml").unwrap();
        assert_eq!(settings.listen.to_string(), "127.0.0.1:8484");
        assert_eq!(settings.store, StoreSetting::Sqlite);
        assert_eq!(settings.limits, Limits::default());
        assert!(settings.providers.is_empty());
        assert_eq!(settings.pictures, PicturesSetting::Tesseract);
    }

    #[test]
    fn pictures_are_read_or_never_and_another_word_is_told_with_its_line() {
        let read = |word: &str| {
            let source = format!("[pictures]\nread = \"{word}\"\n");
            Settings::read(&source, "waarborg.toml")
        };
        assert_eq!(read("never").unwrap().pictures, PicturesSetting::Never);
        let tesseract = read("tesseract").unwrap().pictures;
        assert_eq!(tesseract, PicturesSetting::Tesseract);
        let faults = read("no").unwrap_err();
        assert_eq!((faults[0].line, faults[0].code), (2, "pictures"));
    }

    #[test]
    fn a_whole_file_is_read() {
        let source = r#"
            listen = "[::1]:9000"
            public_url = "https://chat.example.nl/"
            hosts = ["waarborg"]
            metrics_listen = "127.0.0.1:9484"
            metrics_token_file = "keys/metrics"
            store = "postgres://waarborg@db/waarborg"
            store_password_file = "keys/db"
            [limits]
            request_bytes = 1_048_576
            drain_seconds = 5
            [log]
            format = "json"
            level = "debug"
            [provider.model]
            models = ["klein", "groot"]
            key_file = "keys/model"
            weight = 3
            retries = 0
            answer_seconds = 30
            names = { klein = "llama3.1:8b" }
            [provider.oefenmodel]
        "#;
        let settings = Settings::read(source, "waarborg.toml").unwrap();
        assert_eq!(settings.listen.port(), 9000);
        assert_eq!(
            settings.public_url.as_deref(),
            Some("https://chat.example.nl")
        );
        assert_eq!(settings.hosts, ["waarborg"]);
        assert_eq!(settings.metrics.listen.unwrap().port(), 9484);
        assert_eq!(settings.limits.request_bytes, 1_048_576);
        assert_eq!(settings.limits.drain, Duration::from_secs(5));
        assert_eq!(settings.log.format, LogFormat::Json);
        assert_eq!(settings.providers.len(), 2);
        let model = &settings.providers[0];
        assert_eq!(model.models, ["klein", "groot"]);
        assert_eq!((model.manner.weight, model.manner.n_retries), (3, 0));
        assert_eq!(model.manner.names["klein"], "llama3.1:8b");
        assert_eq!(model.limits.answer, Duration::from_secs(30));
    }

    #[test]
    fn every_fault_is_told_at_once_with_its_line() {
        let source = "lisen = \"x\"\nstore = \"mysql\"\n[limits]\nrequest_bytes = \"many\"\n[provider.model]\nkey_file = 3\n";
        let faults = Settings::read(source, "waarborg.toml").unwrap_err();
        let places: Vec<(usize, &str)> = faults
            .iter()
            .map(|fault| (fault.line, fault.code))
            .collect();
        assert_eq!(
            places,
            [
                (1, "unknown-key"),
                (2, "store"),
                (4, "wrong-type"),
                (6, "wrong-type")
            ]
        );
        assert!(faults[0].mend.contains("`listen`"));
    }

    #[test]
    fn broken_toml_is_told_with_its_line() {
        let faults =
            Settings::read("listen = \"127.0.0.1:1\"\nstore = \n", "waarborg.toml").unwrap_err();
        assert_eq!((faults[0].line, faults[0].code), (2, "syntax"));
    }

    #[test]
    fn a_password_in_the_address_of_the_store_is_refused() {
        let faults =
            Settings::read("store = \"postgres://u:geheim@h/d\"\n", "waarborg.toml").unwrap_err();
        assert_eq!(faults[0].code, "secret-in-settings");
        assert!(!faults[0].message.contains("geheim"));
    }

    /// The schema that editors use, and the reader, know the same keys.
    #[test]
    fn the_schema_names_exactly_the_keys_that_the_reader_knows() {
        let schema: serde_json::Value =
            serde_json::from_str(include_str!("../../../docs/schema/waarborg.schema.json"))
                .unwrap();
        let properties = &schema["properties"];
        let provider = &properties["provider"]["additionalProperties"]["properties"];
        for (table, known) in [
            ("", properties),
            ("limits", &properties["limits"]["properties"]),
            ("log", &properties["log"]["properties"]),
            ("mail", &properties["mail"]["properties"]),
            ("traces", &properties["traces"]["properties"]),
            ("pictures", &properties["pictures"]["properties"]),
            ("provider.x", provider),
        ] {
            let head = if table.is_empty() {
                String::new()
            } else {
                format!("[{table}]\n")
            };
            let source = format!("{head}no_such_setting_anywhere = 1\n");
            let faults = Settings::read(&source, "waarborg.toml").unwrap_err();
            let fault = faults
                .iter()
                .find(|fault| fault.code == "unknown-key")
                .unwrap();
            let mut listed: Vec<&str> = fault
                .mend
                .split("known here: ")
                .nth(1)
                .unwrap()
                .split(", ")
                .collect();
            let mut declared: Vec<&str> = known
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            listed.sort_unstable();
            declared.sort_unstable();
            assert_eq!(listed, declared, "[{table}]");
        }
    }
}
