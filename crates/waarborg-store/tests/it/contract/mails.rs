//! Mail that waits: taken by one, never lost, ended once, and gone with its person.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;
use waarborg_domain::entry::Act;
use waarborg_domain::ids::{ObjectId, SubjectId};
use waarborg_usecase::ports::{MailEnd, Mails as _, Mark, Records as _, Waiting};

use crate::house::{House, days_later, entry, erased, new_id, night, now, random};

fn waiting(about: ObjectId, subject: SubjectId, mark: Mark) -> Waiting {
    Waiting {
        id: new_id(),
        about,
        subject,
        message: "news".to_owned(),
        mark,
        is_bulk: true,
        created_at: now(),
        expires_at: days_later(3),
        n_tries: 0,
    }
}

fn minutes(n: i64) -> Timestamp {
    now() + SignedDuration::from_mins(n)
}

pub(super) async fn job_of(house: &House, n: usize) -> (ObjectId, Vec<Waiting>) {
    let about = ObjectId(new_id());
    let mails: Vec<Waiting> = (0..n)
        .map(|_| waiting(about, SubjectId(new_id()), random()))
        .collect();
    let store = house.store();
    let permit = house.permit("provide");
    store
        .set_aside(&permit, mails.clone(), Vec::new())
        .await
        .unwrap();
    (about, mails)
}

pub(super) async fn a_mail_waits_until_its_job_is_whole_and_is_taken_by_one(mut house: House) {
    let (about, mails) = job_of(&house, 2).await;
    let store = house.store();
    let take = |at: i64| store.take_mail(true, minutes(at), minutes(at + 5));
    assert_eq!(take(0).await.unwrap(), None, "its job is not whole");
    assert_eq!(
        store.release(about, entry(Act::MailQueued)).await.unwrap(),
        2
    );
    assert_eq!(
        store
            .take_mail(false, minutes(0), minutes(5))
            .await
            .unwrap(),
        None
    );

    let first = take(0).await.unwrap().unwrap();
    let second = take(0).await.unwrap().unwrap();
    assert_ne!(first.id, second.id);
    assert!(mails.contains(&first) && mails.contains(&second));
    assert_eq!(take(1).await.unwrap(), None, "both were taken");

    store.put_off(first.id, minutes(3), 1).await.unwrap();
    house.restart();
    let store = house.store();
    let take = |at: i64| store.take_mail(true, minutes(at), minutes(at + 5));
    assert_eq!(take(2).await.unwrap(), None);
    let again = take(3).await.unwrap().unwrap();
    assert_eq!((again.id, again.n_tries), (first.id, 1));
    // Whoever took the second one broke down.
    assert_eq!(take(5).await.unwrap().unwrap().id, second.id);
}

pub(super) async fn a_mail_ends_once_and_how_often_one_went_stays_known(house: House) {
    let (about, mails) = job_of(&house, 3).await;
    let store = house.store();
    store.release(about, entry(Act::MailQueued)).await.unwrap();
    let end = |id: Uuid, end| store.end_mail(id, end, minutes(1), entry(Act::MailSent));
    end(mails[0].id, MailEnd::Sent).await.unwrap();
    end(mails[0].id, MailEnd::Refused).await.unwrap();
    let count = store.count_mails(about).await.unwrap();
    assert_eq!(
        (count.n_waiting, count.n_ended),
        (2, vec![(MailEnd::Sent, 1)])
    );
    assert_eq!(store.n_sent(mails[0].mark, "news").await.unwrap(), 1);
    assert_eq!(store.n_sent(mails[0].mark, "other").await.unwrap(), 0);
    assert_eq!(store.n_sent(mails[1].mark, "news").await.unwrap(), 0);

    let stopped = store.end_job(about, minutes(1), entry(Act::MailingStopped));
    assert_eq!(stopped.await.unwrap(), 2);
    assert_eq!(
        store
            .take_mail(true, minutes(9), minutes(10))
            .await
            .unwrap(),
        None
    );
}

pub(super) async fn what_waited_too_long_ends_and_is_forgotten_after_a_year(house: House) {
    let (about, mails) = job_of(&house, 1).await;
    let store = house.store();
    store.release(about, entry(Act::MailQueued)).await.unwrap();
    let tidy = |days: i64| store.tidy_mails(days_later(days), days_later(days - 365));
    assert_eq!(tidy(2).await.unwrap(), 0);
    let late = store
        .take_mail(true, days_later(3), days_later(4))
        .await
        .unwrap();
    assert_eq!(late, None);
    assert_eq!(tidy(3).await.unwrap(), 1);
    let count = store.count_mails(about).await.unwrap();
    assert_eq!(count.n_ended, [(MailEnd::Expired, 1)]);
    tidy(368).await.unwrap();
    assert!(store.count_mails(about).await.unwrap().n_ended.is_empty());
    assert_eq!(mails.len(), 1);
}

pub(super) async fn a_mail_goes_with_its_person_and_its_words_with_its_end(house: House) {
    let subject = house.person().await;
    let about = ObjectId(new_id());
    let mail = waiting(about, subject, random());
    let mut record = house.record(subject, ObjectId(mail.id), "user_content", "Dag Jan.");
    record.part = waarborg_usecase::ports::Part::Mail;
    let store = house.store();
    let permit = house.permit("provide");
    store
        .set_aside(&permit, vec![mail.clone()], vec![record])
        .await
        .unwrap();
    store.release(about, entry(Act::MailQueued)).await.unwrap();
    let kept = store.of_object(&permit, ObjectId(mail.id)).await.unwrap();
    assert_eq!(kept.len(), 1);
    store
        .end_mail(mail.id, MailEnd::Sent, now(), entry(Act::MailSent))
        .await
        .unwrap();
    let run = store.end_claims(night(0), entry(Act::RetentionRun));
    assert_eq!(run.await.unwrap().n_records, 1);
    assert!(
        store
            .of_object(&permit, ObjectId(mail.id))
            .await
            .unwrap()
            .is_empty()
    );

    store
        .erase_subject(subject, now(), erased(subject))
        .await
        .unwrap();
    assert_eq!(store.n_sent(mail.mark, "news").await.unwrap(), 0);
}
