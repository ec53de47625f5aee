//! Records and why they exist.

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use waarborg_domain::consent::{Consent, ConsentAnswer};
use waarborg_domain::entry::Act;
use waarborg_domain::ids::ConsentId;
use waarborg_domain::register::cells_of;
use waarborg_usecase::ports::{
    Consents as _, Conversations as _, EventScope, Night, Records as _, SessionHolder,
    Sessions as _, Storage as _, StoreError, Subjects as _, Trail as _,
};

use super::{consent, session};
use crate::house::{House, days_later, entry, later_register, new_id, night, now, permit, token};

pub(super) async fn what_was_said_is_read_back_in_order_with_a_permit(mut house: House) {
    let subject = house.person().await;
    let id = house.conversation(subject).await;
    for text in ["één", "twee", "drie"] {
        house.say(subject, id, text).await;
    }
    house.restart();

    assert_eq!(house.texts(id).await, ["één", "twee", "drie"]);
    let conversation = house.store().conversation(id).await.unwrap().unwrap();
    assert_eq!(conversation.first_message_at, Some(now()));
    assert_eq!(
        house.store().conversations_of(subject).await.unwrap(),
        [conversation]
    );
}

pub(super) async fn nothing_is_read_or_written_outside_a_permit(house: House) {
    let (subject, id) = house.talk("geheim").await;

    let other = house.permit("bookkeeping");
    assert!(
        house
            .store()
            .of_object(&other, id)
            .await
            .unwrap()
            .is_empty()
    );
    let record = house.record(subject, id, "user_content", "ook geheim");
    let refused = house
        .store()
        .put(&other, vec![record], entry(Act::TurnKept))
        .await;
    assert_eq!(refused, Err(StoreError::Unavailable));
    assert_eq!(house.texts(id).await, ["geheim"]);
}

pub(super) async fn a_purpose_that_came_later_does_not_open_what_was_collected_before(
    house: House,
) {
    let (subject, id) = house.talk("van eerder").await;
    let before = house.register.head().digest.clone();
    let source = include_str!("../register.toml");
    let later = later_register();
    let n_read = async |cells| {
        let later = later.clone().reaching([(before.as_str(), cells)]);
        let permit = permit(&later, "provide");
        let of_object = house.store().of_object(&permit, id).await.unwrap().len();
        let of_subject = house.store().of_subject(&permit, subject).await.unwrap();
        assert_eq!(of_object, of_subject.len());
        of_object
    };

    assert_eq!(n_read(cells_of(source)).await, 1, "it had the purpose");
    assert_eq!(n_read(cells_of("")).await, 0, "it did not have it");
    let other = source.replace("\"user_content\", \"invoice\"", "\"invoice\"");
    assert_eq!(n_read(cells_of(&other)).await, 0, "not for this category");
}

pub(super) async fn claims_end_on_their_day_and_a_restriction_suspends_them(house: House) {
    let (subject, restricted) = (house.person().await, house.person().await);
    let (id, held) = (
        house.conversation(subject).await,
        house.conversation(restricted).await,
    );
    house.say(subject, id, "dertig dagen").await;
    house.say(restricted, held, "bevroren").await;
    house
        .store()
        .restrict(restricted, now(), entry(Act::Restricted))
        .await
        .unwrap();

    let early = house
        .store()
        .end_claims(night(29), entry(Act::RetentionRun))
        .await
        .unwrap();
    assert_eq!((early.n_claims, early.n_records), (0, 0));
    let due = house.store().due(night(30)).await.unwrap();
    assert_eq!(
        (due.n_claims, due.n_records, due.n_objects, due.n_late),
        (1, 1, 1, 0)
    );
    let late = house.store().due(night(40)).await.unwrap();
    assert_eq!(late.n_late, 1);
    // "At most" is over before its end comes: who stands still for some minutes keeps the promise.
    for (minutes, n) in [(20, 0), (10, 1)] {
        let before = Night {
            now: night(30).now - SignedDuration::from_mins(minutes),
            ..night(30)
        };
        let due = house.store().due(before).await.unwrap();
        let all = (due.n_claims, due.n_records, due.n_objects);
        assert_eq!(all, (n, n, n), "{minutes} minutes before its end");
    }

    let done = house
        .store()
        .end_claims(night(30), entry(Act::RetentionRun))
        .await
        .unwrap();
    assert_eq!(done, due);
    assert!(house.texts(id).await.is_empty());
    assert!(house.store().conversation(id).await.unwrap().is_none());
    assert!(
        house.texts(held).await.is_empty(),
        "kept, and read by nobody"
    );
    house
        .store()
        .lift(restricted, now(), entry(Act::RestrictionLifted))
        .await
        .unwrap();
    assert_eq!(house.texts(held).await, ["bevroren"]);
}

/// Deactivated is not erased: no session, no use, and it is there until its end; a restore changes nothing of that.
pub(super) async fn a_deleted_account_opens_nothing_and_is_used_for_nothing(mut house: House) {
    let (subject, id) = house.talk("nog even").await;
    let opens = token();
    let visit = session(SessionHolder::Visitor(subject));
    house.store().begin(visit, &opens, None).await.unwrap();
    let backup = house.back_up().await;

    let zone = TimeZone::UTC;
    let deleted = house.store().event(
        EventScope::Subject(subject),
        "account_deleted",
        now(),
        &zone,
        entry(Act::EventNoted).about(subject),
    );
    deleted.await.unwrap();
    for is_restored in [false, true] {
        if is_restored {
            house.restore(&backup);
        }
        let store = house.store();
        assert!(store.session(&opens, now()).await.unwrap().is_none());
        let person = store.person(subject).await.unwrap().unwrap();
        assert!(person.is_restricted, "restored: {is_restored}");
        assert!(house.texts(id).await.is_empty(), "restored: {is_restored}");
        store
            .lift(subject, now(), entry(Act::RestrictionLifted).about(subject))
            .await
            .unwrap();
        let person = store.person(subject).await.unwrap().unwrap();
        assert!(
            person.is_restricted,
            "lifting a restriction brings no account back"
        );
    }
    let ended = house
        .store()
        .end_claims(night(9000), entry(Act::RetentionRun));
    assert_eq!(ended.await.unwrap().n_records, 1, "its period goes on");
}

pub(super) async fn an_event_starts_the_claims_that_wait_for_it(house: House) {
    let subject = house.person().await;
    let id = house.conversation(subject).await;
    let mut record = house.record(subject, id, "invoice", "rekening");
    for claim in &mut record.claims {
        claim.rule.trigger = waarborg_domain::claim::Trigger::CaseClosed;
        claim.started_at = None;
        claim.ends_at = None;
    }
    let permit = house.permit("provide");
    house
        .store()
        .put(&permit, vec![record], entry(Act::TurnKept))
        .await
        .unwrap();
    let none = house
        .store()
        .end_claims(night(9000), entry(Act::RetentionRun))
        .await
        .unwrap();
    assert_eq!(none.n_claims, 0, "a claim that waits does not end");

    let zone = TimeZone::UTC;
    let closed = |at| {
        house.store().event(
            EventScope::Object(id),
            "case_closed",
            at,
            &zone,
            entry(Act::RequestMoved),
        )
    };
    assert_eq!(closed(days_later(10)).await.unwrap(), 2);
    assert_eq!(
        closed(days_later(20)).await.unwrap(),
        0,
        "a case closes once"
    );
    let records = house.store().of_object(&permit, id).await.unwrap();
    let ends: Vec<_> = records[0]
        .claims
        .iter()
        .map(|claim| claim.ends_at)
        .collect();
    assert!(ends.contains(&Some(days_later(40))), "{ends:?}");
}

/// Article 17(1)(b): what stood on the consent alone goes; what another claim keeps, stays for that.
pub(super) async fn a_withdrawal_ends_what_stood_on_the_consent(mut house: House) {
    let subject = house.person().await;
    let id = house.conversation(subject).await;
    let answered = |answer, day| {
        let entry = entry(Act::ConsentGiven).about(subject);
        let consent = consent(subject, answer, day);
        let store = house.store();
        async move { store.answer(consent, &TimeZone::UTC, entry).await }
    };
    answered(ConsentAnswer::Given, 0).await.unwrap();
    let permit = house.permit("newsletter");
    for (category, text) in [("preference", "voorkeur"), ("mail_address", "adres")] {
        let record = house.record(subject, id, category, text);
        let kept = entry(Act::TurnKept).about(subject);
        house
            .store()
            .put(&permit, vec![record], kept)
            .await
            .unwrap();
    }
    let backup = house.back_up().await;
    assert_eq!(house.store().due(night(10)).await.unwrap().n_claims, 0);

    answered(ConsentAnswer::Withdrawn, 10).await.unwrap();
    for is_restored in [false, true] {
        let due = house.store().due(night(10)).await.unwrap();
        assert_eq!(
            (due.n_claims, due.n_records, due.n_late),
            (2, 1, 0),
            "restored: {is_restored}"
        );
        if !is_restored {
            house.restore(&backup);
        }
    }
    house
        .store()
        .end_claims(night(10), entry(Act::RetentionRun))
        .await
        .unwrap();
    let permit = house.permit("provide");
    let left = house.store().of_object(&permit, id).await.unwrap();
    let texts: Vec<_> = left
        .iter()
        .map(|record| record.content.reveal(&permit).unwrap().as_str())
        .collect();
    assert_eq!(texts, ["adres"]);
    let purposes: Vec<_> = left[0]
        .claims
        .iter()
        .map(|claim| claim.rule.purpose.as_str())
        .collect();
    assert_eq!(purposes, ["provide"]);
    let late = house
        .store()
        .end_claims(night(30), entry(Act::RetentionRun))
        .await
        .unwrap();
    assert_eq!(late.n_records, 1);
}

pub(super) async fn a_job_that_fails_leaves_nothing_and_hurts_no_other(house: House) {
    let subject = house.person().await;
    let before = house.store().verify().await.unwrap().n_entries;
    let id = new_id();
    let zone = TimeZone::UTC;
    let twice = || {
        let consent = Consent {
            id: ConsentId(id),
            ..consent(subject, ConsentAnswer::Given, 0)
        };
        house
            .store()
            .answer(consent, &zone, entry(Act::ConsentGiven).about(subject))
    };
    let (one, other, fine) = tokio::join!(
        twice(),
        twice(),
        house.store().record(entry(Act::ConsoleViewed))
    );
    assert_ne!(one.is_ok(), other.is_ok());
    fine.unwrap();
    let report = house.store().verify().await.unwrap();
    assert_eq!((report.n_entries - before, report.faults), (2, vec![]));
    assert_eq!(
        house
            .store()
            .person(subject)
            .await
            .unwrap()
            .unwrap()
            .consents
            .len(),
        1
    );
    house.store().ready().await.unwrap();
    assert!(
        house
            .store()
            .backend()
            .contains(|c: char| c.is_ascii_digit()),
        "{}",
        house.store().backend()
    );
}

pub(super) async fn many_at_once_are_all_kept(house: House) {
    let mut people = Vec::new();
    for _ in 0..5 {
        let subject = house.person().await;
        people.push((subject, house.conversation(subject).await));
    }
    let (house, people) = (&house, &people);
    let jobs = (0..300).map(|n| {
        let (subject, id) = people[n % people.len()];
        async move {
            if n == 150 {
                house.erase(people[4].0).await;
                return;
            }
            let record = house.record(subject, id, "user_content", &format!("bericht {n}"));
            let permit = house.permit("provide");
            let kept = house
                .store()
                .append(
                    &permit,
                    id,
                    vec![record],
                    now(),
                    entry(Act::TurnKept).about(subject),
                )
                .await;
            assert!(kept.is_ok() || subject == people[4].0, "{n}: {kept:?}");
        }
    });
    futures_util::future::join_all(jobs).await;
    for (subject, id) in &people[..4] {
        let records = house.texts(*id).await.len();
        assert_eq!(records, if *subject == people[0].0 { 59 } else { 60 });
    }
    assert!(house.texts(people[4].1).await.is_empty());
    assert!(house.store().verify().await.unwrap().faults.is_empty());
}
