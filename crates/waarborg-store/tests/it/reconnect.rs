//! A database server that drops its connections is found again, without a restart and without a loss.

use waarborg_domain::entry::Act;
use waarborg_store::Backend;
use waarborg_usecase::ports::{Records as _, StoreError, Trail as _};

use crate::house::{House, entry};

#[tokio::test]
async fn dropped_connections_are_opened_again() {
    let Some(house) = House::on_postgres().await else {
        return;
    };
    let (subject, id) = house.talk("voor de storing").await;

    drop_connections(&house).await;
    let first = house.store().record(entry(Act::ConsoleViewed)).await;
    assert!(
        matches!(first, Ok(()) | Err(StoreError::Unavailable)),
        "{first:?}"
    );
    house.say(subject, id, "na de storing").await;

    drop_connections(&house).await;
    let permit = house.permit("provide");
    for _ in 0..4 {
        assert_eq!(house.store().of_object(&permit, id).await.unwrap().len(), 2);
    }
    house.store().record(entry(Act::ConsoleViewed)).await.ok();
    let report = house.store().verify().await.unwrap();
    assert!(report.faults.is_empty(), "{report:?}");
}

async fn drop_connections(house: &House) {
    let Backend::Postgres(url) = &house.settings.backend else {
        unreachable!("it is on PostgreSQL")
    };
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    client
        .batch_execute(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid()",
        )
        .await
        .unwrap();
}
