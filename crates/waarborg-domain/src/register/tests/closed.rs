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
        ("\"deletion\", ", "", "contract-incomplete", "no-contract"),
        ("\"security\", ", "", "contract-incomplete", "no-contract"),
        (
            "review = \"2027-11-01\"\n",
            "",
            "contract-incomplete",
            "no-contract",
        ),
        (
            "valid_until = \"2027-06-30\"\n",
            "",
            "mechanism-undated",
            "no-mechanism",
        ),
        (
            "base_url = \"https://api.model.example/v1\"\nfields = [\"prompt\"]",
            "base_url = \"https://api.model.example/v1\"\nfields = []",
            "fields-missing",
            "no-fields",
        ),
        (
            "[evidence.dpa-17]",
            "[evidence.dpa-18]",
            "unknown-evidence",
            "no-contract",
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

/// The register that stays in force when this change is made in a file that has another fault too.
fn narrowed(register: &Register, changes: &[(&str, &str)]) -> Option<Register> {
    let source = changed(changes).replacen("[cookie.visit]", "[cokie.visit]", 1);
    let faults = compiled(&source).unwrap_err();
    let (draft, _) = Register::draft(&source, "register.toml", &super::LAW, TODAY);
    register.narrowed_by(draft.as_ref(), &faults, TODAY)
}

#[test]
fn a_file_with_other_faults_closes_a_recipient_and_opens_none() {
    let open = register(SMALL);
    assert!(narrowed(&open, &[]).is_none());

    let model = "base_url = \"https://api.model.example/v1\"";
    for (from, to, refusal) in [
        ("\"2027-06-30\"", "\"2026-11-20\"", "mechanism-expired"),
        (
            "[recipient.model]",
            "[recipient.other]",
            "unknown-recipient",
        ),
        (
            "v1\"\nfields = [\"prompt\"]",
            "v1\"\nfields = []",
            "no-fields",
        ),
        (
            "v1\"\nfields = [\"prompt\"]",
            "v1\"\nfields = [\"name\"]",
            "recipient-closed",
        ),
        ("[evidence.dpa-17]", "[evidence.dpa-18]", "no-contract"),
        (model, "base_url = 3", "recipient-closed"),
        (
            model,
            "base_url = \"https://elsewhere.example/v1\"",
            "recipient-closed",
        ),
        ("country = \"US\"", "country = \"CA\"", "recipient-closed"),
        ("trains = false", "trains = maybe", "recipient-closed"),
        (
            "recipients = [\"model\"]",
            "recipients = []",
            "recipient-not-for-purpose",
        ),
        (
            "basis = \"contract\"",
            "basis = \"consent\"\nconsent = \"news@1\"",
            "recipient-not-for-purpose",
        ),
    ] {
        let closed = narrowed(&open, &[(from, to)]);
        let closed = closed.unwrap_or_else(|| panic!("{to} closes nobody"));
        assert_eq!(transferred(&closed), Err(refusal), "{to}");
        assert!(
            narrowed(&closed, &[]).is_none(),
            "a file with faults opens nobody"
        );
    }
}

#[test]
fn a_file_that_cannot_be_read_closes_everybody() {
    let open = register(SMALL);
    let closed = open.narrowed_by(None, &[], TODAY).unwrap();

    assert_eq!(transferred(&closed), Err("recipient-closed"));
    assert!(closed.narrowed_by(None, &[], TODAY).is_none());
    assert!(open.narrowed_by(None, &[], date(2027, 7, 1)).is_none());
}

#[test]
fn a_recipient_can_be_closed_by_name() {
    let closed = register(SMALL).closed_for(["model", "nobody"]);
    assert_eq!(transferred(&closed), Err("recipient-closed"));
}
