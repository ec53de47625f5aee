//! Identifiers that stood in prompts: counted, found by who has the identifier, and ended.

use jiff::civil::{Date, date};
use waarborg_domain::entry::Act;
use waarborg_usecase::ports::{Mark, Records as _, Seen, Sighting, Sightings as _};

use crate::house::{House, days_later, entry, night, now, random};

fn sighting(mark: Mark, day: Date, is_replaced: bool) -> Sighting {
    Sighting {
        mark,
        kind: "EMAIL",
        service: "gateway".to_owned(),
        recipient: "model".to_owned(),
        day,
        rule: "gateway/prompt_identifiers".to_owned(),
        ends_at: days_later(i64::from(day.day()) + 90),
        is_replaced,
    }
}

pub(super) async fn an_identifier_that_stood_in_prompts_is_counted_found_and_ends_by_the_register(
    mut house: House,
) {
    let (mark, other): (Mark, Mark) = (random(), random());
    let day = |n| date(2026, 11, n);
    house.store().see(vec![
        sighting(mark, day(1), true),
        sighting(other, day(1), true),
    ]);
    house.store().see(vec![sighting(mark, day(1), false)]);
    assert_eq!(house.store().keep_seen().await.unwrap(), 2);
    assert_eq!(house.store().keep_seen().await.unwrap(), 0);
    house.store().see(vec![sighting(mark, day(1), true)]);
    house.store().see(vec![sighting(mark, day(3), true)]);
    let known = Seen {
        mark,
        kind: "EMAIL".to_owned(),
        service: "gateway".to_owned(),
        recipient: "model".to_owned(),
        first_on: day(1),
        last_on: day(3),
        n: 4,
        n_plain: 1,
        until: days_later(93),
    };
    let look = |marks| house.store().seen(marks);
    assert_eq!(look(vec![mark]).await.unwrap(), [known]);
    assert!(look(vec![random()]).await.unwrap().is_empty(), "no oracle");

    assert_eq!(house.store().due(night(92)).await.unwrap().n_claims, 2);
    let run = |days| {
        house
            .store()
            .end_claims(night(days), entry(Act::RetentionRun))
    };
    assert_eq!(run(92).await.unwrap().n_claims, 2);
    let left = look(vec![mark, other]).await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!((left[0].first_on, left[0].n), (day(3), 1));
    run(94).await.unwrap();
    assert!(look(vec![mark, other]).await.unwrap().is_empty());
    house.restart();
    assert!(house.store().seen(vec![mark]).await.unwrap().is_empty());
}

pub(super) async fn an_identifier_that_is_forgotten_stays_so_after_a_restore(mut house: House) {
    let (mark, other): (Mark, Mark) = (random(), random());
    let day = date(2026, 11, 1);
    house
        .store()
        .see(vec![sighting(mark, day, true), sighting(other, day, true)]);
    house.store().keep_seen().await.unwrap();
    let backup = house.back_up().await;
    let forget = || {
        let noted = entry(Act::SightingsErased);
        house.store().forget_seen(vec![mark], now(), noted)
    };
    assert_eq!(forget().await.unwrap(), 1);
    assert_eq!(forget().await.unwrap(), 0, "twice is once");
    house.restore(&backup);
    let left = house.store().seen(vec![mark, other]).await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].mark, other);
    house.store().see(vec![sighting(mark, day, true)]);
    assert_eq!(
        house.store().seen(vec![mark]).await.unwrap().len(),
        1,
        "what is seen later is of later"
    );
}
