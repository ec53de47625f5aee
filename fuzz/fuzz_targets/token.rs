//! Signed tokens and lists of keys: no breakdown, and nothing is believed that nobody signed. The first line is the token, the
//! rest is the list.
#![no_main]

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use waarborg_gateway::identity::claims::Expected;
use waarborg_gateway::identity::key::{Key, Keys};
use waarborg_gateway::identity::token::Unverified;

fuzz_target!(|input: &str| {
    let (text, list) = input.split_once('\n').unwrap_or((input, ""));
    let list = list.as_bytes();
    // The other half of a secret that nobody but this line has.
    let secret = "f3b6c1a09d5e47288c0b1d6fe2a49375".to_owned().into();
    let key = Key::secret(&secret).expect("long enough");
    if let Ok(token) = Unverified::read(text) {
        assert!(text.split('.').count() == 3);
        assert!(token.verified_by(&key).is_err());
    }
    if let (Ok(keys), Ok(token)) = (Keys::read(list), Unverified::read(text))
        && let Ok(key) = keys.of(&token)
        && let Ok(claims) = token.verified_by(key)
    {
        let expected = Expected { issuer: "x", audiences: &[] };
        let _ = claims.check(&expected, Timestamp::UNIX_EPOCH);
        let _ = (claims.values("realm_access.roles"), claims.person("sub"));
    }
});
