//! Whose signatures are believed about who calls and who writes, as the settings declare them.

use secrecy::SecretString;
use waarborg_domain::register::Register;
use waarborg_gateway::identity::{Groups, Identity, Writer, key::Key};

use crate::{
    configuration,
    home::Home,
    settings::{Settings, WriterSetting},
    stop::Stop,
};

/// What is wrong with who is believed: the line, what is the matter, and how to mend it.
pub(crate) fn faults(
    home: &Home,
    settings: &Settings,
    register: &Register,
) -> Vec<(usize, String, String)> {
    let mut faults = Vec::new();
    for writer in &settings.writers {
        let name = &writer.name;
        if !home.dir.join(&writer.secret_file).is_file() {
            faults.push((
                writer.line,
                format!("the file of `writer.{name}.secret_file` is not there"),
                "write the secret into it with which the application signs, readable for you alone"
                    .to_owned(),
            ));
        }
        let unknown = writer.groups.values();
        for group in unknown.filter(|group| register.group(group).is_none()) {
            faults.push((
                writer.line,
                format!("`writer.{name}.groups` names {group}, which the register does not declare as a group"),
                format!("add [group.{group}] to register.toml, or take it out"),
            ));
        }
    }
    faults
}

/// Whose signatures are believed.
///
/// # Errors
///
/// [`Stop`] when a secret cannot be read, or anybody could guess it.
pub(crate) fn open(home: &Home, settings: &Settings) -> Result<Identity, Stop> {
    let writers = settings.writers.iter().map(|writer| opened(home, writer));
    Ok(Identity::new(writers.collect::<Result<_, _>>()?))
}

fn opened(home: &Home, setting: &WriterSetting) -> Result<Writer, Stop> {
    let file = home.dir.join(&setting.secret_file);
    let secret = configuration::secret(&file)?;
    let key = Key::secret(&secret.unwrap_or_else(|| SecretString::from("")));
    let key = key.map_err(|fault| {
        Stop::unusable(
            format!("{}: {fault}", file.display()),
            "write a longer one there and at the application, such as `openssl rand -hex 32` gives",
        )
    })?;
    Ok(Writer {
        name: setting.name.clone(),
        header: setting.header.clone(),
        key,
        issuer: setting.issuer.clone(),
        audiences: setting.audiences.clone(),
        person: setting.person.clone(),
        is_apart: setting.per_person,
        groups: Groups {
            claim: setting.group_claim.clone().unwrap_or_default(),
            by_value: setting.groups.clone(),
        },
    })
}
