//! Any register file is judged without a panic, and every fault says where it stands.
#![no_main]

use std::sync::LazyLock;

use jiff::civil::date;
use libfuzzer_sys::fuzz_target;
use waarborg_domain::law::Law;
use waarborg_domain::register::Register;

static LAW: LazyLock<Law> = LazyLock::new(|| Law::shipped().expect("it is shipped"));

fuzz_target!(|source: &str| {
    if let Err(faults) = Register::compile(source, "register.toml", &LAW, date(2026, 11, 21)) {
        assert!(!faults.is_empty());
        let lines = source.lines().count().max(1) + 1;
        for fault in faults {
            assert!((1..=lines).contains(&fault.line), "{} stands at line {}", fault.code, fault.line);
        }
    }
});
