//! The control socket: commands of the operator reach the running program here, and nobody else does.

use std::sync::Arc;

use tokio::sync::watch;

use crate::installation::Installation;

/// The longest errand; the addresses of a mailing are the largest.
#[cfg(unix)]
const LONGEST_ERRAND_BYTES: u64 = 32 * 1024 * 1024;

/// The socket that commands find. It must be open before anybody is told that the program runs: a command that does not
/// find it takes the program for stopped.
#[cfg(unix)]
pub(super) struct Control(Option<tokio::net::UnixListener>);

#[cfg(unix)]
impl Control {
    /// Opens the socket; without it the program runs on, and commands need it to be stopped.
    pub(super) fn open(installation: &Installation) -> Self {
        let path = installation.home.control_socket();
        // A socket that a killed program left behind answers nobody.
        let _ = std::fs::remove_file(&path);
        let listener = tokio::net::UnixListener::bind(&path).ok();
        if listener.is_none() {
            tracing::warn!("commands cannot reach the running program; stop it to use them");
        }
        Self(listener)
    }
}

/// Takes errands until the program stops.
#[cfg(unix)]
pub(super) async fn run(
    Control(listener): Control,
    installation: Arc<Installation>,
    mut stopped: watch::Receiver<bool>,
) {
    let Some(listener) = listener else {
        return;
    };
    let path = installation.home.control_socket();

    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.wait_for(|stop| *stop) => break,
        };
        let Ok((stream, _)) = accepted else { continue };
        let installation = Arc::clone(&installation);
        tokio::spawn(async move {
            // The command went away; it will say so itself.
            let _ = converse(&installation, stream).await;
        });
    }

    drop(listener);
    let _ = std::fs::remove_file(&path);
}

#[cfg(unix)]
async fn converse(
    installation: &Installation,
    mut stream: tokio::net::UnixStream,
) -> std::io::Result<()> {
    use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};

    let mut line = String::new();
    let (reading, mut writing) = stream.split();
    BufReader::new(reading.take(LONGEST_ERRAND_BYTES))
        .read_line(&mut line)
        .await?;
    let reply = crate::errand::answer(installation, &line).await;
    writing.write_all(reply.as_bytes()).await?;
    writing.write_all(b"\n").await
}

/// Elsewhere commands need the program to be stopped.
#[cfg(not(unix))]
pub(super) struct Control;

#[cfg(not(unix))]
impl Control {
    /// There is nothing to open.
    pub(super) fn open(_: &Installation) -> Self {
        Self
    }
}

/// Waits until the program stops.
#[cfg(not(unix))]
pub(super) async fn run(_: Control, _: Arc<Installation>, mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stop| *stop).await;
}
