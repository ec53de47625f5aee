//! The version of the notice follows what people read.

use jiff::civil::date;

use super::{Notice, Shown};
use crate::law::Law;
use crate::register::Register;

const SMALL: &str = include_str!("../register/tests/small.toml");

fn version(source: &str) -> String {
    let law = Law::shipped().unwrap();
    let register = Register::compile(source, "register.toml", &law, date(2026, 11, 21)).unwrap();
    let notice = Notice::of(
        &register,
        &Shown {
            at: date(2026, 11, 21),
            residence: None,
            language: "nl",
            notice: None,
        },
    );
    assert_eq!(notice.version, register.notice_version());
    register.notice_version().to_owned()
}

#[test]
fn a_comment_and_white_space_leave_the_version_of_the_notice() {
    let before = version(SMALL);
    assert!(before.starts_with("1+"));
    assert_eq!(
        before,
        version(&format!("# a comment\n\n{SMALL}\n\n# another\n"))
    );
    assert_eq!(before, version(&SMALL.replace(" = ", "   =  ")));
}

#[test]
fn what_people_read_changes_the_version_of_the_notice() {
    let before = version(SMALL);
    for (from, to) in [
        ("30d", "31d"),
        ("\"2027-06-30\"", "\"2027-06-29\""),
        ("version = \"1\"\nlanguages", "version = \"2\"\nlanguages"),
    ] {
        assert!(SMALL.contains(from), "{from}");
        assert_ne!(before, version(&SMALL.replace(from, to)), "{from}");
    }
}

#[test]
fn the_words_of_a_consent_change_the_version_of_the_notice() {
    assert!(SMALL.contains("\"Ja, stuur"));
    let source = SMALL.replace("\"Ja, stuur", "\"Goed, stuur");
    assert_ne!(version(SMALL), version(&source));
}
