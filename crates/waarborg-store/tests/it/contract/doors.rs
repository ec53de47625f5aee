//! Who is at the door.

use waarborg_domain::entry::{Act, Role};
use waarborg_domain::ids::{GatewayKeyId, SessionId};
use waarborg_domain::register::change::{Act as ChangeAct, Change, Step};
use waarborg_store::Archive;
use waarborg_usecase::ports::Mails as _;
use waarborg_usecase::ports::{
    ChangeTexts, ConsoleTicket, GatewayKey, GatewayKeys as _, KeptRegister, KeyBounds, Measure,
    Registers as _, SessionHolder, Sessions as _, Used,
};

use super::session;
use crate::house::{House, days_later, entry, new_id, now, token};

pub(super) async fn sessions_end_when_they_expire_and_when_they_are_ended(house: House) {
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

pub(super) async fn a_one_time_link_works_once(house: House) {
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

pub(super) async fn gateway_keys_open_with_their_token_only(house: House) {
    let secret = token();
    let key = GatewayKey {
        id: GatewayKeyId(new_id()),
        label: "intranet".to_owned(),
        service: "chat".to_owned(),
        purpose: "provide".to_owned(),
        created_at: now(),
        expires_at: None,
        revoked_at: None,
        stands_for: None,
        bounds: KeyBounds {
            models: vec!["klein".to_owned(), "groot".to_owned()],
            policy: Some("strict".to_owned()),
            requests_per_minute: Some(60),
            tokens_per_day: Some(1_000_000),
            cents_per_month: Some(2_500),
            group: Some("care".to_owned()),
            may_confirm: true,
            signed_by: Some("openwebui".to_owned()),
        },
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
    let by_id = house.store().gateway_key_by_id(key.id);
    assert_eq!(by_id.await.unwrap(), Some(key.clone()));
    let strange = house.store().gateway_key_by_id(GatewayKeyId(new_id()));
    assert_eq!(strange.await.unwrap(), None);
    assert_eq!(house.store().gateway_key(&token()).await.unwrap(), None);
    // Now it is known; that must not outlive the revocation.
    assert!(house.store().gateway_key(&secret).await.unwrap().is_some());

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
    let opened = house.store().gateway_key(&secret).await.unwrap();
    assert_eq!(opened.unwrap().revoked_at, Some(days_later(1)));
    let keys = house.store().gateway_keys().await.unwrap();
    assert_eq!(
        keys,
        [GatewayKey {
            revoked_at: Some(days_later(1)),
            ..key
        }]
    );
}

pub(super) async fn registers_are_kept_in_the_order_in_which_they_came(mut house: House) {
    let kept = |digest: &str, day: i8| KeptRegister {
        digest: digest.to_owned(),
        notice_version: "1+aa".to_owned(),
        source: "[register]\nname = \"Één\"\n".to_owned(),
        noted_at: now(),
        starts_on: jiff::civil::date(2026, 12, day),
    };
    for register in [kept("b", 20), kept("a", 1), kept("b", 3)] {
        house
            .store()
            .keep_register(register, entry(Act::RegisterPublished))
            .await
            .unwrap();
    }
    house.restart();

    let found = house.store().registers().await.unwrap();
    assert_eq!(found, [kept("b", 20), kept("a", 1), kept("b", 3)]);
}

pub(super) async fn a_change_of_the_register_takes_a_step_once_and_after_those_that_were_seen(
    mut house: House,
) {
    let step = |act, reason: &str| Step {
        act,
        by: SessionId(new_id()),
        at: now(),
        reason: reason.to_owned(),
    };
    let texts = |base: &str, source: &str| ChangeTexts {
        base: base.to_owned(),
        source: source.to_owned(),
    };
    let change = Change {
        id: new_id(),
        base: "one".to_owned(),
        steps: vec![step(ChangeAct::Begin, "")],
    };
    let store = house.store();
    let begun = entry(Act::ChangeBegun);
    store
        .begin_change(change.clone(), texts("a", "a"), begun)
        .await
        .unwrap();
    let (id, propose) = (change.id, step(ChangeAct::Propose, "Zo is het beter."));
    let says = Some(("two".to_owned(), texts("b", "c")));
    let written = step(ChangeAct::Write, "");
    let add = |seen, step: &Step, says| {
        let entry = entry(Act::ChangeWritten);
        store.step_change(id, seen, step.clone(), says, entry)
    };
    assert_eq!(add(1, &written, says).await, Ok(true));
    assert_eq!(add(1, &propose, None).await, Ok(false), "one was not seen");
    assert_eq!(add(2, &propose, None).await, Ok(true));
    assert_eq!(add(2, &propose, None).await, Ok(false), "twice");
    let nobody = store.step_change(
        new_id(),
        0,
        propose.clone(),
        None,
        entry(Act::ChangeWritten),
    );
    assert_eq!(nobody.await, Ok(false));

    // What people are told goes with the step that says so, or not at all.
    let (job, mails) = super::mails::job_of(&house, 2).await;
    let told = step(ChangeAct::Tell, &job.to_string());
    let tell = |seen| {
        let entries = (entry(Act::ChangeWritten), entry(Act::MailQueued));
        store.tell_change((id, seen), told.clone(), job, entries)
    };
    let take = || store.take_mail(true, now(), days_later(1));
    assert_eq!(tell(2).await, Ok(false), "one was not seen");
    assert_eq!(take().await, Ok(None));
    assert_eq!(tell(3).await, Ok(true));
    assert_eq!(tell(3).await, Ok(false), "twice");
    for _ in &mails {
        assert!(take().await.unwrap().is_some());
    }
    assert_eq!(take().await, Ok(None));
    house.restart();

    let found = house.store().changes().await.unwrap();
    let expected = Change {
        base: "two".to_owned(),
        steps: vec![change.steps[0].clone(), written, propose, told],
        ..change
    };
    assert_eq!(found, [expected]);
    let said = house.store().change_texts(id).await.unwrap();
    assert_eq!(said, Some(texts("b", "c")));
    assert_eq!(house.store().change_texts(new_id()).await.unwrap(), None);
}

/// Another program on the same data takes a key back; this one has just used it.
pub(super) async fn a_key_that_is_revoked_elsewhere_ends_within_a_second(house: House) {
    let secret = token();
    let key = GatewayKey {
        id: GatewayKeyId(new_id()),
        label: "intranet".to_owned(),
        service: "chat".to_owned(),
        purpose: "provide".to_owned(),
        created_at: now(),
        expires_at: None,
        revoked_at: None,
        stands_for: None,
        bounds: KeyBounds::default(),
    };
    house
        .store()
        .issue(key.clone(), &secret, entry(Act::KeyIssued))
        .await
        .unwrap();
    let elsewhere = Archive::open(house.settings.clone()).unwrap();
    let is_open = || async {
        let key = house.store().gateway_key(&secret).await.unwrap();
        key.unwrap().revoked_at.is_none()
    };
    assert!(is_open().await);

    elsewhere
        .revoke(key.id, days_later(1), entry(Act::KeyRevoked))
        .await
        .unwrap();
    for _ in 0..50 {
        if !is_open().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("it still opens");
}

/// Two programs on one store count together.
pub(super) async fn what_a_key_uses_up_is_counted_together(house: House) {
    let elsewhere = Archive::open(house.settings.clone()).unwrap();
    let used = |measure, amount, days| Used {
        key: GatewayKeyId(uuid::Uuid::from_u128(77)),
        measure,
        starts_at: days_later(days),
        amount,
    };
    let tokens = Measure::Tokens;
    assert_eq!(house.store().use_up(used(tokens, 5, 0)).await, Ok(5));
    assert_eq!(elsewhere.use_up(used(tokens, 7, 0)).await, Ok(12));
    assert_eq!(house.store().use_up(used(tokens, 0, 0)).await, Ok(12));
    // What was counted in advance is given back.
    assert_eq!(elsewhere.use_up(used(tokens, 900, 0)).await, Ok(912));
    assert_eq!(elsewhere.use_up(used(tokens, -900, 0)).await, Ok(12));
    assert_eq!(elsewhere.use_up(used(Measure::Cost, 1, 0)).await, Ok(1));
    // A new day, and much later what is long over is forgotten.
    assert_eq!(elsewhere.use_up(used(tokens, 1, 1)).await, Ok(1));
    assert_eq!(elsewhere.use_up(used(tokens, 1, 90)).await, Ok(1));
    assert_eq!(house.store().use_up(used(tokens, 0, 0)).await, Ok(0));
}
