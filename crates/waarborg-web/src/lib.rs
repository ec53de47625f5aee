//! People's side: notice, consent, chat, rights and console.

pub mod asset;
pub mod header;
pub mod markdown;
pub mod page;
pub mod role;
pub mod words;
