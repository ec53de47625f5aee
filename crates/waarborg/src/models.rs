//! The models: each recipient of the register with the adapter that speaks to it.

use std::sync::Arc;

use waarborg_domain::register::Recipient;
use waarborg_gateway::{
    providers::{Anthropic, Demo, Ollama, OpenAi, Pace, ProviderFault, ProviderTable},
    upstream::UpstreamLimits,
};
use waarborg_usecase::ports::Provider;

use crate::{
    clock::WallClock,
    configuration::{self, Configuration},
    home::Home,
    settings::ProviderSetting,
    stop::Stop,
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
        table.add(
            &setting.recipient,
            &models,
            adapter(home, setting, recipient, clock)?,
        );
        if setting.models.iter().any(|model| model == ANY) {
            table.ask_other_models_of(&setting.recipient);
        }
    }
    Ok(table)
}

fn adapter(
    home: &Home,
    setting: &ProviderSetting,
    recipient: &Recipient,
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
            let key = setting
                .key_file
                .as_deref()
                .map(|file| configuration::secret(home, file))
                .transpose()?
                .flatten();
            let limits = UpstreamLimits::default();
            let key = key.as_ref();
            let opened: Result<Box<dyn Provider>, ProviderFault> = match protocol {
                "openai" => {
                    OpenAi::new(base_url, key, limits).map(|provider| Box::new(provider) as _)
                }
                "ollama" => {
                    Ollama::new(base_url, key, limits).map(|provider| Box::new(provider) as _)
                }
                _ => Anthropic::new(base_url, key, limits).map(|provider| Box::new(provider) as _),
            };
            opened.map_err(|fault| {
                Stop::unusable(
                    format!("recipient {name} cannot be reached: {fault}"),
                    format!(
                        "mend base_url of [recipient.{name}] in register.toml, or its key file"
                    ),
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
