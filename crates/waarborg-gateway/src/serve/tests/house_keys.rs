//! The keys that open the house for tests.

use jiff::Timestamp;
use uuid::Uuid;
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::{GatewayKeyId, Token};
use waarborg_usecase::ports::{Answer, GatewayKey, GatewayKeys, Used};

use super::house::{NOW, TestStore, never};

/// The text of the key that opens.
pub(super) fn key() -> String {
    format!("wbg_{}", token().text())
}

fn token() -> Token {
    Token::new([9; 32])
}

/// The text of a key of somebody else, which opens as well.
pub(super) fn other_key() -> String {
    format!("wbg_{}", other_token().text())
}

fn other_token() -> Token {
    Token::new([8; 32])
}

/// The number of a key that was taken back.
pub(super) const TAKEN_BACK: u128 = 5;

impl TestStore {
    fn key(&self, number: u128) -> GatewayKey {
        GatewayKey {
            id: GatewayKeyId(Uuid::from_u128(number)),
            label: "test".into(),
            service: "toepassing".into(),
            purpose: "answer_questions".into(),
            created_at: NOW.parse().unwrap(),
            expires_at: None,
            revoked_at: None,
            stands_for: None,
            bounds: self.switches.bounds.lock().unwrap().clone(),
        }
    }
}

impl GatewayKeys for TestStore {
    fn issue<'a>(&'a self, _: GatewayKey, _: &'a Token, _: Entry) -> Answer<'a, ()> {
        never()
    }

    fn gateway_key<'a>(&'a self, carried: &'a Token) -> Answer<'a, Option<GatewayKey>> {
        let is_other = *carried == other_token();
        let key = self.key(if is_other { 4 } else { 3 });
        Box::pin(async move { Ok((is_other || *carried == token()).then_some(key)) })
    }

    fn gateway_key_by_id(&self, id: GatewayKeyId) -> Answer<'_, Option<GatewayKey>> {
        let number = id.0.as_u128();
        let revoked_at = (number == TAKEN_BACK).then(|| NOW.parse().unwrap());
        let key = GatewayKey {
            revoked_at,
            ..self.key(number)
        };
        Box::pin(async move { Ok((3..=TAKEN_BACK).contains(&number).then_some(key)) })
    }

    fn gateway_keys(&self) -> Answer<'_, Vec<GatewayKey>> {
        never()
    }

    fn revoke(&self, _: GatewayKeyId, _: Timestamp, _: Entry) -> Answer<'_, ()> {
        never()
    }

    fn use_up(&self, used: Used) -> Answer<'_, u64> {
        let mut all = self.switches.used.lock().unwrap();
        let total = all.entry(used.measure.name()).or_default();
        *total = total.saturating_add_signed(used.amount);
        let total = *total;
        Box::pin(async move { Ok(total) })
    }
}
