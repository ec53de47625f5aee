//! `waarborg init`: a new installation with its two files, its keys, a gateway key and a way into the console.

use std::io::{self, BufRead, IsTerminal};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use waarborg_domain::register::{Destination, PolicyProfile};

use crate::{
    clock::{self, WallClock},
    configuration,
    errand::{Bounds, Errand, carry_out},
    home::Home,
    printer::{Printer, tell},
    starter::{self, Starter},
    stop::{Outcome, Stop},
};

/// Makes a new installation.
#[derive(Debug, Args)]
pub(crate) struct Init {
    #[command(flatten)]
    home: Home,
    /// Do not ask whether it is right.
    #[arg(long)]
    yes: bool,
    /// Which model answers: demo is built in and sends nothing anywhere.
    #[arg(long, value_enum, default_value_t = ProviderName::Demo)]
    provider: ProviderName,
    /// The address of the model's API up to and including the version, such as `https://api.openai.com/v1`.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Where the model stands, seen from the organisation; it picks the column of the policy matrix.
    #[arg(long, value_parser = ["own", "eu", "outside-eu", "public"])]
    destination: Option<String>,
    /// What happens to personal data on its way to the model.
    #[arg(long, value_parser = ["strict", "pseudonymise", "formats", "observe"], default_value = "strict")]
    profile: String,
    /// Let the clock be set with `waarborg clock set`; for tests only, every page says so.
    #[arg(long)]
    test_clock: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ProviderName {
    /// A server that speaks the format of OpenAI.
    Openai,
    /// Anthropic's API.
    Anthropic,
    /// An Ollama of your own.
    Ollama,
    /// The built-in demonstration model.
    Demo,
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when the directory or the choices cannot be used.
pub(crate) fn run(ask: &Init, printer: &mut Printer) -> Result<Outcome, Stop> {
    let starter = starter(ask)?;
    refuse_existing(&ask.home)?;
    if !ask.yes {
        confirm(&ask.home)?;
    }

    starter.write(&ask.home)?;
    if ask.test_clock {
        clock::make_test_clock(&ask.home.test_clock()).map_err(|error| {
            Stop::unusable(error.to_string(), "check the directory and its permissions")
        })?;
    }
    let key = carry_out(
        &ask.home,
        Errand::IssueKey {
            label: "first application".to_owned(),
            service: None,
            purpose: None,
            bounds: Bounds::default(),
        },
    )?;
    let link = carry_out(
        &ask.home,
        Errand::ConsoleLink {
            role: "officer".to_owned(),
        },
    )?;

    let made = json!({
        "config": ask.home.settings(),
        "register": ask.home.register(),
        "gateway_key": key.get("gateway_key").cloned().unwrap_or(Value::Null),
        "console_link": link.get("console_link").cloned().unwrap_or(Value::Null),
    });
    let shown = |name: &str| {
        made.get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let text = format!(
        "how it runs          {}\n\
         what it may do       {}\n\
         keys                 {}  (back them up apart from the data)\n\
         gateway key          {}  (shown once)\n\
         console              {}  (works once, within {})\n\
         \n\
         start it with        waarborg serve --dir {}\n",
        shown("config"),
        shown("register"),
        ask.home.keys().display(),
        shown("gateway_key"),
        shown("console_link"),
        link.get("works_within")
            .and_then(Value::as_str)
            .unwrap_or_default(),
        ask.home.dir.display(),
    );
    printer.either(&made, &text)?;
    if ask.provider != ProviderName::Demo {
        tell(format_args!(
            "next: put the provider's key in {}",
            ask.home.keys().join(starter::KEY_FILE).display()
        ));
    }
    tell("next: read register.toml and make it yours; `waarborg check` says what does not fit");
    Ok(Outcome::Good)
}

fn starter(ask: &Init) -> Result<Starter, Stop> {
    let destination = match ask.destination.as_deref() {
        Some(word) => Destination::parse(word).ok_or_else(|| {
            Stop::unusable(
                "there is no such destination",
                "use own, eu, outside-eu or public",
            )
        })?,
        None if ask.provider == ProviderName::Demo => Destination::Own,
        None => Destination::OutsideEu,
    };
    let profile = PolicyProfile::parse(&ask.profile).ok_or_else(|| {
        Stop::unusable(
            "there is no such profile",
            "use strict, pseudonymise or observe",
        )
    })?;
    let base_url = match (ask.provider, ask.base_url.clone()) {
        (ProviderName::Anthropic, url) => {
            Some(url.unwrap_or_else(|| "https://api.anthropic.com/v1".to_owned()))
        }
        (ProviderName::Ollama, url) => {
            Some(url.unwrap_or_else(|| "http://127.0.0.1:11434".to_owned()))
        }
        (ProviderName::Demo, Some(_)) => {
            return Err(Stop::unusable(
                "the demonstration model has no address",
                "leave --base-url out, or use --provider openai",
            ));
        }
        (ProviderName::Demo, None) => None,
        (ProviderName::Openai, url) => {
            Some(url.unwrap_or_else(|| "https://api.openai.com/v1".to_owned()))
        }
    };
    let today = configuration::today(&WallClock::System);
    let provider = match ask.provider {
        ProviderName::Openai => "openai",
        ProviderName::Anthropic => "anthropic",
        ProviderName::Ollama => "ollama",
        ProviderName::Demo => "demo",
    };
    Ok(Starter {
        provider,
        base_url,
        destination,
        profile,
        today,
        test_clock: ask.test_clock,
    })
}

fn refuse_existing(home: &Home) -> Result<(), Stop> {
    for path in [home.settings(), home.register(), home.keys(), home.data()] {
        if path.exists() {
            return Err(Stop::unusable(
                format!("{} exists already", path.display()),
                "choose another directory; init never replaces anything",
            ));
        }
    }
    Ok(())
}

fn confirm(home: &Home) -> Result<(), Stop> {
    if !io::stdin().is_terminal() {
        return Err(Stop::unusable("nobody is there to confirm", "add --yes"));
    }
    tell(format_args!(
        "This makes an installation in {}. Go on? [y/N]",
        home.dir.display()
    ));
    let mut answer = String::new();
    let _ = io::stdin().lock().read_line(&mut answer);
    if matches!(answer.trim(), "y" | "Y" | "yes" | "j" | "J" | "ja") {
        return Ok(());
    }
    Err(Stop::refused("nothing was made", "answer y, or add --yes"))
}
