//! The keys by which providers, and proxies on the way to them, know us: from a file, where a new one counts without a
//! restart, or from the environment.

use std::{fs, path::PathBuf, sync::Mutex};

use secrecy::SecretString;
use waarborg_gateway::{upstream::UpstreamKey, way::Proxy};

use crate::{
    configuration,
    home::{Home, Stamp, stamp},
    settings::{ProviderSetting, ProxySetting},
    stop::Stop,
};

/// The keys of an installation that stand in files, and when each file was last read.
#[derive(Debug, Default)]
pub(crate) struct ProviderKeys(Mutex<Vec<Kept>>);

#[derive(Debug)]
struct Kept {
    recipient: String,
    file: PathBuf,
    read_at: Stamp,
    /// As it was when it could not be read; that is told once.
    unread_at: Stamp,
    whose: Whose,
}

/// Whom a file's key is told to.
#[derive(Debug)]
enum Whose {
    Provider(UpstreamKey),
    Proxy(Proxy),
}

impl Whose {
    fn replace(&self, key: &SecretString) -> Result<(), ()> {
        match self {
            Self::Provider(known) => known.replace(Some(key)).map_err(|_| ()),
            Self::Proxy(proxy) => proxy.replace_credentials(key).map_err(|_| ()),
        }
    }
}

impl ProviderKeys {
    /// The key for a recipient, to be renewed with its file, the authorities that it is believed by, and the way to it.
    ///
    /// # Errors
    ///
    /// [`Stop`] when a file cannot be read, or holds what no key holds, or no authority.
    pub(crate) fn of(
        &mut self,
        home: &Home,
        setting: &ProviderSetting,
    ) -> Result<UpstreamKey, Stop> {
        let mut key = self.key_of(home, setting)?;
        if let Some(proxy) = &setting.proxy {
            key = key.through(self.proxy_of(home, &setting.recipient, proxy)?);
        }
        let Some(file) = &setting.ca_file else {
            return Ok(key);
        };
        let file = home.dir.join(file);
        let unusable = |()| {
            Stop::unusable(
                format!("{} holds no certificates of authorities", file.display()),
                "write the certificate of the authority there, as PEM, or remove ca_file",
            )
        };
        let pem = fs::read(&file).map_err(|_| unusable(()))?;
        key.known_by(&pem).map_err(|_| unusable(()))
    }

    fn key_of(&mut self, home: &Home, setting: &ProviderSetting) -> Result<UpstreamKey, Stop> {
        let unusable = |place: String| {
            move |_| {
                Stop::unusable(
                    format!("the key in {place} holds characters that no key has"),
                    "write the provider's key there, and nothing else",
                )
            }
        };
        if let Some(variable) = &setting.key_env {
            let key = from_environment(variable)?;
            return UpstreamKey::new(Some(&key)).map_err(unusable(variable.clone()));
        }
        let Some(file) = &setting.key_file else {
            return Ok(UpstreamKey::default());
        };
        let file = home.dir.join(file);
        let read_at = stamp(&file);
        let key = configuration::secret(&file)?;
        let key = UpstreamKey::new(key.as_ref()).map_err(unusable(file.display().to_string()))?;
        self.keep(Kept {
            recipient: setting.recipient.clone(),
            file,
            read_at,
            unread_at: None,
            whose: Whose::Provider(key.clone()),
        });
        Ok(key)
    }

    fn proxy_of(
        &mut self,
        home: &Home,
        recipient: &str,
        setting: &ProxySetting,
    ) -> Result<Proxy, Stop> {
        // The settings are not read with an address that cannot be used.
        let proxy = Proxy::parse(&setting.address).map_err(|fault| {
            Stop::unusable(
                format!("proxy of recipient {recipient} {fault}"),
                "write it like \"http://proxy.intern:3128\"",
            )
        })?;
        let unusable = |place: String| {
            Stop::unusable(
                format!("{place} holds no name and password for the proxy of {recipient}"),
                "write the name, a colon and the password there, and nothing else",
            )
        };
        if let Some(variable) = &setting.key_env {
            proxy
                .replace_credentials(&from_environment(variable)?)
                .map_err(|_| unusable(variable.clone()))?;
        }
        let Some(file) = &setting.key_file else {
            return Ok(proxy);
        };
        let file = home.dir.join(file);
        let read_at = stamp(&file);
        let told = configuration::secret(&file)?
            .is_some_and(|credentials| proxy.replace_credentials(&credentials).is_ok());
        if !told {
            return Err(unusable(file.display().to_string()));
        }
        self.keep(Kept {
            recipient: recipient.to_owned(),
            file,
            read_at,
            unread_at: None,
            whose: Whose::Proxy(proxy.clone()),
        });
        Ok(proxy)
    }

    fn keep(&mut self, kept: Kept) {
        let all = self.0.get_mut();
        all.unwrap_or_else(std::sync::PoisonError::into_inner)
            .push(kept);
    }

    /// Reads the files that changed. Says of which recipients there is a new key, and of which it could not be used.
    pub(crate) fn renew(&self) -> Vec<(String, Result<(), ()>)> {
        let mut kept = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut renewed = Vec::new();
        for one in kept.iter_mut() {
            let now = stamp(&one.file);
            // A file that is away is on its way: whoever replaces a file may take it away first.
            if now == one.read_at || now.is_none() {
                continue;
            }
            let Ok(key) = configuration::secret(&one.file) else {
                // Whoever may read it later does not change it by that: it is tried again.
                if one.unread_at != now {
                    one.unread_at = now;
                    renewed.push((one.recipient.clone(), Err(())));
                }
                continue;
            };
            one.read_at = now;
            one.unread_at = None;
            let outcome = match key {
                Some(key) => one.whose.replace(&key),
                // An empty file is one that is being written.
                None => Err(()),
            };
            renewed.push((one.recipient.clone(), outcome));
        }
        renewed
    }
}

fn from_environment(variable: &str) -> Result<SecretString, Stop> {
    match std::env::var(variable) {
        Ok(key) if !key.trim().is_empty() => Ok(key.into()),
        _ => Err(Stop::unusable(
            format!("the environment has no {variable}, in which a provider's key should be"),
            format!("set {variable}, or use key_file in waarborg.toml"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use waarborg_gateway::{providers::Manner, upstream::UpstreamLimits};

    use super::*;

    fn setting(key_file: &str) -> ProviderSetting {
        ProviderSetting {
            recipient: "model".to_owned(),
            models: Vec::new(),
            key_file: Some(key_file.into()),
            key_env: None,
            manner: Manner::default(),
            ca_file: None,
            proxy: None,
            limits: UpstreamLimits::default(),
            line: 1,
        }
    }

    #[test]
    fn a_new_key_in_the_file_counts_and_a_broken_one_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home {
            dir: folder.path().to_owned(),
        };
        let file = folder.path().join("model");
        fs::write(&file, "sk-eerste\n").unwrap();
        let mut keys = ProviderKeys::default();
        keys.of(&home, &setting("model")).unwrap();
        assert_eq!(keys.renew(), []);

        fs::write(&file, "sk-een-tweede\n").unwrap();
        assert_eq!(keys.renew(), [("model".to_owned(), Ok(()))]);
        assert_eq!(keys.renew(), []);
        fs::write(&file, "sk\u{1}kapot\n").unwrap();
        assert_eq!(keys.renew(), [("model".to_owned(), Err(()))]);
        fs::remove_file(&file).unwrap();
        assert_eq!(keys.renew(), []);
    }

    #[test]
    fn a_file_that_could_not_be_read_counts_as_soon_as_it_can() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home {
            dir: folder.path().to_owned(),
        };
        let file = folder.path().join("model");
        fs::write(&file, "sk-eerste\n").unwrap();
        let mut keys = ProviderKeys::default();
        keys.of(&home, &setting("model")).unwrap();

        // Not the text of a key: it cannot be read. What takes its place has the same length and the same time.
        fs::write(&file, b"sk-\xff\xfetweede\n").unwrap();
        let about = fs::metadata(&file).unwrap();
        assert_eq!(keys.renew(), [("model".to_owned(), Err(()))]);
        assert_eq!(keys.renew(), [], "told once");
        fs::write(&file, "sk-eetweede\n").unwrap();
        let times = fs::FileTimes::new().set_modified(about.modified().unwrap());
        let open = fs::File::options().write(true).open(&file).unwrap();
        open.set_times(times).unwrap();
        assert_eq!(stamp(&file), Some((about.modified().unwrap(), about.len())));
        assert_eq!(keys.renew(), [("model".to_owned(), Ok(()))]);
        assert_eq!(keys.renew(), []);
    }

    #[test]
    fn a_proxy_without_the_credentials_that_it_should_have_stops_the_start() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home {
            dir: folder.path().to_owned(),
        };
        let mut asked = setting("model");
        asked.key_file = None;
        let address = "http://127.0.0.1:3128".to_owned();
        asked.proxy = Some(ProxySetting {
            address,
            key_file: Some("proxy".into()),
            key_env: None,
        });
        assert!(ProviderKeys::default().of(&home, &asked).is_err());
        for nothing in ["", "geheim\n"] {
            fs::write(folder.path().join("proxy"), nothing).unwrap();
            assert!(ProviderKeys::default().of(&home, &asked).is_err());
        }
        fs::write(folder.path().join("proxy"), "wie:geheim\n").unwrap();
        let mut keys = ProviderKeys::default();
        keys.of(&home, &asked).unwrap();
        fs::write(folder.path().join("proxy"), "wie:een-nieuw-geheim\n").unwrap();
        assert_eq!(keys.renew(), [("model".to_owned(), Ok(()))]);
        fs::write(folder.path().join("proxy"), "half").unwrap();
        assert_eq!(keys.renew(), [("model".to_owned(), Err(()))]);
    }

    #[test]
    fn a_key_that_should_be_in_the_environment_and_is_not_stops_the_start() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home {
            dir: folder.path().to_owned(),
        };
        let mut asked = setting("x");
        asked.key_file = None;
        asked.key_env = Some("WAARBORG_NO_SUCH_KEY_ANYWHERE".to_owned());
        assert!(ProviderKeys::default().of(&home, &asked).is_err());
    }
}
