//! A recipient to whom nothing may go is closed; the rest of the register stays in force.

use jiff::civil::date;

use super::{SMALL, TODAY, changed, compiled, register};
use crate::permit::{Ask, PersonState};
use crate::register::{Fault, Register};

fn transferred(register: &Register) -> Result<(), &'static str> {
    let person = PersonState {
        notice_seen: true,
        ..PersonState::default()
    };
    let permit = register
        .permit(&Ask {
            service: "chat",
            purpose: "provide",
            person: &person,
            today: TODAY,
        })
        .unwrap();
    let transfer = register.transfer(&permit, "model", TODAY);
    transfer.map(drop).map_err(|refusal| refusal.code())
}

#[test]
fn what_a_transfer_is_refused_for_closes_the_recipient_and_not_the_house() {
    for (from, to, code, refusal) in [
        (
            "\"2027-06-30\"",
            "\"2026-11-20\"",
            "mechanism-expired",
            "mechanism-expired",
        ),
        ("mechanism = \"scc\"\n", "", "no-mechanism", "no-mechanism"),
        ("dpa = \"dpa-17\"\n", "", "contract-missing", "no-contract"),
        (
            "valid_until = \"2027-06-30\"\n",
            "",
            "mechanism-undated",
            "no-mechanism",
        ),
        (
            "[recipient.model]",
            "[recipient.other]",
            "unknown-recipient",
            "unknown-recipient",
        ),
    ] {
        let register = register(&changed(&[(from, to)]));
        let fault = register.warnings().iter().find(|fault| fault.code == code);
        assert!(
            fault.is_some_and(|fault| fault.is_error() && !fault.stops_the_start()),
            "{code}"
        );
        assert_eq!(transferred(&register), Err(refusal), "{code}");
    }
}

#[test]
fn a_register_without_faults_closes_nobody() {
    let open = register(SMALL);
    assert_eq!(transferred(&open), Ok(()));
    assert!(!open.warnings().iter().any(Fault::closes_a_recipient));
}

#[test]
fn a_file_with_other_faults_closes_a_recipient_and_opens_none() {
    let law = &super::LAW;
    let draft = |changes: &[(&str, &str)]| {
        let source = changed(changes).replacen("[[processing]]", "[[procesing]]", 1);
        assert!(compiled(&source).is_err());
        Register::draft(&source, "register.toml", law, TODAY)
            .0
            .unwrap()
    };
    let open = register(SMALL);
    let expired = draft(&[("\"2027-06-30\"", "\"2026-11-20\"")]);
    let gone = draft(&[("[recipient.model]", "[recipient.other]")]);

    let closed = open.narrowed_by(&expired, TODAY).unwrap();
    assert_eq!(transferred(&closed), Err("mechanism-expired"));
    assert_eq!(
        transferred(&open.narrowed_by(&gone, TODAY).unwrap()),
        Err("unknown-recipient")
    );
    assert!(open.narrowed_by(&draft(&[]), TODAY).is_none());
    assert!(closed.narrowed_by(&open, TODAY).is_none());
    assert!(open.narrowed_by(&open, date(2027, 7, 1)).is_none());
}
