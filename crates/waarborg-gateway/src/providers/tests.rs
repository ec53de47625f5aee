//! The table of providers: who serves what.

use super::*;

#[test]
fn a_model_is_asked_of_the_recipient_that_serves_it() {
    let mut table = ProviderTable::default();
    table.add(
        "eigen",
        &["klein".to_owned()],
        Box::new(Demo::new(|| 0, Pace::NONE)),
    );
    table.add(
        "ver",
        &["groot".to_owned()],
        Box::new(Demo::new(|| 0, Pace::NONE)),
    );
    assert_eq!(table.recipient_of("groot"), Some("ver"));
    assert_eq!(table.recipient_of("ander"), None);
    table.ask_other_models_of("ver");
    assert_eq!(table.recipient_of("ander"), Some("ver"));
    assert!(table.provider("eigen").is_some());
    assert!(table.provider("ander").is_none());
    assert_eq!(table.models().len(), 2);
}
