//! The course of a request, for who watches how long its steps take. It holds no word of what is in the request.

use waarborg_domain::prompt::Report;

use crate::ports::ProviderError;

/// Watches the course of a request, step by step.
pub trait Course: Send + Sync {
    /// A step begins. The one before it has ended.
    fn begins(&self, step: Step<'_>);

    /// The step that began last has ended.
    fn ends(&self, end: End<'_>);
}

/// A step on the way of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// It is looked through for what may not go to this recipient as it is.
    Screening {
        /// The recipient's name in the register.
        recipient: &'a str,
    },
    /// It goes to this recipient.
    Hop {
        /// The recipient's name in the register.
        recipient: &'a str,
        /// The model as the client names it. A client may write anything there.
        model: &'a str,
    },
}

/// How a step ended.
#[derive(Clone, Copy, Debug)]
pub enum End<'a> {
    /// It was looked through.
    Screened(&'a Report),
    /// The detector did not come to an end.
    NotScreened,
    /// The recipient gave no answer.
    Failed(&'a ProviderError),
}
