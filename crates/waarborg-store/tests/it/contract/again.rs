//! What a restore of an older backup does again, and what a job with an older permit does not.

use jiff::tz::TimeZone;
use waarborg_domain::claim::Trigger;
use waarborg_domain::consent::ConsentAnswer;
use waarborg_domain::decision::TaskEnd;
use waarborg_domain::entry::Act;
use waarborg_domain::ids::SubjectId;
use waarborg_domain::personal::{Category, Personal};
use waarborg_usecase::ports::{
    Casework as _, Consents as _, Corrected, EventScope, NewRecord, Onto, Part, Records as _,
    StoreError, Subjects as _,
};

use super::casework::{step, task};
use super::{consent, request};
use crate::house::{House, days_later, entry, new_id, night, now, permit, token};

pub(super) async fn what_recipients_were_asked_after_a_backup_is_not_forgotten(mut house: House) {
    let request = request(SubjectId(new_id()));
    let before = house.back_up().await;
    house.receive(&request, &token(), &[]).await;
    let between = house.back_up().await;
    let (open, answered) = (task(&request), task(&request));
    let both = vec![open.clone(), answered.clone()];
    assert!(step(&house, &request, Onto::Stay, both).await);
    let noted = entry(Act::RecipientAnswered);
    let ending = house
        .store()
        .end_task(answered.id, TaskEnd::Done, days_later(2), noted);
    assert!(ending.await.unwrap());
    let known = house.store().tasks().await.unwrap();
    assert_eq!(known.len(), 2);

    for backup in [between, before] {
        house.restore(&backup);
        assert_eq!(house.store().tasks().await.unwrap(), known);
        house.restart();
        assert_eq!(house.store().tasks().await.unwrap(), known);
    }
}

pub(super) async fn an_event_after_a_backup_counts_after_the_restore(mut house: House) {
    let subject = house.person().await;
    let id = house.conversation(subject).await;
    let mut record = house.record(subject, id, "user_content", "tot het einde");
    for claim in &mut record.claims {
        claim.rule.trigger = Trigger::LicenceExpired;
        claim.started_at = None;
        claim.ends_at = None;
    }
    let permit = house.permit("provide");
    let put = entry(Act::TurnKept).about(subject);
    house.store().put(&permit, vec![record], put).await.unwrap();

    let scope = EventScope::Subject(subject);
    let noted = || entry(Act::EventNoted).about(subject);
    let waiting = house.back_up().await;
    let zone = TimeZone::UTC;
    let expired = house
        .store()
        .event(scope, "licence_expired", now(), &zone, noted());
    assert_eq!(expired.await.unwrap(), 1);
    let ending = house.back_up().await;
    house.restore(&waiting);
    assert_eq!(house.store().due(night(400)).await.unwrap().n_records, 1);

    let renewed = house.store().take_back(scope, "licence_expired", noted());
    assert_eq!(renewed.await.unwrap(), 1);
    house.restore(&ending);
    assert_eq!(house.store().due(night(400)).await.unwrap().n_records, 0);
    assert_eq!(house.texts(id).await, ["tot het einde"]);
}

pub(super) async fn a_corrected_value_stays_corrected_and_ends_with_the_person(mut house: House) {
    let subject = house.person().await;
    let id = house.conversation(subject).await;
    let record = house.say(subject, id, "Ik woon op 12.").await;
    let backup = house.back_up().await;
    let corrected = |whose, text: &str| Corrected {
        id: record,
        subject: whose,
        content: Personal::new(Category::from_stored("user_content"), text.to_owned()),
    };
    let permit = house.permit("provide");
    let correct = |one| {
        let noted = entry(Act::Rectified).about(subject);
        house.store().correct(&permit, vec![one], now(), noted)
    };
    let other = correct(corrected(SubjectId(new_id()), "van een ander"));
    assert_eq!(other.await.unwrap(), 0, "whose it is, is not changed");
    assert_eq!(
        correct(corrected(subject, "Ik woon op 14.")).await.unwrap(),
        1
    );
    assert_eq!(
        correct(corrected(subject, "Ik woon op 14.")).await.unwrap(),
        1
    );
    assert_eq!(house.texts(id).await, ["Ik woon op 14."]);

    house.restore(&backup);
    assert_eq!(house.texts(id).await, ["Ik woon op 14."]);
    assert_eq!(house.erase(subject).await.n_records, 1);
    house.restore(&backup);
    assert!(
        house.texts(id).await.is_empty(),
        "the ledger brings nobody back"
    );
}

pub(super) async fn a_job_with_an_older_permit_stops_when_the_consent_is_withdrawn(house: House) {
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
    let record = house.record(subject, id, "preference", "voorkeur");
    let kept = || entry(Act::TurnKept).about(subject);
    let put = house.store().put(&permit, vec![record], kept());
    put.await.unwrap();
    let read = || async {
        let records = house.store().of_subject(&permit, subject).await.unwrap();
        records.len()
    };
    assert_eq!(read().await, 1);

    answered(ConsentAnswer::Withdrawn, 1).await.unwrap();
    assert_eq!(read().await, 0, "a batch goes on reading");
    let late = house.record(subject, id, "preference", "te laat");
    let put = house.store().put(&permit, vec![late], kept());
    assert_eq!(put.await, Err(StoreError::Unavailable));

    answered(ConsentAnswer::Given, 2).await.unwrap();
    assert_eq!(read().await, 1, "given again");
}

/// A batch that took its permit and its list before: it reads nothing more of who stopped meanwhile, however they did.
pub(super) async fn a_batch_that_runs_leaves_out_who_restricts_objects_or_withdraws(house: House) {
    let (mut people, zone) = (Vec::new(), TimeZone::UTC);
    for _ in 0..4 {
        let subject = house.person().await;
        let id = house.conversation(subject).await;
        let given = consent(subject, ConsentAnswer::Given, 0);
        let noted = entry(Act::ConsentGiven).about(subject);
        let answered = house.store().answer(given, &zone, noted);
        answered.await.unwrap();
        let record = house.record(subject, id, "preference", "voorkeur");
        let permit = house.permit("newsletter");
        let noted = entry(Act::TurnKept).about(subject);
        let put = house.store().put(&permit, vec![record], noted);
        put.await.unwrap();
        people.push((subject, id));
    }
    let permit = house.permit("newsletter");
    let mut read = Vec::new();
    for (nth, (subject, id)) in people.iter().copied().enumerate() {
        if nth == 0 {
            // Everybody else stops while the batch is at the first, each in another way.
            let [_, (restricts, _), (objects, _), (withdraws, _)] = people[..] else {
                unreachable!("they are four");
            };
            let store = house.store();
            let noted = entry(Act::Restricted).about(restricts);
            store.restrict(restricts, now(), noted).await.unwrap();
            let noted = entry(Act::Objected).about(objects);
            let objected = store.object_to(objects, "newsletter", now(), noted);
            objected.await.unwrap();
            let no = consent(withdraws, ConsentAnswer::Withdrawn, 1);
            let noted = entry(Act::ConsentWithdrawn).about(withdraws);
            let answered = store.answer(no, &zone, noted);
            answered.await.unwrap();
        }
        let of_person = house.store().of_subject(&permit, subject).await.unwrap();
        let of_object = house.store().of_object(&permit, id).await.unwrap();
        assert_eq!(of_person.len(), of_object.len());
        read.push(of_person.len());
        let late = house.record(subject, id, "preference", "te laat");
        let noted = entry(Act::TurnKept).about(subject);
        let put = house.store().put(&permit, vec![late], noted);
        assert_eq!(put.await.is_ok(), nth == 0, "{nth}");
    }
    assert_eq!(read, [1, 0, 0, 0]);
}

pub(super) async fn what_must_outlast_a_restore_comes_back_as_it_was_last(mut house: House) {
    let subject = house.person().await;
    let id = house.conversation(subject).await;
    let backup = house.back_up().await;
    let record = NewRecord {
        part: Part::Withheld,
        ..house.record(subject, id, "user_content", "op de lijst")
    };
    let key = record.id;
    let usual = house.record(subject, id, "user_content", "niet in de kopie");
    let register = house.register.clone();
    let permit = permit(&register, "provide");
    let noted = entry(Act::AnswersWithheld).about(subject);
    let put = house.store().put(&permit, vec![record, usual], noted);
    put.await.unwrap();

    house.restore(&backup);
    assert_eq!(house.texts(id).await, ["op de lijst"]);
    let due = house.store().due(night(400)).await.unwrap();
    assert_eq!(due.n_records, 1, "its claims came along");
    let ended = Corrected {
        id: key,
        subject,
        content: Personal::new(Category::from_stored("user_content"), "{}".to_owned()),
    };
    let noted = entry(Act::AnswersReleased).about(subject);
    let correct = house.store().correct(&permit, vec![ended], now(), noted);
    assert_eq!(correct.await.unwrap(), 1);
    house.restore(&backup);
    assert_eq!(house.texts(id).await, ["{}"]);

    house.erase(subject).await;
    house.restore(&backup);
    assert!(
        house.texts(id).await.is_empty(),
        "the ledger brings nobody back"
    );
}
