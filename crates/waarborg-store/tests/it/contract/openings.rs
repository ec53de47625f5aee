//! What opens a request for a while, and records that are not used for a while.

use jiff::Timestamp;
use waarborg_domain::entry::Act;
use waarborg_domain::ids::{RequestId, SubjectId};
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
