//! The files that a new installation starts with.

use std::{io, path::Path};

use jiff::civil::Date;
use waarborg_domain::register::{self, Destination, PolicyProfile, Register};

use crate::{
    configuration::law,
    home::{Home, make_private_dir, make_private_file, write_for_the_group},
    printer::tell,
    stop::Stop,
};

/// The file in the keys directory that holds the provider's key.
pub(crate) const KEY_FILE: &str = "provider.key";

/// The register of the demonstration: an invented Dutch municipality.
const DEMO_REGISTER: &str = include_str!("../../../registers/demo-gemeente.toml");

/// The settings of the demonstration.
const DEMO_SETTINGS: &str = "\
# How the demonstration runs. What it may do stands in register.toml.

[provider.demo_model]
models = [\"demo\"]

[provider.own_model]
models = [\"demo-own\"]
";

/// What a new installation chose.
#[derive(Debug, Clone)]
pub(crate) struct Starter {
    /// How the model's API is spoken to, as the register says it.
    pub(crate) provider: &'static str,
    /// The address of the model's API; `None` is the built-in model.
    pub(crate) base_url: Option<String>,
    /// Where the model stands, seen from the organisation.
    pub(crate) destination: Destination,
    /// What happens to personal data on its way to it.
    pub(crate) profile: PolicyProfile,
    /// The day from which the register is in force.
    pub(crate) today: Date,
    /// Whether the clock can be set by hand, for tests.
    pub(crate) test_clock: bool,
}

impl Starter {
    /// Writes both files, the directories and the place for the provider's key.
    ///
    /// # Errors
    ///
    /// [`Stop`] when something cannot be written.
    pub(crate) fn write(&self, home: &Home) -> Result<(), Stop> {
        let register = register::starter(
            self.provider,
            self.base_url.as_deref(),
            self.destination,
            self.profile,
            self.today,
        );
        self.compiles(&register)?;
        make_dirs(home)?;
        if self.base_url.is_some() {
            let key_file = home.keys().join(KEY_FILE);
            make_private_file(&key_file).map_err(|error| unwritable(&key_file, &error))?;
        }
        write(&home.settings(), &self.settings())?;
        write(&home.register(), &register)
    }

    /// Nothing is made on the disk for a register that would not start.
    fn compiles(&self, register: &str) -> Result<(), Stop> {
        let compiled = Register::compile(register, "register.toml", &law()?, self.today);
        let Err(faults) = compiled else {
            return Ok(());
        };
        for fault in faults.iter().filter(|fault| fault.is_error()) {
            tell(fault);
        }
        Err(Stop::unusable(
            "the register would have faults; nothing was made",
            "choose other answers, as written above",
        ))
    }

    fn settings(&self) -> String {
        let first = match self.provider {
            "anthropic" => "claude-sonnet-4-5",
            "ollama" => "llama3.2",
            _ => "gpt-4o-mini",
        };
        let provider = if self.base_url.is_some() {
            format!(
                "# The models that people and applications may ask for, the default first; \"*\" passes on every other name.\n\
                 [provider.model]\n\
                 models = [\"{first}\", \"*\"]\n\
                 key_file = \"keys/{KEY_FILE}\"\n"
            )
        } else {
            "# The built-in model; nothing leaves the machine.\n[provider.model]\nmodels = [\"demo\"]\n".to_owned()
        };
        let clock = if self.test_clock {
            "# Time can be set by hand here; every page says so. For tests only.\ntest_clock = true\n"
        } else {
            ""
        };
        format!(
            "# How this installation runs. What it may do stands in register.toml.\n\
             # The schema with every setting: docs/schema/waarborg.schema.json.\n\
             \n\
             listen = \"127.0.0.1:8484\"\n\
             store = \"sqlite\"\n\
             {clock}\
             \n\
             [log]\n\
             format = \"text\"\n\
             level = \"info\"\n\
             \n\
             {provider}"
        )
    }
}

/// Writes the demonstration into an empty directory.
///
/// # Errors
///
/// [`Stop`] when something cannot be written.
pub(crate) fn write_demo(home: &Home) -> Result<(), Stop> {
    make_dirs(home)?;
    write(&home.settings(), DEMO_SETTINGS)?;
    write(&home.register(), DEMO_REGISTER)
}

fn make_dirs(home: &Home) -> Result<(), Stop> {
    for dir in [home.dir.clone(), home.keys(), home.data()] {
        make_private_dir(&dir).map_err(|error| unwritable(&dir, &error))?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), Stop> {
    write_for_the_group(path, text).map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &io::Error) -> Stop {
    Stop::unusable(
        format!("{} cannot be made: {error}", path.display()),
        "choose a directory that you may write to",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    #[test]
    fn the_settings_of_a_new_installation_have_no_faults() {
        for base_url in [None, Some("https://model.example.nl/v1".to_owned())] {
            let starter = Starter {
                provider: "openai",
                base_url,
                destination: Destination::Eu,
                profile: PolicyProfile::Strict,
                today: Date::constant(2027, 1, 1),
                test_clock: false,
            };
            let settings = Settings::read(&starter.settings(), "waarborg.toml").unwrap();
            assert_eq!(settings.providers[0].recipient, "model");
        }
        assert_eq!(
            Settings::read(DEMO_SETTINGS, "waarborg.toml")
                .unwrap()
                .providers
                .len(),
            2
        );
    }
}
