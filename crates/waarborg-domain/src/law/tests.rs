//! The tables that come with the program, and what is refused in a table.

use std::collections::BTreeSet;

use jiff::civil::date;

use super::{Law, purposes, tables};

fn law() -> Law {
    Law::shipped().unwrap()
}

#[test]
fn the_thirty_countries_of_the_eea_are_in_it_and_no_other() {
    let law = law();
    let eea: Vec<&str> = law
        .country_codes()
        .filter(|code| law.is_eea(code))
        .collect();
    assert_eq!(eea.len(), 30);
    assert!(!law.is_eea("GB") && !law.is_eea("CH") && !law.is_eea("US") && !law.is_eea("nl"));
}

#[test]
fn adequacy_has_a_beginning_and_an_end() {
    let law = law();
    let today = date(2026, 11, 21);
    for country in [
        "GB", "CH", "JP", "KR", "BR", "NZ", "UY", "AD", "AR", "CA", "FO", "GG", "IL", "IM", "JE",
    ] {
        assert!(law.is_adequate(country, today), "{country}");
    }
    for country in ["RU", "CN", "SG", "MX", "AZ", "IN", "US"] {
        assert!(!law.is_adequate(country, today), "{country}");
    }
    assert!(law.is_adequate_if_certified("US", today));
    assert!(!law.is_adequate("BR", date(2025, 12, 31)));
    assert!(
        law.is_adequate("GB", date(2031, 12, 27)) && !law.is_adequate("GB", date(2031, 12, 28))
    );
}

#[test]
fn the_age_of_consent_differs_by_country() {
    let law = law();
    for (country, age) in [
        ("NL", 16),
        ("BE", 13),
        ("DK", 15),
        ("ES", 14),
        ("FR", 15),
        ("SE", 13),
        ("IE", 16),
        ("??", 16),
    ] {
        assert_eq!(law.consent_age(country), age, "{country}");
    }
}

#[test]
fn every_authority_belongs_to_a_country_that_is_known() {
    let law = law();
    for authority in law.authorities() {
        assert!(law.country(&authority.country).is_some() && authority.url.starts_with("https://"));
        assert!(authority.id.starts_with(&authority.country));
    }
}

#[test]
fn every_country_of_the_eea_has_an_authority_and_a_regime() {
    let law = law();
    for country in law.country_codes().filter(|code| law.is_eea(code)) {
        assert!(law.authorities_in(country).next().is_some(), "{country}");
        assert_eq!(law.regime(country, date(2026, 11, 21)).unwrap().id, "gdpr");
    }
}

#[test]
fn the_holidays_of_the_netherlands_in_2026() {
    let law = law();
    let days: Vec<_> = law
        .holidays("NL")
        .filter(|day| day.year() == 2026)
        .collect();
    let expected = [
        (1, 1),
        (4, 3),
        (4, 6),
        (4, 27),
        (5, 5),
        (5, 14),
        (5, 25),
        (12, 25),
        (12, 26),
    ];
    assert_eq!(days, expected.map(|(month, day)| date(2026, month, day)));
    assert!(
        law.is_free("NL", date(2025, 4, 26)) && law.is_free("NL", date(2031, 4, 26)),
        "King's Day moves from Sunday"
    );
}

#[test]
fn moving_holidays_of_other_countries() {
    let law = law();
    let eve = date(2026, 6, 19);
    assert!(
        law.is_avoided("SE", eve) && !law.is_free("SE", eve),
        "midsummer eve"
    );
    assert!(
        law.is_free("IE", date(2026, 2, 2)) && law.is_free("IE", date(2030, 2, 1)),
        "Saint Brigid"
    );
    assert!(
        law.is_free("IE", date(2026, 10, 26)),
        "last Monday of October"
    );
    assert!(
        law.is_free("GB", date(2027, 12, 27)) && law.is_free("GB", date(2027, 12, 28)),
        "Christmas in a weekend"
    );
    assert!(
        !law.is_free(
            "DE",
            date(2026, 11, 1)
                .checked_add(jiff::Span::new().days(1))
                .unwrap()
        )
    );
}

#[test]
fn every_row_has_its_source_and_the_day_on_which_it_was_written_down() {
    for table in [
        tables::SHIPPED.countries,
        tables::SHIPPED.adequacy,
        tables::SHIPPED.authorities,
        tables::SHIPPED.periods,
        tables::SHIPPED.holidays,
    ] {
        let rows = table.lines().filter(|line| line.starts_with("[[")).count();
        assert!(rows > 0);
        assert_eq!(
            rows,
            table
                .lines()
                .filter(|line| line.starts_with("source = \"") && line.len() > 14)
                .count()
        );
        let days = table
            .lines()
            .filter(|line| line.starts_with("noted = \"20"));
        assert_eq!(rows, days.count());
    }
}

#[test]
fn a_row_without_its_day_is_refused() {
    let row = "[[holiday]]\ncountry = \"NL\"\nname = \"x\"\non = \"01-01\"\nsource = \"x\"\n";
    let read = |holidays: &str| {
        Law::read(&tables::Sources {
            holidays,
            ..tables::SHIPPED
        })
    };
    assert!(read(&format!("{row}noted = \"2026-11-22\"\n")).is_ok());
    for more in ["", "noted = \"soon\"\n"] {
        assert!(read(&format!("{row}{more}")).is_err(), "{more}");
    }
}

#[test]
fn a_wrong_row_is_refused() {
    let holidays = |on: &str| {
        format!(
            "[[holiday]]\ncountry = \"NL\"\nname = \"x\"\non = \"{on}\"\nsource = \"x\"\nnoted = \"2026-11-22\"\n"
        )
    };
    for on in [
        "13-01",
        "easter",
        "easter+x",
        "fifth monday 01",
        "first someday 01",
        "soon",
        "monday from 99",
    ] {
        let text = holidays(on);
        assert!(
            Law::read(&tables::Sources {
                holidays: &text,
                ..tables::SHIPPED
            })
            .is_err(),
            "{on}"
        );
    }
    let unknown = "[[adequacy]]\ncountry = \"NL\"\nfrom = \"2020-01-01\"\nsince = \"x\"\nsource = \"x\"\nnoted = \"2026-11-22\"\n";
    assert!(
        Law::read(&tables::Sources {
            adequacy: unknown,
            ..tables::SHIPPED
        })
        .is_err()
    );
}

#[test]
fn every_known_purpose_has_a_term_of_the_vocabulary() {
    let terms: BTreeSet<&str> = purposes::terms().collect();
    assert!(
        purposes::terms()
            .zip(purposes::terms().skip(1))
            .all(|(one, next)| one < next)
    );
    for name in purposes::names() {
        assert!(terms.contains(purposes::known(name).unwrap().dpv), "{name}");
    }
}

#[test]
fn every_term_that_we_use_is_in_the_vocabulary_itself() {
    let root = std::env::var("WAARBORG_SHARED")
        .unwrap_or_else(|_| format!("{}/../../../shared", env!("CARGO_MANIFEST_DIR")));
    let read = |name: &str| std::fs::read_to_string(format!("{root}/data/dpv/{name}"));
    let (Ok(general), Ok(gdpr)) = (read("dpv.ttl"), read("eu-gdpr.ttl")) else {
        eprintln!(
            "SKIPPED: the vocabulary is not there; set WAARBORG_SHARED to check our terms against it"
        );
        return;
    };
    for term in purposes::terms() {
        assert!(general.contains(&format!("\ndpv:{term} a ")), "{term}");
    }
    for basis in crate::register::Basis::WORDS {
        let term = crate::register::Basis::parse(basis).unwrap().dpv();
        assert!(gdpr.contains(&format!("\n{term} a ")), "{term}");
    }
    for right in crate::rights::Right::ALL {
        assert!(gdpr.contains(&format!("\n{} a ", right.dpv())), "{right}");
    }
}
