//! The models: each recipient of the register with the adapter that speaks to it.

use std::sync::Arc;

use waarborg_domain::register::Recipient;
use waarborg_gateway::{
    providers::{Anthropic, Demo, Ollama, OpenAi, Pace, ProviderFault, ProviderTable},
    upstream::{UpstreamFault, UpstreamKey},
};
use waarborg_usecase::ports::Provider;

use crate::{
    clock::WallClock, configuration::Configuration, home::Home, provider_keys::ProviderKeys,
    settings::ProviderSetting, stop::Stop,
};

/// In the list of models, stands for every other name.
const ANY: &str = "*";

/// The adapters of an installation.
///
/// # Errors
///
/// [`Stop`] when a key cannot be read or an address cannot be used.
pub(crate) fn table(
    home: &Home,
    configuration: &Configuration,
    clock: &Arc<WallClock>,
    keys: &mut ProviderKeys,
) -> Result<ProviderTable, Stop> {
    let mut table = ProviderTable::default();
    for setting in &configuration.settings.providers {
        // A setting without a recipient does not pass the check of the configuration.
        let Some(recipient) = configuration.register.recipient(&setting.recipient) else {
            continue;
        };
        let mut models: Vec<String> = setting
            .models
            .iter()
            .filter(|model| *model != ANY)
            .cloned()
            .collect();
        if models.is_empty() {
            models.extend(recipient.model.clone());
        }
        let key = keys.of(home, setting)?;
        let adapter = adapter(setting, recipient, &key, clock)?;
        table.add_with(&setting.recipient, &models, adapter, setting.manner.clone());
        if setting.models.iter().any(|model| model == ANY) {
            table.ask_other_models_of(&setting.recipient);
        }
    }
    Ok(table)
}

fn adapter(
    setting: &ProviderSetting,
    recipient: &Recipient,
    key: &UpstreamKey,
    clock: &Arc<WallClock>,
) -> Result<Box<dyn Provider>, Stop> {
    let name = &setting.recipient;
    match (recipient.provider.as_deref(), recipient.base_url.as_deref()) {
        (Some("demo"), _) => {
            let clock = Arc::clone(clock);
            Ok(Box::new(Demo::new(
                move || clock.wall().as_second(),
                Pace::NATURAL,
            )))
        }
        (Some(protocol @ ("openai" | "anthropic" | "ollama")), Some(base_url)) => {
            let limits = setting.limits;
            let opened: Result<Box<dyn Provider>, ProviderFault> =
                match protocol {
                    "openai" => OpenAi::with_key(base_url, key, limits)
                        .map(|provider| Box::new(provider) as _),
                    "ollama" => Ollama::with_key(base_url, key, limits)
                        .map(|provider| Box::new(provider) as _),
                    _ => Anthropic::with_key(base_url, key, limits)
                        .map(|provider| Box::new(provider) as _),
                };
            opened.map_err(|fault| {
                let mend = match fault {
                    ProviderFault::Upstream(
                        UpstreamFault::PlainThroughProxy | UpstreamFault::ProxyToThisMachine,
                    ) => format!("remove proxy from [provider.{name}] in waarborg.toml, or mend base_url of [recipient.{name}] in register.toml"),
                    _ => format!("mend base_url of [recipient.{name}] in register.toml"),
                };
                Stop::unusable(
                    format!("recipient {name} cannot be reached: {fault}"),
                    mend,
                )
            })
        }
        (Some("openai" | "anthropic" | "ollama"), None) => Err(Stop::unusable(
            format!("recipient {name} has no address"),
            format!("add base_url to [recipient.{name}] in register.toml"),
        )),
        _ => Err(Stop::unusable(
            format!("recipient {name} has a provider that this version does not speak with"),
            format!(
                "write provider = \"openai\", \"anthropic\", \"ollama\" or \"demo\" in [recipient.{name}] of register.toml"
            ),
        )),
    }
}
