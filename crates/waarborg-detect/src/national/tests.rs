//! Whether every check lets its examples pass and stops single slips.

use std::fmt::Write as _;
use std::string::String;
use std::vec::Vec;

use super::*;

/// Numbers that fit (invented, or specimens that the issuers publish), and the share of single slips that their check lets pass, in per cent.
const GOOD: &[(&str, u32, &[&str])] = &[
    ("NL_BTW_ID", 15, &["NL123456789B13", "NL004495445B01"]),
    ("NL_OB_NUMMER", 20, &["111222333B01"]),
    ("NL_LOONHEFFINGENNUMMER", 20, &["111222333L01"]),
    ("NL_PASPOORT_OF_ID_KAART", 100, &["NXK4R8D26", "IW4R8K2D6"]),
    ("NL_RIJBEWIJS", 97, &["5203914478"]),
    ("NL_V_NUMMER", 100, &["2844409172"]),
    ("NL_ONDERWIJSNUMMER", 0, &["101222331"]),
    ("NL_BIG", 100, &["69918402225"]),
    ("NL_AGB", 100, &["04093311"]),
    ("NL_UZI", 100, &["800712929"]),
    ("NL_A_NUMMER", 5, &["5696062307"]),
    ("BE_RRN", 2, &["85.10.27-342.24", "81.07.04-369.97"]),
    ("BE_ONDERNEMINGSNUMMER", 0, &["0428.759.497"]),
    ("BE_IDENTITEITSKAART", 0, &["592-1234567-32"]),
    ("DE_STEUER_ID", 0, &["36 574 261 809", "13250693743"]),
    ("DE_RENTENVERSICHERUNG", 5, &["15070649C103"]),
    ("DE_KRANKENVERSICHERUNG", 5, &["A123456780"]),
    ("DE_AUSWEIS", 5, &["T220001293"]),
    ("DE_AUSWEIS", 100, &["T22000129"]),
    ("DE_STEUERNUMMER", 90, &["2181081508155"]),
    ("DE_STEUERNUMMER", 100, &["181/815/08155", "21/815/08150"]),
    ("DE_FUEHRERSCHEIN", 100, &["B072RRE2I55"]),
    ("DE_LANR", 30, &["123456601"]),
    ("DE_BSNR", 90, &["381789045"]),
    ("FR_NIR", 0, &["2 95 10 99 126 111 93"]),
    ("FR_NIR", 97, &["2951099126111"]),
    ("FR_SPI", 5, &["0701987765493"]),
    ("FR_PASSEPORT", 100, &["04FE12345"]),
    ("FR_CNI", 97, &["880692310285"]),
    ("FR_PERMIS", 97, &["881071312345"]),
    ("FR_SIREN", 0, &["552 008 443"]),
    ("FR_SIRET", 0, &["73282932000074"]),
    ("GB_NHS", 0, &["943 476 5870", "401 023 2137"]),
    ("GB_NINO", 100, &["JK 38 82 46 C"]),
    ("GB_UTR", 12, &["1955839661"]),
    ("GB_DRIVING_LICENCE", 97, &["MORGA657054SM9IJ"]),
    ("GB_PASSPORT", 100, &["AB1234567"]),
    ("IE_PPS", 0, &["6433435F"]),
    ("IE_PPS", 5, &["6433435FW"]),
    ("SE_PERSONNUMMER", 0, &["880320-0016"]),
    ("SE_PERSONNUMMER", 8, &["19880320-0016"]),
    ("SE_ORGANISATIONSNUMMER", 0, &["123456-7897"]),
    ("FI_HENKILOTUNNUS", 0, &["131052-308T"]),
    ("FI_HENKILOTUNNUS", 0, &["131052A308T"]),
    ("FI_Y_TUNNUS", 0, &["2077474-0"]),
    ("DK_CPR", 0, &["211062-5629"]),
    ("NO_FODSELSNUMMER", 0, &["15108695088"]),
    ("ES_DNI", 0, &["54362315K", "58650121Y"]),
    ("ES_NIE", 0, &["X2482300W"]),
    ("ES_PASAPORTE", 100, &["AAA123456"]),
    ("ES_NSS", 0, &["082423717040"]),
    ("PT_NIF", 3, &["501964843"]),
    ("PT_CARTAO_CIDADAO", 0, &["000000000ZZ4"]),
    ("IT_CODICE_FISCALE", 3, &["RCCMNL83S18D969H"]),
    ("IT_PARTITA_IVA", 0, &["00743110157"]),
    ("IT_CARTA_IDENTITA", 100, &["CA12345BB"]),
    ("IT_PASSAPORTO", 100, &["YA1234567"]),
    ("IT_PATENTE", 100, &["MI1234567X", "U1H52P4K8A"]),
    ("AT_SVNR", 5, &["1237 010180"]),
    ("LU_MATRICULE", 35, &["1893120105732"]),
    ("CH_AHV", 0, &["756.9217.0769.85"]),
    ("PL_PESEL", 0, &["44051401359", "83022746710"]),
    ("PL_NIP", 3, &["8567346215"]),
    ("PL_REGON", 10, &["123456785", "870151509", "186669820"]),
    ("PL_DOWOD", 5, &["ABS123456"]),
    ("CZ_SK_RODNE_CISLO", 0, &["710319/2745"]),
    ("TR_KIMLIK", 0, &["10000000146", "60830681732"]),
    (
        "EE_LT_ISIKUKOOD",
        10,
        &["36805280109", "33309240064", "36805281639", "36805287090"],
    ),
    (
        "LV_PERSONAS_KODS",
        10,
        &["161175-19997", "16117517959", "16117515890"],
    ),
    ("RO_CNP", 3, &["1630615123457"]),
    ("BG_EGN", 10, &["7523169263", "7523162309", "7523163060"]),
    ("GR_AMKA", 0, &["01013099997"]),
    ("HR_OIB", 0, &["33392005961"]),
    ("SI_EMSO", 5, &["0101006500006"]),
    ("AT_VAT", 0, &["ATU13585627"]),
    ("BE_VAT", 0, &["BE0428759497"]),
    ("DE_VAT", 0, &["DE136695976"]),
    ("DK_VAT", 0, &["DK13585628"]),
    ("FI_VAT", 0, &["FI20774740"]),
    ("FR_VAT", 0, &["FR40303265045"]),
    ("IE_VAT", 0, &["IE6433435F"]),
    ("IT_VAT", 0, &["IT00743110157"]),
    ("LU_VAT", 3, &["LU15027442"]),
    ("PL_VAT", 3, &["PL8567346215"]),
    ("PT_VAT", 3, &["PT501964843"]),
    ("SE_VAT", 0, &["SE123456789701"]),
];

/// Numbers whose sums fit, and which were never issued all the same: an impossible day, a first zero, a region that is not there.
const NEVER: &[(&str, &[&str])] = &[
    ("DE_AUSWEIS", &["CFGHJKLMN"]),
    (
        "LU_MATRICULE",
        &["1893130194415", "1893013236495", "1793010184635"],
    ),
    ("GR_AMKA", &["32013074995"]),
    ("CZ_SK_RODNE_CISLO", &["7113194352", "7103325537"]),
    ("NL_BTW_ID", &["NL111222333B00"]),
    ("NL_A_NUMMER", &["0471914651", "2668703741"]),
    ("NL_ONDERWIJSNUMMER", &["109999999"]),
    ("BE_RRN", &["85133234289"]),
    ("BE_ONDERNEMINGSNUMMER", &["2123456791", "0000000097"]),
    ("BE_VAT", &["BE2123456791"]),
    ("BE_IDENTITEITSKAART", &["000000000097"]),
    ("DE_STEUER_ID", &["08282357416", "28694573012"]),
    ("DE_LANR", &["000000000"]),
    ("DE_VAT", &["DE056224154"]),
    ("DK_VAT", &["DK06520642"]),
    ("FI_VAT", &["FI00000000"]),
    ("FI_Y_TUNNUS", &["00000000"]),
    ("LU_VAT", &["LU00000000"]),
    ("PL_NIP", &["0000000000"]),
    ("PL_REGON", &["000000000"]),
    ("PL_PESEL", &["44053217611", "44161409849"]),
    ("GB_NHS", &["0000000000"]),
    ("IT_PARTITA_IVA", &["00000000000"]),
    ("ES_NSS", &["006303908849", "993187613156"]),
    ("PT_NIF", &["039997782"]),
    ("FR_SIRET", &["23352670521259"]),
    ("SE_PERSONNUMMER", &["8803323784"]),
    ("SE_ORGANISATIONSNUMMER", &["5501333743"]),
    ("FI_HENKILOTUNNUS", &["320152308T", "320152A308T"]),
    ("DK_CPR", &["3210016731"]),
    ("NO_FODSELSNUMMER", &["32101236969"]),
    ("AT_SVNR", &["0291100596"]),
    ("TR_KIMLIK", &["04228754226"]),
    (
        "EE_LT_ISIKUKOOD",
        &["06805284487", "96805208221", "36805328104"],
    ),
    ("LV_PERSONAS_KODS", &["32117515881", "16137519273"]),
    (
        "RO_CNP",
        &["0630615124844", "1630615606194", "1630632153590"],
    ),
    ("BG_EGN", &["7523328874", "7513167535"]),
    (
        "SI_EMSO",
        &["0101006051872", "0101006658351", "3201006509971"],
    ),
];

#[test]
fn what_was_never_issued_does_not_pass_whatever_its_sum() {
    let mut faults = String::new();
    for (name, examples) in NEVER {
        for example in *examples {
            match number_of(name, example) {
                Some(number) if (number.check)(&compact(example)) => {
                    let _ = writeln!(faults, "{name}: {example} passes");
                }
                Some(_) => {}
                None => {
                    let _ = writeln!(faults, "{name}: {example} has another shape");
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

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

/// The number of this name that an example is written as.
fn number_of(name: &str, example: &str) -> Option<&'static Number> {
    let bytes = compact(example);
    numbers().find(|number| {
        number.name == name && number.shape.len() == bytes.len() && fits(number.shape, &bytes)
    })
}

#[test]
fn every_number_has_an_example_that_its_check_lets_pass() {
    let mut faults = String::new();
    for number in numbers() {
        let is_shown = GOOD.iter().any(|(name, _, examples)| {
            *name == number.name
                && examples.iter().any(|example| {
                    number_of(name, example).is_some_and(|other| other.shape == number.shape)
                })
        });
        if !is_shown {
            let _ = writeln!(faults, "{} ({}) has no example", number.name, number.shape);
        }
    }
    for (name, _, examples) in GOOD {
        for example in *examples {
            if !number_of(name, example).is_some_and(|number| (number.check)(&compact(example))) {
                let _ = writeln!(faults, "{name}: {example}");
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn a_name_begins_with_its_country_and_is_plain_capitals() {
    for number in numbers() {
        let is_plain = number
            .name
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        assert!(
            is_plain && number.name.as_bytes().get(2) == Some(&b'_'),
            "{}",
            number.name
        );
    }
}

/// Take a check away, or one of its weights, and this test fails.
#[test]
fn a_single_wrong_digit_does_not_pass_a_check() {
    let mut faults = String::new();
    for (name, most, examples) in GOOD {
        let (mut n_slips, mut n_passed) = (0, 0);
        for example in *examples {
            let number = number_of(name, example).unwrap();
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
        if *most > 20
            && examples
                .iter()
                .any(|example| number_of(name, example).unwrap().alone_always())
        {
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
