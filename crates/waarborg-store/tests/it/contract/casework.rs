//! The file of a request: steps that land whole, slices that go alone, recipients that answer once.

use jiff::civil::date;
use jiff::tz::TimeZone;
use waarborg_domain::calendar::Due;
use waarborg_domain::claim::Trigger;
use waarborg_domain::decision::{Slice, Task, TaskAct, TaskEnd};
use waarborg_domain::entry::Act;
use waarborg_domain::hold::{Hold, HoldGround};
use waarborg_domain::ids::{ObjectId, SessionId, SubjectId};
use waarborg_domain::register::Basis;
use waarborg_domain::rights::{Request, Stage};
use waarborg_store::Archive;
use waarborg_usecase::ports::{
    Casework as _, EventScope, Holds as _, NewRecord, Onto, Part, Records as _, Requests as _,
    Step, Storage as _, StoreError, Subjects as _, Suppressions as _, Trail as _,
};

use super::request;
use crate::house::{House, days_later, entry, new_id, night, now, token};

pub(super) fn task(request: &Request) -> Task {
    Task {
        id: new_id(),
        request: request.id,
        recipient: "model".to_owned(),
        act: TaskAct::Erase,
        created_at: now(),
        gone_at: Some(days_later(30)),
        ended: None,
    }
}

pub(crate) async fn step(house: &House, request: &Request, onto: Onto, tasks: Vec<Task>) -> bool {
    let record = NewRecord {
        part: Part::Decision,
        ..house.record(
            request.subject,
            ObjectId(request.id.0),
            "request_case",
            "besluit",
        )
    };
    let step = Step {
        records: vec![record],
        tasks,
        ..Step::new(request.id, onto)
    };
    let permit = house.permit("provide");
    house
        .store()
        .step(
            &permit,
            step,
            now(),
            &TimeZone::UTC,
            entry(Act::RequestDecided),
        )
        .await
        .unwrap()
}

pub(super) async fn a_step_lands_whole_and_a_closed_request_takes_none(house: House) {
    let request = request(SubjectId(new_id()));
    house.receive(&request, &token(), &[]).await;
    let one = task(&request);
    assert!(
        step(
            &house,
            &request,
            Onto::Stage(Stage::PartlyAnswered),
            vec![one.clone()]
        )
        .await
    );
    assert!(
        !step(
            &house,
            &request,
            Onto::Stage(Stage::Answered),
            vec![task(&request)]
        )
        .await
    );
    assert!(!step(&house, &request, Onto::Stay, Vec::new()).await);

    assert_eq!(
        house.texts(ObjectId(request.id.0)).await,
        ["zaak", "besluit"]
    );
    assert_eq!(
        house.store().tasks().await.unwrap(),
        std::slice::from_ref(&one)
    );
    let end = |end| {
        house
            .store()
            .end_task(one.id, end, days_later(2), entry(Act::RecipientAnswered))
    };
    assert!(end(TaskEnd::Done).await.unwrap());
    assert!(
        !end(TaskEnd::Impossible).await.unwrap(),
        "a recipient answers once"
    );
    let ended = house.store().tasks().await.unwrap();
    assert_eq!(ended[0].ended, Some((TaskEnd::Done, days_later(2))));

    let unknown = self::request(SubjectId(new_id()));
    assert!(!step(&house, &unknown, Onto::Stay, Vec::new()).await);

    // A closed case ends with its claims, and its tasks with it.
    let run = house
        .store()
        .end_claims(night(366), entry(Act::RetentionRun));
    run.await.unwrap();
    assert!(house.store().requests().await.unwrap().is_empty());
    assert!(house.store().tasks().await.unwrap().is_empty());
}

/// Two officers settle the same disclosure; where several programs run on one store, each at another program.
pub(super) async fn of_two_who_conclude_at_once_one_does_and_there_is_one_last_word(house: House) {
    let is_shared = house.store().backend().starts_with("PostgreSQL");
    let other = is_shared.then(|| Archive::open(house.settings.clone()).unwrap());
    let elsewhere = other.as_ref().unwrap_or(house.store());
    let subject = house.person().await;
    let permit = house.permit("provide");
    for _ in 0..8 {
        let object = ObjectId(new_id());
        let record = |text: &str| NewRecord {
            part: Part::Disclosure,
            ..house.record(subject, object, "request_case", text)
        };
        let proposed = entry(Act::DisclosureProposed).about(subject);
        house
            .store()
            .put(&permit, vec![record("voorstel")], proposed)
            .await
            .unwrap();
        assert_eq!(
            house.store().unconcluded(Part::Disclosure).await.unwrap(),
            [(subject, object)]
        );

        let zone = TimeZone::UTC;
        let lines = |act| [entry(act), entry(Act::EventNoted)].map(|line| line.about(subject));
        let (closed, made) = (Trigger::CaseClosed, lines(Act::DisclosureMade));
        let back = lines(Act::DisclosureTakenBack);
        let store = house.store();
        let here = store.conclude(&permit, record("gegeven"), closed, &zone, made);
        let there = elsewhere.conclude(&permit, record("terug"), closed, &zone, back);
        let (here, there) = tokio::join!(here, there);
        let (here, there) = (here.unwrap(), there.unwrap());

        assert!(here != there, "here {here}, there {there}");
        let last = if here { "gegeven" } else { "terug" };
        assert_eq!(house.texts(object).await, ["voorstel", last]);
        let left = house.store().unconcluded(Part::Disclosure).await.unwrap();
        assert!(left.is_empty());
    }
    let lines = house.store().trail_of(subject).await.unwrap();
    let payloads = lines.iter().filter_map(|line| line.payload.as_deref());
    let settled = payloads.filter(|line| {
        line.contains("\"disclosure.made\"") || line.contains("\"disclosure.taken_back\"")
    });
    assert_eq!(settled.count(), 8, "one line for each, and no second");
}

pub(super) async fn later_dates_survive_a_restore(mut house: House) {
    let request = request(SubjectId(new_id()));
    house.receive(&request, &token(), &[]).await;
    let backup = house.back_up().await;
    let due = Due {
        aim: date(2027, 2, 19),
        latest: date(2027, 2, 22),
    };
    assert!(step(&house, &request, Onto::Extended(due), Vec::new()).await);
    house.restore(&backup);
    let back = house.store().request(request.id).await.unwrap().unwrap();
    assert_eq!((back.due, back.stage), (due, Stage::Extended));

    let after_doubt = Due {
        aim: date(2027, 3, 5),
        latest: date(2027, 3, 8),
    };
    assert!(step(&house, &request, Onto::Later(after_doubt), Vec::new()).await);
    house.restore(&backup);
    let back = house.store().request(request.id).await.unwrap().unwrap();
    assert_eq!((back.due, back.stage), (after_doubt, Stage::Working));
}

pub(super) async fn a_slice_goes_alone_and_stays_gone(mut house: House) {
    let (subject, id) = house.talk("weg").await;
    let kept = house.record(subject, id, "mail_address", "jan@example.org");
    let permit = house.permit("provide");
    house
        .store()
        .put(&permit, vec![kept], entry(Act::TurnKept).about(subject))
        .await
        .unwrap();
    let backup = house.back_up().await;
    let slices = vec![Slice {
        category: "user_content".into(),
        purpose: "provide".into(),
        basis: Basis::Contract,
    }];
    let erase = |slices| {
        house.store().erase_slices(
            subject,
            slices,
            now(),
            entry(Act::SubjectErased).about(subject),
        )
    };
    let receipt = erase(slices.clone()).await.unwrap();
    assert_eq!(receipt.n_records, 1, "{receipt:?}");
    assert_eq!(erase(slices).await.unwrap().n_records, 0, "twice is once");
    assert_eq!(house.texts(id).await, ["jan@example.org"]);
    assert!(house.store().person(subject).await.unwrap().is_some());
    assert!(!house.store().trail_of(subject).await.unwrap().is_empty());

    house.restore(&backup);
    assert_eq!(house.texts(id).await, ["jan@example.org"]);
}

pub(super) async fn a_restriction_is_lifted_and_stays_lifted(mut house: House) {
    let subject = house.person().await;
    let restricted = entry(Act::Restricted);
    house
        .store()
        .restrict(subject, now(), restricted)
        .await
        .unwrap();
    let backup = house.back_up().await;
    let lifted = entry(Act::RestrictionLifted);
    house.store().lift(subject, now(), lifted).await.unwrap();
    house.restore(&backup);
    assert!(
        !house
            .store()
            .person(subject)
            .await
            .unwrap()
            .unwrap()
            .is_restricted
    );
}

pub(super) async fn a_reader_and_a_writer_with_an_older_permit_stop_too(house: House) {
    let (restricted, theirs) = house.talk("van wie stopte").await;
    let (other, others) = house.talk("van een ander").await;
    // A job that took its permit before.
    let permit = house.permit("provide");
    let stop = entry(Act::Restricted);
    house
        .store()
        .restrict(restricted, now(), stop)
        .await
        .unwrap();

    let read = house.store().of_subject(&permit, restricted).await.unwrap();
    assert!(read.is_empty(), "a batch goes on reading");
    assert!(
        house
            .store()
            .of_object(&permit, theirs)
            .await
            .unwrap()
            .is_empty()
    );
    let late = house.record(restricted, theirs, "user_content", "te laat");
    let put = house.store().put(&permit, vec![late], entry(Act::TurnKept));
    assert_eq!(put.await, Err(StoreError::Unavailable));
    assert_eq!(
        house
            .store()
            .of_subject(&permit, other)
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(house.texts(others).await, ["van een ander"]);

    let lifted = entry(Act::RestrictionLifted);
    house.store().lift(restricted, now(), lifted).await.unwrap();
    assert_eq!(
        house
            .store()
            .of_subject(&permit, restricted)
            .await
            .unwrap()
            .len(),
        1
    );
}

pub(super) async fn an_objection_that_was_refused_stays_refused(mut house: House) {
    let subject = house.person().await;
    let objected = entry(Act::Objected);
    house
        .store()
        .object_to(subject, "provide", now(), objected)
        .await
        .unwrap();
    let backup = house.back_up().await;
    let refused = entry(Act::ObjectionRefused);
    house
        .store()
        .overrule(subject, "provide", now(), refused)
        .await
        .unwrap();
    house.restore(&backup);
    let person = house.store().person(subject).await.unwrap().unwrap();
    assert!(person.objections.is_empty());
}

pub(super) async fn a_suppressed_address_outlives_an_erasure_and_a_restore(mut house: House) {
    let (subject, _) = house.talk("weg").await;
    let backup = house.back_up().await;
    let (mark, other) = ([7; 32], [8; 32]);
    let stop = |mark| {
        let purposes = vec!["newsletter".to_owned(), "offers".to_owned()];
        house
            .store()
            .suppress(mark, purposes, now(), entry(Act::MarketingStopped))
    };
    stop(mark).await.unwrap();
    stop(mark).await.unwrap();
    house.erase(subject).await;
    house.restore(&backup);
    let ask = |purpose: &'static str| house.store().suppressed(vec![other, mark], purpose);
    assert_eq!(ask("offers").await.unwrap(), [false, true]);
    assert_eq!(ask("provide").await.unwrap(), [false, false]);
}

pub(super) async fn a_renewal_takes_back_the_end_of_a_licence(house: House) {
    let (subject, id) = house.talk("van de licentie").await;
    let mut record = house.record(subject, id, "user_content", "ook");
    for claim in &mut record.claims {
        claim.rule.trigger = Trigger::LicenceExpired;
        claim.started_at = None;
        claim.ends_at = None;
    }
    let permit = house.permit("provide");
    let put = entry(Act::TurnKept).about(subject);
    house.store().put(&permit, vec![record], put).await.unwrap();

    let scope = EventScope::Subject(subject);
    let zone = TimeZone::UTC;
    let expired = |at| {
        let noted = entry(Act::EventNoted).about(subject);
        house
            .store()
            .event(scope, "licence_expired", at, &zone, noted)
    };
    let run = |days| {
        house
            .store()
            .end_claims(night(days), entry(Act::RetentionRun))
    };
    assert_eq!(expired(now()).await.unwrap(), 1);
    let renewed = entry(Act::EventNoted).about(subject);
    let taken = house.store().take_back(scope, "licence_expired", renewed);
    assert_eq!(taken.await.unwrap(), 1);
    run(400).await.unwrap();
    assert_eq!(house.texts(id).await, ["ook"], "renewed in time");
    assert_eq!(expired(days_later(400)).await.unwrap(), 1);
    run(800).await.unwrap();
    assert!(house.texts(id).await.is_empty(), "not renewed");
}

fn hold(subject: SubjectId, by: SessionId) -> Hold {
    Hold {
        id: new_id(),
        subject,
        object: None,
        ground: HoldGround::LegalClaim,
        proposed_by: by,
        proposed_at: now(),
        agreed: None,
        ends_on: date(2027, 3, 1),
        ends_at: days_later(100),
        lifted_at: None,
    }
}

pub(super) async fn a_hold_of_two_people_stops_the_end_and_goes_on_by_itself(mut house: House) {
    let (subject, id) = house.talk("nodig voor de zaak").await;
    let (one, two) = (SessionId(new_id()), SessionId(new_id()));
    let held = hold(subject, one);
    let backup = house.back_up().await;
    let propose = entry(Act::HoldProposed).about(subject);
    house
        .store()
        .propose_hold(held.clone(), propose)
        .await
        .unwrap();
    let agree = |by| {
        let entry = entry(Act::HoldAgreed).about(subject);
        house.store().agree_to_hold(held.id, by, now(), entry)
    };
    assert!(
        !agree(one).await.unwrap(),
        "nobody is their own second person"
    );
    assert!(agree(two).await.unwrap());
    assert!(!agree(two).await.unwrap(), "once");

    house.restore(&backup);
    assert!(
        house.store().holds().await.unwrap()[0].holds_at(now()),
        "a restore keeps it"
    );
    let run = |days| {
        house
            .store()
            .end_claims(night(days), entry(Act::RetentionRun))
    };
    run(60).await.unwrap();
    assert_eq!(
        house.texts(id).await,
        ["nodig voor de zaak"],
        "its thirty days have passed"
    );

    let receipt = house.erase(subject).await;
    assert_eq!(receipt.n_records, 0);
    let kept = &receipt.kept[0];
    assert_eq!(
        (kept.purpose.as_str(), kept.until),
        ("legal_claims", Some(days_later(100)))
    );
    assert!(house.texts(id).await.is_empty(), "for no other purpose");
    run(99).await.unwrap();
    assert_eq!(house.store().due(night(101)).await.unwrap().n_records, 1);
    run(101).await.unwrap();
    assert_eq!(house.store().due(night(102)).await.unwrap().n_records, 0);
    assert!(house.store().holds().await.unwrap().is_empty());
}

pub(super) async fn a_hold_on_one_conversation_leaves_the_others_and_can_be_lifted(house: House) {
    let (subject, held_id) = house.talk("nodig").await;
    let other = house.conversation(subject).await;
    house.say(subject, other, "niet nodig").await;
    let one = Hold {
        object: Some(held_id),
        ..hold(subject, SessionId(new_id()))
    };
    let propose = entry(Act::HoldProposed).about(subject);
    house
        .store()
        .propose_hold(one.clone(), propose)
        .await
        .unwrap();
    let agreed = entry(Act::HoldAgreed).about(subject);
    let by = SessionId(new_id());
    assert!(
        house
            .store()
            .agree_to_hold(one.id, by, now(), agreed)
            .await
            .unwrap()
    );
    let run = |days| {
        house
            .store()
            .end_claims(night(days), entry(Act::RetentionRun))
    };
    run(60).await.unwrap();
    assert_eq!(house.texts(held_id).await, ["nodig"]);
    assert!(house.texts(other).await.is_empty());
    let lifted = entry(Act::HoldLifted).about(subject);
    assert!(
        house
            .store()
            .lift_hold(one.id, days_later(61), lifted)
            .await
            .unwrap()
    );
    run(62).await.unwrap();
    assert!(house.texts(held_id).await.is_empty());
}
