//! People's side: notice, consent, chat, rights and console.
