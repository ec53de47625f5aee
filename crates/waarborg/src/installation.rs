//! One installation, opened: its configuration, its store, its models, and the house in which the use cases work.

use std::{
    collections::BTreeMap,
    fs::{self, File, TryLockError},
    net::SocketAddr,
    path::Path,
    sync::{Arc, PoisonError, RwLock},
};

use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use http::header;
use jiff::tz::TimeZone;
use tokio::time::Instant;
use waarborg_domain::{
    claim::Period,
    finder::Finder,
    ids::Token,
    policy::Policy,
    register::{RecipientKind, Register},
};
use waarborg_gateway::identity::Identity;
use waarborg_gateway::serve::{DoorLimits, GatewayState, Spending};
use waarborg_gateway::traces::Traces;
use waarborg_store::{Archive, Backend, OpenFault, Settings as StoreSettings, keys::KeyFault};
use waarborg_usecase::{DeskParts, House, Surfaces, Withholding, console};
use waarborg_web::{
    App, Settings as PagesSettings,
    figures::Meters,
    pace::{Pace, Share},
};
use zeroize::Zeroizing;

use crate::{
    chance::SystemIds,
    clock::WallClock,
    configuration::{self, Configuration},
    documents,
    finding::WalledDetector,
    home::{Home, Stamp, make_private_dir, open_private_file, stamp},
    identity,
    log_files::LogFiles,
    logging::{self, Declared},
    models, post,
    printer::{counted, tell},
    provider_keys::ProviderKeys,
    register_file::OnDisk,
    settings::{PicturesSetting, Settings, StoreSetting, own::Own},
    stop::Stop,
};

/// In a directory with a test clock, the detector breaks down on texts that hold the word in this variable.
const BREAKS_ON: &str = "WAARBORG_TEST_DETECTOR_BREAKS_ON";

/// One installation, opened.
pub(crate) struct Installation {
    /// Where it lies.
    pub(crate) home: Home,
    /// How it runs.
    pub(crate) settings: Settings,
    /// Its clock.
    pub(crate) clock: Arc<WallClock>,
    /// Where the use cases work.
    pub(crate) house: Arc<House>,
    /// What it keeps.
    pub(crate) archive: Arc<Archive>,
    is_demo: bool,
    /// Held as long as the installation is open, so that no second program writes the same log.
    _lock: File,
    declared: Declared,
    log_files: Option<Arc<LogFiles>>,
    /// The register's file as it was before it was read.
    pub(crate) register_seen: Stamp,
    address: RwLock<SocketAddr>,
    /// What requests use up.
    pub(crate) spending: Arc<Spending>,
    /// Whose signatures are believed about who calls and who writes.
    identity: Arc<Identity>,
    /// The keys of the models' providers.
    pub(crate) provider_keys: ProviderKeys,
    /// Where each model's adapter sends to; it was made at the start.
    reached: BTreeMap<String, Reached>,
}

/// What an adapter was made from.
type Reached = (Option<String>, Option<String>);

impl Installation {
    /// Opens an installation; with faults in its configuration it stays shut.
    ///
    /// # Errors
    ///
    /// [`Stop`] with every fault told on standard error.
    pub(crate) fn open(home: &Home) -> Result<Self, Stop> {
        let register_seen = stamp(&home.register());
        let configuration = configured(home)?;
        let clock = Arc::new(WallClock::of(home));
        let lock = lock(home)?;
        let archive = Arc::new(open_archive(home, &configuration.settings)?);
        let zone = zone(&configuration)?;
        let declared = Declared::default();
        declared.take_from(&configuration.register);

        let mut provider_keys = ProviderKeys::default();
        let desk = DeskParts {
            law: Arc::new(configuration::law()?),
            finder: finder(&clock, configuration.own.clone())?,
            store: Arc::clone(&archive) as _,
            providers: Arc::new(models::table(
                home,
                &configuration,
                &clock,
                &mut provider_keys,
            )?),
            clock: Arc::clone(&clock) as _,
            ids: Arc::new(SystemIds),
            secrets: Arc::clone(&archive) as _,
            surfaces: Arc::new(Surfaces::default()),
            remembered: Arc::default(),
            withholding: Withholding {
                notice: waarborg_gateway::notice_of_withheld,
                ..Withholding::default()
            },
            post: post::post(&configuration).map(Arc::new),
            register_file: Arc::new(OnDisk::of(home, configuration.settings.clone())),
            register: configuration.register,
            policy: configuration.policy,
            zone,
        };
        let settings = configuration.settings;
        let identity = Arc::new(identity::open(home, &settings)?);
        let reached = reached(&desk.register);
        Ok(Self {
            home: home.clone(),
            clock,
            house: Arc::new(House::new(desk.into())),
            archive,
            is_demo: false,
            _lock: lock,
            declared,
            address: RwLock::new(settings.listen),
            register_seen,
            log_files: settings
                .log
                .folder
                .as_ref()
                .map(|folder| Arc::new(LogFiles::new(home.dir.join(folder)))),
            spending: Arc::default(),
            provider_keys,
            identity,
            reached,
            settings,
        })
    }

    /// The same as an example: every page says that everybody in it is invented.
    pub(crate) fn for_demo(mut self) -> Self {
        self.is_demo = true;
        self
    }

    /// Removes the files of the log whose lines have ended. Says how many.
    ///
    /// # Errors
    ///
    /// The system's error; they are tried again.
    pub(crate) fn end_log(&self) -> std::io::Result<u64> {
        let Some(files) = &self.log_files else {
            return Ok(0);
        };
        files.end(self.clock.wall(), |stream| self.declared.period(stream))
    }

    /// Sends the events of this process to the log from now on.
    pub(crate) fn start_log(&self) {
        logging::start(
            self.settings.log.clone(),
            self.log_files.clone(),
            self.declared.clone(),
            Arc::clone(&self.clock),
        );
    }

    /// From now on this register and this policy are in force; settings wait for the next start.
    ///
    /// A model that moved waits for it too: its adapter would send to the address that the register no longer names.
    pub(crate) fn publish_register(&self, register: Arc<Register>, policy: Arc<Policy>) {
        self.declared.take_from(&register);
        let now = reached(&register);
        let moved: Vec<&str> = now
            .iter()
            .filter(|(name, _)| self.reached.contains_key(*name))
            .filter(|(name, place)| self.reached.get(*name) != Some(place))
            .map(|(name, _)| name.as_str())
            .collect();
        let register = if moved.is_empty() {
            register
        } else {
            for name in &moved {
                tell(format_args!(
                    "recipient {name} has another address now; nothing goes there until you start it again"
                ));
            }
            Arc::new(register.closed_for(moved))
        };
        self.house.publish(register, policy);
    }

    /// The door is open at this address.
    pub(crate) fn listens_at(&self, address: SocketAddr) {
        *self.address.write().unwrap_or_else(PoisonError::into_inner) = address;
    }

    /// A link into the console that works once.
    pub(crate) fn console_link(&self, token: &Token) -> String {
        let address = *self.address.read().unwrap_or_else(PoisonError::into_inner);
        let place = self
            .settings
            .public_url
            .clone()
            .unwrap_or_else(|| format!("http://{address}"));
        format!("{place}/console/enter?link={}", token.text())
    }

    /// How long a link into the console waits, as the register says.
    pub(crate) fn console_link_works_within(&self) -> String {
        let term = self.house.desk().register.term(console::LINK);
        term.unwrap_or(Period::NONE).to_string()
    }

    /// Every route for people and applications.
    pub(crate) fn router(&self, traces: Option<Arc<Traces>>, meters: Arc<dyn Meters>) -> Router {
        let limits = DoorLimits {
            body_bytes: self.settings.limits.request_bytes,
            ..DoorLimits::default()
        };
        let house = Arc::clone(&self.house);
        let spending = Arc::clone(&self.spending);
        let state = GatewayState::counting_in(house, limits, spending)
            .told_to(traces)
            .believing(Arc::clone(&self.identity));
        let state = match self.settings.pictures {
            PicturesSetting::Tesseract => state.reading_letters_with(documents::letters()),
            PicturesSetting::Never => state.refusing_pictures(),
        };
        let models_side = waarborg_gateway::serve::routes(state);
        let pages = PagesSettings {
            is_https: self
                .settings
                .public_url
                .as_ref()
                .is_some_and(|url| url.starts_with("https://")),
            is_demo: self.is_demo,
        };
        let keys = Arc::new(Keys {
            pace: Pace::default(),
            share: self.settings.limits.key,
        });
        let models_side = models_side.layer(from_fn_with_state(keys, hold_key));
        let pages = App::new(Arc::clone(&self.house), pages)
            .with_shares(self.settings.limits.shares.clone())
            .with_meters(meters);
        models_side.merge(waarborg_web::routes(pages))
    }
}

/// How often each gateway key asked.
struct Keys {
    pace: Pace,
    share: Share,
}

/// Lets an application ask as often as the share of its key allows.
async fn hold_key(State(keys): State<Arc<Keys>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let key = headers
        .get(header::AUTHORIZATION)
        .or_else(|| headers.get("x-api-key"));
    let held = key.map_or(Ok(()), |key| {
        keys.pace.knock(key.as_bytes(), keys.share, Instant::now())
    });
    match held {
        Ok(()) => next.run(request).await,
        Err(wait) => waarborg_gateway::serve::too_often(wait),
    }
}

/// The addresses that adapters are made from.
fn reached(register: &Register) -> BTreeMap<String, Reached> {
    let models = register
        .recipients()
        .filter(|recipient| recipient.kind == RecipientKind::Llm);
    models
        .map(|recipient| {
            let place = (recipient.provider.clone(), recipient.base_url.clone());
            (recipient.name.to_string(), place)
        })
        .collect()
}

/// The configuration, or every fault on standard error.
fn configured(home: &Home) -> Result<Configuration, Stop> {
    let faults = match configuration::read(home)? {
        Ok(configuration) => {
            for warning in &configuration.warnings {
                tell(warning);
            }
            return Ok(configuration);
        }
        Err(faults) => faults,
    };
    for fault in &faults {
        tell(fault);
    }
    let n_errors = faults.iter().filter(|fault| fault.is_error()).count();
    Err(Stop::unusable(
        format!(
            "the configuration has {}",
            counted(n_errors as u64, "fault", "faults")
        ),
        format!(
            "mend them as written above; `waarborg check --dir {}` shows them again",
            home.dir.display()
        ),
    ))
}

fn zone(configuration: &Configuration) -> Result<TimeZone, Stop> {
    let name = &configuration.register.head().zone;
    TimeZone::get(name).map_err(|_| {
        Stop::unusable(
            format!("there is no time zone {name}"),
            "mend zone in [register] of register.toml",
        )
    })
}

fn finder(clock: &WallClock, own: Own) -> Result<Arc<dyn Finder>, Stop> {
    let detector = own.detector().map_err(|fault| {
        tell(&fault);
        Stop::unusable(
            "the model of recognisers.toml cannot be used",
            "mend it, or take [model] out",
        )
    })?;
    Ok(match std::env::var(BREAKS_ON) {
        Ok(word) if clock.is_test() => Arc::new(WalledDetector::breaking_on(word)),
        _ => Arc::new(WalledDetector::new(detector)),
    })
}

/// How the store of an installation is opened.
///
/// # Errors
///
/// [`Stop`] when the password of the database cannot be read.
pub(crate) fn store_settings(home: &Home, chosen: &Settings) -> Result<StoreSettings, Stop> {
    let mut settings = StoreSettings::in_folder(&home.dir);
    settings.keys = home.keys();
    settings.data = home.data();
    settings.test_clock = chosen.test_clock;
    settings.keys_mirror = chosen
        .keys_mirror
        .as_ref()
        .map(|folder| home.dir.join(folder));
    if let StoreSetting::Postgres { url, password_file } = &chosen.store {
        settings.backend = Backend::Postgres(match password_file {
            Some(file) => with_password(url, &read_password(&home.dir.join(file))?),
            None => url.clone(),
        });
    }
    Ok(settings)
}

/// Keeps every other program out of the data directory.
///
/// # Errors
///
/// [`Stop`] when another program has it open.
pub(crate) fn lock(home: &Home) -> Result<File, Stop> {
    let path = home.data().join("lock");
    let unusable = |error: &std::io::Error| {
        Stop::unusable(
            format!("{} cannot be used: {error}", path.display()),
            "check the directory and its permissions",
        )
    };
    make_private_dir(&home.data()).map_err(|error| unusable(&error))?;
    let file = open_private_file(&path).map_err(|error| unusable(&error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Stop::refused(
            format!("another program runs on {}", home.dir.display()),
            "stop it, or use another directory",
        )),
        Err(TryLockError::Error(error)) => Err(unusable(&error)),
    }
}

fn open_archive(home: &Home, chosen: &Settings) -> Result<Archive, Stop> {
    Archive::open(store_settings(home, chosen)?).map_err(|fault| shut(home, &fault))
}

/// What a person can do when the store does not open.
pub(crate) fn shut(home: &Home, fault: &OpenFault) -> Stop {
    let mut message = fault.to_string();
    let mut cause = std::error::Error::source(fault);
    while let Some(deeper) = cause {
        message = format!("{message}: {deeper}");
        cause = deeper.source();
    }
    let next = match fault {
        OpenFault::Keys {
            source: KeyFault::Diverged,
            ..
        } => "keys and mirror were used apart from each other: move the one that you do not want away, \
             and start again with an empty folder in the mirror's place (and a file `new-mirror` in it)"
            .to_owned(),
        OpenFault::Master(_) | OpenFault::Keys { .. } => {
            format!(
                "put the backup of the keys back in {}; without them nothing opens",
                home.keys().display()
            )
        }
        OpenFault::Backup(_) => {
            "name a whole file that `waarborg backup` wrote with these keys; the data is as it was"
                .to_owned()
        }
        OpenFault::OldKeys => {
            "put a newer copy of the keys back, or `waarborg restore` the data of the same time"
                .to_owned()
        }
        OpenFault::OtherClock => {
            "put `test_clock` in waarborg.toml back as `waarborg init` wrote it; for tests make another directory"
                .to_owned()
        }
        OpenFault::Newer { .. } => "use the newer program".to_owned(),
        OpenFault::Older { .. } => {
            "move the data away (the folder `data`, or in `store` name an empty database), restore it with the \
             program that made it, then start this one; until then the data is as it was"
                .to_owned()
        }
        OpenFault::Url(_) => "mend `store` in waarborg.toml".to_owned(),
        _ => "check the disk, the permissions, and whether another program runs on this directory"
            .to_owned(),
    };
    Stop::unusable(message, next)
}

fn read_password(file: &Path) -> Result<Zeroizing<String>, Stop> {
    fs::read_to_string(file)
        .map(Zeroizing::new)
        .map_err(|error| {
            Stop::unusable(
                format!("{} cannot be read: {error}", file.display()),
                "check the file and its permissions",
            )
        })
}

/// The address with the password in its place, percent-encoded.
fn with_password(url: &str, password: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let Some((user, place)) = rest.split_once('@') else {
        return url.to_owned();
    };
    let encoded: String = password
        .trim_end_matches(['\n', '\r'])
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    format!("{scheme}://{user}:{encoded}@{place}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_put_into_the_address_encoded() {
        assert_eq!(
            with_password("postgres://u@h/d", "a b@\n"),
            "postgres://u:a%20b%40@h/d"
        );
    }

    #[test]
    fn who_restores_a_backup_of_before_a_migration_reads_what_to_do() {
        let fault = OpenFault::Older {
            found: 20,
            known: 22,
        };
        let Stop::Unusable { message, next } = shut(&Home::at("huis"), &fault) else {
            panic!("it can be mended");
        };
        assert_eq!(
            message,
            "the backup has schema version 20, this program restores 22 only"
        );
        for said in [
            "move the data away",
            "restore it with the program that made it",
            "then start this one",
        ] {
            assert!(next.contains(said), "{next}");
        }
    }
}
