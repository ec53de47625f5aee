//! A second person's yes to one prompt.

use waarborg_domain::entry::Act;
use waarborg_domain::ids::{GatewayKeyId, SubjectId};
use waarborg_usecase::ports::{Agreement, Agreements as _, Answered, Asker, Records as _};

use crate::house::{House, days_later, entry, new_id, night, now, random};

fn waiting(asker: Asker) -> Agreement {
    Agreement {
        id: new_id(),
        mark: random(),
        asker,
        service: "chat".to_owned(),
        recipient: "model".to_owned(),
        findings: "EMAIL=2;PERSON=1".to_owned(),
        reason: None,
        answered: Answered::Waits,
        asked_at: now(),
        ends_at: days_later(1),
    }
}

fn application() -> Asker {
    Asker::Application(GatewayKeyId(new_id()))
}

pub(super) async fn a_yes_counts_once_for_the_same_prompt_and_within_its_time(house: House) {
    let store = house.store();
    let ask = async |agreement: &Agreement| {
        let asking = store.ask_agreement(agreement.clone(), 2, entry(Act::AgreementAsked));
        asking.await.unwrap()
    };
    let first = waiting(application());
    assert_eq!(ask(&first).await.as_ref(), Some(&first));
    // The same prompt again is the same question, with its reason as soon as there is one.
    let again = Agreement {
        id: new_id(),
        reason: Some("care".to_owned()),
        ..first.clone()
    };
    let known = ask(&again).await.unwrap();
    assert_eq!(
        (known.id, known.reason.as_deref()),
        (first.id, Some("care"))
    );
    let otherwise = Agreement {
        reason: Some("claim".to_owned()),
        ..again.clone()
    };
    assert_eq!(
        ask(&otherwise).await.unwrap().reason.as_deref(),
        Some("care")
    );
    assert_eq!(store.agreements(now()).await.unwrap(), [known]);

    let used = |mark, at| store.use_agreement(mark, at, entry(Act::AgreementUsed));
    let answer =
        |id, answered, at| store.answer_agreement(id, answered, at, entry(Act::AgreementGiven));
    assert!(!used(first.mark, now()).await.unwrap(), "nobody agreed");
    assert!(!answer(new_id(), Answered::Yes, now()).await.unwrap());
    assert!(answer(first.id, Answered::Yes, now()).await.unwrap());
    assert!(
        !answer(first.id, Answered::No, now()).await.unwrap(),
        "once"
    );
    let found = store.agreement(first.mark, now()).await.unwrap();
    assert_eq!(found.map(|found| found.answered), Some(Answered::Yes));
    assert!(!used(random(), now()).await.unwrap(), "another prompt");
    assert!(!used(first.mark, days_later(2)).await.unwrap(), "too late");
    assert!(used(first.mark, now()).await.unwrap());
    assert!(!used(first.mark, now()).await.unwrap(), "once");

    let second = waiting(application());
    ask(&second).await.unwrap();
    assert!(
        !answer(second.id, Answered::Yes, days_later(2))
            .await
            .unwrap()
    );
    assert!(answer(second.id, Answered::No, now()).await.unwrap());
    assert!(
        !used(second.mark, now()).await.unwrap(),
        "the answer was no"
    );
    let told = ask(&second).await.unwrap();
    assert_eq!(told.answered, Answered::No, "a no is not asked again");
}

pub(super) async fn two_at_once_use_a_yes_once_and_ask_once(house: House) {
    let store = house.store();
    let one = waiting(application());
    let other = Agreement {
        id: new_id(),
        ..one.clone()
    };
    let (left, right) = tokio::join!(
        store.ask_agreement(one.clone(), 5, entry(Act::AgreementAsked)),
        store.ask_agreement(other, 5, entry(Act::AgreementAsked)),
    );
    let (left, right) = (left.unwrap().unwrap(), right.unwrap().unwrap());
    assert_eq!(left.id, right.id);
    let answering =
        store.answer_agreement(left.id, Answered::Yes, now(), entry(Act::AgreementGiven));
    assert!(answering.await.unwrap());
    let (left, right) = tokio::join!(
        store.use_agreement(one.mark, now(), entry(Act::AgreementUsed)),
        store.use_agreement(one.mark, now(), entry(Act::AgreementUsed)),
    );
    assert!(left.unwrap() ^ right.unwrap());
}

pub(super) async fn so_many_wait_of_one_sender_and_all_go_with_their_time(house: House) {
    let store = house.store();
    let asker = application();
    let ask = async |asker| {
        let asking = store.ask_agreement(waiting(asker), 2, entry(Act::AgreementAsked));
        asking.await.unwrap().is_some()
    };
    assert!(ask(asker).await && ask(asker).await);
    assert!(!ask(asker).await, "as many as may wait");
    assert!(ask(application()).await, "another sender");
    assert!(ask(Asker::Person(SubjectId(new_id()))).await);
    assert_eq!(store.agreements(now()).await.unwrap().len(), 4);
    assert_eq!(store.agreements(days_later(2)).await.unwrap(), []);
    let run = store.end_claims(night(2), entry(Act::RetentionRun));
    run.await.unwrap();
    assert_eq!(store.agreements(now()).await.unwrap(), [], "they are gone");
}

pub(super) async fn what_a_person_wanted_to_send_goes_with_them(house: House) {
    let store = house.store();
    let (subject, _) = house.talk("Iets anders.").await;
    let own = waiting(Asker::Person(subject));
    let of_another = waiting(Asker::Person(SubjectId(new_id())));
    for one in [&own, &of_another] {
        let asking = store.ask_agreement(one.clone(), 5, entry(Act::AgreementAsked));
        assert!(asking.await.unwrap().is_some());
    }
    house.erase(subject).await;
    assert_eq!(store.agreements(now()).await.unwrap(), [of_another]);
}
