//! How a command ends: well, with findings, or stopped, and what the person reads then.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use serde_json::json;

use crate::printer::Output;

/// A command that ran to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing to report: exit code 0.
    Good,
    /// Something was found or refused: exit code 1.
    Findings,
}

impl Outcome {
    /// The exit code that scripts rely on.
    pub(crate) fn exit_code(self) -> ExitCode {
        match self {
            Self::Good => ExitCode::SUCCESS,
            Self::Findings => ExitCode::from(1),
        }
    }
}

/// A command that did not run to its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Stop {
    /// The reader of our output went away; that is no failure.
    #[error("the output was closed")]
    Closed,
    /// The act is not allowed or did not succeed: exit code 1.
    #[error("{message}")]
    Refused {
        /// What happened.
        message: String,
        /// What the person can do now.
        next: String,
    },
    /// What we were given cannot be used: exit code 2.
    #[error("{message}")]
    Unusable {
        /// What is wrong.
        message: String,
        /// What the person can do now.
        next: String,
    },
}

impl Stop {
    /// The input, a file or a setting cannot be used.
    pub(crate) fn unusable(message: impl Into<String>, next: impl Into<String>) -> Self {
        Self::Unusable {
            message: message.into(),
            next: next.into(),
        }
    }

    /// The act was refused or did not succeed.
    pub(crate) fn refused(message: impl Into<String>, next: impl Into<String>) -> Self {
        Self::Refused {
            message: message.into(),
            next: next.into(),
        }
    }

    /// Tells the person on standard error and gives the exit code.
    pub(crate) fn report(&self, output: Output) -> ExitCode {
        let (code, message, next) = match self {
            Self::Closed => return ExitCode::SUCCESS,
            Self::Refused { message, next } => (1, message, next),
            Self::Unusable { message, next } => (2, message, next),
        };
        let text = match output {
            Output::Text if next.is_empty() => format!("waarborg: {message}\n"),
            Output::Text => format!("waarborg: {message}\n  next: {next}\n"),
            Output::Json => format!("{}\n", json!({ "error": message, "next": next })),
        };
        // Standard error may be closed as well; then nobody is left to tell.
        let _ = io::stderr().lock().write_all(text.as_bytes());
        ExitCode::from(code)
    }
}
