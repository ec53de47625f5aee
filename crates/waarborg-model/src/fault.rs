//! What can be wrong with a model.

use std::path::PathBuf;

/// Why a model cannot be used; told at the start, with what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelFault {
    /// A file of the folder is not there or cannot be read.
    #[error("{} cannot be read: {cause}", file.display())]
    Unreadable {
        /// Which one.
        file: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// A file of the folder is not what its name says.
    #[error("{} {what}", file.display())]
    Malformed {
        /// Which one.
        file: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// ONNX Runtime is not there, or too old.
    #[error("ONNX Runtime cannot be loaded: {0}")]
    Runtime(String),
    /// ONNX Runtime does not take the model.
    #[error("{} is refused by ONNX Runtime: {cause}", file.display())]
    Refused {
        /// The model.
        file: PathBuf,
        /// What it says.
        cause: String,
    },
    /// The model wants something that only another kind of program can give.
    #[error("the model {0}")]
    Unfit(String),
    /// What the model can say, and what it stands for here, do not agree.
    #[error("{0}")]
    Labels(String),
}

impl ModelFault {
    /// What to do about it.
    #[must_use]
    pub fn mend(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } | Self::Malformed { .. } => {
                "export the model once more: optimum-cli export onnx --task token-classification --model NAME FOLDER"
            }
            Self::Runtime(_) => {
                "install ONNX Runtime 1.18 or newer, and name its file: library = \"/path/to/libonnxruntime.so\""
            }
            Self::Refused { .. } | Self::Unfit(_) => {
                "use a model of the BERT family for token classification, exported to ONNX"
            }
            Self::Labels(_) => {
                "give every entity of the model a kind, or \"none\": PER = \"PERSON\", MISC = \"none\""
            }
        }
    }
}

/// The model gave no answer. Why is not said: the cause may repeat the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the model gave no answer")]
pub struct NoAnswer;
