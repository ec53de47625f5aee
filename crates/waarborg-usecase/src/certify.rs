//! The certificate of an erasure: made of what the store says it did and of what the register says of other places.

use jiff::Timestamp;
use jiff::civil::Date;
use waarborg_domain::audit::{Certificate, Leftover, PlaceReceipt};
use waarborg_domain::decision::Task;
use waarborg_domain::register::Destination;
use waarborg_domain::rights::Request;

use crate::desk::Desk;
use crate::ports::{ErasureReceipt, Kept};

/// The signed certificate of what was erased because of a request.
pub(crate) fn certificate(
    desk: &Desk,
    request: &Request,
    receipt: &ErasureReceipt,
    tasks: &[Task],
) -> String {
    let now = desk.now();
    let mut places: Vec<PlaceReceipt> = receipt
        .places
        .iter()
        .map(|place| PlaceReceipt {
            place: place.place.to_owned(),
            state: place.state,
            n: place.n,
            until: None,
        })
        .collect();
    places.push(backups(desk, now));
    places.extend(recipients(desk, tasks));
    let certificate = Certificate {
        reference: request.reference.as_str().to_owned(),
        controller: desk.register.default_controller().name.clone(),
        erased_at: now,
        register_version: desk.register.version().to_owned(),
        places,
        kept: receipt
            .kept
            .iter()
            .map(|kept| leftover(desk, kept))
            .collect(),
        trace: receipt.trace.clone(),
    };
    let text = certificate.text(&desk.store.log_key());
    desk.store.sign_note(&text)
}

/// Backups hold sealed bytes without their keys, until they are thrown away.
fn backups(desk: &Desk, now: Timestamp) -> PlaceReceipt {
    let tail = desk.register.backup().map(|rule| rule.tail);
    PlaceReceipt {
        place: "backups".to_owned(),
        state: "unreadable",
        n: 0,
        until: tail
            .and_then(|tail| tail.after(now, &desk.zone))
            .map(|at| day(desk, at)),
    }
}

/// Every recipient outside the house: it keeps nothing, or was asked, and says until when it may still hold something.
fn recipients(desk: &Desk, tasks: &[Task]) -> Vec<PlaceReceipt> {
    let outside = desk
        .register
        .recipients()
        .filter(|recipient| recipient.destination != Destination::Own);
    outside
        .map(|recipient| {
            let task = tasks.iter().find(|task| recipient.name == *task.recipient);
            PlaceReceipt {
                place: format!("recipient {}", recipient.name),
                state: match task {
                    Some(_) => "asked to erase",
                    None if recipient.stores_input => "received nothing of this",
                    None => "keeps nothing",
                },
                n: 0,
                until: task.and_then(|task| task.gone_at).map(|at| day(desk, at)),
            }
        })
        .collect()
}

fn leftover(desk: &Desk, kept: &Kept) -> Leftover {
    Leftover {
        category: kept.category.clone(),
        purpose: kept.purpose.clone(),
        basis: kept.basis.clone(),
        until: kept.until.map(|at| day(desk, at)),
        n: kept.n_records,
    }
}

fn day(desk: &Desk, at: Timestamp) -> Date {
    at.to_zoned(desk.zone.clone()).date()
}
