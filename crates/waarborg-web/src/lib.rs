//! People's side: notice, consent, chat, rights and console.

pub mod app;
pub mod asset;
pub mod cookie;
pub mod error;
pub mod figures;
mod form;
pub mod header;
pub mod mail;
pub mod markdown;
pub mod pace;
pub mod page;
mod pdf;
pub mod role;
pub mod route;
mod show;
mod visit;
pub mod words;

pub use app::{App, Settings};
pub use cookie::needed as cookies_needed;
pub use route::{routes, taking_data};
