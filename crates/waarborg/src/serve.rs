//! The running program: one listener for people and applications, the schedule, the control socket, a quiet end.

mod control;
mod hosts;
mod listener;
mod live;
mod metrics;
mod published;
mod reader;
mod reload;
mod schedule;
mod tally;
mod watching;

use std::{net::SocketAddr, sync::Arc};

use axum::{Router, middleware};
use tokio::{net::TcpListener, sync::watch};
use waarborg_domain::register::{Fault, Register, Running};
use waarborg_gateway::traces::{Exporter, Traces, TracesSetting};

use crate::{
    configuration,
    installation::Installation,
    logging, post,
    printer::{counted, tell},
    settings::Settings,
    stop::{Outcome, Stop},
};
use control::Control;
use hosts::Hosts;
pub(crate) use reload::reaching;
use watching::Counters;

/// The table of the mail that waits.
const MAILS: &str = "mails";

/// Serves until somebody asks it to stop; `announce` is told the address as soon as the door is open.
///
/// # Errors
///
/// [`Stop`] when the register does not declare something that runs, or the address cannot be used.
pub(crate) async fn serve(
    installation: Arc<Installation>,
    listen: SocketAddr,
    announce: impl AsyncFnOnce(SocketAddr) -> Result<(), Stop>,
) -> Result<Outcome, Stop> {
    refuse_undeclared(&installation)?;
    let listener = bind(listen).await?;
    let address = listener
        .local_addr()
        .map_err(|error| taken(listen, &error))?;
    installation.listens_at(address);

    let mut postmen = Vec::new();
    if let Some(setting) = &installation.settings.mail {
        // What one person waits for does not stand behind what goes to many.
        for is_bulk in [false, true] {
            postmen.push((post::postman(&installation.home, setting)?, is_bulk));
        }
    }
    published::start(&installation).await?;
    let announced = reload::start(&installation).await?;
    let door = Arc::new(published::Door::default());
    let counters = Arc::new(Counters::default());
    let traces = traces(&installation, &counters)?;
    let (stop, stopped) = watch::channel(false);
    // Requests that end while the door closes are told too.
    let told_all = watch::Sender::new(false);
    let metrics = metrics::router(&installation, &counters)?;
    let metrics = match installation.settings.metrics.listen {
        None => Some(metrics),
        Some(place) => {
            show_elsewhere(&installation, metrics, bind(place).await?, stopped.clone())?;
            None
        }
    };
    let (traces, exporter) = traces.unzip();
    let router = router(&installation, &counters, traces, &door, metrics);
    let control = Control::open(&installation);
    let mut parts = vec![
        tokio::spawn(schedule::run(
            Arc::clone(&installation),
            Arc::clone(&counters),
            stopped.clone(),
        )),
        tokio::spawn(schedule::share_spending(
            Arc::clone(&installation),
            stopped.clone(),
        )),
        tokio::spawn(reload::run(
            Arc::clone(&installation),
            Arc::clone(&counters),
            door,
            announced,
            stopped.clone(),
        )),
        tokio::spawn(control::run(
            control,
            Arc::clone(&installation),
            stopped.clone(),
        )),
    ];
    if let Some(exporter) = exporter {
        parts.push(tokio::spawn(exporter.run(told_all.subscribe())));
    }
    for (postman, is_bulk) in postmen {
        let installation = Arc::clone(&installation);
        parts.push(tokio::spawn(post::run(
            installation,
            postman,
            is_bulk,
            stopped.clone(),
        )));
    }
    tokio::spawn(async move {
        asked_to_stop().await;
        // Nobody listens any more only when everything has stopped already.
        let _ = stop.send(true);
    });

    tracing::info!(
        address = address.to_string(),
        register.version = installation.house.desk().register.version(),
        "the door is open"
    );
    tell_closed(installation.house.desk().register.warnings());
    announce(address).await?;
    let hosts = Hosts::new(address, &installation.settings);
    let limits = &installation.settings.limits;
    listener::answer(listener, router, hosts, limits, stopped).await;
    told_all.send_replace(true);

    for part in parts {
        // A part that broke down has said so in the log; the end goes on.
        let _ = part.await;
    }
    // Answers that ended while the door closed.
    let _ = installation
        .spending
        .share(&installation.house.desk())
        .await;
    tracing::info!("the door is closed");
    Ok(Outcome::Good)
}

/// Shows how it runs at an address of its own.
fn show_elsewhere(
    installation: &Arc<Installation>,
    metrics: Router,
    listener: TcpListener,
    stopped: watch::Receiver<bool>,
) -> Result<(), Stop> {
    let address = listener
        .local_addr()
        .map_err(|error| taken(installation.settings.listen, &error))?;
    let hosts = Hosts::new(address, &installation.settings);
    let limits = installation.settings.limits.clone();
    tracing::info!(
        address = address.to_string(),
        "who runs it sees how it runs here"
    );
    tokio::spawn(async move {
        listener::answer(listener, metrics, hosts, &limits, stopped).await;
    });
    Ok(())
}

/// Everything that runs must stand in the register.
fn refuse_undeclared(installation: &Installation) -> Result<(), Stop> {
    let register = &installation.house.desk().register;
    let faults = register.undeclared(&running(&installation.settings, register));
    if faults.is_empty() {
        return Ok(());
    }
    for fault in &faults {
        tell(fault);
    }
    Err(Stop::unusable(
        format!(
            "{} without a declaration in the register",
            counted(
                faults.len() as u64,
                "part of the program runs",
                "parts of the program run"
            )
        ),
        "declare them in register.toml as written above, then start again",
    ))
}

/// What this program runs: its tables, log fields, routes and outgoing fields.
pub(crate) fn running(settings: &Settings, register: &Register) -> Running {
    let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
    let recipients = settings
        .providers
        .iter()
        .map(|provider| provider.recipient.as_str())
        // To who is not declared, or may be sent nothing, the permit for the transfer lets nothing go.
        .filter(|recipient| !register.outgoing_fields(recipient).is_empty());
    let mail_server = settings.mail.as_ref().map(|mail| mail.recipient.as_str());
    Running {
        tables: waarborg_store::declared_tables()
            .into_iter()
            .map(|table| table.name)
            // Where no mail is sent, nothing ever stands in it.
            .filter(|table| table != MAILS || settings.mail.is_some())
            .collect(),
        log_fields: logging::FIELDS
            .iter()
            .map(|(stream, field)| pair(stream, field))
            .collect(),
        routes: waarborg_gateway::serve::taking_in()
            .map(|path| pair("POST", path))
            .collect(),
        // A provider is sent a screened prompt and nothing else: its adapter takes no other type.
        outgoing_fields: recipients
            .map(|recipient| pair(recipient, "prompt"))
            // What a trace holds is decided in one place, and it is no personal data.
            .chain(
                settings
                    .traces
                    .iter()
                    .map(|traces| pair(&traces.recipient, "trace")),
            )
            // The way out for mail takes what passed the gate: an address and a text.
            .chain(
                mail_server
                    .into_iter()
                    .flat_map(|recipient| [pair(recipient, "mail"), pair(recipient, "message")]),
            )
            .collect(),
        cookies: waarborg_web::cookies_needed(register)
            .map(str::to_owned)
            .collect(),
        terms: waarborg_usecase::TERMS
            .iter()
            .chain(
                settings
                    .mail
                    .iter()
                    .flat_map(|_| waarborg_usecase::MAIL_TERMS),
            )
            .map(|term| (*term).to_owned())
            .collect(),
    }
}

/// A closed recipient is for a human to mend.
fn tell_closed(warnings: &[Fault]) {
    let n_faults = warnings
        .iter()
        .filter(|fault| fault.closes_a_recipient())
        .count();
    if n_faults > 0 {
        tracing::error!(
            n_faults,
            "nothing goes to some recipients; `waarborg check` says why"
        );
    }
}

/// The way to the collector of traces, where one is named.
fn traces(
    installation: &Installation,
    counters: &Counters,
) -> Result<Option<(Arc<Traces>, Exporter)>, Stop> {
    let Some(setting) = &installation.settings.traces else {
        return Ok(None);
    };
    let file = setting.key_file.as_ref();
    let file = file.map(|file| installation.home.dir.join(file));
    let chosen = TracesSetting {
        endpoint: setting.endpoint().unwrap_or_default(),
        key: file
            .map(|file| configuration::secret(&file))
            .transpose()?
            .flatten(),
        one_in: setting.one_in,
        follows_callers: setting.follows_callers,
    };
    let opened = Traces::open(&chosen, Arc::clone(&counters.traces));
    opened.map(Some).map_err(|fault| {
        Stop::unusable(
            format!("traces cannot be sent: {fault}"),
            "mend [traces] in waarborg.toml, or remove it",
        )
    })
}

fn router(
    installation: &Arc<Installation>,
    counters: &Arc<Counters>,
    traces: Option<Arc<Traces>>,
    door: &Arc<published::Door>,
    metrics: Option<Router>,
) -> Router {
    installation
        .router(traces, Arc::new(live::Meter::of(installation, counters)))
        .layer(middleware::from_fn_with_state(
            Arc::clone(door),
            published::guard,
        ))
        .merge(metrics.unwrap_or_default())
        .layer(middleware::from_fn_with_state(
            Arc::clone(counters),
            watching::watch,
        ))
}

async fn bind(listen: SocketAddr) -> Result<TcpListener, Stop> {
    TcpListener::bind(listen)
        .await
        .map_err(|error| taken(listen, &error))
}

fn taken(listen: SocketAddr, error: &std::io::Error) -> Stop {
    let next = match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            format!(
                "stop what listens there, or choose another port: --listen {}:{}",
                listen.ip(),
                listen.port().wrapping_add(1)
            )
        }
        std::io::ErrorKind::PermissionDenied => "choose a port from 1024 on".to_owned(),
        _ => "choose an address of this machine, such as 127.0.0.1:8484".to_owned(),
    };
    Stop::unusable(format!("{listen} cannot be used: {error}"), next)
}

/// Ctrl-C, or what a service manager sends.
#[cfg(unix)]
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};

    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// Ctrl-C.
#[cfg(not(unix))]
async fn asked_to_stop() {
    let _ = tokio::signal::ctrl_c().await;
}
