//! Persons, their answers and their requests.

use jiff::tz::TimeZone;
use waarborg_domain::consent::ConsentAnswer;
use waarborg_domain::entry::Act;
use waarborg_domain::ids::{ObjectId, SubjectId};
use waarborg_domain::rights::{Details, Request, Stage};
use waarborg_usecase::ports::{
    Consents as _, Records as _, Requests as _, StoreError, Subjects as _, Trail as _,
};

use super::{consent, request};
use crate::house::{House, days_later, entry, new_id, night, now, token};

pub(super) async fn a_person_has_their_answers_and_objections(house: House) {
    let subject = house.person().await;
    for (n, answer) in [ConsentAnswer::Given, ConsentAnswer::Withdrawn]
        .into_iter()
        .enumerate()
    {
        house
            .store()
            .answer(
                consent(subject, answer, i64::try_from(n).unwrap()),
                &TimeZone::UTC,
                entry(Act::ConsentGiven),
            )
            .await
            .unwrap();
    }
    house
        .store()
        .object_to(subject, "newsletter", now(), entry(Act::Objected))
        .await
        .unwrap();
    house
        .store()
        .object_to(subject, "newsletter", now(), entry(Act::Objected))
        .await
        .unwrap();
    house
        .store()
        .restrict(subject, now(), entry(Act::Restricted))
        .await
        .unwrap();
    house
        .store()
        .acknowledge(subject, "2", now(), entry(Act::NoticeAcknowledged))
        .await
        .unwrap();

    let person = house.store().person(subject).await.unwrap().unwrap();
    let answers: Vec<_> = person
        .consents
        .iter()
        .map(|consent| consent.answer)
        .collect();
    assert_eq!(answers, [ConsentAnswer::Given, ConsentAnswer::Withdrawn]);
    assert_eq!(person.objections, ["newsletter"]);
    assert!(person.is_restricted);
    assert_eq!(person.notice_version, "2");
    assert!(
        house
            .store()
            .person(SubjectId(new_id()))
            .await
            .unwrap()
            .is_none()
    );
}

pub(super) async fn a_request_opens_with_reference_and_secret_together(house: House) {
    let secret = token();
    let request = request(SubjectId(new_id()));
    house.receive(&request, &secret, &["ik wil inzage"]).await;

    let reference = request.reference.as_str().to_owned();
    let typed = reference.to_lowercase().replace('-', " ");
    assert_eq!(
        house.store().by_reference(&typed, &secret).await.unwrap(),
        Some(request.clone())
    );
    assert_eq!(
        house
            .store()
            .by_reference(&reference, &token())
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        house
            .store()
            .by_reference("WB-0000-0000", &secret)
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        house.texts(ObjectId(request.id.0)).await,
        ["zaak", "ik wil inzage"]
    );

    house
        .store()
        .move_to(
            request.id,
            Stage::Answered,
            now(),
            &TimeZone::UTC,
            entry(Act::RequestMoved),
        )
        .await
        .unwrap();
    house
        .store()
        .move_to(
            request.id,
            Stage::Answered,
            now(),
            &TimeZone::UTC,
            entry(Act::RequestMoved),
        )
        .await
        .unwrap();
    let back = house
        .store()
        .move_to(
            request.id,
            Stage::Working,
            now(),
            &TimeZone::UTC,
            entry(Act::RequestMoved),
        )
        .await;
    assert_eq!(
        back,
        Err(StoreError::Unavailable),
        "a closed request stays closed"
    );
    assert_eq!(
        house
            .store()
            .request(request.id)
            .await
            .unwrap()
            .unwrap()
            .stage,
        Stage::Answered
    );
    assert_eq!(house.store().requests().await.unwrap().len(), 1);
    assert_eq!(
        house
            .store()
            .requests_of(request.subject)
            .await
            .unwrap()
            .len(),
        1
    );
}

pub(super) async fn a_request_without_a_claim_is_not_taken(house: House) {
    let request = request(SubjectId(new_id()));
    let secret = token();
    let permit = house.permit("provide");
    let words = house.record(
        request.subject,
        ObjectId(request.id.0),
        "user_content",
        "ik wil inzage",
    );
    let added = entry(Act::RequestReceived).about(request.subject);
    let refused = house
        .store()
        .add(&permit, request.clone(), &secret, vec![words], added)
        .await;
    assert_eq!(
        refused,
        Err(StoreError::Unavailable),
        "a request that would never end"
    );
    assert!(house.store().requests().await.unwrap().is_empty());
}

/// Whoever asks without a word and without an address is forgotten too, when the register says so.
pub(super) async fn a_request_without_words_ends_as_the_register_says(house: House) {
    let request = request(SubjectId(new_id()));
    house.receive(&request, &token(), &[]).await;
    let far = night(3650);
    let run = |at| house.store().end_claims(at, entry(Act::RetentionRun));
    run(far).await.unwrap();
    assert_eq!(
        house.store().requests().await.unwrap().len(),
        1,
        "it is open"
    );

    close(&house, &request, days_later(20)).await;
    run(night(20 + 364)).await.unwrap();
    assert_eq!(house.store().requests().await.unwrap().len(), 1);
    let ended = run(night(20 + 365)).await.unwrap();
    assert_eq!((ended.n_claims, ended.n_records), (1, 1));
    assert!(house.store().requests().await.unwrap().is_empty());
}

/// The clock of a request goes on, also when the disk that knew what it says is gone.
pub(super) async fn a_request_that_came_in_after_the_backup_keeps_its_dates(mut house: House) {
    let before = request(SubjectId(new_id()));
    house.receive(&before, &token(), &["er was al iets"]).await;
    let backup = house.back_up().await;

    let (open, closed, ended) = (
        request(SubjectId(new_id())),
        request(house.person().await),
        request(SubjectId(new_id())),
    );
    let secret = token();
    house.receive(&open, &secret, &["nieuw"]).await;
    house.receive(&closed, &token(), &["ook nieuw"]).await;
    house.receive(&ended, &token(), &[]).await;
    close(&house, &closed, days_later(100)).await;
    close(&house, &before, days_later(100)).await;
    close(&house, &ended, now()).await;
    house
        .store()
        .end_claims(night(365), entry(Act::RetentionRun))
        .await
        .unwrap();
    let expected = house.store().requests().await.unwrap();
    assert_eq!(expected.len(), 3);

    for round in 0..2 {
        let restored = house.restore(&backup);
        assert_eq!(restored.n_requests_without_details, 2, "round {round}");
        let mut found = house.store().requests().await.unwrap();
        for request in &mut found {
            let is_old = request.id == before.id;
            assert_eq!(request.details == Details::Kept, is_old);
            request.details = Details::Kept;
        }
        assert_eq!(found, expected, "round {round}");
    }
    let reference = open.reference.as_str();
    let opened = house
        .store()
        .by_reference(reference, &secret)
        .await
        .unwrap();
    assert_eq!(opened.unwrap().details, Details::InNoBackup);
    assert_eq!(house.texts(ObjectId(open.id.0)).await, [reference]);

    let due = house.store().due(night(100 + 366)).await.unwrap();
    assert_eq!(due.n_objects, 2, "the two that were closed still end");
    assert!(house.store().verify().await.unwrap().faults.is_empty());
}

async fn close(house: &House, request: &Request, at: jiff::Timestamp) {
    let entry = entry(Act::RequestMoved).about(request.subject);
    house
        .store()
        .move_to(request.id, Stage::Answered, at, &TimeZone::UTC, entry)
        .await
        .unwrap();
}
