//! The program from outside: the built binary, real sockets, and an upstream that records every byte.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::format_push_string,
    clippy::too_many_lines,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod authority;
mod by_mail;
mod canary;
mod changes;
mod channels;
mod command_line;
mod console;
mod cookies;
mod desk;
mod disclosures;
mod disputes;
mod door;
mod from_mails;
mod gateway;
mod http;
mod keeping;
mod licences;
mod live;
mod mail;
mod mail_server;
mod mutation;
mod notice_page;
mod person;
mod policy;
mod program;
mod proxy;
mod races;
mod raw_requests;
mod record;
mod requirements;
mod second_person;
mod sightings;
mod silence;
mod statements;
mod steering;
mod stops;
mod streams;
mod told;
mod traces;
mod transfers;
mod upstream;
mod versions;
mod who;
mod withheld;
