//! Hands mail in at a server, step by step, so that the gate has the last word before the content goes.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Noop, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};
use waarborg_domain::mail::{Mail, Passed};
use waarborg_usecase::ports::{LastAsk, PostError, Postman};

use crate::letter::{self, Letter};
use crate::server::Server;

/// The server's word that it takes no more just now.
const CLOSING: u16 = 421;

/// By what the server knows us.
#[derive(Debug, Clone)]
pub struct Login {
    /// The name of the account.
    pub user: String,
    /// Its password.
    pub password: SecretString,
}

/// How long a server may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// To let us in.
    pub connect: Duration,
    /// To answer one step.
    pub answer: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(20),
            answer: Duration::from_secs(30),
        }
    }
}

/// A connection that stays open from mail to mail.
struct Line {
    address: String,
    connection: AsyncSmtpConnection,
    used_at: Instant,
}

/// Hands in mail by SMTP.
pub struct Smtp {
    login: Option<Login>,
    patience: Patience,
    /// Nothing is encrypted, which is only allowed to this machine.
    is_plain: bool,
    line: Mutex<Option<Line>>,
}

impl Smtp {
    /// With TLS, always: what the server's certificate does not prove gets nothing.
    #[must_use]
    pub fn encrypted(login: Option<Login>, patience: Patience) -> Self {
        Self {
            login,
            patience,
            is_plain: false,
            line: Mutex::default(),
        }
    }

    /// Without TLS, to a server on this machine; any other gets nothing.
    #[must_use]
    pub fn plain_on_this_machine(login: Option<Login>, patience: Patience) -> Self {
        Self {
            is_plain: true,
            ..Self::encrypted(login, patience)
        }
    }

    async fn hand_in(&self, mail: Mail<Passed>, last: LastAsk<'_>) -> Result<(), PostError> {
        let announced = letter::write(&mail).ok_or(PostError::Refused)?;
        let hello = ClientId::Domain(domain_of(&mail));
        // One mail at a time on one line; what waits for it has its own time to wait.
        let mut kept = self.line.lock().await;
        let mut line = self.line(kept.take(), mail.server(), hello).await?;
        drop(mail);

        let outcome = self.steps(&mut line.connection, &announced, last).await;
        let goes_on = match &outcome {
            Ok(()) => true,
            // An answer that is still to come would be taken for that to the next step: the next mail opens a new line.
            Err(stumble) => stumble.is_answered && self.reset(&mut line.connection).await,
        };
        if goes_on {
            line.used_at = Instant::now();
            *kept = Some(line);
        }
        outcome.map_err(|stumble| stumble.why)
    }

    /// The line that is open, if it is one to this server and still works; otherwise a new one.
    async fn line(
        &self,
        kept: Option<Line>,
        address: &str,
        hello: ClientId,
    ) -> Result<Line, PostError> {
        if let Some(mut line) = kept.filter(|line| line.address == address) {
            let is_fresh = line.used_at.elapsed() < Duration::from_secs(5);
            let works = is_fresh || self.step(line.connection.command(Noop)).await.is_ok();
            if works && !line.connection.has_broken() {
                return Ok(line);
            }
        }
        let server = Server::parse(address).map_err(|_| PostError::Away)?;
        let opening = self.open(&server, hello);
        let connection = timeout(self.patience.connect, opening)
            .await
            .map_err(|_| PostError::Away)?
            .map_err(|_| PostError::Away)?;
        Ok(Line {
            address: address.to_owned(),
            connection,
            used_at: Instant::now(),
        })
    }

    async fn open(
        &self,
        server: &Server,
        hello: ClientId,
    ) -> Result<AsyncSmtpConnection, Unopened> {
        if self.is_plain && !server.is_this_machine() {
            return Err(Unopened);
        }
        let tls = || TlsParameters::new(server.host.clone());
        let at_once = if server.is_tls_at_once {
            Some(tls()?)
        } else {
            None
        };
        let place = (server.host.as_str(), server.port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(
            place,
            Some(self.patience.connect),
            &hello,
            at_once,
            None,
        )
        .await?;
        if !server.is_tls_at_once && !self.is_plain {
            // A server that offers no TLS, or whose offer somebody took away, gets nothing.
            connection.starttls(tls()?, &hello).await?;
        }
        if !connection.is_encrypted() && !self.is_plain {
            return Err(Unopened);
        }
        if let Some(login) = &self.login {
            // The server must know it to let us in; it goes over TLS, or stays on this machine.
            let password = login.password.expose_secret().to_owned();
            let credentials = Credentials::new(login.user.clone(), password);
            connection
                .auth(&[Mechanism::Plain, Mechanism::Login], &credentials)
                .await?;
        }
        Ok(connection)
    }

    async fn steps(
        &self,
        connection: &mut AsyncSmtpConnection,
        announced: &Letter,
        last: LastAsk<'_>,
    ) -> Result<(), Stumble> {
        let envelope = &announced.envelope;
        let from = MailFrom::new(envelope.from().cloned(), Vec::new());
        // Who may not send here may send nothing here: that is for the operator to mend, and mails wait for it.
        self.step(connection.command(from))
            .await
            .map_err(|stumble| Stumble {
                why: PostError::Away,
                ..stumble
            })?;
        for to in envelope.to() {
            let to = Rcpt::new(to.clone(), Vec::new());
            self.step(connection.command(to)).await?;
        }
        let mail = last.await?;
        let letter = letter::write(&mail).ok_or(PostError::Refused)?;
        if letter.envelope != announced.envelope {
            return Err(PostError::Later.into());
        }
        self.step(connection.command(Data)).await?;
        self.step(connection.message(&letter.bytes)).await?;
        Ok(())
    }

    async fn reset(&self, connection: &mut AsyncSmtpConnection) -> bool {
        self.step(connection.command(Rset)).await.is_ok()
    }

    async fn step<T>(&self, step: impl Future<Output = Result<T, Error>>) -> Result<T, Stumble> {
        match timeout(self.patience.answer, step).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(Stumble {
                why: kind_of(&error),
                is_answered: error.status().is_some(),
            }),
            Err(_) => Err(Stumble {
                why: PostError::Later,
                is_answered: false,
            }),
        }
    }
}

/// A step that came to nothing.
struct Stumble {
    why: PostError,
    /// The server answered everything that it was asked, so that the next answer is one to the next question.
    is_answered: bool,
}

impl From<PostError> for Stumble {
    fn from(why: PostError) -> Self {
        Self {
            why,
            is_answered: true,
        }
    }
}

/// The server did not let us in. Why is its own matter; the operator looks there.
struct Unopened;

impl From<Error> for Unopened {
    fn from(_: Error) -> Self {
        Self
    }
}

impl Postman for Smtp {
    fn deliver<'a>(
        &'a self,
        mail: Mail<Passed>,
        last: LastAsk<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<(), PostError>> + Send + 'a>> {
        Box::pin(self.hand_in(mail, last))
    }
}

/// What follows from an answer; its words are dropped, they may repeat an address.
fn kind_of(error: &Error) -> PostError {
    let is_closing = error
        .status()
        .is_some_and(|code| u16::from(code) == CLOSING);
    if is_closing {
        PostError::Away
    } else if error.is_permanent() {
        PostError::Refused
    } else {
        PostError::Later
    }
}

fn domain_of(mail: &Mail<Passed>) -> String {
    let from = mail.from().as_str();
    let domain = from.rsplit_once('@').map(|(_, domain)| domain);
    domain.unwrap_or("localhost").to_owned()
}
