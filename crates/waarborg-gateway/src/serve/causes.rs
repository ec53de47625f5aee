//! Which problem of a client each fault of the rooms below is.

use waarborg_domain::permit::Refusal;
use waarborg_domain::prompt::PromptFault;
use waarborg_usecase::budget::BudgetError;
use waarborg_usecase::gateway::GatewayError;
use waarborg_usecase::guard::GuardError;
use waarborg_usecase::keys::KeyError;
use waarborg_usecase::ports::KeptKind;

use super::error::Problem;
use crate::enclosed::Fault;
use crate::form::FilledFault;
use crate::surfaces::FormFault;

impl From<FormFault> for Problem {
    fn from(fault: FormFault) -> Self {
        Self::Form(fault)
    }
}

impl From<FilledFault> for Problem {
    fn from(fault: FilledFault) -> Self {
        Self::Filled(fault)
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Busy => Self::Busy,
            Fault::Unread { place, why } => Self::Unread { place, why },
        }
    }
}

impl From<PromptFault> for Problem {
    fn from(fault: PromptFault) -> Self {
        Self::Prompt(fault)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::NotAllowed {
            code: refusal.code(),
            row: refusal.row(),
        }
    }
}

impl From<KeyError> for Problem {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::NotAllowed(refusal) => refusal.into(),
            KeyError::Closed => Self::NoKey,
            KeyError::Store(_) => Self::House,
        }
    }
}

impl From<BudgetError> for Problem {
    fn from(error: BudgetError) -> Self {
        match error {
            BudgetError::UsedUp { measure, wait } => Self::UsedUp { measure, wait },
            BudgetError::InUse { .. } => Self::InUse,
            BudgetError::Store(_) => Self::House,
        }
    }
}

impl From<GatewayError> for Problem {
    fn from(error: GatewayError) -> Self {
        match error {
            GatewayError::NoModel => Self::NoModel,
            GatewayError::OtherWire => Self::OtherWire,
            GatewayError::OtherPurpose => Self::OtherPurpose,
            GatewayError::OtherModel => Self::OtherModel,
            GatewayError::UnknownGroup => Self::UnknownGroup,
            GatewayError::OtherPolicy => Self::Header("x-waarborg-policy"),
            GatewayError::NotAllowed(refusal) => refusal.into(),
            GatewayError::NotKept => Self::MayNotStore("store"),
            GatewayError::KeepsNone(KeptKind::Conversation) => {
                super::batches::Fault::KeepsNoConversations.into()
            }
            GatewayError::KeepsNone(_) => {
                super::batches::Fault::KeepsNoResponses { field: "store" }.into()
            }
            GatewayError::TooMuchToKeep => super::batches::Fault::TooMuchToKeep.into(),
            GatewayError::Contradiction(_) => super::batches::Fault::Contradiction.into(),
            GatewayError::PreviousGone(kind) => super::batches::Fault::Gone(kind).into(),
            GatewayError::Outrun => super::batches::Fault::Outrun.into(),
            GatewayError::Finder | GatewayError::Store(_) => Self::House,
            GatewayError::Provider(error) => Self::Provider(error),
        }
    }
}

impl From<GuardError> for Problem {
    fn from(error: GuardError) -> Self {
        match error {
            GuardError::NoModel => Self::NoModel,
            GuardError::NotAllowed(refusal) => refusal.into(),
            GuardError::Finder => Self::House,
        }
    }
}
