//! What is written is read back, however it is spelled.

use nethttp::HeaderMap;
use nethttp::field::auth::{Basic, Bearer, Challenge, Challenges, Credentials, OtherCredentials};
use proptest::prelude::*;

use super::model::agrees;

const TOKEN: &str = "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,5}";
const TOKEN68: &str = "[0-9A-Za-z._~+/-]{1,6}={0,3}";

/// Bytes that a value can hold.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let octet = prop_oneof![
        3 => prop::sample::select(b"\"\\,= \t;ab".to_vec()),
        1 => prop::sample::select((0..=255u8).filter(|it| !it.is_ascii_control()).collect::<Vec<_>>()),
    ];
    prop::collection::vec(octet, 0..6)
}

/// What stands behind a scheme.
#[derive(Clone, Debug)]
enum Data {
    Token68(String),
    Parameters(Vec<(String, Vec<u8>)>),
}

fn data() -> impl Strategy<Value = Data> {
    prop_oneof![
        TOKEN68.prop_map(Data::Token68),
        prop::collection::btree_map(TOKEN.prop_map(|name| name.to_ascii_lowercase()), text(), 0..5)
            .prop_map(|parameters| Data::Parameters(parameters.into_iter().collect())),
    ]
}

fn challenge() -> impl Strategy<Value = Challenge<'static>> {
    (TOKEN, data()).prop_map(|(scheme, data)| {
        let challenge = Challenge::new(&scheme).unwrap();
        match data {
            Data::Token68(text) => challenge.with_token68(&text).unwrap(),
            Data::Parameters(parameters) => {
                parameters.iter().fold(challenge, |challenge, (name, value)| {
                    challenge.with_parameter(name, value).unwrap()
                })
            }
        }
    })
}

fn challenges() -> impl Strategy<Value = Challenges<'static>> {
    prop::collection::vec(challenge(), 0..6).prop_map(Challenges::from_iter)
}

/// Spells a challenge in some way that means the same.
fn spelled(challenge: &Challenge<'_>, whims: &[u8]) -> Vec<u8> {
    let mut whims = whims.iter().copied().cycle();
    let mut whim = |of: u8| whims.next().unwrap_or(0) % of;
    let mut out = challenge.scheme().as_bytes().to_vec();
    if whim(2) == 0 {
        out.make_ascii_uppercase();
    }
    if let Some(text) = challenge.token68() {
        out.extend_from_slice(&b"   "[..usize::from(1 + whim(3))]);
        out.extend_from_slice(text.as_bytes());
    }
    for (index, parameter) in challenge.parameters().iter().enumerate() {
        let commas = [&b", "[..], b",", b" ,\t,, ", b"\t, "];
        let spaces = [&b" "[..], b"  ", b" ,", b" , , "];
        let gap = if index == 0 { spaces } else { commas }[usize::from(whim(4))];
        out.extend_from_slice(gap);
        let name = parameter.name().as_bytes();
        out.extend(if whim(2) == 0 { name.to_ascii_uppercase() } else { name.to_vec() });
        out.extend_from_slice([&b"="[..], b" =", b"=\t", b" \t = "][usize::from(whim(4))]);
        let value = parameter.value();
        let is_token = !value.is_empty() && value.iter().all(u8::is_ascii_alphanumeric);
        if is_token && whim(2) == 0 {
            out.extend_from_slice(value);
            continue;
        }
        out.push(b'"');
        for &octet in value {
            if b"\"\\".contains(&octet) || whim(3) == 0 {
                out.push(b'\\');
            }
            out.push(octet);
        }
        out.push(b'"');
    }
    out
}

/// Bytes that often are challenges, or nearly so.
fn nearly() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        6 => prop::sample::select(vec![
            "a", "b", "realm", "=", "==", " ", "  ", "\t", ",", ", ", "\"", "\\", "/", "x y", "é",
        ]).prop_map(|text| text.as_bytes().to_vec()),
        4 => prop::sample::select(vec![
            "Basic realm=\"a\"", ", Digest nonce=b", ", Negotiate", ", NTLM c==", ", realm=d", " , e = \"f\"",
            ", g=\"h, i\"", ", \"j\"", ", k l m", ", n=\"o\\\"p",
        ]).prop_map(|text| text.as_bytes().to_vec()),
        1 => any::<u8>().prop_map(|octet| vec![octet]),
    ];
    prop::collection::vec(piece, 0..7).prop_map(|pieces| pieces.concat())
}

fn message(lines: &[Vec<u8>]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append("WWW-Authenticate", line).unwrap();
    }
    headers
}

proptest! {
    #[test]
    fn challenges_that_are_written_are_read_back(challenges in challenges()) {
        let written = challenges.encode();
        let read = Challenges::parse(&written);
        prop_assert_eq!(read.as_ref(), Ok(&challenges));
        let lines: Vec<_> = challenges.iter().map(Challenge::encode).collect();
        for message in [message(std::slice::from_ref(&written)), message(&lines)] {
            prop_assert_eq!(&Challenges::from_headers(&message), &challenges);
        }
        for (challenge, line) in challenges.iter().zip(&lines) {
            let read = Challenge::parse(line);
            prop_assert_eq!(read.as_ref(), Ok(challenge));
        }
    }

    #[test]
    fn a_challenge_means_the_same_however_it_is_spelled(
        challenges in challenges(),
        whims in prop::collection::vec(any::<u8>(), 1..40),
    ) {
        let lines: Vec<_> = challenges.iter().map(|challenge| spelled(challenge, &whims)).collect();
        for (challenge, line) in challenges.iter().zip(&lines) {
            let read = Challenge::parse(line);
            prop_assert_eq!(read.as_ref(), Ok(challenge), "{}", line.escape_ascii());
        }
        let list = lines.join(&b" ,"[..]);
        let read = Challenges::parse(&list);
        prop_assert_eq!(read.as_ref(), Ok(&challenges), "{}", list.escape_ascii());
    }

    #[test]
    fn the_model_agrees(value in nearly()) {
        agrees(&value);
    }

    #[test]
    fn a_malformed_challenge_takes_no_other_with_it(
        before in challenges(),
        bad in prop::sample::select(vec![
            "x a=b, a=c, d=e", "x a=, b=c", "x a b", "x @, \"a, b\"", "x a=\"b\"c, d=e", "x\ty", "x a==b", "x;", "x, a=b",
        ]),
        after in challenges(),
    ) {
        let texts = before.iter().chain(&after).map(Challenge::encode);
        let mut members: Vec<Vec<u8>> = texts.collect();
        members.insert(before.len(), bad.into());
        let line = members.join(&b", "[..]);
        prop_assert!(Challenges::parse(&line).is_err());
        let headers = message(&[line]);
        let found = Challenges::from_headers(&headers);
        // The front of two of these texts is a challenge by itself.
        let is_other = |it: &&Challenge<'_>| !["x", "x a="].contains(&&*it.to_string());
        let expected = before.iter().chain(&after).filter(is_other);
        prop_assert!(expected.eq(found.iter().filter(is_other)), "{found:?}");
    }

    #[test]
    fn names_and_passwords_come_back(user in "[^:\\pC]{0,8}", password in "[^\\pC]{0,8}") {
        let basic = Basic::new(&user, &password)?;
        let written = basic.encode();
        let Ok(Credentials::Basic(read)) = Credentials::parse(written.as_bytes()) else {
            return Err(TestCaseError::fail(written));
        };
        prop_assert_eq!((read.user(), read.password()), ((&*user).into(), (&*password).into()));
        prop_assert!(read.matches(&user, &password) && read == basic);
        prop_assert!(!read.matches(&user, password.clone() + "x") && !read.matches(user + "x", password));
    }

    #[test]
    fn credentials_come_back(scheme in TOKEN, data in data(), token in TOKEN68) {
        let bearer = Bearer::new(&token)?;
        let written = bearer.encode();
        prop_assert_eq!(Credentials::parse(written.as_bytes()), Ok(bearer.clone().into()));

        let other = OtherCredentials::new(&format!("x{scheme}"))?;
        let other = match data {
            Data::Token68(text) => other.with_token68(&text)?,
            Data::Parameters(parameters) => parameters
                .iter()
                .try_fold(other, |other, (name, value)| other.with_parameter(name, value))?,
        };
        let written = other.encode();
        prop_assert_eq!(Credentials::parse(&written), Ok(other.clone().into()));
        let mut headers = HeaderMap::new();
        headers.append("Authorization", &written)?;
        prop_assert_eq!(Credentials::from_headers(&headers), Ok(Some(other.into())));
    }

    #[test]
    fn no_bytes_make_credentials_panic(value in prop_oneof![
        nearly(),
        prop::collection::vec(any::<u8>(), 0..40),
        "[Bb]asic [A-Za-z0-9+/]{0,12}={0,2}".prop_map(String::into_bytes),
    ]) {
        match Credentials::parse(&value) {
            Err(error) => prop_assert!(error.offset() <= value.len()),
            Ok(read) => {
                let written = read.encode();
                prop_assert_eq!(Credentials::parse(&written), Ok(read.clone()));
            }
        }
    }
}
