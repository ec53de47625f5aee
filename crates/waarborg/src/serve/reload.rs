//! A changed register takes effect while people work; one with faults does not, but what it takes from a recipient counts.

use std::{fs, path::Path, sync::Arc, time::SystemTime};

use tokio::{sync::watch, time::Duration};
use waarborg_domain::{
    policy::Policy,
    register::{Fault, Register},
};

use super::{running, tell_closed, watching::Counters};
use crate::{configuration, installation::Installation, printer::tell};

/// How often the file is looked at; `SIGHUP` looks at once.
const EVERY: Duration = Duration::from_millis(500);

/// Watches the register until the program stops.
pub(super) async fn run(
    installation: Arc<Installation>,
    counters: Arc<Counters>,
    mut stopped: watch::Receiver<bool>,
) {
    let file = installation.home.register();
    let mut seen = stamp(&file);
    let mut hang_ups = HangUps::listen();

    loop {
        let is_asked = tokio::select! {
            () = tokio::time::sleep(EVERY) => false,
            () = hang_ups.next() => true,
            _ = stopped.wait_for(|stop| *stop) => return,
        };
        let now = stamp(&file);
        if is_asked || now != seen {
            seen = now;
            take(&installation, &counters);
        }
    }
}

/// Reads the configuration again, and publishes its register when it has no faults.
fn take(installation: &Installation, counters: &Counters) {
    let faults = match configuration::read(&installation.home) {
        Ok(Ok(configuration)) => {
            let undeclared = configuration
                .register
                .undeclared(&running(installation, &configuration.register));
            if undeclared.is_empty() {
                let version = configuration.register.version().to_owned();
                let warnings = configuration.warnings.clone();
                installation.publish(configuration);
                for warning in &warnings {
                    tell(warning);
                }
                tell_closed(&warnings);
                counters.reloaded();
                tracing::info!(register.version = version, "a changed register is in force");
                return;
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
}

/// To whom the changed file does not plainly let anything go, nothing goes, whatever else is wrong in it.
fn close_what_it_closes(installation: &Installation, faults: &[Fault]) {
    let changed = configuration::draft(&installation.home).ok().flatten();
    let desk = installation.house.desk();
    let policy = changed
        .as_ref()
        .map(Register::policy_profile)
        .filter(|profile| *profile < desk.register.policy_profile())
        .and_then(|stricter| Policy::shipped(stricter.as_str()).ok())
        .map(Arc::new);
    let narrowed = desk
        .register
        .narrowed_by(changed.as_ref(), faults, desk.today());
    let is_closing = narrowed.is_some();
    if is_closing || policy.is_some() {
        installation.house.publish(
            narrowed.map_or(desk.register, Arc::new),
            policy.unwrap_or(desk.policy),
        );
    }
    if is_closing {
        tracing::error!("a recipient that the changed register closes is closed at once");
    }
}

/// What changes when somebody writes the file.
fn stamp(file: &Path) -> Option<(SystemTime, u64)> {
    let about = fs::metadata(file).ok()?;
    Some((about.modified().ok()?, about.len()))
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
