//! No secret shows in what is printed by `{:?}`.

use std::fmt::Debug;

use nethttp::field::auth::{
    Basic, Bearer, Challenge, Credentials, DigestClient, DigestCredentials, OtherCredentials,
};

const USER: &str = "an-api-key";
const SECRET: &str = "hunter2hunter2";

#[track_caller]
fn hides(value: &dyn Debug) {
    let basic = Basic::new(USER, SECRET).unwrap().encode();
    let base64 = basic.strip_prefix("Basic ").unwrap();
    let octets = |text: &str| format!("{:?}", text.as_bytes()).trim_matches(['[', ']']).to_owned();
    for shown in [format!("{value:?}"), format!("{value:#?}").replace(['\n', ' '], "")] {
        for secret in [USER, SECRET, base64, &octets(USER), &octets(SECRET)] {
            assert!(!shown.contains(secret), "{shown}");
            assert!(!shown.contains(&secret.replace(' ', "")), "{shown}");
        }
    }
}

#[test]
fn debug_hides_what_opens() {
    let basic = Basic::new(USER, SECRET).unwrap();
    hides(&basic);
    hides(&Credentials::from(basic.clone()));
    hides(&Some(Credentials::parse(basic.encode().as_bytes()).unwrap().into_owned()));
    let bearer = Bearer::new(SECRET).unwrap();
    hides(&bearer);
    hides(&Credentials::from(bearer.into_owned()));
    for value in [
        format!("Token {SECRET}"),
        format!("Token token=\"{SECRET}\", {USER}=a").replace(USER, "key"),
        SECRET.to_owned(),
        format!("{SECRET} "),
    ] {
        let credentials = Credentials::parse(value.as_bytes()).unwrap();
        hides(&credentials);
        let Credentials::Other(other) = credentials else { unreachable!("{value}") };
        hides(other.parameters());
        hides(&other.parameters().iter().collect::<Vec<_>>());
    }
    let digest = format!(
        "Digest username=a, realm=b, nonce=\"{USER}\", uri=\"/\", response=\"{SECRET}\", cnonce=\"{SECRET}\""
    );
    hides(&Credentials::parse(digest.as_bytes()).unwrap());
    hides(&DigestCredentials::parse(digest.as_bytes()).unwrap().into_owned());
    hides(&DigestClient::new("a", SECRET));
    hides(&OtherCredentials::new("x").unwrap().with_parameter("key", SECRET).unwrap());
}

#[test]
fn errors_hide_it_too() {
    for value in [
        format!("Basic {SECRET}"),
        format!("Bearer {SECRET} {USER}"),
        format!("x {SECRET}=\"{USER}"),
    ] {
        let error = Credentials::parse(value.as_bytes()).unwrap_err();
        hides(&error);
        assert!(!error.to_string().contains(SECRET) && !error.to_string().contains(USER));
    }
}

#[test]
fn a_challenge_is_no_secret() {
    let challenge = Challenge::basic("the staff").unwrap();
    assert!(format!("{challenge:?}").contains("the staff"));
}
