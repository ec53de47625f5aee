//! Persons, their answers and their requests.

use jiff::tz::TimeZone;
use waarborg_domain::consent::ConsentAnswer;
use waarborg_domain::entry::Act;
use waarborg_domain::ids::{ObjectId, SubjectId};
use waarborg_domain::rights::Stage;
use waarborg_usecase::ports::{Consents as _, Requests as _, StoreError, Subjects as _};

use super::{consent, request, texts};
use crate::support::{House, entry, new_id, now, token};

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
    let words = house.record(
        request.subject,
        ObjectId(request.id.0),
        "user_content",
        "ik wil inzage",
    );
    let permit = house.permit("provide");
    let added = entry(Act::RequestReceived).about(request.subject);
    house
        .store()
        .add(&permit, request.clone(), &secret, vec![words], added)
        .await
        .unwrap();

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
        texts(&house, ObjectId(request.id.0)).await,
        ["ik wil inzage"]
    );

    house
        .store()
        .move_to(request.id, Stage::Answered, entry(Act::RequestMoved))
        .await
        .unwrap();
    house
        .store()
        .move_to(request.id, Stage::Answered, entry(Act::RequestMoved))
        .await
        .unwrap();
    let back = house
        .store()
        .move_to(request.id, Stage::Working, entry(Act::RequestMoved))
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
