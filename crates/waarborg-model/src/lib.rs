//! A token classifier of the operator's own: text in, what it takes for personal data out.
//!
//! A folder as `optimum-cli export onnx` leaves it (`model.onnx`, `vocab.txt`, `config.json`, perhaps `tokenizer_config.json`) with a
//! model of the BERT family, and ONNX Runtime, which is loaded when the program starts and only where a model is configured. What the
//! model was asked, and what went wrong inside it, is never kept or told: it may repeat a text.

mod classifier;
mod entities;
mod fault;
mod folder;
mod pieces;
mod windows;

pub use classifier::{Choice, Classifier};
pub use fault::{ModelFault, NoAnswer};
