//! Ids and secrets from the system's random numbers.

use jiff::Timestamp;
use uuid::{Builder, Uuid};
use waarborg_domain::ids::Token;
use waarborg_usecase::ports::Ids;

/// The system's random numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SystemIds;

impl Ids for SystemIds {
    fn id(&self, at: Timestamp) -> Uuid {
        let since_epoch_ms = u64::try_from(at.as_millisecond()).unwrap_or(0);
        Builder::from_unix_timestamp_millis(since_epoch_ms, &random()).into_uuid()
    }

    fn token(&self) -> Token {
        Token::new(random())
    }
}

/// Random bytes. Without them no secret would be one, so the process ends rather than going on.
fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if getrandom::fill(&mut bytes).is_err() {
        crate::printer::tell(
            "waarborg: the system gives no random numbers; nothing can be kept safely without them",
        );
        std::process::exit(1);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_in_the_order_of_their_time() {
        let early = SystemIds.id(Timestamp::from_second(1_000).unwrap());
        let late = SystemIds.id(Timestamp::from_second(1_001).unwrap());
        assert!(early < late);
        assert_eq!(early.get_version_num(), 7);
    }

    #[test]
    fn no_two_tokens_are_alike() {
        assert_ne!(SystemIds.token().text(), SystemIds.token().text());
    }
}
