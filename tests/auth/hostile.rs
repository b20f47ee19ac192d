//! Values that are made to cost: each is read in one pass, and no more is kept than the limits allow.

use nethttp::HeaderMap;
use nethttp::field::FieldErrorKind;
use nethttp::field::auth::{AuthParameters, Challenge, Challenges, Credentials};
use nethttp::header::Limits;

/// Reads a value in every way there is.
#[track_caller]
fn survives(value: &[u8]) {
    for error in [
        Challenges::parse(value).err(),
        Challenge::parse(value).err(),
        Credentials::parse(value).err(),
    ] {
        assert!(error.is_none_or(|error| error.offset() <= value.len()));
    }
    let mut headers = HeaderMap::with_limits(Limits::DEFAULT.bytes(usize::MAX));
    if headers.append("WWW-Authenticate", value).is_ok() {
        let challenges = Challenges::from_headers(&headers);
        assert!(challenges.len() <= Challenges::MAX_CHALLENGES);
        for challenge in &challenges {
            assert!(challenge.parameters().len() <= AuthParameters::MAX_PARAMETERS);
        }
    }
}

/// A second pass over what is left, for each piece, would take hours.
#[test]
fn many_of_anything_are_read_in_one_pass() {
    for piece in [
        ",",
        "=",
        "\"",
        "\\",
        "a",
        " ",
        "a=",
        "a ",
        "a,",
        " ,",
        "a=,",
        "a=b,",
        "a =b,",
        "a b,",
        "a b=c,",
        "a==,",
        "\"\\",
        "a=\"",
        "a=\"b\",",
        "\",",
        "@,",
        "a @,",
        "x a=1,a=2,",
        "a \t",
        "a=\t",
        "\u{e9}",
    ] {
        for front in ["", "x ", "x a=b, ", "x a=\"", "x a=", "x a=1, a=2, "] {
            survives(
                &[front.as_bytes(), piece.repeat((64 << 10) / piece.len()).as_bytes(), b"x"]
                    .concat(),
            );
        }
    }
}

#[test]
fn sixteen_of_ten_thousand_challenges_are_kept() {
    let many = "Basic realm=\"a\", ".repeat(10_000);
    let error = Challenges::parse(many.as_bytes()).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (FieldErrorKind::TooManyMembers(16), 16 * 17));
    let mut headers = HeaderMap::with_limits(Limits::DEFAULT.bytes(usize::MAX));
    headers.append("WWW-Authenticate", many.trim_end()).unwrap();
    assert_eq!(Challenges::from_headers(&headers).len(), 16);
}

#[test]
fn a_challenge_with_ten_thousand_parameters_is_left_out_alone() {
    let many: Vec<String> = (0..10_000).map(|index| format!("a{index}=b")).collect();
    let line = format!("Negotiate, x {}, Basic realm=c", many.join(", "));
    let error = Challenges::parse(line.as_bytes()).unwrap_err();
    assert_eq!(error.kind(), FieldErrorKind::TooManyMembers(AuthParameters::MAX_PARAMETERS));
    let mut headers = HeaderMap::with_limits(Limits::DEFAULT.bytes(usize::MAX));
    headers.append("WWW-Authenticate", line).unwrap();
    let challenges = Challenges::from_headers(&headers);
    assert_eq!(challenges.to_string(), "Negotiate, Basic realm=c");
}

#[test]
fn a_password_of_a_megabyte_is_a_password() {
    let basic = nethttp::field::auth::Basic::new("a", "b".repeat(1 << 20)).unwrap();
    let value = basic.encode();
    assert_eq!(Credentials::parse(value.as_bytes()), Ok(basic.into()));
}
