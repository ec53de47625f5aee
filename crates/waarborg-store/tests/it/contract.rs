//! What every backend promises.

use jiff::civil::date;
use jiff::tz::TimeZone;
use waarborg_domain::calendar::Due;
use waarborg_domain::consent::{Consent, ConsentAnswer};
use waarborg_domain::entry::{Act, Actor, Entry, Role};
use waarborg_domain::ids::{ConsentId, GatewayKeyId, ObjectId, RequestId, SessionId, SubjectId};
use waarborg_domain::rights::{Channel, Reference, Request, Right, Stage};
use waarborg_store::Exported;
use waarborg_usecase::ports::{
    Consents as _, ConsoleTicket, Conversations as _, EventScope, GatewayKey, GatewayKeys as _,
    Records as _, Requests as _, Session, SessionHolder, Sessions as _, Storage as _, StoreError,
    Subjects as _, Trail as _,
};

use crate::support::{House, days_later, entry, new_id, now, random, token};

macro_rules! contract {
    ($($name:ident)*) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::$name(super::House::on_sqlite()).await;
            })*
        }
        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                if let Some(house) = super::House::on_postgres().await {
                    super::$name(house).await;
                }
            })*
        }
    };
}

contract! {
    what_was_said_is_read_back_in_order_with_a_permit
    nothing_is_read_or_written_outside_a_permit
    a_person_has_their_answers_and_objections
    sessions_end_when_they_expire_and_when_they_are_ended
    a_one_time_link_works_once
    gateway_keys_open_with_their_token_only
    a_request_opens_with_reference_and_secret_together
    erasing_a_conversation_leaves_the_others
    erasing_a_person_leaves_what_the_law_keeps_and_nothing_else
    erasing_twice_is_erasing_once
    an_erased_person_stays_erased_after_a_restart
    claims_end_on_their_day_and_a_restriction_suspends_them
    an_event_starts_the_claims_that_wait_for_it
    the_log_is_whole_and_stays_so_after_an_erasure
    an_export_is_verified_without_the_store
    tiles_and_checkpoints_hold_over_many_entries
    a_job_that_fails_leaves_nothing_and_hurts_no_other
    a_backup_comes_back_without_what_was_erased_since
    a_restriction_objection_and_withdrawal_survive_a_restore
    hasty_entries_are_there_at_once_and_after_a_restart
    many_at_once_are_all_kept
}

async fn what_was_said_is_read_back_in_order_with_a_permit(mut house: House) {
    let subject = house.person().await;
    let id = house.conversation(subject).await;
    for text in ["één", "twee", "drie"] {
        house.say(subject, id, text).await;
    }
    house.restart();

    assert_eq!(texts(&house, id).await, ["één", "twee", "drie"]);
    let conversation = house.store().conversation(id).await.unwrap().unwrap();
    assert_eq!(conversation.first_message_at, Some(now()));
    assert_eq!(
        house.store().conversations_of(subject).await.unwrap(),
        [conversation]
    );
}

async fn nothing_is_read_or_written_outside_a_permit(house: House) {
    let subject = house.person().await;
    let id = house.conversation(subject).await;
    house.say(subject, id, "geheim").await;

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
    assert_eq!(texts(&house, id).await, ["geheim"]);
}

async fn a_person_has_their_answers_and_objections(house: House) {
    let subject = house.person().await;
    for (n, answer) in [ConsentAnswer::Given, ConsentAnswer::Withdrawn]
        .into_iter()
        .enumerate()
    {
        house
            .store()
            .answer(
                consent(subject, answer, i64::try_from(n).unwrap()),
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

async fn sessions_end_when_they_expire_and_when_they_are_ended(house: House) {
    let subject = house.person().await;
    let (visit, staff) = (token(), token());
    let visitor = session(SessionHolder::Visitor(subject));
    let officer = session(SessionHolder::Staff(Role::Officer));
    house
        .store()
        .begin(visitor.clone(), &visit, None)
        .await
        .unwrap();
    house
        .store()
        .begin(officer.clone(), &staff, Some(entry(Act::ConsoleEntered)))
        .await
        .unwrap();

    assert_eq!(
        house.store().session(&visit, now()).await.unwrap(),
        Some(visitor.clone())
    );
    assert_eq!(
        house.store().session(&staff, now()).await.unwrap(),
        Some(officer)
    );
    assert_eq!(
        house.store().session(&staff, days_later(2)).await.unwrap(),
        None
    );
    assert_eq!(house.store().session(&token(), now()).await.unwrap(), None);
    house.store().end(visitor.id).await.unwrap();
    assert_eq!(house.store().session(&visit, now()).await.unwrap(), None);
}

async fn a_one_time_link_works_once(house: House) {
    let (used, expired) = (token(), token());
    let ticket = ConsoleTicket {
        role: Role::Auditor,
        expires_at: days_later(1),
    };
    house
        .store()
        .add_ticket(ticket, &used, entry(Act::ConsoleLinkMade))
        .await
        .unwrap();
    house
        .store()
        .add_ticket(ticket, &expired, entry(Act::ConsoleLinkMade))
        .await
        .unwrap();

    assert_eq!(
        house.store().take_ticket(&used, now()).await.unwrap(),
        Some(ticket)
    );
    assert_eq!(house.store().take_ticket(&used, now()).await.unwrap(), None);
    assert_eq!(
        house
            .store()
            .take_ticket(&expired, days_later(2))
            .await
            .unwrap(),
        None
    );
}

async fn gateway_keys_open_with_their_token_only(house: House) {
    let secret = token();
    let key = GatewayKey {
        id: GatewayKeyId(new_id()),
        label: "intranet".to_owned(),
        service: "chat".to_owned(),
        purpose: "provide".to_owned(),
        created_at: now(),
        expires_at: None,
        revoked_at: None,
    };
    house
        .store()
        .issue(key.clone(), &secret, entry(Act::KeyIssued))
        .await
        .unwrap();
    assert_eq!(
        house.store().gateway_key(&secret).await.unwrap(),
        Some(key.clone())
    );
    assert_eq!(house.store().gateway_key(&token()).await.unwrap(), None);

    house
        .store()
        .revoke(key.id, days_later(1), entry(Act::KeyRevoked))
        .await
        .unwrap();
    house
        .store()
        .revoke(key.id, days_later(2), entry(Act::KeyRevoked))
        .await
        .unwrap();
    let keys = house.store().gateway_keys().await.unwrap();
    assert_eq!(
        keys,
        [GatewayKey {
            revoked_at: Some(days_later(1)),
            ..key
        }]
    );
}

async fn a_request_opens_with_reference_and_secret_together(house: House) {
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

async fn erasing_a_conversation_leaves_the_others(house: House) {
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

    assert!(texts(&house, gone).await.is_empty());
    assert!(house.store().conversation(gone).await.unwrap().is_none());
    assert_eq!(texts(&house, kept).await, ["tekst", "meer"]);
    let late = house.record(subject, gone, "user_content", "te laat");
    let permit = house.permit("provide");
    let refused = house
        .store()
        .append(&permit, gone, vec![late], now(), entry(Act::TurnKept))
        .await;
    assert_eq!(refused, Err(StoreError::Unavailable));
}

async fn erasing_a_person_leaves_what_the_law_keeps_and_nothing_else(house: House) {
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

    let receipt = house
        .store()
        .erase_subject(subject, now(), erased(subject))
        .await
        .unwrap();
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
    assert_eq!(texts(&house, others).await, ["blijft"]);
    let report = house.store().verify().await.unwrap();
    assert!(
        report.faults.is_empty() && report.n_erased > 0,
        "{report:?}"
    );
}

async fn erasing_twice_is_erasing_once(house: House) {
    let subject = house.person().await;
    let id = house.conversation(subject).await;
    house.say(subject, id, "weg").await;
    let first = house
        .store()
        .erase_subject(subject, now(), erased(subject))
        .await
        .unwrap();
    let second = house
        .store()
        .erase_subject(subject, now(), erased(subject))
        .await
        .unwrap();
    assert_eq!(
        (first.n_records, second.n_records, second.n_keys),
        (1, 0, 0)
    );
    assert!(house.store().person(subject).await.unwrap().is_none());
}

async fn an_erased_person_stays_erased_after_a_restart(mut house: House) {
    let (subject, other) = (house.person().await, house.person().await);
    let (id, others) = (
        house.conversation(subject).await,
        house.conversation(other).await,
    );
    house.say(subject, id, "weg").await;
    house.say(other, others, "blijft").await;
    house
        .store()
        .erase_subject(subject, now(), erased(subject))
        .await
        .unwrap();
    house.restart();
    assert!(texts(&house, id).await.is_empty());
    assert_eq!(texts(&house, others).await, ["blijft"]);
    assert!(house.store().verify().await.unwrap().faults.is_empty());
}

async fn claims_end_on_their_day_and_a_restriction_suspends_them(house: House) {
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
        .end_claims(days_later(29), entry(Act::RetentionRun))
        .await
        .unwrap();
    assert_eq!((early.n_claims, early.n_records), (0, 0));
    let due = house.store().due(days_later(30)).await.unwrap();
    assert_eq!(
        (due.n_claims, due.n_records, due.n_objects, due.n_late),
        (1, 1, 1, 0)
    );
    let late = house.store().due(days_later(40)).await.unwrap();
    assert_eq!(late.n_late, 1);

    let done = house
        .store()
        .end_claims(days_later(30), entry(Act::RetentionRun))
        .await
        .unwrap();
    assert_eq!(done, due);
    assert!(texts(&house, id).await.is_empty());
    assert!(house.store().conversation(id).await.unwrap().is_none());
    assert_eq!(texts(&house, held).await, ["bevroren"]);
}

async fn an_event_starts_the_claims_that_wait_for_it(house: House) {
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
        .end_claims(days_later(9000), entry(Act::RetentionRun))
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

async fn the_log_is_whole_and_stays_so_after_an_erasure(house: House) {
    let subject = house.person().await;
    let id = house.conversation(subject).await;
    house.say(subject, id, "tekst").await;
    let lines = house.store().trail_of(subject).await.unwrap();
    assert_eq!(lines.len(), 3);
    assert!(lines[2].payload.as_ref().unwrap().contains("turn.kept"));

    house
        .store()
        .erase_subject(subject, now(), erased(subject))
        .await
        .unwrap();
    let report = house.store().verify().await.unwrap();
    assert_eq!(
        (report.n_entries, report.n_erased, report.faults),
        (4, 3, vec![])
    );
    let latest = house.store().latest(2).await.unwrap();
    assert!(
        latest[0]
            .payload
            .as_ref()
            .unwrap()
            .contains("subject.erased")
    );
    assert_eq!(latest[1].payload, None);
}

async fn an_export_is_verified_without_the_store(house: House) {
    let subject = house.person().await;
    let early = house.file("early.jsonl");
    house
        .store()
        .export_trail(&early, Exported::Proof)
        .await
        .unwrap();
    for _ in 0..20 {
        house
            .store()
            .record(entry(Act::ConsoleViewed).about(subject))
            .await
            .unwrap();
    }
    let key = house.store().log_key();
    let file = house.file("export.jsonl");
    assert_eq!(
        house
            .store()
            .export_trail(&file, Exported::Payloads)
            .await
            .unwrap(),
        21
    );

    let report = waarborg_store::verify_export(&file, Some(&key), &[]).unwrap();
    assert!(report.is_sound() && report.n_opened == 21, "{report:?}");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("console.viewed"));

    std::fs::write(&file, text.replacen("console.viewed", "console.entered", 1)).unwrap();
    assert!(
        !waarborg_store::verify_export(&file, Some(&key), &[])
            .unwrap()
            .is_sound()
    );
    let mut lines: Vec<_> = text.lines().collect();
    lines.remove(5);
    std::fs::write(&file, lines.join("\n")).unwrap();
    assert!(
        !waarborg_store::verify_export(&file, Some(&key), &[])
            .unwrap()
            .is_sound()
    );

    // An older copy of everything agrees with itself; a checkpoint that was kept elsewhere shows it.
    let head: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let kept = head["checkpoint"].as_str().unwrap().to_owned();
    assert!(
        waarborg_store::verify_export(&early, Some(&key), &[])
            .unwrap()
            .is_sound()
    );
    assert!(
        !waarborg_store::verify_export(&early, Some(&key), &[kept])
            .unwrap()
            .is_sound()
    );
}

async fn tiles_and_checkpoints_hold_over_many_entries(mut house: House) {
    let entries = (0..600).map(|_| house.store().record(entry(Act::ConsoleViewed)));
    for result in futures_util::future::join_all(entries).await {
        result.unwrap();
    }
    house.restart();
    house
        .store()
        .record(entry(Act::ConsoleViewed))
        .await
        .unwrap();
    let report = house.store().verify().await.unwrap();
    assert_eq!((report.n_entries, report.faults), (601, vec![]));
}

async fn a_job_that_fails_leaves_nothing_and_hurts_no_other(house: House) {
    let subject = house.person().await;
    let before = house.store().verify().await.unwrap().n_entries;
    let id = new_id();
    let twice = || {
        let consent = Consent {
            id: ConsentId(id),
            ..consent(subject, ConsentAnswer::Given, 0)
        };
        house
            .store()
            .answer(consent, entry(Act::ConsentGiven).about(subject))
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

async fn a_backup_comes_back_without_what_was_erased_since(mut house: House) {
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
    let backup = house.file("backup");
    house
        .store()
        .backup(&backup, entry(Act::BackupMade))
        .await
        .unwrap();

    house
        .store()
        .erase_subject(subject, now(), erased(subject))
        .await
        .unwrap();
    house
        .store()
        .erase_object(deleted, now(), entry(Act::ConversationDeleted))
        .await
        .unwrap();
    house.say(other, kept, "na de kopie").await;
    let restored = house.restore(&backup).await;

    assert!(restored.n_rows > 10, "{restored:?}");
    assert!(texts(&house, gone).await.is_empty());
    assert!(texts(&house, deleted).await.is_empty());
    assert_eq!(texts(&house, kept).await, ["blijft"]);
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
    assert_eq!(texts(&house, kept).await, ["blijft"]);
}

async fn a_restriction_objection_and_withdrawal_survive_a_restore(mut house: House) {
    let subject = house.person().await;
    house
        .store()
        .answer(
            consent(subject, ConsentAnswer::Given, 0),
            entry(Act::ConsentGiven),
        )
        .await
        .unwrap();
    let backup = house.file("backup");
    house
        .store()
        .backup(&backup, entry(Act::BackupMade))
        .await
        .unwrap();
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
            entry(Act::ConsentWithdrawn),
        )
        .await
        .unwrap();
    house.restore(&backup).await;

    let person = house.store().person(subject).await.unwrap().unwrap();
    assert!(person.is_restricted);
    assert_eq!(person.objections, ["newsletter"]);
    assert_eq!(
        person.consents.last().unwrap().answer,
        ConsentAnswer::Withdrawn
    );
}

async fn hasty_entries_are_there_at_once_and_after_a_restart(mut house: House) {
    for _ in 0..10 {
        house.store().note(entry(Act::PromptSent)).await.unwrap();
    }
    assert_eq!(house.store().latest(100).await.unwrap().len(), 10);
    house.restart();
    assert_eq!(house.store().verify().await.unwrap().n_entries, 10);
}

async fn many_at_once_are_all_kept(house: House) {
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
                house
                    .store()
                    .erase_subject(people[4].0, now(), erased(people[4].0))
                    .await
                    .unwrap();
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
        let records = texts(house, *id).await.len();
        assert_eq!(records, if *subject == people[0].0 { 59 } else { 60 });
    }
    assert!(texts(house, people[4].1).await.is_empty());
    assert!(house.store().verify().await.unwrap().faults.is_empty());
}

async fn texts(house: &House, id: ObjectId) -> Vec<String> {
    let permit = house.permit("provide");
    let records = house.store().of_object(&permit, id).await.unwrap();
    records
        .iter()
        .map(|record| record.content.reveal(&permit).unwrap().clone())
        .collect()
}

fn erased(subject: SubjectId) -> Entry {
    Entry::new(now(), Actor::Subject(subject), Act::SubjectErased).about(subject)
}

fn consent(subject: SubjectId, answer: ConsentAnswer, day: i64) -> Consent {
    Consent {
        id: ConsentId(new_id()),
        subject,
        purpose: "newsletter".to_owned(),
        entity: "voorbeeld".to_owned(),
        text_version: "news@1".to_owned(),
        answer,
        at: days_later(day),
    }
}

fn session(holder: SessionHolder) -> Session {
    Session {
        id: SessionId(new_id()),
        holder,
        created_at: now(),
        expires_at: days_later(1),
    }
}

fn request(subject: SubjectId) -> Request {
    Request {
        id: RequestId(new_id()),
        reference: Reference::from_random(&random()),
        right: Right::Access,
        subject,
        channel: Channel::Form,
        received_at: now(),
        due: Due {
            aim: date(2026, 12, 21),
            latest: date(2026, 12, 21),
        },
        stage: Stage::Received,
    }
}
