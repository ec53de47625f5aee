//! The workload that `bench/gdpr` measures, small: every answer and the end state are as the model says.

#[path = "../../../../../bench/src/gdpr/workload/mod.rs"]
mod gdpr;

use gdpr::{Chance, Desk, MIXES};

use crate::house::House;

pub(super) async fn the_rights_of_many_end_as_the_model_says(mut house: House) {
    house.close();
    let desk = Desk::open(house.settings.clone()).await.unwrap();
    let mut model = desk.fill(300).await.unwrap();
    for mix in &MIXES {
        let mut chance = Chance::new(7);
        for _ in 0..60 {
            let (operation, key) = mix.next(&mut chance, model.n_keys());
            let answer = desk.ask(operation, key, &model).await.unwrap();
            let judged = model.judge(operation, key, answer);
            assert!(
                judged.is_right,
                "{}: {} of key {key}",
                mix.name,
                operation.name()
            );
            assert!(judged.n_touched <= model.n_keys());
        }
        if mix.name == "controller" {
            let (at, n) = desk.night().await.unwrap();
            assert_eq!(n, model.end_claims(at));
            assert!(n > 10);
        }
    }
    assert_eq!(desk.differences(&model).await.unwrap(), 0);
    let (n_lines, faults) = desk.log().await.unwrap();
    assert!(n_lines > 600 && faults.is_empty(), "{faults:?}");
    assert!(model.n_bytes() > 40_000);
}
