//! What is kept for a purpose, and the end of a purpose.

use waarborg_domain::entry::Act;
use waarborg_usecase::ports::{Purposes as _, Records as _};

use crate::house::{House, days_later, entry, night};

pub(super) async fn what_is_kept_for_a_purpose_is_found_and_ends_by_its_day(mut house: House) {
    let register = house.register.clone();
    let permit = crate::house::permit(&register, "provide");
    let mut people = Vec::new();
    for text in ["rekening 1", "rekening 2", "rekening 3"] {
        let (subject, id) = house.talk("een vraag").await;
        let bill = house.record(subject, id, "invoice", text);
        people.push((subject, bill.id));
        let noted = entry(Act::TurnKept).about(subject);
        house.store().put(&permit, vec![bill], noted).await.unwrap();
    }
    let backup = house.back_up().await;

    let first = house
        .store()
        .kept_for("bookkeeping", None, 2)
        .await
        .unwrap();
    let last = first.last().map(|kept| kept.record);
    let rest = house
        .store()
        .kept_for("bookkeeping", last, 2)
        .await
        .unwrap();
    let found: Vec<_> = first
        .iter()
        .chain(&rest)
        .map(|kept| (kept.subject, kept.record))
        .collect();
    assert_eq!(found, people);
    assert!(first.iter().all(|kept| kept.category == "invoice"));
    let all = house.store().kept_for("provide", None, 100).await.unwrap();
    assert_eq!(all.len(), 6, "a question and a bill each");
    let none = house
        .store()
        .kept_for("newsletter", None, 100)
        .await
        .unwrap();
    assert!(none.is_empty());

    let end = |day| {
        let noted = entry(Act::EventNoted);
        house.store().end_by("bookkeeping", days_later(day), noted)
    };
    assert_eq!(end(40).await.unwrap(), 3);
    assert_eq!(end(50).await.unwrap(), 0, "later is not earlier");
    for is_restored in [false, true] {
        let kept = house
            .store()
            .kept_for("bookkeeping", None, 9)
            .await
            .unwrap();
        let is_so = kept.iter().all(|kept| kept.ends_at == Some(days_later(40)));
        assert!(is_so && kept.len() == 3, "restored: {is_restored}");
        if !is_restored {
            house.restore(&backup);
        }
    }
    let due = house.store().due(night(40)).await.unwrap();
    assert_eq!(due.n_records, 6, "nothing else keeps a bill");
}
