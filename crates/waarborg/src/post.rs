//! Outgoing mail of an installation: what waits in the queue goes to the server that the register names.

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, time::timeout};
use waarborg_mail::{Login, Smtp};
use waarborg_usecase::mail::{self, LONGEST_DELIVERY, Post, Turn};
use waarborg_web::mail::MailWords;

use crate::{
    configuration::{self, Configuration},
    home::Home,
    installation::Installation,
    settings::MailSetting,
    stop::Stop,
};

/// How often we look for mail that waits.
const EVERY: Duration = Duration::from_millis(500);
/// How long a delivery goes on after a stop was asked for.
const AT_THE_END: Duration = Duration::from_secs(10);
/// The longest pause while the server is away.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// How this installation sends mail; `None` where it does not.
pub(crate) fn post(configuration: &Configuration) -> Option<Post> {
    let setting = configuration.settings.mail.as_ref()?;
    Some(Post {
        recipient: setting.recipient.clone(),
        from: setting.from.clone(),
        // The check of the configuration asks for it.
        public_url: configuration.settings.public_url.clone()?,
        writer: Arc::new(MailWords),
    })
}

/// Who takes the mails; one for what is waited for, and one for what goes to many.
///
/// # Errors
///
/// [`Stop`] when the password cannot be read.
pub(crate) fn postman(home: &Home, setting: &MailSetting) -> Result<Smtp, Stop> {
    let login = match &setting.login {
        None => None,
        Some((user, file)) => {
            let file = home.dir.join(file);
            let password = configuration::secret(&file)?.ok_or_else(|| {
                Stop::unusable(
                    format!("{} is empty", file.display()),
                    "write the password of the mail account there, and nothing else",
                )
            })?;
            Some(Login {
                user: user.clone(),
                password,
            })
        }
    };
    Ok(if setting.is_plain {
        Smtp::plain_on_this_machine(login, setting.patience)
    } else {
        Smtp::encrypted(login, setting.patience)
    })
}

/// Sends what waits until the program stops.
pub(crate) async fn run(
    installation: Arc<Installation>,
    postman: Smtp,
    is_bulk: bool,
    mut stopped: watch::Receiver<bool>,
) {
    let mut pause = EVERY;
    let mut is_away = false;
    let mut is_idle = true;
    loop {
        if is_bulk && is_idle {
            // What could not be tidied up is tidied up the next time.
            let _ = mail::tidy(&installation.house.desk()).await;
        }
        let turn = timeout(
            LONGEST_DELIVERY,
            mail::next(&installation.house, &postman, is_bulk),
        );
        let hurry = async {
            let _ = stopped.clone().wait_for(|stop| *stop).await;
            tokio::time::sleep(AT_THE_END).await;
        };
        let outcome = tokio::select! {
            outcome = turn => outcome,
            // It is tried again after the next start.
            () = hurry => return,
        };
        is_idle = matches!(outcome, Ok(Ok(Turn::Nobody)));
        let wait = match outcome {
            Ok(Ok(Turn::Taken)) => {
                if is_away {
                    tracing::info!("the mail server takes mail again");
                }
                is_away = false;
                pause = EVERY;
                Duration::ZERO
            }
            Ok(Ok(Turn::Nobody)) => EVERY,
            Ok(Ok(Turn::ServerAway)) => {
                if !is_away {
                    tracing::error!("the mail server does not let us in; mails wait");
                }
                is_away = true;
                pause = (pause * 2).min(LONGEST_PAUSE);
                pause
            }
            // The store said so in its own log; a delivery that took too long is tried again later.
            Ok(Err(_)) | Err(_) => LONGEST_PAUSE.min(EVERY * 10),
        };
        let is_stopped = tokio::select! {
            biased;
            _ = stopped.wait_for(|stop| *stop) => true,
            () = tokio::time::sleep(wait) => false,
        };
        if is_stopped {
            return;
        }
    }
}
