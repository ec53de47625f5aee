//! What erasing takes, and what no restore brings back.

use jiff::tz::TimeZone;
use waarborg_domain::consent::ConsentAnswer;
use waarborg_domain::entry::Act;
use waarborg_usecase::ports::{
    Consents as _, Conversations as _, Records as _, SessionHolder, Sessions as _, StoreError,
    Subjects as _, Trail as _,
};

use super::{consent, session};
use crate::house::{House, days_later, entry, now, token};

pub(super) async fn erasing_a_conversation_leaves_the_others(house: House) {
    let subject = house.person().await;
    let (gone, kept) = (
        house.conversation(subject).await,
        house.conversation(subject).await,
    );
    for id in [gone, kept] {
        house.say(subject, id, "tekst").await;
        house.say(subject, id, "meer").await;
    }
    let receipt = house
        .store()
        .erase_object(gone, now(), entry(Act::ConversationDeleted))
        .await
        .unwrap();
    assert_eq!(
        (receipt.n_records, receipt.n_keys, receipt.kept.len()),
        (2, 2, 0)
    );

    assert!(house.texts(gone).await.is_empty());
    assert!(house.store().conversation(gone).await.unwrap().is_none());
    assert_eq!(house.texts(kept).await, ["tekst", "meer"]);
    let late = house.record(subject, gone, "user_content", "te laat");
    let permit = house.permit("provide");
    let refused = house
        .store()
        .append(&permit, gone, vec![late], now(), entry(Act::TurnKept))
        .await;
    assert_eq!(refused, Err(StoreError::Unavailable));
}

/// Scenario 4, what the law keeps.
pub(super) async fn erasing_a_person_leaves_what_the_law_keeps_and_nothing_else(house: House) {
    let (subject, other) = (house.person().await, house.person().await);
    let id = house.conversation(subject).await;
    let others = house.conversation(other).await;
    house.say(subject, id, "weg").await;
    house.say(other, others, "blijft").await;
    let invoice = house.record(subject, id, "invoice", "rekening 7");
    let permit = house.permit("provide");
    house
        .store()
        .put(&permit, vec![invoice], entry(Act::TurnKept).about(subject))
        .await
        .unwrap();
    let visit = token();
    house
        .store()
        .begin(session(SessionHolder::Visitor(subject)), &visit, None)
        .await
        .unwrap();

    let receipt = house.erase(subject).await;
    assert_eq!(receipt.n_records, 1);
    let kept: Vec<_> = receipt
        .kept
        .iter()
        .map(|kept| {
            (
                kept.category.as_str(),
                kept.purpose.as_str(),
                kept.n_records,
            )
        })
        .collect();
    assert_eq!(kept, [("invoice", "bookkeeping", 1)]);
    assert!(receipt.kept[0].until.unwrap() > days_later(7 * 365));

    let of_subject = |purpose: &'static str| {
        let house = &house;
        async move {
            house
                .store()
                .of_subject(&house.permit(purpose), subject)
                .await
                .unwrap()
                .len()
        }
    };
    assert_eq!(
        of_subject("provide").await,
        0,
        "what remains is not for the old purpose"
    );
    assert_eq!(of_subject("bookkeeping").await, 1);
    assert_eq!(house.store().session(&visit, now()).await.unwrap(), None);
    assert!(house.store().trail_of(subject).await.unwrap().is_empty());
    assert_eq!(house.texts(others).await, ["blijft"]);
    let report = house.store().verify().await.unwrap();
    assert!(
        report.faults.is_empty() && report.n_erased > 0,
        "{report:?}"
    );
}

pub(super) async fn erasing_twice_is_erasing_once(house: House) {
    let (subject, _id) = house.talk("weg").await;
    let first = house.erase(subject).await;
    let second = house.erase(subject).await;
    assert_eq!(
        (first.n_records, second.n_records, second.n_keys),
        (1, 0, 0)
    );
    assert!(house.store().person(subject).await.unwrap().is_none());
}

pub(super) async fn an_erased_person_stays_erased_after_a_restart(mut house: House) {
    let (subject, other) = (house.person().await, house.person().await);
    let (id, others) = (
        house.conversation(subject).await,
        house.conversation(other).await,
    );
    house.say(subject, id, "weg").await;
    house.say(other, others, "blijft").await;
    house.erase(subject).await;
    house.restart();
    assert!(house.texts(id).await.is_empty());
    assert_eq!(house.texts(others).await, ["blijft"]);
    assert!(house.store().verify().await.unwrap().faults.is_empty());
}

pub(super) async fn a_backup_comes_back_without_what_was_erased_since(mut house: House) {
    let (subject, other, third) = (
        house.person().await,
        house.person().await,
        house.person().await,
    );
    let (gone, kept) = (
        house.conversation(subject).await,
        house.conversation(other).await,
    );
    let deleted = house.conversation(other).await;
    let overdue = house.conversation(third).await;
    house.say(subject, gone, "weg").await;
    house.say(other, kept, "blijft").await;
    house.say(other, deleted, "ook weg").await;
    house.say(third, overdue, "verlopen").await;
    let invoice = house.record(subject, gone, "invoice", "rekening 7");
    house
        .store()
        .put(
            &house.permit("provide"),
            vec![invoice],
            entry(Act::TurnKept),
        )
        .await
        .unwrap();
    let backup = house.back_up().await;

    house.erase(subject).await;
    house
        .store()
        .erase_object(deleted, now(), entry(Act::ConversationDeleted))
        .await
        .unwrap();
    house.say(other, kept, "na de kopie").await;
    let restored = house.restore(&backup);

    assert!(restored.n_rows > 10, "{restored:?}");
    assert_eq!(restored.n_erased_again, 2, "{restored:?}");
    assert!(house.texts(gone).await.is_empty());
    assert!(house.texts(deleted).await.is_empty());
    assert_eq!(house.texts(kept).await, ["blijft"]);
    let bookkeeping = house.permit("bookkeeping");
    assert_eq!(
        house
            .store()
            .of_subject(&bookkeeping, subject)
            .await
            .unwrap()
            .len(),
        1,
        "the law's part is readable"
    );
    assert!(
        house
            .store()
            .of_subject(&house.permit("provide"), subject)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(house.store().verify().await.unwrap().faults.is_empty());
    house.restart();
    assert_eq!(house.texts(kept).await, ["blijft"]);
}

pub(super) async fn a_restriction_objection_and_withdrawal_survive_a_restore(mut house: House) {
    let subject = house.person().await;
    house
        .store()
        .answer(
            consent(subject, ConsentAnswer::Given, 0),
            &TimeZone::UTC,
            entry(Act::ConsentGiven),
        )
        .await
        .unwrap();
    let backup = house.back_up().await;
    house
        .store()
        .restrict(subject, now(), entry(Act::Restricted))
        .await
        .unwrap();
    house
        .store()
        .object_to(subject, "newsletter", now(), entry(Act::Objected))
        .await
        .unwrap();
    house
        .store()
        .answer(
            consent(subject, ConsentAnswer::Withdrawn, 1),
            &TimeZone::UTC,
            entry(Act::ConsentWithdrawn),
        )
        .await
        .unwrap();
    house.restore(&backup);

    let person = house.store().person(subject).await.unwrap().unwrap();
    assert!(person.is_restricted);
    assert_eq!(person.objections, ["newsletter"]);
    assert_eq!(
        person.consents.last().unwrap().answer,
        ConsentAnswer::Withdrawn
    );
}
