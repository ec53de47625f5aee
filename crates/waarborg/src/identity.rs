//! Whose signatures are believed about who calls and who writes, as the settings declare them.

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use futures_util::{FutureExt as _, future::BoxFuture};
use secrecy::SecretString;
use waarborg_domain::register::Register;
use waarborg_gateway::{
    identity::{
        Discovery, Groups, Identity, Issuer, KeySource, NotFetched, Writer,
        key::{Key, Keys, LONGEST_LIST},
    },
    upstream::UpstreamKey,
};

use crate::{
    configuration,
    home::Home,
    settings::{IssuerSetting, Settings, WriterSetting},
    stop::Stop,
};

/// What is wrong with who is believed: the line, what is the matter, and how to mend it.
pub(crate) fn faults(
    home: &Home,
    settings: &Settings,
    register: &Register,
) -> Vec<(usize, String, String)> {
    let mut faults = Vec::new();
    for issuer in &settings.issuers {
        for (key, file) in [
            ("keys_file", &issuer.keys_file),
            ("ca_file", &issuer.ca_file),
        ] {
            let file = file.as_ref().map(|file| home.dir.join(file));
            if file.is_some_and(|file| !file.is_file()) {
                let name = &issuer.declared.name;
                faults.push((
                    issuer.line,
                    format!("the file of `issuer.{name}.{key}` is not there"),
                    "write it, or take the line out".to_owned(),
                ));
            }
        }
    }
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
    let issuers = settings.issuers.iter().map(|issuer| known(home, issuer));
    Ok(Identity::new(
        writers.collect::<Result<_, _>>()?,
        issuers.collect::<Result<_, _>>()?,
    ))
}

/// An issuer, with where its keys come from. None are fetched yet.
fn known(home: &Home, setting: &IssuerSetting) -> Result<Issuer, Stop> {
    let source: Box<dyn KeySource> = match &setting.keys_file {
        Some(file) => Box::new(KeysFile::open(home.dir.join(file))?),
        None => Box::new(discovery(home, setting)?),
    };
    Ok(Issuer::new(setting.declared.clone(), source))
}

fn discovery(home: &Home, setting: &IssuerSetting) -> Result<Discovery, Stop> {
    let mut manner = UpstreamKey::default();
    if let Some(file) = &setting.ca_file {
        let file = home.dir.join(file);
        let pem = read(&file).map_err(|()| no_authority(&file))?;
        manner = manner.known_by(&pem).map_err(|_| no_authority(&file))?;
    }
    let url = &setting.declared.url;
    // The settings are not read with an address that cannot be used.
    Discovery::of(url, manner).map_err(|fault| {
        Stop::unusable(
            format!("issuer {} cannot be asked: {fault}", setting.declared.name),
            "mend its url in waarborg.toml",
        )
    })
}

fn no_authority(file: &Path) -> Stop {
    Stop::unusable(
        format!("{} holds no certificates of authorities", file.display()),
        "write the certificate of the authority there, as PEM, or remove ca_file",
    )
}

/// The keys of an issuer in a file, which somebody may put another in the place of.
#[derive(Debug)]
struct KeysFile(PathBuf);

impl KeysFile {
    fn open(file: PathBuf) -> Result<Self, Stop> {
        let list = read(&file);
        if list.is_ok_and(|list| Keys::read(&list).is_ok()) {
            return Ok(Self(file));
        }
        Err(Stop::unusable(
            format!("{} holds no keys that can be used", file.display()),
            "write the list of the issuer's public keys there (a JWK set: {\"keys\": […]})",
        ))
    }
}

impl KeySource for KeysFile {
    fn fetch(&self) -> BoxFuture<'_, Result<Vec<u8>, NotFetched>> {
        // Small, and on this machine.
        let list = read(&self.0).map_err(|()| NotFetched::Unreachable);
        std::future::ready(list).boxed()
    }
}

/// A small file, whole.
fn read(file: &Path) -> Result<Vec<u8>, ()> {
    let mut bytes = Vec::new();
    let longest = LONGEST_LIST as u64 + 1;
    let file = File::open(file).map_err(|_| ())?;
    let n_read = file.take(longest).read_to_end(&mut bytes).map_err(|_| ())?;
    if n_read > LONGEST_LIST {
        Err(())
    } else {
        Ok(bytes)
    }
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
