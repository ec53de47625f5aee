//! Signed tokens: the examples of the RFCs, every way to forge one, and what holds for any token.

use jiff::Timestamp;
use proptest::prelude::*;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::claims::{Claims, Expected};
use super::key::{Key, Keys};
use super::signing::{SECRET, Signer, by_secret, encoded, hmac_of, listed, token};
use super::token::{LONGEST, TokenFault, Unverified};

const NOW: i64 = 1_800_000_000;

fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

fn claims() -> Value {
    json!({"iss": "https://login.voorbeeld.nl", "aud": "waarborg", "sub": "p-1", "iat": NOW - 5, "exp": NOW + 300})
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

fn audiences() -> Vec<String> {
    vec!["elders".to_owned(), "waarborg".to_owned()]
}

fn secret() -> Key {
    Key::secret(&SecretString::from(SECRET)).unwrap()
}

/// What becomes of a token where an issuer has these keys.
fn by_keys(keys: &Keys, token: &str) -> Result<Claims, TokenFault> {
    let token = Unverified::read(token)?;
    let key = keys.of(&token)?;
    let claims = token.verified_by(key)?;
    checked(claims)
}

fn by_our_secret(token: &str) -> Result<Claims, TokenFault> {
    checked(Unverified::read(token)?.verified_by(&secret())?)
}

fn checked(claims: Claims) -> Result<Claims, TokenFault> {
    let expected = Expected {
        issuer: "https://login.voorbeeld.nl",
        audiences: &audiences(),
    };
    claims.check(&expected, now())?;
    Ok(claims)
}

const RFC_CLAIMS: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

#[test]
fn the_examples_of_rfc_7515_are_believed_and_not_with_another_letter() {
    let rsa: Value = serde_json::from_str(include_str!("rfc7515.json")).unwrap();
    let p256 = json!({"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                      "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"});
    for (key, header, signature) in [
        (
            &rsa,
            "eyJhbGciOiJSUzI1NiJ9",
            "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
        ),
        (
            &p256,
            "eyJhbGciOiJFUzI1NiJ9",
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
        ),
    ] {
        let keys = Keys::read(&listed(std::slice::from_ref(key))).unwrap();
        let said = |token: &str| {
            let token = Unverified::read(token)?;
            let key = keys.of(&token)?;
            token.verified_by(key)
        };
        let claims = said(&format!("{header}.{RFC_CLAIMS}.{signature}")).unwrap();
        assert_eq!(claims.text("iss"), Some("joe"));
        let other = RFC_CLAIMS.replacen("eyJpc3MiOiJqb2Ui", "eyJpc3MiOiJqb2Yi", 1);
        assert_ne!(other, RFC_CLAIMS);
        let forged = said(&format!("{header}.{other}.{signature}"));
        assert_eq!(forged, Err(TokenFault::Signature));
    }
}

#[test]
fn the_secret_of_rfc_7515_and_the_curve_of_rfc_8037_are_believed() {
    let secret =
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    let secret = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, secret);
    let signed = format!("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{RFC_CLAIMS}");
    let key = Key::of_secret(&secret.unwrap()).unwrap();
    let said = |signature: &str| {
        let token = format!("{signed}.{signature}");
        let claims = Unverified::read(&token)?.verified_by(&key)?;
        Ok(claims.text("iss").map(str::to_owned))
    };
    let right = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    assert_eq!(said(right), Ok(Some("joe".to_owned())));
    let wrong = said(&right.replace("dBjf", "dBjg"));
    assert_eq!(wrong, Err(TokenFault::Signature));

    let key =
        json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    let keys = Keys::read(&listed(&[key])).unwrap();
    // Its payload is a sentence and no object, so it is a signature and no token.
    let signed = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let signature =
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    assert!(keys.is_signed_by_one(signed, signature));
    assert!(!keys.is_signed_by_one(&signed.replace("RXhh", "RXhi"), signature));
    let whole = Unverified::read(&format!("{signed}.{signature}")).map(|_| ());
    assert_eq!(whole, Err(TokenFault::Malformed));
}

#[test]
fn every_way_of_signing_is_believed_by_the_key_that_signed_and_by_no_other() {
    let signers = [Signer::rsa(), Signer::p256(), Signer::ed25519()];
    let ids = ["r", "e", "o"];
    let keys: Vec<Value> = (signers.iter().zip(ids))
        .map(|(signer, id)| signer.public(id))
        .collect();
    let keys = Keys::read(&listed(&keys)).unwrap();
    for (signer, id) in signers.iter().zip(ids) {
        let whole = signer.token(id, &claims());
        assert_eq!(by_keys(&keys, &whole).unwrap().person("sub"), Ok("p-1"));
        // Another key of the same list, and one that nobody has.
        for other in ids.iter().filter(|other| **other != id) {
            let named = by_keys(&keys, &signer.token(other, &claims()));
            assert_eq!(named, Err(TokenFault::Algorithm), "{other}");
        }
        let named = by_keys(&keys, &signer.token("nobody", &claims()));
        assert_eq!(named, Err(TokenFault::UnknownKey));
    }
    let pss = signers[0].token_as("PS256", "r", &claims());
    assert!(by_keys(&keys, &pss).is_ok());
    // The one padding is not taken for the other.
    let header = json!({"alg": "PS256", "kid": "r"});
    let plain = signers[0].token("r", &claims());
    let (signed, signature) = plain.rsplit_once('.').unwrap();
    let claims_part = signed.split_once('.').unwrap().1;
    let mixed = format!("{}.{claims_part}.{signature}", encoded(header.to_string()));
    assert_eq!(by_keys(&keys, &mixed), Err(TokenFault::Signature));

    let stranger = Signer::p256().token("e", &claims());
    assert_eq!(by_keys(&keys, &stranger), Err(TokenFault::Signature));
}

#[test]
fn a_public_key_is_never_taken_for_a_secret() {
    let signer = Signer::rsa();
    let public = signer.public("r");
    let keys = Keys::read(&listed(std::slice::from_ref(&public))).unwrap();
    let header = json!({"alg": "HS256", "typ": "JWT", "kid": "r"});
    let modulus = public["n"].as_str().unwrap();
    let bytes = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, modulus);
    for secret in [
        modulus.as_bytes(),
        &bytes.unwrap(),
        public.to_string().as_bytes(),
        &listed(std::slice::from_ref(&public)),
        b"",
    ] {
        let forged = token(&header, &claims(), |signed| hmac_of(secret, signed));
        assert_eq!(by_keys(&keys, &forged), Err(TokenFault::Algorithm));
    }
    // A secret in a list of public keys is none.
    let secret = json!({"kty": "oct", "kid": "s", "k": encoded(SECRET)});
    assert!(Keys::read(&listed(std::slice::from_ref(&secret))).is_err());
    let keys = Keys::read(&listed(&[public, secret])).unwrap();
    let header = json!({"alg": "HS256", "kid": "s"});
    let forged = token(&header, &claims(), |signed| {
        hmac_of(SECRET.as_bytes(), signed)
    });
    assert_eq!(by_keys(&keys, &forged), Err(TokenFault::UnknownKey));
}

#[test]
fn a_token_that_is_not_signed_or_asks_for_something_else_is_refused() {
    let unsigned = |header: Value| {
        let token = token(&header, &claims(), |_| Vec::new());
        by_our_secret(&token).map(|_| ())
    };
    for name in ["none", "None", "NONE", "nOnE"] {
        assert_eq!(unsigned(json!({"alg": name})), Err(TokenFault::Unsigned));
    }
    assert_eq!(
        unsigned(json!({"alg": "HS256"})),
        Err(TokenFault::Signature)
    );
    for name in ["HS384", "hs256", "RS512", "ES256K", ""] {
        assert_eq!(unsigned(json!({"alg": name})), Err(TokenFault::Algorithm));
    }
    for header in [
        json!({}),
        json!({"alg": ["HS256"]}),
        json!({"alg": "HS256", "kid": 1}),
    ] {
        assert_eq!(unsigned(header), Err(TokenFault::Malformed));
    }

    let signed = |header: Value| {
        let token = token(&header, &claims(), |signed| {
            hmac_of(SECRET.as_bytes(), signed)
        });
        by_our_secret(&token).map(|_| ())
    };
    assert_eq!(signed(json!({"alg": "HS256"})), Ok(()));
    for kind in ["JWT", "jwt", "at+jwt", "application/at+jwt"] {
        assert_eq!(signed(json!({"alg": "HS256", "typ": kind})), Ok(()));
    }
    for kind in [
        json!("JOSE"),
        json!("logout+jwt"),
        json!("dpop+jwt"),
        json!(1),
    ] {
        assert_eq!(
            signed(json!({"alg": "HS256", "typ": kind})),
            Err(TokenFault::Type)
        );
    }
    let critical = json!({"alg": "HS256", "crit": ["b64"], "b64": false});
    assert_eq!(signed(critical), Err(TokenFault::Extension));
    // A key that comes along is nobody's.
    let own = Signer::p256();
    let keys = Keys::read(&listed(&[Signer::p256().public("e")])).unwrap();
    let header = json!({"alg": "ES256", "kid": "e", "jwk": own.public("e")});
    let along = token(&header, &claims(), |_| vec![1; 64]);
    assert_eq!(by_keys(&keys, &along), Err(TokenFault::Signature));
}

#[test]
fn what_can_be_read_in_two_ways_is_no_token() {
    let whole = by_secret(SECRET.as_bytes(), &claims());
    assert!(by_our_secret(&whole).is_ok());
    let [header, said, signature] = whole.split('.').collect::<Vec<_>>()[..] else {
        panic!("three parts");
    };
    let twice = encoded(r#"{"iss":"https://login.voorbeeld.nl","iss":"x","exp":1}"#);
    for wrong in [
        String::new(),
        "wbg_x".to_owned(),
        "..".to_owned(),
        format!("{header}.{said}"),
        format!("{whole}."),
        format!("{whole}.{signature}"),
        format!("{header}.{said}.{signature}="),
        format!("{header}.{said} .{signature}"),
        format!("{header}.{twice}.{signature}"),
        format!("{header}.{}.{signature}", encoded("[]")),
        format!("{header}.{}.{signature}", encoded("{\"a\":\u{1}}")),
        format!("{header}.{}.{signature}", encoded("{}{}")),
    ] {
        assert_eq!(by_our_secret(&wrong), Err(TokenFault::Malformed), "{wrong}");
    }
    // 32 bytes leave two bits over, which say nothing and must be nought.
    let last = signature.chars().last().unwrap();
    for other in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".chars() {
        let other_signature = format!("{}{other}", signature.strip_suffix(last).unwrap());
        let believed = by_our_secret(&format!("{header}.{said}.{other_signature}"));
        assert_eq!(believed.is_ok(), other == last, "{other}");
    }
    let long = with("sub", json!("x".repeat(LONGEST)));
    let long = by_secret(SECRET.as_bytes(), &long);
    assert_eq!(by_our_secret(&long), Err(TokenFault::TooLong));
}

#[test]
fn a_token_counts_for_us_and_in_its_time_and_says_of_whom_it_is() {
    let check = |claims: Value, expected: Result<(), TokenFault>| {
        let token = by_secret(SECRET.as_bytes(), &claims);
        assert_eq!(by_our_secret(&token).map(|_| ()), expected, "{claims}");
    };
    check(claims(), Ok(()));
    check(with("aud", json!(["x", "waarborg"])), Ok(()));
    check(with("exp", json!(1_800_000_010.5)), Ok(()));
    check(with("exp", json!(NOW - 59)), Ok(()));
    check(with("exp", json!(NOW - 60)), Err(TokenFault::Expired));
    check(with("exp", json!(-1e300)), Err(TokenFault::Malformed));
    check(with("exp", json!("1900000000")), Err(TokenFault::Malformed));
    check(without("exp"), Err(TokenFault::Endless));
    check(with("nbf", json!(NOW + 60)), Ok(()));
    check(with("nbf", json!(NOW + 61)), Err(TokenFault::NotYet));
    check(with("iat", json!(NOW + 61)), Err(TokenFault::NotYet));
    check(with("nbf", json!(i64::MAX)), Err(TokenFault::NotYet));
    check(with("exp", json!(i64::MIN)), Err(TokenFault::Expired));
    check(without("aud"), Err(TokenFault::Audience));
    for other in [
        json!("elders2"),
        json!(["a"]),
        json!([]),
        json!({"a": 1}),
        json!(null),
    ] {
        check(with("aud", other), Err(TokenFault::Audience));
    }
    check(without("iss"), Err(TokenFault::Issuer));
    for other in [
        "https://login.voorbeeld.nl/",
        "http://login.voorbeeld.nl",
        "",
    ] {
        check(with("iss", json!(other)), Err(TokenFault::Issuer));
    }

    for (person, expected) in [
        (json!("p"), Ok("p")),
        (json!(""), Err(TokenFault::Nobody)),
        (json!(" "), Err(TokenFault::Nobody)),
        (json!(7), Err(TokenFault::Nobody)),
        (json!("x".repeat(256)), Err(TokenFault::Nobody)),
    ] {
        let token = by_secret(SECRET.as_bytes(), &with("sub", person));
        assert_eq!(by_our_secret(&token).unwrap().person("sub"), expected);
    }
}

#[test]
fn the_values_of_a_claim_are_found_at_the_end_of_the_way_to_it() {
    let mut said = with("realm_access", json!({"roles": ["zorg", 3, "beheer"]}));
    said["scope"] = json!("openid  chat");
    said["https://voorbeeld.nl/groep"] = json!("een groep");
    let token = by_secret(SECRET.as_bytes(), &said);
    let claims = by_our_secret(&token).unwrap();
    assert_eq!(claims.values("realm_access.roles"), ["zorg", "beheer"]);
    assert_eq!(claims.values("scope"), ["openid", "chat"]);
    assert_eq!(claims.values("https://voorbeeld.nl/groep"), ["een groep"]);
    for nothing in [
        "",
        ".",
        "realm_access",
        "realm_access.roles.0",
        "exp",
        "x.y",
    ] {
        assert!(claims.values(nothing).is_empty(), "{nothing}");
    }
}

#[test]
fn a_list_of_keys_is_read_strictly_and_keys_for_something_else_are_left_out() {
    let good = Signer::p256().public("e");
    let with = |name: &str, value: Value| {
        let mut key = good.clone();
        key[name] = value;
        key
    };
    for (key, is_usable) in [
        (good.clone(), true),
        (with("use", json!("enc")), false),
        (with("use", json!(1)), false),
        (with("key_ops", json!(["verify"])), true),
        (with("key_ops", json!(["sign"])), false),
        (with("alg", json!("ES256")), true),
        (with("alg", json!("ECDH-ES")), false),
        (with("crv", json!("P-384")), false),
        (with("kty", json!("oct")), false),
        (with("x", json!("AA")), false),
        (with("x", json!("")), false),
    ] {
        assert_eq!(
            Keys::read(&listed(std::slice::from_ref(&key))).is_ok(),
            is_usable,
            "{key}"
        );
    }
    for document in [
        "",
        "{}",
        "[]",
        r#"{"keys":{}}"#,
        r#"{"keys":[]}"#,
        r#"{"keys":[],"keys":[]}"#,
    ] {
        assert!(Keys::read(document.as_bytes()).is_err(), "{document}");
    }

    // A key that says how it signs signs in no other way.
    let signer = Signer::rsa();
    let mut public = signer.public("r");
    public["alg"] = json!("PS256");
    let keys = Keys::read(&listed(&[public])).unwrap();
    assert!(by_keys(&keys, &signer.token_as("PS256", "r", &claims())).is_ok());
    let other = by_keys(&keys, &signer.token("r", &claims()));
    assert_eq!(other, Err(TokenFault::Algorithm));

    // Without a name it is the one key that could be meant, or nobody's.
    let header = json!({"alg": "EdDSA"});
    let (one, two) = (Signer::ed25519(), Signer::ed25519());
    let keys = Keys::read(&listed(&[one.public("1"), good.clone()])).unwrap();
    let unnamed = token(&header, &claims(), |_| vec![0; 64]);
    assert_eq!(by_keys(&keys, &unnamed), Err(TokenFault::Signature));
    let keys = Keys::read(&listed(&[one.public("1"), two.public("2")])).unwrap();
    assert_eq!(by_keys(&keys, &unnamed), Err(TokenFault::UnknownKey));
}

#[test]
fn a_secret_that_can_be_guessed_is_none() {
    assert!(Key::secret(&SecretString::from("kort")).is_err());
    assert!(Key::secret(&SecretString::from("x".repeat(31))).is_err());
    assert!(Key::secret(&SecretString::from("x".repeat(32))).is_ok());
    let printed = format!("{:?}", secret());
    assert!(!printed.contains("geheim"), "{printed}");
}

proptest! {
    #[test]
    fn no_text_breaks_the_reader_and_none_is_believed(text in "\\PC{0,200}") {
        prop_assert!(by_our_secret(&text).is_err());
    }

    #[test]
    fn no_three_parts_break_the_reader(header in "\\PC{0,60}", claims in "\\PC{0,60}", signature in any::<[u8; 32]>()) {
        let text = format!("{}.{}.{}", encoded(header), encoded(claims), encoded(signature));
        prop_assert!(by_our_secret(&text).is_err());
    }

    #[test]
    fn no_list_of_keys_breaks_the_reader(n in "[A-Za-z0-9_-]{0,400}", e in "[A-Za-z0-9_-]{0,8}", kind in "RSA|EC|OKP|oct") {
        let key = json!({"kty": kind, "crv": "P-256", "n": n, "e": e, "x": n, "y": e, "kid": "r"});
        if let Ok(keys) = Keys::read(&listed(&[key])) {
            let forged = Signer::p256().token_as("RS256", "r", &claims());
            prop_assert!(by_keys(&keys, &forged).is_err());
        }
    }

    #[test]
    fn one_other_letter_makes_a_token_false(place in 0_usize..400, letter in "[A-Za-z0-9_.-]") {
        let whole = by_secret(SECRET.as_bytes(), &claims());
        let place = place % whole.len();
        let mut other = whole.clone();
        other.replace_range(place..=place, &letter);
        prop_assert_eq!(by_our_secret(&other).is_ok(), other == whole);
    }
}
