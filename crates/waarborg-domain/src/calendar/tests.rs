//! Legal dates against vectors of others, and what always holds.

use std::sync::LazyLock;

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::law::Law;

static LAW: LazyLock<Law> = LazyLock::new(|| Law::shipped().unwrap());

/// The vectors of a file in the shared folder; `None`, loudly, where that folder is absent.
fn vectors(name: &str) -> Option<Vec<Value>> {
    let root = std::env::var("WAARBORG_SHARED")
        .unwrap_or_else(|_| format!("{}/../../../shared", env!("CARGO_MANIFEST_DIR")));
    let path = format!("{root}/data/deadlines/{name}");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("SKIPPED: {path} is not there; set WAARBORG_SHARED to run these vectors");
        return None;
    };
    let file: Value = serde_json::from_str(&text).unwrap();
    Some(file["cases"].as_array().unwrap().clone())
}

fn day(value: &Value) -> Date {
    value.as_str().unwrap().parse().unwrap()
}

fn months(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}

#[test]
fn months_end_as_the_public_vectors_say() {
    for case in vectors("months.json").into_iter().flatten() {
        let received = day(&case["received"]);
        let due = match case["country"].as_str() {
            Some(country) => months_due(received, months(&case["months"]), &LAW, country).latest,
            None => Period::Months(months(&case["months"]))
                .after_day(received)
                .unwrap(),
        };
        assert_eq!(due, day(&case["due"]), "{}", case["id"]);
    }
}

#[test]
fn the_united_kingdom_counts_from_the_day_after_receipt() {
    for case in vectors("uk.json").into_iter().flatten() {
        // The rows of the Ministry of Justice are older than the regime itself; they show its way of counting.
        let received = day(&case["received"]);
        let counted = Period::Months(months(&case["months"]))
            .after_day(received.tomorrow().unwrap())
            .unwrap();
        assert_eq!(
            working_day_from(counted, &LAW, "GB"),
            day(&case["due"]),
            "{}",
            case["id"]
        );
    }
    assert_eq!(
        months_due(date(2026, 9, 27), 1, &LAW, "GB").latest,
        date(2026, 10, 28)
    );
}

#[test]
fn seventy_two_hours_run_through_the_change_of_the_clock() {
    for case in vectors("hours.json").into_iter().flatten() {
        let zone = TimeZone::get(case["zone"].as_str().unwrap()).unwrap();
        let at = |key: &str| {
            let local: jiff::civil::DateTime = case[key].as_str().unwrap().parse().unwrap();
            local.to_zoned(zone.clone()).unwrap().timestamp()
        };
        assert_eq!(
            breach_due(at("aware"), &zone, &LAW, "DE"),
            Some(at("due")),
            "{}",
            case["id"]
        );
    }
}

#[test]
fn a_request_of_31_january_is_due_at_the_end_of_february() {
    let due = answer_due_on(date(2027, 1, 31), &LAW, "NL");
    assert_eq!(
        due,
        Due {
            aim: date(2027, 2, 26),
            latest: date(2027, 3, 1)
        }
    );
    let leap = answer_due_on(date(2028, 1, 31), &LAW, "NL");
    assert_eq!(
        leap,
        Due {
            aim: date(2028, 2, 29),
            latest: date(2028, 2, 29)
        }
    );
}

#[test]
fn liberation_day_is_free_every_year_in_the_netherlands() {
    for year in 2024..=2032 {
        assert!(LAW.is_free("NL", date(year, 5, 5)), "{year}");
    }
    assert_eq!(
        answer_due_on(date(2026, 4, 5), &LAW, "NL").latest,
        date(2026, 5, 6)
    );
}

#[test]
fn the_day_of_receipt_is_that_of_the_controllers_zone() {
    let zone = TimeZone::get("Europe/Amsterdam").unwrap();
    let late_evening: Timestamp = "2026-03-31T22:30:00Z".parse().unwrap();
    assert_eq!(
        answer_due(late_evening, &zone, &LAW, "NL").latest,
        date(2026, 5, 1)
    );
}

#[test]
fn an_extension_counts_from_receipt_and_must_be_told_in_the_first_month() {
    let zone = TimeZone::get("Europe/Amsterdam").unwrap();
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let received = at("2026-01-31T10:00:00Z");

    let extended = extend(
        received,
        at("2026-02-20T10:00:00Z"),
        0,
        "many letters",
        &zone,
        &LAW,
        "NL",
    )
    .unwrap();
    assert_eq!(
        extended,
        Due {
            aim: date(2026, 4, 30),
            latest: date(2026, 4, 30)
        }
    );
    assert_eq!(
        extend(
            received,
            at("2026-02-20T10:00:00Z"),
            0,
            " ",
            &zone,
            &LAW,
            "NL"
        ),
        Err(NoExtension::WithoutReasons)
    );
    let late = extend(
        received,
        at("2026-03-04T10:00:00Z"),
        0,
        "many letters",
        &zone,
        &LAW,
        "NL",
    );
    assert_eq!(late, Err(NoExtension::TooLate(date(2026, 3, 2))));
    assert_eq!(
        extend(received, received, 0, "x", &zone, &LAW, "CH"),
        Err(NoExtension::Unknown)
    );
}

#[test]
fn days_of_doubt_lengthen_the_period_and_not_its_last_day() {
    let zone = zone("Europe/Amsterdam");
    let received = moment("2026-11-02T10:00:00Z");
    let after = |days, is_extended| due_after_doubt(received, days, is_extended, &zone, &LAW, "NL");

    assert_eq!(after(0, false), answer_due(received, &zone, &LAW, "NL"));
    // The bare end is Wednesday 2 December; three days later is a Saturday.
    let due = Due {
        aim: date(2026, 12, 4),
        latest: date(2026, 12, 7),
    };
    assert_eq!(after(3, false), due);
    // Five days end on that Monday too: the weekend is not counted twice.
    assert_eq!(after(5, false).latest, date(2026, 12, 7));
    assert_eq!(after(3, true).latest, date(2027, 2, 5));
    // Who was told within the first period, as it stood still, was told in time.
    let told = moment("2026-12-05T10:00:00Z");
    let extend = |days| extend(received, told, days, "many letters", &zone, &LAW, "NL");
    assert_eq!(extend(0), Err(NoExtension::TooLate(date(2026, 12, 2))));
    assert_eq!(extend(3), Ok(after(3, true)));
}

proptest! {
    #[test]
    fn doubt_never_makes_a_period_shorter(days in 0..200_u32, more in 0..200_u32, start in 0..3000_i32, is_extended: bool) {
        let day = date(2024, 1, 1).checked_add(Span::new().days(start)).unwrap();
        let received = day.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp();
        let after = |days| due_after_doubt(received, days, is_extended, &TimeZone::UTC, &LAW, "NL");
        prop_assert!(after(days).aim <= after(days).latest);
        prop_assert!(after(days) <= after(days + more));
    }
}

#[test]
fn other_regimes_have_their_own_periods() {
    assert_eq!(
        answer_due_on(date(2026, 1, 5), &LAW, "CH").latest,
        date(2026, 2, 4)
    );
    assert_eq!(
        answer_due_on(date(2026, 1, 5), &LAW, "BR").latest,
        date(2026, 1, 20)
    );
    assert_eq!(
        answer_due_on(date(2026, 1, 5), &LAW, "US").latest,
        date(2026, 2, 19)
    );
    // No period in the law: never later than what goes round.
    assert_eq!(
        answer_due_on(date(2026, 1, 5), &LAW, "CN").latest,
        date(2026, 1, 20)
    );
    let proposed = breach_due(moment("2027-06-01T00:00:00Z"), &TimeZone::UTC, &LAW, "NL");
    assert_eq!(
        proposed,
        Some("2027-06-04T00:00:00Z".parse().unwrap()),
        "a proposal is not law"
    );
}

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn working_days_of_other_laws_pass_weekends_and_end_with_their_day() {
    let (angeles, paulo) = (zone("America/Los_Angeles"), zone("America/Sao_Paulo"));
    // A Friday evening in California.
    let received = moment("2026-11-21T03:30:00Z");
    let until = |clock| limit_of(clock, received, &angeles, &LAW, "US");
    assert_eq!(
        until(Clock::Acknowledge),
        Some(moment("2026-12-05T08:00:00Z")),
        "the end of Friday 4 December there: holidays have no rows, so it is never later"
    );
    assert_eq!(until(Clock::OptOut), Some(moment("2026-12-12T08:00:00Z")));
    assert_eq!(until(Clock::Authority), None);

    let aware = moment("2026-11-19T15:00:00Z");
    let until = |clock| limit_of(clock, aware, &paulo, &LAW, "BR");
    assert_eq!(
        until(Clock::Authority),
        Some(moment("2026-11-25T03:00:00Z"))
    );
    assert_eq!(
        until(Clock::AuthorityIfSmall),
        Some(moment("2026-11-28T03:00:00Z"))
    );
    assert_eq!(
        until(Clock::Supplement),
        Some(moment("2026-12-18T03:00:00Z"))
    );
    assert_eq!(until(Clock::Acknowledge), None);
}

#[test]
fn working_days_pass_holidays_and_none_is_the_day_itself() {
    // King's Day is a Monday.
    assert_eq!(
        working_days_after(date(2026, 4, 24), 1, &LAW, "NL"),
        date(2026, 4, 28)
    );
    assert_eq!(
        working_days_after(date(2026, 4, 25), 0, &LAW, "NL"),
        date(2026, 4, 25)
    );
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

#[test]
fn easter_falls_where_the_church_says() {
    let sundays = [
        (2024, 3, 31),
        (2025, 4, 20),
        (2026, 4, 5),
        (2027, 3, 28),
        (2028, 4, 16),
        (2029, 4, 1),
        (2030, 4, 21),
        (2031, 4, 13),
        (2032, 3, 28),
    ];
    for (year, month, day) in sundays {
        let monday = date(year, month, day).checked_add(1.day()).unwrap();
        assert!(
            LAW.is_free("NL", monday) && LAW.is_free("IE", monday),
            "{year}"
        );
    }
}

fn any_day() -> impl Strategy<Value = Date> {
    (0_i64..13_000).prop_map(|days| {
        date(2019, 1, 1)
            .checked_add(Span::new().days(days))
            .unwrap()
    })
}

proptest! {
    #[test]
    fn a_due_date_lies_after_receipt_and_the_aim_not_after_the_latest(
        received in any_day(),
        months in 1_u32..4,
        country in prop::sample::select(vec!["NL", "BE", "DE", "FR", "SE", "IE", "GB", "CH", "XX"]),
    ) {
        let due = months_due(received, months, &LAW, country);
        prop_assert!(received < due.aim && due.aim <= due.latest);
        prop_assert!(!LAW.is_free(country, due.latest) && !LAW.is_free(country, due.aim));
        let bare = Period::Months(months).after_day(received).unwrap();
        prop_assert!(due.aim <= bare && bare <= due.latest);
    }

    #[test]
    fn a_later_receipt_is_never_due_earlier(received in any_day(), days in 1_i64..400) {
        let later = received.checked_add(Span::new().days(days)).unwrap();
        prop_assert!(answer_due_on(received, &LAW, "NL") <= answer_due_on(later, &LAW, "NL"));
    }
}
