//! A changed register takes effect while people work; one with faults does not, but what it takes from a recipient counts.

use std::sync::Arc;

use jiff::civil::Date;
use tokio::{sync::watch, time::Duration};
use waarborg_domain::{
    notice::procedure_in_words,
    policy::Policy,
    register::{Fault, Lack, Register},
};

use waarborg_usecase::versions::{self, Taken};
use waarborg_usecase::withheld;

use super::{published::Door, running, tell_closed, watching::Counters};
use crate::{
    configuration::{self, Configuration},
    home::stamp,
    installation::Installation,
    printer::tell,
    stop::Stop,
};

/// How often the file is looked at; `SIGHUP` looks at once.
const EVERY: Duration = Duration::from_millis(500);
/// After how many looks it is compared with what was published.
const COMPARED_AFTER: u32 = 4;

/// Watches the register until the program stops.
pub(super) async fn run(
    installation: Arc<Installation>,
    counters: Arc<Counters>,
    door: Arc<Door>,
    mut announced: Option<Date>,
    mut stopped: watch::Receiver<bool>,
) {
    let file = installation.home.register();
    // As it was before it was read: who changed it since is seen by the first look.
    let mut seen = installation.register_seen;
    let mut hang_ups = HangUps::listen();
    let mut looks = 0;

    loop {
        let is_asked = tokio::select! {
            () = tokio::time::sleep(EVERY) => false,
            () = hang_ups.next() => true,
            _ = stopped.wait_for(|stop| *stop) => return,
        };
        renew_keys(&installation);
        // It stays as it was where the store does not answer; the next look is half a second away.
        let _ = withheld::refresh(&installation.house).await;
        let now = stamp(&file);
        let is_its_day = announced.is_some_and(|day| day <= installation.house.desk().today());
        if is_asked || is_its_day || now != seen {
            seen = now;
            announced = take(&installation, &counters).await;
        }
        looks = (looks + 1) % COMPARED_AFTER;
        if looks == 0 || is_asked {
            door.look(&installation).await;
        }
    }
}

/// Takes new keys of providers from their files.
fn renew_keys(installation: &Installation) {
    for (recipient, outcome) in installation.provider_keys.renew() {
        match outcome {
            Ok(()) => tell(format_args!("recipient {recipient} has a new key")),
            Err(()) => tell(format_args!(
                "the new key of recipient {recipient} cannot be used; the old one stays"
            )),
        }
    }
}

/// Keeps the register with which the program starts; one that was announced waits for its day, if one was before it.
///
/// # Errors
///
/// [`Stop`] when it cannot be kept.
pub(super) async fn start(installation: &Installation) -> Result<Option<Date>, Stop> {
    withheld::refresh(&installation.house)
        .await
        .map_err(|error| Stop::refused(error.to_string(), "check the disk and the log"))?;
    let desk = installation.house.desk();
    let Ok(configuration) = configuration::read(&installation.home)? else {
        return Ok(None);
    };
    // It may have changed since we looked, also because what a stop left unfinished was finished.
    let is_another = configuration.register.head().digest != desk.register.head().digest;
    let declared = running(&installation.settings, &configuration.register);
    if is_another && !configuration.register.undeclared(&declared).is_empty() {
        return Ok(None);
    }
    let taken = versions::take(&desk, &configuration.register, &configuration.source)
        .await
        .map_err(|error| Stop::refused(error.to_string(), "check the disk and the log"))?;
    match taken {
        Taken::InForce => {
            let register = reaching(installation, &configuration.register).await?;
            installation.publish_register(register, configuration.policy);
            Ok(None)
        }
        Taken::Announced { from, until_then } => {
            wait_for(installation, &configuration, from, until_then).await?;
            close_what_it_closes(installation, &[]);
            Ok(Some(from))
        }
    }
}

/// Reads the configuration again, and publishes its register when it has no faults; says for which day it waits.
async fn take(installation: &Installation, counters: &Counters) -> Option<Date> {
    let faults = match configuration::read(&installation.home) {
        Ok(Ok(configuration)) => {
            let undeclared = configuration
                .register
                .undeclared(&running(&installation.settings, &configuration.register));
            if undeclared.is_empty() {
                return put_in_force(installation, counters, configuration).await;
            }
            undeclared
        }
        Ok(Err(faults)) => faults,
        Err(stop) => {
            counters.reload_refused();
            tell(format_args!("waarborg: {stop}"));
            Vec::new()
        }
    };
    counters.reload_refused();
    for fault in &faults {
        tell(fault);
    }
    tracing::error!(
        n_faults = faults.len(),
        "the changed register has faults; the one that was in force stays"
    );
    close_what_it_closes(installation, &faults);
    None
}

async fn put_in_force(
    installation: &Installation,
    counters: &Counters,
    configuration: Configuration,
) -> Option<Date> {
    let desk = installation.house.desk();
    let taken = versions::take(&desk, &configuration.register, &configuration.source).await;
    for warning in &configuration.warnings {
        tell(warning);
    }
    tell_closed(&configuration.warnings);
    match taken {
        Ok(Taken::InForce) => {
            let version = configuration.register.version().to_owned();
            let register = match reaching(installation, &configuration.register).await {
                Ok(register) => register,
                Err(stop) => {
                    counters.reload_refused();
                    tell(format_args!("waarborg: {stop}"));
                    return Some(desk.today());
                }
            };
            installation.publish_register(Arc::clone(&register), configuration.policy);
            counters.reloaded();
            tell_changes(installation, &register).await;
            tracing::info!(register.version = version, "a changed register is in force");
            None
        }
        Ok(Taken::Announced { from, until_then }) => {
            if let Err(stop) = wait_for(installation, &configuration, from, until_then).await {
                counters.reload_refused();
                tell(format_args!("waarborg: {stop}"));
            }
            close_what_it_closes(installation, &[]);
            tell_changes(installation, &configuration.register).await;
            Some(from)
        }
        Err(_) => {
            counters.reload_refused();
            tracing::error!("the changed register cannot be kept, and so is not in force");
            close_what_it_closes(installation, &[]);
            // Today: it is tried again at once, until the store answers.
            Some(desk.today())
        }
    }
}

/// Until an announced register's day the one before it stays in force.
async fn wait_for(
    installation: &Installation,
    announced: &Configuration,
    from: Date,
    until_then: Option<Box<Register>>,
) -> Result<(), Stop> {
    tell(format_args!(
        "this register takes effect on {from}; until then the one before it stays, but what it closes for a recipient is closed"
    ));
    tracing::info!(
        register.version = announced.register.version(),
        "a register is announced"
    );
    let Some(register) = until_then else {
        return Ok(());
    };
    let desk = installation.house.desk();
    if register.head().digest != desk.register.head().digest
        && let Ok(policy) = register.policy()
    {
        let register = reaching(installation, &register).await?;
        installation.publish_register(register, Arc::new(policy));
    }
    Ok(())
}

/// The register as it may run here: purposes that came later do not open what was collected before them.
pub(crate) async fn reaching(
    installation: &Installation,
    register: &Register,
) -> Result<Arc<Register>, Stop> {
    let desk = installation.house.desk();
    let register = versions::reaching(&desk, register).await;
    register
        .map(Arc::new)
        .map_err(|error| Stop::refused(error.to_string(), "check the disk and the log"))
}

/// Says how far the change goes, and what that asks of the organisation.
async fn tell_changes(installation: &Installation, register: &Register) {
    let desk = installation.house.desk();
    let Ok(Some(before)) = versions::before(&desk, &register.head().digest).await else {
        return;
    };
    let diff = before.diff(register, desk.today());
    let Some(class) = diff.class() else { return };
    tell(format_args!(
        "the register changes, {}: {}",
        class.name(),
        procedure_in_words(diff.procedure(), "en").join(" ")
    ));
    for lack in &diff.lacks {
        match lack {
            Lack::SameVersion => tell("warning: it is another register under the same version"),
            Lack::TooEarly { not_before } => tell(format_args!(
                "warning: people should have known of it before; not before {not_before}"
            )),
            Lack::NoNote { rule } => tell(format_args!(
                "warning: {rule} does not open what was collected before: no consent is asked and no note says why the purposes go together"
            )),
        }
    }
}

/// To whom the changed file does not plainly let anything go, nothing goes, whatever else is wrong in it.
fn close_what_it_closes(installation: &Installation, faults: &[Fault]) {
    let changed = configuration::draft(&installation.home).ok().flatten();
    let desk = installation.house.desk();
    let policy = changed
        .as_ref()
        .and_then(|changed| changed.policy().ok())
        .map(|changed| Policy::clone(&desk.policy).at_least(changed))
        .filter(|policy| *policy != *desk.policy)
        .map(Arc::new);
    let narrowed = desk
        .register
        .narrowed_by(changed.as_ref(), faults, desk.today());
    let is_closing = narrowed.is_some();
    if is_closing || policy.is_some() {
        installation.house.publish(
            narrowed.map_or_else(|| Arc::clone(&desk.register), Arc::new),
            policy.unwrap_or_else(|| Arc::clone(&desk.policy)),
        );
    }
    if is_closing {
        tracing::error!("a recipient that the changed register closes is closed at once");
    }
}

/// The signal with which service managers ask to read configuration again.
#[cfg(unix)]
struct HangUps(Option<tokio::signal::unix::Signal>);

#[cfg(unix)]
impl HangUps {
    fn listen() -> Self {
        Self(tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok())
    }

    async fn next(&mut self) {
        match &mut self.0 {
            Some(signal) => {
                signal.recv().await;
            }
            None => std::future::pending().await,
        }
    }
}

/// Elsewhere there is no such signal.
#[cfg(not(unix))]
struct HangUps;

#[cfg(not(unix))]
impl HangUps {
    fn listen() -> Self {
        Self
    }

    async fn next(&mut self) {
        std::future::pending().await
    }
}
