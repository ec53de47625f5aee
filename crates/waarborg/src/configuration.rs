//! The files of an installation, read and checked together.

use std::{fs, path::Path, sync::Arc};

use jiff::{civil::Date, tz::TimeZone};
use secrecy::SecretString;
use waarborg_domain::{
    law::Law,
    policy::Policy,
    register::{Fault, Recipient, RecipientKind, Register, Severity},
};
use waarborg_gateway::{address::BaseUrl, way};
use waarborg_mail::Server;
use waarborg_usecase::agreements;
use zeroize::Zeroizing;

use crate::{
    clock::WallClock,
    home::Home,
    identity, reading,
    settings::{ProviderSetting, Settings, own::Own, traces},
    stop::Stop,
};

/// What an installation runs with.
#[derive(Debug, Clone)]
pub(crate) struct Configuration {
    /// How it runs.
    pub(crate) settings: Settings,
    /// What it may do.
    pub(crate) register: Arc<Register>,
    /// The same, word for word.
    pub(crate) source: String,
    /// What happens to which data on its way to which destination.
    pub(crate) policy: Arc<Policy>,
    /// What the organisation adds to detection.
    pub(crate) own: Own,
    /// What deserves attention but does not stop the start, closed recipients among it.
    pub(crate) warnings: Vec<Fault>,
}

/// Reads both files; the inner error holds every fault of both.
///
/// # Errors
///
/// [`Stop`] when a file cannot be read at all.
pub(crate) fn read(home: &Home) -> Result<Result<Configuration, Vec<Fault>>, Stop> {
    let today = today(&WallClock::of(home));
    let settings_file = home.settings();
    let source = reading::file(&settings_file)?;
    let settings = Settings::read(&source, &settings_file.display().to_string());
    let written = reading::file(&home.register())?;
    let file = home.register().display().to_string();
    let register = Register::compile(&written, &file, &law()?, today);

    let own = own(&home.recognisers())?;

    Ok(match (settings, register, own) {
        (Ok(settings), Ok(register), Ok(own)) => join(home, settings, register, written, own),
        (settings, register, own) => Err([settings.err(), register.err(), own.err()]
            .into_iter()
            .flatten()
            .flatten()
            .collect()),
    })
}

/// What the organisation adds to detection; nothing when there is no such file. The inner error holds every fault.
///
/// # Errors
///
/// [`Stop`] when the file is there and cannot be read.
pub(crate) fn own(file: &Path) -> Result<Result<Own, Vec<Fault>>, Stop> {
    if !file.exists() {
        return Ok(Ok(Own::default()));
    }
    let source = reading::file(file)?;
    Ok(Own::read(&source, &file.display().to_string()))
}

/// Compiles one register; the inner error holds every fault.
///
/// # Errors
///
/// [`Stop`] when the file cannot be read at all.
pub(crate) fn read_register(
    file: &Path,
    today: Date,
) -> Result<Result<Register, Vec<Fault>>, Stop> {
    let source = reading::file(file)?;
    Ok(Register::compile(
        &source,
        &file.display().to_string(),
        &law()?,
        today,
    ))
}

/// The register of an installation as far as it can be read, whatever its faults; nothing may be done with it.
///
/// # Errors
///
/// [`Stop`] when the file cannot be read at all.
pub(crate) fn draft(home: &Home) -> Result<Option<Register>, Stop> {
    let file = home.register();
    let source = reading::file(&file)?;
    let today = today(&WallClock::of(home));
    let (draft, _) = Register::draft(&source, &file.display().to_string(), &law()?, today);
    Ok(draft)
}

/// The law tables that come with the program.
///
/// # Errors
///
/// [`Stop`] when they cannot be read, which a test rules out.
pub(crate) fn law() -> Result<Law, Stop> {
    Law::shipped().map_err(|error| {
        Stop::unusable(
            format!("the law tables cannot be read: {error}"),
            "install the program again",
        )
    })
}

/// Today, in universal time: the zone stands in the register, which is not compiled yet.
pub(crate) fn today(clock: &WallClock) -> Date {
    clock.wall().to_zoned(TimeZone::UTC).date()
}

/// What only the settings and a register together can show; `file` is how messages name the settings.
pub(crate) fn between(
    home: &Home,
    file: &str,
    settings: &Settings,
    register: &Register,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut fault = |line: usize, code, severity, message: String, mend: String| {
        faults.push(Fault {
            code,
            file: file.to_owned(),
            line,
            column: 1,
            message,
            mend,
            severity,
        });
    };

    for provider in &settings.providers {
        let name = &provider.recipient;
        match register.recipient(name) {
            Some(recipient) if recipient.kind == RecipientKind::Llm => {
                if let Some(key_file) = &provider.key_file
                    && !home.dir.join(key_file).is_file()
                {
                    let mend = "write the key into it, readable for you alone".to_owned();
                    fault(
                        provider.line,
                        "key-file",
                        Severity::Error,
                        format!("the key file of `provider.{name}` is not there"),
                        mend,
                    );
                }
                if let Some(message) = proxy_fault(home, provider, recipient) {
                    let mend = format!(
                        "mend proxy of [provider.{name}], or base_url of [recipient.{name}]"
                    );
                    fault(provider.line, "proxy", Severity::Error, message, mend);
                }
                if provider.models.is_empty() && recipient.model.is_none() {
                    let mend = "write models = [\"…\"]".to_owned();
                    fault(
                        provider.line,
                        "missing",
                        Severity::Error,
                        format!("`provider.{name}` names no models"),
                        mend,
                    );
                }
            }
            _ => fault(
                provider.line,
                "unknown-recipient",
                // Nothing goes to who is not declared; the rest goes on.
                Severity::Closing,
                format!("`provider.{name}` is no model that the register declares as a recipient"),
                "declare it in register.toml, or remove it here".to_owned(),
            ),
        }
    }
    let mailed = mail_faults(home, settings, register);
    let mailed = mailed.into_iter().map(|one| ("mail", one));
    let traced = trace_faults(home, settings, register);
    let traced = traced.into_iter().map(|one| ("traces", one));
    for (code, (line, message, mend)) in mailed.chain(traced) {
        fault(line, code, Severity::Error, message, mend.to_owned());
    }
    for (line, message, mend) in identity::faults(home, settings, register) {
        fault(line, "identity", Severity::Error, message, mend);
    }

    let warned = [
        traces_go_nowhere(settings),
        proxy_not_declared(settings),
        nobody_agrees(register),
    ];
    let warned = warned.into_iter().flatten();
    for (code, message, mend) in not_reached(settings, register).chain(warned) {
        fault(1, code, Severity::Warning, message, mend);
    }

    if let Err(error) = register.policy() {
        fault(
            1,
            "policy",
            Severity::Error,
            format!("the policy cannot be used: {error}"),
            "choose another profile".to_owned(),
        );
    }
    faults
}

/// A warning: its code, what is the matter, and how to mend it.
type Warned = (&'static str, String, String);

/// The models of which no setting says how to reach them.
fn not_reached(settings: &Settings, register: &Register) -> impl Iterator<Item = Warned> {
    let models = register.recipients().filter(|recipient| {
        let mut providers = settings.providers.iter();
        recipient.kind == RecipientKind::Llm
            && !providers.any(|provider| recipient.name == provider.recipient.as_str())
    });
    models.map(|recipient| {
        let name = &recipient.name;
        let message = format!("no setting says how to reach recipient {name}");
        let mend = format!("add [provider.{name}] to waarborg.toml");
        ("unreachable-recipient", message, mend)
    })
}

/// That the environment names a collector of traces, and none are sent.
fn traces_go_nowhere(settings: &Settings) -> Option<Warned> {
    if settings.traces.is_some() || std::env::var_os(traces::ENDPOINT).is_none() {
        return None;
    }
    let message = format!("{} is set, and no traces are sent", traces::ENDPOINT);
    let mend = "add [traces] with recipient = \"…\" and declare it in register.toml, or unset it";
    Some(("traces", message, mend.to_owned()))
}

/// That the policy waits for a second person whom nobody can ask, on the way to a model that is there.
fn nobody_agrees(register: &Register) -> Option<Warned> {
    if register.term(agreements::TERM).is_some() {
        return None;
    }
    let policy = register.policy().ok()?;
    let groups = register.groups();
    let of_groups = groups.map(|group| policy.clone().of_group(&group.name));
    let policies: Vec<Policy> = std::iter::once(policy.clone()).chain(of_groups).collect();
    let mut models = register
        .recipients()
        .filter(|recipient| recipient.kind == RecipientKind::Llm);
    let (model, waits) = models.find_map(|model| {
        let mut waits = policies
            .iter()
            .filter_map(|policy| policy.waits_for_second_person(model.destination));
        Some((model, waits.next()?))
    })?;
    let rule = match &waits.changed_by {
        Some(change) => change.rule.clone(),
        None => format!("the policy `{}`", policy.name()),
    };
    let message = format!(
        "{rule} waits for a second person ({} to {}), and nobody can be asked without a period",
        waits.class.name(),
        model.name
    );
    let mend = format!(
        "add [term.{}] with period, why and kept to register.toml",
        agreements::TERM
    );
    Some(("second-person", message, mend))
}

/// What stands against a proxy on the way to this recipient.
fn proxy_fault(home: &Home, provider: &ProviderSetting, recipient: &Recipient) -> Option<String> {
    let proxy = provider.proxy.as_ref()?;
    let name = &provider.recipient;
    if let Some(file) = &proxy.key_file
        && !home.dir.join(file).is_file()
    {
        return Some(format!(
            "the file of `proxy_key_file` of `provider.{name}` is not there"
        ));
    }
    // Another adapter's address is told of elsewhere, and the demo model has none.
    let base_url = BaseUrl::parse(recipient.base_url.as_deref()?).ok()?;
    let fault = way::may_be_behind_a_proxy(&base_url).err()?;
    Some(format!("`provider.{name}` has a proxy, and {fault}"))
}

/// The variables by which other programs choose a proxy; here they are not obeyed.
const PROXY_VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// That the environment names a proxy which is not used, where some provider is reached without one.
fn proxy_not_declared(settings: &Settings) -> Option<Warned> {
    let is_set =
        |variable: &&str| std::env::var_os(variable).is_some_and(|value| !value.is_empty());
    let variable = PROXY_VARIABLES.into_iter().find(is_set)?;
    let mut providers = settings.providers.iter();
    providers.find(|provider| provider.proxy.is_none())?;
    let message = format!("{variable} is set, and no proxy is used that is not declared");
    let mend = "add proxy = \"http://…\" to the providers that are reached through it, or unset the variable";
    Some(("proxy", message, mend.to_owned()))
}

/// Joins both files, if nothing in them stands against each other.
fn join(
    home: &Home,
    settings: Settings,
    register: Register,
    source: String,
    own: Own,
) -> Result<Configuration, Vec<Fault>> {
    let file = home.settings().display().to_string();
    let faults = between(home, &file, &settings, &register);
    match register.policy() {
        Ok(policy) if !faults.iter().any(Fault::stops_the_start) => {
            let mut warnings = register.warnings().to_vec();
            warnings.extend(faults);
            Ok(Configuration {
                settings,
                register: Arc::new(register),
                source,
                policy: Arc::new(policy),
                own,
                warnings,
            })
        }
        _ => Err(faults),
    }
}

/// What is wrong with how mail is sent, and how to mend it.
fn mail_faults(
    home: &Home,
    settings: &Settings,
    register: &Register,
) -> Vec<(usize, String, &'static str)> {
    let Some(mail) = &settings.mail else {
        return Vec::new();
    };
    let mut faults = Vec::new();
    let name = &mail.recipient;
    let server = register
        .recipient(name)
        .and_then(|recipient| Server::parse(recipient.base_url.as_deref()?).ok());
    match server {
        None => faults.push((
            format!("`mail.recipient` {name} is no mail server that the register declares"),
            "declare it in register.toml with base_url = \"smtps://…\" and fields = [\"mail\", \"message\"]",
        )),
        Some(server) if mail.is_plain && !server.is_this_machine() => faults.push((
            format!("`mail.plain` sends mail unencrypted, and {name} is not this machine"),
            "remove plain: mail crosses a network encrypted or not at all",
        )),
        Some(_) => {}
    }
    if settings.public_url.is_none() {
        faults.push((
            "mails hold links, and nothing says where people reach this installation".to_owned(),
            "write public_url = \"https://…\"",
        ));
    }
    if let Some((_, file)) = &mail.login
        && !home.dir.join(file).is_file()
    {
        faults.push((
            "the file of `mail.password_file` is not there".to_owned(),
            "write the password into it, readable for you alone",
        ));
    }
    let told = faults.into_iter();
    told.map(|(message, mend)| (mail.line, message, mend))
        .collect()
}

/// What is wrong with where traces go, and how to mend it.
fn trace_faults(
    home: &Home,
    settings: &Settings,
    register: &Register,
) -> Vec<(usize, String, &'static str)> {
    let Some(traces) = &settings.traces else {
        return Vec::new();
    };
    let mut faults = Vec::new();
    let name = &traces.recipient;
    if register.recipient(name).is_none()
        || !register.outgoing_fields(name).contains(&"trace".to_owned())
    {
        faults.push((
            format!("`traces.recipient` {name} is no recipient that the register lets have traces"),
            "declare it in register.toml with fields = [\"trace\"]",
        ));
    }
    match traces.endpoint() {
        None => faults.push((
            "nothing says where traces go".to_owned(),
            "write endpoint = \"http://127.0.0.1:4318\", or set OTEL_EXPORTER_OTLP_ENDPOINT",
        )),
        Some(endpoint) => {
            if let Err(fault) = BaseUrl::parse(&endpoint) {
                faults.push((
                    format!("the address for traces cannot be used: {fault}"),
                    "write for example \"http://127.0.0.1:4318\"; outside the own network it begins with https://",
                ));
            }
        }
    }
    if let Some(file) = &traces.key_file
        && !home.dir.join(file).is_file()
    {
        faults.push((
            "the file of `traces.key_file` is not there".to_owned(),
            "write the key into it, readable for you alone",
        ));
    }
    let told = faults.into_iter();
    told.map(|(message, mend)| (traces.line, message, mend))
        .collect()
}

/// A provider's key from its file, without the line end; `None` while the file is empty.
///
/// # Errors
///
/// [`Stop`] when the file cannot be read.
pub(crate) fn secret(path: &Path) -> Result<Option<SecretString>, Stop> {
    let text = fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|error| {
            Stop::unusable(
                format!("{} cannot be read: {error}", path.display()),
                "check the file and its permissions",
            )
        })?;
    let key = text.trim();
    Ok((!key.is_empty()).then(|| key.to_owned().into()))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// A key that no register knows and no known key is near to.
    const STRANGE: &str = "zzzzzzzzzzzz = 1\n";

    /// The keys that the reader of registers knows, where the strange key stands in `source`.
    fn known(source: &str) -> Vec<String> {
        let faults = Register::compile(source, "r", &law().unwrap(), Date::constant(2027, 1, 1))
            .unwrap_err();
        let fault = faults
            .iter()
            .find(|fault| fault.message.contains("zzzzzzzzzzzz"))
            .unwrap();
        let mut keys: Vec<String> = fault
            .mend
            .split("known here: ")
            .nth(1)
            .unwrap()
            .split(", ")
            .map(str::to_owned)
            .collect();
        keys.sort_unstable();
        keys
    }

    fn declared(schema: &Value) -> Vec<String> {
        let mut keys: Vec<String> = schema["properties"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        keys.sort_unstable();
        keys
    }

    #[test]
    fn the_schema_of_registers_names_exactly_the_keys_that_the_reader_knows() {
        let schema: Value =
            serde_json::from_str(include_str!("../../../docs/schema/register.schema.json"))
                .unwrap();
        let sections = schema["properties"].as_object().unwrap();
        assert_eq!(known(STRANGE), declared(&schema));

        for (section, about) in sections {
            let (source, keys) = match (about["type"].as_str(), about.get("properties")) {
                (Some("array"), _) => (
                    format!("[[{section}]]\n{STRANGE}"),
                    declared(&about["items"]),
                ),
                (_, Some(_)) => (format!("[{section}]\n{STRANGE}"), declared(about)),
                _ => (
                    format!("[{section}.x]\n{STRANGE}"),
                    declared(&about["additionalProperties"]),
                ),
            };
            assert_eq!(known(&source), keys, "[{section}]");
        }
    }
}
