//! Whether every check lets its examples pass and stops single slips.

use std::fmt::Write as _;
use std::string::String;
use std::vec::Vec;

use super::*;

/// Numbers that fit (invented, or specimens that the issuers publish), and the share of single slips that their check lets pass, in per cent.
const GOOD: &[(&str, u32, &[&str])] = &[
    ("NL BTW-id", 15, &["NL123456789B13", "NL004495445B01"]),
    ("NL omzetbelastingnummer", 20, &["111222333B01"]),
    ("NL loonheffingennummer", 20, &["111222333L01"]),
    (
        "NL passport or identity card",
        100,
        &["NXK4R8D26", "IW4R8K2D6"],
    ),
    ("NL driving licence", 97, &["5203914478"]),
    ("NL V-number", 100, &["2844409172"]),
    ("NL education number", 0, &["101222331"]),
    ("NL BIG registration", 100, &["69918402225"]),
    ("NL AGB code", 100, &["04093311"]),
    ("NL UZI pass", 100, &["800712929"]),
    ("NL citizen registry number (A-nummer)", 5, &["5696062307"]),
    (
        "BE national register",
        2,
        &["85.10.27-342.24", "81.07.04-369.97"],
    ),
    ("BE enterprise", 0, &["0428.759.497"]),
    (
        "DE tax identification",
        0,
        &["36 574 261 809", "13250693743"],
    ),
    ("DE pension insurance", 5, &["15070649C103"]),
    ("DE health insurance", 5, &["A123456780"]),
    (
        "DE identity card or passport with its check digit",
        5,
        &["T220001293"],
    ),
    ("DE identity card or passport", 100, &["T22000129"]),
    ("FR social security", 0, &["2 95 10 99 126 111 93"]),
    ("FR social security without its key", 97, &["2951099126111"]),
    ("FR tax", 5, &["0701987765493"]),
    ("FR SIREN", 0, &["552 008 443"]),
    ("FR SIRET", 0, &["73282932000074"]),
    ("GB NHS", 0, &["943 476 5870", "401 023 2137"]),
    ("GB national insurance", 100, &["JK 38 82 46 C"]),
    ("GB tax reference", 12, &["1955839661"]),
    ("GB driving licence", 97, &["MORGA657054SM9IJ"]),
    ("IE PPS", 0, &["6433435F"]),
    ("IE PPS with two letters", 5, &["6433435FW"]),
    ("SE personnummer", 0, &["880320-0016"]),
    ("SE personnummer with its century", 8, &["19880320-0016"]),
    ("SE organisationsnummer", 0, &["123456-7897"]),
    ("FI henkilötunnus", 0, &["131052-308T"]),
    (
        "FI henkilötunnus with the letter of its century",
        0,
        &["131052A308T"],
    ),
    ("DK CPR", 0, &["211062-5629"]),
    ("NO fødselsnummer", 0, &["15108695088"]),
    ("ES DNI", 0, &["54362315K", "58650121Y"]),
    ("ES NIE", 0, &["X2482300W"]),
    ("PT NIF", 3, &["501964843"]),
    ("PT citizen card", 0, &["000000000ZZ4"]),
    ("IT codice fiscale", 3, &["RCCMNL83S18D969H"]),
    ("AT social security", 5, &["1237 010180"]),
    ("LU identification", 35, &["1893120105732"]),
    ("CH AHV", 0, &["756.9217.0769.85"]),
    ("PL PESEL", 0, &["44051401359", "83022746710"]),
    ("PL NIP", 3, &["8567346215"]),
    ("PL identity card", 5, &["ABS123456"]),
    ("CZ and SK birth number", 0, &["710319/2745"]),
    ("TR kimlik", 0, &["10000000146", "60830681732"]),
    (
        "EE and LT personal code",
        5,
        &["36805280109", "33309240064"],
    ),
    ("LV personas kods", 5, &["161175-19997"]),
    ("RO CNP", 3, &["1630615123457"]),
    ("BG EGN", 5, &["7523169263"]),
    ("GR AMKA", 0, &["01013099997"]),
    ("HR OIB", 0, &["33392005961"]),
    ("SI EMŠO", 5, &["0101006500006"]),
    ("AT VAT", 0, &["ATU13585627"]),
    ("BE VAT", 0, &["BE0428759497"]),
    ("DE VAT", 0, &["DE136695976"]),
    ("DK VAT", 0, &["DK13585628"]),
    ("FI VAT", 0, &["FI20774740"]),
    ("FR VAT", 0, &["FR40303265045"]),
    ("IE VAT", 0, &["IE6433435F"]),
    ("IT VAT", 0, &["IT00743110157"]),
    ("LU VAT", 3, &["LU15027442"]),
    ("PL VAT", 3, &["PL8567346215"]),
    ("PT VAT", 3, &["PT501964843"]),
    ("SE VAT", 0, &["SE123456789701"]),
];

fn compact(written: &str) -> Vec<u8> {
    written
        .bytes()
        .filter(u8::is_ascii_alphanumeric)
        .map(|byte| byte.to_ascii_uppercase())
        .collect()
}

fn numbers() -> impl Iterator<Item = &'static Number> {
    ALL.iter().flat_map(|numbers| numbers.iter())
}

#[test]
fn every_number_has_an_example_that_its_check_lets_pass() {
    let mut faults = String::new();
    for number in numbers() {
        let Some((_, _, examples)) = GOOD.iter().find(|(name, ..)| *name == number.name) else {
            let _ = writeln!(faults, "{} has no example", number.name);
            continue;
        };
        for example in *examples {
            let bytes = compact(example);
            if bytes.len() != number.shape.len()
                || !fits(number.shape, &bytes)
                || !(number.check)(&bytes)
            {
                let _ = writeln!(faults, "{}: {example}", number.name);
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

/// Take a check away, or one of its weights, and this test fails.
#[test]
fn a_single_wrong_digit_does_not_pass_a_check() {
    let mut faults = String::new();
    for (name, most, examples) in GOOD {
        let number = numbers().find(|number| number.name == *name).unwrap();
        let (mut n_slips, mut n_passed) = (0, 0);
        for example in *examples {
            let bytes = compact(example);
            for place in 0..bytes.len() {
                let class = number.shape.as_bytes()[place];
                let own = bytes[place];
                for other in (b'0'..=b'9')
                    .filter(|other| class != b'A' && own.is_ascii_digit() && *other != own)
                {
                    let mut slip = bytes.clone();
                    slip[place] = other;
                    n_slips += 1;
                    n_passed += u32::from(fits(number.shape, &slip) && (number.check)(&slip));
                }
            }
        }
        if n_passed * 100 > most * n_slips || n_slips == 0 {
            let _ = writeln!(faults, "{name}: {n_passed} of {n_slips} pass");
        }
        if *most > 20 && number.alone_always() {
            let _ = writeln!(faults, "{name}: too weak to stand alone");
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

impl Number {
    fn alone_always(&self) -> bool {
        matches!(self.alone, Alone::Always)
    }
}
