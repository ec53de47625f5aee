//! What opens a request for a while, and records that are not used for a while.

use jiff::Timestamp;
use waarborg_domain::entry::Act;
use waarborg_domain::ids::{ObjectId, RequestId, SubjectId};
use waarborg_domain::rights::{Request, Stage};
use waarborg_usecase::ports::{
    Onto, Opening, OpeningKind, Openings as _, Records as _, Requests as _, Restrictions as _,
};

use super::casework::step;
use super::request;
use crate::house::{House, days_later, entry, new_id, night, now, random, token};

fn opening(request: &Request, kind: OpeningKind, fingerprint: [u8; 32]) -> Opening {
    Opening {
        id: new_id(),
        request: request.id,
        kind,
        fingerprint,
        second: None,
        expires_at: days_later(1),
        n_left: 3,
        mailed_to: None,
    }
}

pub(super) async fn a_code_opens_once_within_its_tries_and_its_time(house: House) {
    let request = request(SubjectId(new_id()));
    house.receive(&request, &token(), &[]).await;
    let right: [u8; 32] = random();
    let add = |fingerprint: [u8; 32], at: Timestamp| {
        let code = opening(&request, OpeningKind::CodeForMail, fingerprint);
        house.store().add_code(code, 2, at, entry(Act::CodeSent))
    };
    let tries =
        |fingerprint: [u8; 32], at: Timestamp| house.store().try_code(request.id, fingerprint, at);
    assert_eq!(tries(right, now()).await.unwrap(), None, "none was sent");
    assert!(add(right, now()).await.unwrap());
    assert_eq!(tries(random(), now()).await.unwrap(), None);
    let nobody = RequestId(new_id());
    assert_eq!(
        house.store().try_code(nobody, right, now()).await.unwrap(),
        None
    );
    let found = tries(right, now()).await.unwrap();
    assert_eq!(found, Some(OpeningKind::CodeForMail));
    assert_eq!(tries(right, now()).await.unwrap(), None, "once");

    let second: [u8; 32] = random();
    assert!(add(second, now()).await.unwrap());
    assert!(
        !add(random(), now()).await.unwrap(),
        "as many as are allowed"
    );
    for _ in 0..3 {
        assert_eq!(tries(random(), now()).await.unwrap(), None);
    }
    assert_eq!(
        tries(second, now()).await.unwrap(),
        None,
        "too many were wrong"
    );
    assert!(add(right, days_later(2)).await.unwrap(), "the others ended");
    assert_eq!(tries(right, days_later(3)).await.unwrap(), None, "it ended");
    assert!(add(right, now()).await.is_ok());
    assert!(step(&house, &request, Onto::Stage(Stage::Answered), Vec::new()).await);
    assert_eq!(
        tries(right, now()).await.unwrap(),
        None,
        "a decision ends it"
    );
}

pub(super) async fn so_many_codes_go_to_one_address_for_whatever_request(house: House) {
    let (address, other): ([u8; 32], [u8; 32]) = (random(), random());
    let add = async |asked: &Request, mailed_to: [u8; 32], at: Timestamp| {
        let code = Opening {
            mailed_to: Some(mailed_to),
            ..opening(asked, OpeningKind::Code, random())
        };
        let adding = house.store().add_code(code, 3, at, entry(Act::CodeSent));
        adding.await.unwrap()
    };
    let mut asked = Vec::new();
    for _ in 0..4 {
        let request = request(SubjectId(new_id()));
        house.receive(&request, &token(), &[]).await;
        asked.push(request);
    }
    assert!(add(&asked[0], address, now()).await);
    assert!(add(&asked[0], address, now()).await);
    assert!(add(&asked[1], address, now()).await);
    assert!(!add(&asked[2], address, now()).await, "three went there");
    assert!(!add(&asked[0], address, now()).await);
    assert!(add(&asked[2], other, now()).await, "another address");
    // Who closes a request, or has it erased, makes no room.
    assert!(step(&house, &asked[0], Onto::Stage(Stage::Answered), Vec::new()).await);
    assert!(!add(&asked[3], address, now()).await);
    let far = night(3650);
    let erased = house.store().erase_object(
        ObjectId(asked[1].id.0),
        now(),
        entry(Act::ConversationDeleted),
    );
    erased.await.unwrap();
    assert!(!add(&asked[3], address, now()).await);
    assert!(add(&asked[3], address, days_later(2)).await, "they ended");
    let run = house.store().end_claims(far, entry(Act::RetentionRun));
    run.await.unwrap();
}

pub(super) async fn a_link_for_another_is_used_up_and_noted_in_one_step(house: House) {
    let (subject, _) = house.talk("mee te nemen").await;
    let request = request(subject);
    house.receive(&request, &token(), &[]).await;
    let (link, code): ([u8; 32], [u8; 32]) = (random(), random());
    let transfer = Opening {
        second: Some(code),
        ..opening(&request, OpeningKind::Transfer, link)
    };
    let permit = house.permit("provide");
    let adding =
        house
            .store()
            .add_transfer(&permit, transfer, Vec::new(), entry(Act::TransferPrepared));
    adding.await.unwrap();
    let tries = async |code: [u8; 32]| {
        let tried = house.store().try_transfer(link, code, now());
        tried.await.unwrap().map(|found| found.id)
    };
    let uses = async |text: &str| {
        let note = house.record(subject, ObjectId(new_id()), "user_content", text);
        let entries = vec![entry(Act::DisclosureMade).about(subject)];
        let used = house
            .store()
            .use_transfer(&permit, link, vec![note], entries);
        used.await.unwrap()
    };
    // What was right is there again for who was stopped before it was used up; what was wrong counts.
    for _ in 0..5 {
        assert_eq!(tries(code).await, Some(request.id));
    }
    for _ in 0..2 {
        assert_eq!(tries(random()).await, None);
    }
    assert_eq!(tries(code).await, Some(request.id));
    let n_noted = async || {
        let records = house.store().of_subject(&permit, subject);
        records.await.unwrap().len()
    };
    let before = n_noted().await;
    assert!(uses("naar een ander").await);
    assert_eq!(n_noted().await, before + 1);
    assert!(!uses("nog eens").await, "two at once: one of them");
    assert_eq!(n_noted().await, before + 1, "and one note");
    assert_eq!(tries(code).await, None, "once");
}

pub(super) async fn a_link_that_was_used_stays_used_after_a_restore(mut house: House) {
    let request = request(SubjectId(new_id()));
    house.receive(&request, &token(), &[]).await;
    let (link, reading): ([u8; 32], [u8; 32]) = (random(), random());
    let added = Opening {
        second: Some(random()),
        ..opening(&request, OpeningKind::Link, link)
    };
    let permit = house.permit("provide");
    let noted = entry(Act::TransferPrepared);
    let adding = house
        .store()
        .add_transfer(&permit, added, Vec::new(), noted);
    adding.await.unwrap();
    let backup = house.back_up().await;
    let use_up = async |house: &House| {
        let open = opening(&request, OpeningKind::Reading, reading);
        let used = house
            .store()
            .use_link(link, open, now(), entry(Act::AnswerOpened));
        used.await.unwrap().map(|found| found.id)
    };
    assert_eq!(use_up(&house).await, Some(request.id));
    assert_eq!(use_up(&house).await, None, "once");
    let reference = request.reference.as_str().to_owned();
    let reads = async |house: &House, at: Timestamp| {
        let opened = house.store().opened(&reference, reading, at);
        opened.await.unwrap().map(|found| found.id)
    };
    assert_eq!(reads(&house, now()).await, Some(request.id));
    assert_eq!(reads(&house, days_later(2)).await, None);
    house.restore(&backup);
    assert_eq!(use_up(&house).await, None, "a backup holds no links");
}

pub(super) async fn a_disputed_record_is_shut_until_it_is_decided_and_after_a_restore(
    mut house: House,
) {
    let (subject, id) = house.talk("klopt niet").await;
    let permit = house.permit("provide");
    let records = house.store().of_object(&permit, id).await.unwrap();
    let wrong = records[0].id;
    house.say(subject, id, "klopt wel").await;
    let request = Request {
        received_at: now(),
        ..request(subject)
    };
    house.receive(&request, &token(), &[]).await;
    let backup = house.back_up().await;
    let dispute = async |house: &House| {
        let noted = entry(Act::Disputed).about(subject);
        let disputing = house.store().dispute(request.id, vec![wrong], now(), noted);
        disputing.await.unwrap()
    };
    assert_eq!(dispute(&house).await, 1);
    assert_eq!(house.texts(id).await, ["klopt wel"]);
    assert!(house.store().is_disputed_since(id, now()).await.unwrap());
    assert!(
        !house
            .store()
            .is_disputed_since(id, days_later(1))
            .await
            .unwrap()
    );

    // Its end waits too.
    let run = house
        .store()
        .end_claims(night(40), entry(Act::RetentionRun));
    run.await.unwrap();
    house.restore(&backup);
    assert_eq!(
        house.store().disputed_of(subject).await.unwrap(),
        [(wrong, request.id)]
    );
    assert!(step(&house, &request, Onto::Stage(Stage::Answered), Vec::new()).await);
    assert!(house.store().disputed_of(subject).await.unwrap().is_empty());
    house.restore(&backup);
    assert!(
        house.store().disputed_of(subject).await.unwrap().is_empty(),
        "it was decided"
    );
    assert_eq!(
        dispute(&house).await,
        0,
        "a closed request disputes nothing"
    );
}

pub(super) async fn two_requests_that_became_one_open_the_first_with_every_receipt(house: House) {
    let subject = SubjectId(new_id());
    let (first, later) = (request(subject), request(subject));
    let secrets = [token(), token(), token()];
    house.receive(&first, &secrets[0], &[]).await;
    house.receive(&later, &secrets[1], &[]).await;
    let permit = house.permit("provide");
    let repeated = entry(Act::RequestRepeated);
    let again = house
        .store()
        .add_receipt(&permit, later.id, &secrets[2], Vec::new(), repeated);
    assert!(again.await.unwrap());
    let zone = jiff::tz::TimeZone::UTC;
    let join = || {
        let moved = entry(Act::RequestMoved);
        let pair = (later.id, first.id);
        house
            .store()
            .join(&permit, pair, Vec::new(), now(), &zone, moved)
    };
    assert!(join().await.unwrap());
    assert!(!join().await.unwrap(), "once");
    for (request, secret) in [(&first, 0), (&later, 1), (&later, 2)] {
        let opened = house
            .store()
            .by_reference(request.reference.as_str(), &secrets[secret])
            .await
            .unwrap();
        assert_eq!(opened.map(|found| found.id), Some(first.id), "{secret}");
    }
    let strange = house
        .store()
        .by_reference(first.reference.as_str(), &token())
        .await;
    assert_eq!(strange.unwrap(), None);
}
