//! Authentication: challenges and credentials.

mod model;

use alloc::format;
use alloc::string::ToString;

use crate::field::FieldErrorKind;
use crate::field::auth::{
    AuthParameters, AuthenticationInfo, Challenge, Challenges, Credentials, DigestChallenge,
    DigestClient,
};
use crate::header::HeaderMap;
use crate::method::Method;
use crate::syntax::Class;

/// Any bytes are the challenges, and the credentials, that a slow model of the grammar reads in them, or are
/// refused where it refuses them; what is read is written as a value that reads as the same, and `Debug`
/// shows nothing of credentials.
pub fn auth(data: &[u8]) {
    let is_small = data.len() <= MODEL;
    match Challenges::parse(data) {
        Ok(read) => {
            list_reads_back(&read);
            digest(&read);
        }
        Err(error) => assert!(error.offset() <= data.len()),
    }
    if let Ok(read) = Challenge::parse(data) {
        assert_eq!(Challenge::parse(&read.encode()).as_ref(), Ok(&read));
    }
    credentials(data);
    info(data);
    if is_small {
        model::agrees(data);
    }
}

/// The most bytes that the model is asked about.
const MODEL: usize = 48;

fn list_reads_back(read: &Challenges<'_>) {
    let written = read.encode();
    assert!(Class::FIELD.matches(&written), "{}", written.escape_ascii());
    let again = Challenges::parse(&written);
    assert_eq!(again.as_ref(), Ok(read));
    assert_eq!(again.map(|again| again.encode()), Ok(written));
    assert!(read.len() <= Challenges::MAX_CHALLENGES);
    for challenge in read {
        assert!(challenge.parameters().len() <= AuthParameters::MAX_PARAMETERS);
        assert_eq!(Challenge::parse(&challenge.encode()).as_ref(), Ok(challenge));
        assert!(read.find(challenge.scheme()).is_some_and(|found| found.is(challenge.scheme())));
    }
    assert_eq!(read.clone().into_owned(), *read);
}

fn credentials(data: &[u8]) {
    match Credentials::parse(data) {
        Ok(read) => {
            let written = read.encode();
            assert!(Class::FIELD.matches(&written), "{}", written.escape_ascii());
            assert_eq!(Credentials::parse(&written).as_ref(), Ok(&read));
            assert_eq!(read.clone().into_owned(), read);
            hides(&read);
            is_one_of_its_scheme(data, &read);
        }
        Err(error) => {
            assert!(error.offset() <= data.len());
            match Challenge::parse(data) {
                Ok(challenge) => {
                    assert!(["Basic", "Bearer", "Digest"].iter().any(|known| challenge.is(known)));
                }
                Err(as_challenge) => assert_eq!(as_challenge, error),
            }
        }
    }
}

/// A challenge of Digest is written as one that means the same, and what a client answers is credentials.
fn digest(challenges: &Challenges<'_>) {
    for challenge in challenges {
        let Ok(read) = DigestChallenge::from_challenge(challenge) else {
            continue;
        };
        let written = read.to_challenge().encode();
        let again = Challenge::parse(&written).and_then(|it| DigestChallenge::from_challenge(&it));
        assert_eq!(again.as_ref(), Ok(&read));
        let mut client = DigestClient::new("Mufasa", "Circle of Life");
        assert!(client.challenge(read.clone()));
        if let Some(value) = client.authorize(Method::GET, "/", Some(b"body"), 1) {
            let answer = Credentials::parse(&value);
            assert!(
                matches!(answer, Ok(Credentials::Digest(_))),
                "{}: {answer:?}",
                value.escape_ascii()
            );
        }
    }
}

/// What a server says in return is written as what means the same.
fn info(data: &[u8]) {
    match AuthenticationInfo::parse(data) {
        Ok(read) => assert_eq!(AuthenticationInfo::parse(&read.encode()), Ok(read)),
        Err(error) => assert!(error.offset() <= data.len()),
    }
}

/// Credentials are read as a challenge is, and then by the rules of their scheme.
fn is_one_of_its_scheme(data: &[u8], read: &Credentials<'_>) {
    let Ok(challenge) = Challenge::parse(data) else {
        return assert!(data.is_empty(), "{read:?} are no challenge");
    };
    assert!(challenge.is(read.scheme()));
    match read {
        // There is one way to write them.
        Credentials::Basic(basic) => {
            assert_eq!(basic.encode().strip_prefix("Basic "), challenge.token68());
            assert!(basic.matches(basic.user_bytes(), basic.password_bytes()));
            assert!(!basic.user_bytes().contains(&b':'));
        }
        Credentials::Bearer(bearer) => assert_eq!(Some(bearer.token()), challenge.token68()),
        Credentials::Digest(digest) => {
            let written = digest.encode();
            assert_eq!(Challenge::parse(&written), Ok(challenge));
        }
        Credentials::Other(other) => {
            assert!(!challenge.is("basic") && !challenge.is("bearer"));
            assert_eq!(other.encode(), challenge.encode());
        }
    }
}

/// `Debug` is the same whatever is secret.
fn hides(read: &Credentials<'_>) {
    let shown = match read {
        Credentials::Basic(_) => "Basic(Basic { .. })".to_string(),
        Credentials::Bearer(_) => "Bearer(Bearer { .. })".to_string(),
        // Only who it is is shown, in the words of the algorithm and the user.
        Credentials::Digest(_) => return,
        Credentials::Other(other) if other.encode() == other.scheme().as_bytes() => {
            "Other(OtherCredentials { .. })".to_string()
        }
        Credentials::Other(other) => {
            format!("Other(OtherCredentials {{ scheme: {:?}, .. }})", other.scheme())
        }
    };
    assert_eq!(format!("{read:?}"), shown);
}
