//! How each recipient of the register is reached: its models, its key, its share, its patience.

use std::{path::PathBuf, time::Duration};

use waarborg_gateway::{providers::Manner, upstream::UpstreamLimits, way::Proxy};

use super::reader::{Faults, Table};

/// What the register does not say about reaching a recipient; the address and the country stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProviderSetting {
    /// The recipient's name in the register.
    pub(crate) recipient: String,
    /// The models that clients may ask for; the first of the first recipient is the default.
    pub(crate) models: Vec<String>,
    /// The file that holds the key.
    pub(crate) key_file: Option<PathBuf>,
    /// The variable of the environment that holds the key.
    pub(crate) key_env: Option<String>,
    /// The file with the certificates of the authorities by which it is believed; public ones without it.
    pub(crate) ca_file: Option<PathBuf>,
    /// The proxy on the way to it; none without it, whatever the environment says.
    pub(crate) proxy: Option<ProxySetting>,
    /// How it is asked beside others with the same model.
    pub(crate) manner: Manner,
    /// How long it may take.
    pub(crate) limits: UpstreamLimits,
    /// The line in the file.
    pub(crate) line: usize,
}

/// A proxy of one's own on the way to a recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProxySetting {
    /// `http://host:port`, checked.
    pub(crate) address: String,
    /// The file that holds a name, a colon and a password.
    pub(crate) key_file: Option<PathBuf>,
    /// The variable of the environment that holds them.
    pub(crate) key_env: Option<String>,
}

/// Every provider, in the order of the file.
pub(super) fn providers(root: &mut Table<'_>, faults: &mut Faults<'_>) -> Vec<ProviderSetting> {
    let mut providers = Vec::new();
    for (recipient, mut table) in root.named_tables("provider", faults) {
        let key_env = table.text("key_env", faults);
        let key_file = table.text("key_file", faults);
        if let (Some(variable), Some(_)) = (&key_env, &key_file) {
            faults.add(
                "two-keys",
                &variable.span,
                format!("`provider.{recipient}` has a key in a file and one in the environment"),
                "keep one of `key_file` and `key_env`".to_owned(),
            );
        }
        providers.push(ProviderSetting {
            models: table.texts("models", faults),
            key_file: key_file.map(|file| PathBuf::from(file.value)),
            key_env: key_env.map(|variable| variable.value),
            ca_file: table
                .text("ca_file", faults)
                .map(|file| PathBuf::from(file.value)),
            proxy: proxy(&recipient, &mut table, faults),
            manner: manner(&mut table, faults),
            limits: upstream_limits(&mut table, faults),
            line: faults.line(table.span().start),
            recipient,
        });
        table.finish(faults);
    }
    providers.sort_by_key(|provider| provider.line);
    providers
}

fn proxy(recipient: &str, table: &mut Table<'_>, faults: &mut Faults<'_>) -> Option<ProxySetting> {
    let address = table.text("proxy", faults);
    let key_file = table.text("proxy_key_file", faults);
    let key_env = table.text("proxy_key_env", faults);
    if let (Some(variable), Some(_)) = (&key_env, &key_file) {
        faults.add(
            "two-keys",
            &variable.span,
            format!("`provider.{recipient}` tells its proxy what is in a file and what is in the environment"),
            "keep one of `proxy_key_file` and `proxy_key_env`".to_owned(),
        );
    }
    let Some(address) = address else {
        if let Some(key) = key_file.or(key_env) {
            faults.add(
                "proxy",
                &key.span,
                format!("`provider.{recipient}` has credentials for a proxy, and no proxy"),
                "write proxy = \"http://…\", or remove them".to_owned(),
            );
        }
        return None;
    };
    // What was written is not repeated: it may hold a password.
    if let Err(fault) = Proxy::parse(&address.value) {
        faults.add(
            "proxy",
            &address.span,
            format!("`proxy` of `provider.{recipient}` {fault}"),
            "write it like \"http://proxy.intern:3128\", and a name and password, if it wants them, in the file of \
             proxy_key_file"
                .to_owned(),
        );
    }
    Some(ProxySetting {
        address: address.value,
        key_file: key_file.map(|file| PathBuf::from(file.value)),
        key_env: key_env.map(|variable| variable.value),
    })
}

fn manner(table: &mut Table<'_>, faults: &mut Faults<'_>) -> Manner {
    let mut manner = Manner::default();
    let small = |found: Option<u64>, usual: u32| {
        found.map_or(usual, |number| u32::try_from(number).unwrap_or(usual))
    };
    manner.weight = small(table.number("weight", 0..1001, faults), manner.weight);
    manner.n_retries = small(table.number("retries", 0..6, faults), manner.n_retries);
    for (key, price) in [
        ("input_cents_per_million", &mut manner.prices.0),
        ("output_cents_per_million", &mut manner.prices.1),
    ] {
        if let Some(cents) = table.number(key, 0..10_000_001, faults) {
            *price = cents;
        }
    }
    if let Some(names) = table.table("names", faults) {
        manner.names = names.every_text(faults).into_iter().collect();
    }
    manner
}

fn upstream_limits(table: &mut Table<'_>, faults: &mut Faults<'_>) -> UpstreamLimits {
    let mut limits = UpstreamLimits::default();
    for (key, limit) in [
        ("connect_seconds", &mut limits.connect),
        ("answer_seconds", &mut limits.answer),
        ("silence_seconds", &mut limits.silence),
    ] {
        if let Some(seconds) = table.number(key, 1..3601, faults) {
            *limit = Duration::from_secs(seconds);
        }
    }
    limits
}
