//! The side that logs in.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::credentials::count;
use super::exchange::{Exchange, Sent};
use super::{AuthenticationInfo, DigestChallenge, DigestQop};
use crate::field::ExtValue;
use crate::field::auth::AuthParameters;
use crate::hash;
use crate::method::Method;
use crate::syntax::Class;

/// A user's name and password, and where the conversation with one server stands: the challenge, and how often
/// its nonce was used.
///
/// Once a server has asked, each request can carry credentials from the start; the answer to the next
/// challenge, a nonce that became too old, is due anyway. Names and passwords are hashed in UTF-8, which is what
/// [RFC 7616 §4](https://www.rfc-editor.org/rfc/rfc7616#section-4) knows and others do. `Debug` shows neither.
///
/// # Deviations
///
/// With the `-sess` algorithms the RFC hashes the nonces of the first request of a session; programs hash those
/// of each request. The client's nonce stays the same here as long as the server's does, so that both agree.
/// With a nonce of Authentication-Info another session begins.
///
/// RFC 7616 has ended what was left of [RFC 2069](https://www.rfc-editor.org/rfc/rfc2069); devices of old still
/// ask without a `qop`, and are answered unless that is [refused](Self::require_qop). Without the client's nonce,
/// who asks so chooses all that is hashed with the password.
///
/// [RFC 7616 §4](https://www.rfc-editor.org/rfc/rfc7616#section-4) has names and passwords normalised to NFC,
/// for which this crate lacks the tables: they are hashed as they are given.
///
/// # Examples
///
/// ```
/// use nethttp::Method;
/// use nethttp::field::auth::{Challenges, DigestChallenge, DigestClient, DigestCredentials};
///
/// let mut client = DigestClient::new("Mufasa", "Circle of Life");
/// // 401 Unauthorized, with WWW-Authenticate:
/// let asked = Challenges::parse(b"Digest realm=\"a\", qop=\"auth\", algorithm=SHA-256, nonce=\"7ypf\"")?;
/// let challenge = DigestChallenge::choose(&asked).ok_or("no Digest")?;
/// assert!(client.challenge(challenge));
///
/// // The number should be one that nobody can guess.
/// let value = client.authorize(Method::GET, "/dir/", Some(b""), 0x5eed).ok_or("no answer")?;
/// let credentials = DigestCredentials::parse(&value)?;
/// assert_eq!((credentials.uri(), credentials.nonce_count()), (&b"/dir/"[..], Some(1)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct DigestClient {
    user: String,
    password: String,
    requires_qop: bool,
    session: Option<Session>,
}

/// What came of one challenge.
#[derive(Clone)]
struct Session {
    challenge: DigestChallenge,
    /// How many requests were sent with the nonce, whoever gave it how often.
    count: u32,
    /// How many were sent since the challenge.
    answers: u32,
    /// The nonce of the client's, where it has to stay the same.
    cnonce: Option<String>,
    /// What was sent last, to check what the server answers.
    last: Option<Sent>,
}

impl DigestClient {
    /// Creates a client that nobody has asked anything yet.
    ///
    /// ```
    /// use nethttp::Method;
    /// use nethttp::field::auth::DigestClient;
    ///
    /// let mut client = DigestClient::new("Mufasa", "Circle of Life");
    /// assert_eq!(client.authorize(Method::GET, "/", None, 1), None);
    /// assert_eq!(format!("{client:?}"), "DigestClient { .. }");
    /// ```
    #[must_use]
    pub fn new(user: impl Into<String>, password: impl Into<String>) -> Self {
        let (user, password) = (user.into(), password.into());
        Self { user, password, requires_qop: false, session: None }
    }

    /// Sets whether a challenge without a `qop` is left without an answer, as RFC 7616 has it. It is answered
    /// unless this is set, as by curl and Requests, for the sake of old devices.
    ///
    /// ```
    /// use nethttp::Method;
    /// use nethttp::field::auth::{Challenge, DigestChallenge, DigestClient};
    ///
    /// let old = Challenge::parse(b"Digest realm=camera, nonce=b")?;
    /// let mut client = DigestClient::new("ada", "secret").require_qop(true);
    /// client.challenge(DigestChallenge::from_challenge(&old)?);
    /// assert_eq!(client.authorize(Method::GET, "/", None, 1), None);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn require_qop(mut self, requires_qop: bool) -> Self {
        self.requires_qop = requires_qop;
        self
    }

    /// Takes the challenge of a response, and returns whether it makes sense to send the request again.
    ///
    /// It does not if the server refuses what answered its last challenge and does not say that the nonce
    /// was too old: name or password are wrong then. A program should stop after two answers to one request
    /// all the same, as a server can say so for ever.
    ///
    /// ```
    /// use nethttp::Method;
    /// use nethttp::field::auth::{Challenge, DigestChallenge, DigestClient};
    ///
    /// let challenge = |text: &str| DigestChallenge::from_challenge(&Challenge::parse(text.as_bytes())?);
    /// let mut client = DigestClient::new("Mufasa", "wrong");
    /// assert!(client.challenge(challenge("Digest realm=a, nonce=b, qop=auth")?));
    /// client.authorize(Method::GET, "/", None, 1);
    /// assert!(!client.challenge(challenge("Digest realm=a, nonce=c, qop=auth")?));
    /// client.authorize(Method::GET, "/", None, 2);
    /// assert!(client.challenge(challenge("Digest realm=a, nonce=d, qop=auth, stale=true")?));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn challenge(&mut self, challenge: DigestChallenge) -> bool {
        let makes_sense = self.session.as_ref().is_none_or(|session| {
            let old = &session.challenge;
            // Who was let in before had the right password then.
            let is_refusal = session.answers == 1 && !challenge.is_stale;
            old.realm != challenge.realm || old.algorithm != challenge.algorithm || !is_refusal
        });
        let (count, cnonce) = match self.session.take() {
            Some(old) if old.challenge.nonce == challenge.nonce => (old.count, old.cnonce),
            _ => (0, None),
        };
        self.session = Some(Session { challenge, count, answers: 0, cnonce, last: None });
        makes_sense
    }

    /// Returns the value of Authorization (or of Proxy-Authorization) for a request, and counts it.
    ///
    /// The target is the one of the request line, to the letter. The body is all of it, empty where there is
    /// none, and nothing where it is not known; it is hashed only for a server that offers `auth-int` alone.
    /// The last number makes the client's nonce: it should be one that nobody can guess.
    ///
    /// Returns nothing if no challenge came yet, if the body is to be hashed and is not known, if the user's name
    /// holds control characters and is not to be hashed, and if the nonce has been counted to the end, 2^32 - 1.
    ///
    /// ```
    /// use nethttp::Method;
    /// use nethttp::field::auth::{Challenge, DigestChallenge, DigestClient};
    ///
    /// let challenge = Challenge::parse(b"Digest realm=a, nonce=b, qop=\"auth-int\"")?;
    /// let mut client = DigestClient::new("Mufasa", "Circle of Life");
    /// client.challenge(DigestChallenge::from_challenge(&challenge)?);
    /// assert!(client.authorize(Method::POST, "/", None, 1).is_none());
    /// assert!(client.authorize(Method::POST, "/", Some(b"body"), 1).is_some());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn authorize(
        &mut self,
        method: Method,
        target: &str,
        body: Option<&[u8]>,
        cnonce: u128,
    ) -> Option<Vec<u8>> {
        let session = self.session.as_mut()?;
        let challenge = &session.challenge;
        let qop = match challenge.qops[..] {
            [] if self.requires_qop => return None,
            [] => None,
            [DigestQop::AuthInt] => Some(DigestQop::AuthInt),
            _ => Some(DigestQop::Auth),
        };
        let algorithm = challenge.algorithm();
        let mut cnonce = format!("{cnonce:032x}");
        if algorithm.is_session() {
            cnonce = session.cnonce.get_or_insert(cnonce).clone();
        }
        let count = session.count.checked_add(1)?;
        let nc = format!("{count:08x}");
        let mut sent = Sent::of(&Exchange {
            algorithm,
            nonce: &challenge.nonce,
            qop,
            nc: nc.as_bytes(),
            cnonce: cnonce.as_bytes(),
            uri: target.as_bytes(),
        });
        let pieces = [self.user.as_bytes(), &challenge.realm, self.password.as_bytes()];
        sent.key = sent.exchange().key(&algorithm.hash(&pieces));
        let response = sent.exchange().digest(&sent.key, method.as_str(), body)?;
        let value = write(challenge, &self.user, &sent, &response)?;
        session.count = count;
        session.answers = session.answers.saturating_add(1);
        session.last = Some(sent);
        Some(value)
    }

    /// Returns the value for a request that is sent once more, with a count of its own. What the server makes of it is still
    /// its first word on the answer to its challenge.
    #[cfg(feature = "client")]
    pub(crate) fn authorize_again(
        &mut self,
        method: Method,
        target: &str,
        body: Option<&[u8]>,
        cnonce: u128,
    ) -> Option<Vec<u8>> {
        let answers = self.session.as_ref()?.answers;
        let value = self.authorize(method, target, body, cnonce);
        if let Some(session) = &mut self.session {
            session.answers = answers;
        }
        value
    }

    /// Takes the Authentication-Info (or Proxy-Authentication-Info) of a response: the nonce that it wants to
    /// be used from now on, if it has one.
    ///
    /// ```
    /// use nethttp::Method;
    /// use nethttp::field::auth::{
    ///     AuthenticationInfo, Challenge, DigestChallenge, DigestClient, DigestCredentials,
    /// };
    ///
    /// let challenge = Challenge::parse(b"Digest realm=a, nonce=b, qop=auth")?;
    /// let mut client = DigestClient::new("Mufasa", "Circle of Life");
    /// client.challenge(DigestChallenge::from_challenge(&challenge)?);
    /// client.authorize(Method::GET, "/", None, 1);
    /// client.receive(&AuthenticationInfo::parse(b"nextnonce=\"c\"")?);
    /// let value = client.authorize(Method::GET, "/", None, 2).ok_or("no answer")?;
    /// let credentials = DigestCredentials::parse(&value)?;
    /// assert_eq!((credentials.nonce(), credentials.nonce_count()), (&b"c"[..], Some(1)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn receive(&mut self, info: &AuthenticationInfo) {
        if let (Some(session), Some(nonce)) = (&mut self.session, info.next_nonce())
            && session.challenge.nonce != nonce
        {
            session.challenge.nonce = nonce.to_vec();
            session.count = 0;
            session.cnonce = None;
        }
    }

    /// Returns whether the server has proved that it knows the password, by the Authentication-Info of the
    /// response to the request that was authorized last; the body is that of the response.
    ///
    /// Returns nothing if there is no proof, if it is one for another request, or if the body was hashed and is
    /// not known.
    ///
    /// ```
    /// use nethttp::field::auth::{AuthenticationInfo, DigestClient};
    ///
    /// let client = DigestClient::new("Mufasa", "Circle of Life");
    /// assert_eq!(client.is_proof(&AuthenticationInfo::new(), None), None);
    /// ```
    #[must_use]
    pub fn is_proof(&self, info: &AuthenticationInfo, body: Option<&[u8]>) -> Option<bool> {
        let sent = self.session.as_ref()?.last.as_ref()?;
        let rspauth = info.rspauth.as_ref()?;
        let is_other = info.nc.is_some_and(|nc| count(&sent.nc) != Some(nc))
            || info.cnonce.as_ref().is_some_and(|cnonce| *cnonce != sent.cnonce);
        if is_other {
            return None;
        }
        // The server says which it used, [RFC 7616 §3.5].
        let exchange = Exchange { qop: info.qop.or(sent.qop), ..sent.exchange() };
        let digest = exchange.digest(&sent.key, "", body)?;
        Some(hash::eq(digest.as_bytes(), rspauth.as_bytes()))
    }
}

impl fmt::Debug for DigestClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DigestClient").finish_non_exhaustive()
    }
}

/// Writes the credentials, in the order of the examples of RFC 7616.
///
/// Unquoted are `userhash`, `algorithm`, `nc`, `qop` and `username*`, as [RFC 7616 §3.4] wants it.
fn write(challenge: &DigestChallenge, user: &str, sent: &Sent, response: &str) -> Option<Vec<u8>> {
    let algorithm = challenge.algorithm.map(|algorithm| algorithm.as_str().as_bytes());
    let (name, user) = if challenge.hashes_user {
        ("username", sent.algorithm.hash(&[user.as_bytes(), &challenge.realm]))
    } else if !Class::FIELD.matches(user.as_bytes()) {
        return None;
    } else if challenge.is_utf8 && !user.is_ascii() {
        ("username*", ExtValue::new(user).to_string())
    } else {
        ("username", user.to_string())
    };
    let qop = sent.qop.map(|qop| qop.as_str().as_bytes());
    let has_cnonce = qop.is_some() || sent.algorithm.is_session();
    let mut parameters = AuthParameters::default();
    for (name, value, is_quoted) in [
        (name, Some(user.as_bytes()), name == "username"),
        ("realm", Some(&challenge.realm[..]), true),
        ("uri", Some(&sent.uri[..]), true),
        ("algorithm", algorithm, false),
        ("nonce", Some(&sent.nonce[..]), true),
        ("nc", qop.map(|_| &sent.nc[..]), false),
        ("cnonce", has_cnonce.then_some(&sent.cnonce[..]), true),
        ("qop", qop, false),
        ("response", Some(response.as_bytes()), true),
        ("opaque", challenge.opaque.as_deref(), true),
        ("userhash", challenge.hashes_user.then_some(b"true"), false),
    ] {
        if let Some(value) = value {
            parameters.push(name, value, is_quoted).ok()?;
        }
    }
    let mut out = b"Digest ".to_vec();
    parameters.write_to(&mut out);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::auth::Challenge;
    use crate::field::auth::DigestCredentials;

    const C: &str = "00000000000000000000000000000001";

    fn challenge(parameters: &[u8]) -> DigestChallenge {
        let value = [b"Digest ", parameters].concat();
        DigestChallenge::from_challenge(&Challenge::parse(&value).unwrap()).unwrap()
    }

    fn asked(user: &str, parameters: &[u8]) -> DigestClient {
        let mut client = DigestClient::new(user, "Circle of Life");
        assert!(client.challenge(challenge(parameters)));
        client
    }

    fn answer(client: &mut DigestClient, body: Option<&[u8]>) -> Option<Vec<u8>> {
        client.authorize(Method::GET, "/dir/?x", body, 1)
    }

    #[track_caller]
    fn answers(user: &str, parameters: &[u8], expected: &[u8]) {
        let found = answer(&mut asked(user, parameters), Some(b"")).unwrap();
        assert_eq!(found.escape_ascii().to_string(), expected.escape_ascii().to_string());
    }

    fn with(text: &str) -> Vec<u8> {
        text.replace("@C", C).into_bytes()
    }

    /// The digests are what Python's hashlib makes of the rules.
    #[test]
    fn answers_with_what_the_server_knows() {
        answers(
            "Mufasa",
            b"realm=a, nonce=n, qop=\"auth-int,auth\", algorithm=sha-256, opaque=o",
            &with(
                "Digest username=\"Mufasa\", realm=\"a\", uri=\"/dir/?x\", algorithm=SHA-256, nonce=\"n\", \
            nc=00000001, cnonce=\"@C\", qop=auth, response=\"79102cfb21368f1555e8c855e6c704a4a133b5cfea8efac1da646ffbbfb64691\", opaque=\"o\"",
            ),
        );
        answers(
            "Mufasa",
            b"realm=a, nonce=n, qop=auth-int",
            &with(
                "Digest username=\"Mufasa\", realm=\"a\", uri=\"/dir/?x\", nonce=\"n\", \
            nc=00000001, cnonce=\"@C\", qop=auth-int, response=\"4a653d9f1086ad67618cb4499e8c5d22\"",
            ),
        );
    }

    #[test]
    fn answers_servers_of_old() {
        answers(
            "Mufasa",
            b"realm=a, nonce=n, qop=\"\"",
            &with(
                "Digest username=\"Mufasa\", realm=\"a\", uri=\"/dir/?x\", nonce=\"n\", response=\"c2547270c26eff135a89fdccf573a6a3\"",
            ),
        );
        answers(
            "Mufasa",
            b"realm=a, nonce=n, algorithm=MD5-sess",
            &with(
                "Digest username=\"Mufasa\", realm=\"a\", uri=\"/dir/?x\", algorithm=MD5-sess, nonce=\"n\", \
            cnonce=\"@C\", response=\"77c3f38355d29fd69280e612e10e4f45\"",
            ),
        );
    }

    #[test]
    fn hashes_realms_without_their_backslashes_and_gives_them_back_with_them() {
        answers(
            "Mufasa",
            b"realm=\"a \\\"b\\\\c\\\"\", nonce=n, qop=auth",
            &with(
                "Digest username=\"Mufasa\", realm=\"a \\\"b\\\\c\\\"\", uri=\"/dir/?x\", nonce=\"n\", \
            nc=00000001, cnonce=\"@C\", qop=auth, response=\"51836567558d1c3128cbb3df53359b07\"",
            ),
        );
        let (before, after) = (
            b"Digest username=\"Mufasa\", realm=\"\xe9\", ",
            with(
                "uri=\"/dir/?x\", nonce=\"n\", nc=00000001, cnonce=\"@C\", qop=auth, response=\"7730c07d82b7572667d041dfc6389ca7\"",
            ),
        );
        answers("Mufasa", b"realm=\"\xe9\", nonce=n, qop=auth", &[&before[..], &after].concat());
    }

    /// [RFC 7616 §3.4](https://www.rfc-editor.org/rfc/rfc7616#section-3.4).
    #[test]
    fn quotes_what_has_to_be_quoted_token_or_not() {
        let mut client = asked("u", b"realm=a, nonce=n, qop=auth, algorithm=MD5, opaque=o");
        let value = client.authorize(Method::OPTIONS, "*", None, 1).unwrap();
        let credentials = Challenge::parse(&value).unwrap();
        for parameter in credentials.parameters() {
            let is_bare = ["algorithm", "nc", "qop"].contains(&parameter.name());
            assert_eq!(parameter.is_quoted(), !is_bare, "{}", parameter.name());
        }
        assert_eq!(credentials.parameter("uri"), Some(&b"*"[..]));
    }

    #[test]
    fn names_users_as_the_server_wants_them_named() {
        let tail = "realm=\"a\", uri=\"/dir/?x\", nonce=\"n\", nc=00000001, cnonce=\"@C\", qop=auth, \
            response=\"6c9dafee4e76aac446156422e7e07af9\"";
        let asks = "realm=a, nonce=n, qop=auth".as_bytes();
        let user = "Jäsøn";
        answers(user, asks, &with(&format!("Digest username=\"Jäsøn\", {tail}")));
        let extended = with(&format!("Digest username*=UTF-8''J%C3%A4s%C3%B8n, {tail}"));
        answers(user, &[asks, b", charset=UTF-8"].concat(), &extended);
        let hashed =
            format!("Digest username=\"3b88711ff2a897ecc3080643396786de\", {tail}, userhash=true");
        answers(user, &[asks, b", charset=UTF-8, userhash=true"].concat(), &with(&hashed));
        assert_eq!(answer(&mut asked("a\nb", asks), None), None);
        let mut client = asked("ada \"b\"", &[asks, b", charset=UTF-8"].concat());
        let value = answer(&mut client, None).unwrap();
        assert!(value.starts_with(b"Digest username=\"ada \\\"b\\\"\", realm="));
        let mut client = asked("a\nb", &[asks, b", charset=UTF-8"].concat());
        assert_eq!(answer(&mut client, None), None);
    }

    #[test]
    fn counts_requests_and_begins_again_with_a_new_nonce() {
        let count = |value: Option<Vec<u8>>| {
            let value = value.unwrap();
            let credentials = DigestCredentials::parse(&value).unwrap();
            (credentials.nonce().to_vec(), credentials.nonce_count().unwrap())
        };
        let mut client = asked("Mufasa", b"realm=a, nonce=n, qop=auth");
        assert_eq!(count(answer(&mut client, None)), (b"n".to_vec(), 1));
        assert_eq!(count(answer(&mut client, None)), (b"n".to_vec(), 2));
        client.receive(&AuthenticationInfo::parse(b"qop=auth").unwrap());
        assert_eq!(count(answer(&mut client, None)), (b"n".to_vec(), 3));
        client.receive(&AuthenticationInfo::parse(b"nextnonce=m").unwrap());
        assert_eq!(count(answer(&mut client, None)), (b"m".to_vec(), 1));
        assert!(client.challenge(challenge(b"realm=a, nonce=o, qop=auth, stale=true")));
        assert_eq!(count(answer(&mut client, None)), (b"o".to_vec(), 1));
    }

    /// Some servers make one nonce a second, and a server that counts takes no count of it twice.
    #[test]
    fn goes_on_counting_with_a_nonce_that_comes_again() {
        for algorithm in ["MD5", "MD5-sess"] {
            let asks = format!("realm=a, nonce=n, qop=auth, algorithm={algorithm}");
            let mut client = asked("Mufasa", asks.as_bytes());
            let sent = |client: &mut DigestClient, number| {
                let value = client.authorize(Method::GET, "/", None, number).unwrap();
                let found = DigestCredentials::parse(&value).unwrap();
                let cnonce = String::from_utf8_lossy(found.exchange().cnonce).ends_with('1');
                (found.nonce_count(), cnonce)
            };
            let is_kept = algorithm == "MD5-sess";
            assert_eq!(sent(&mut client, 1), (Some(1), true));
            client.challenge(challenge(asks.as_bytes()));
            assert_eq!(sent(&mut client, 2), (Some(2), is_kept));
            client.receive(&AuthenticationInfo::parse(b"nextnonce=n").unwrap());
            assert_eq!(sent(&mut client, 3), (Some(3), is_kept));
            client.challenge(challenge(format!("{asks}, stale=true").as_bytes()));
            assert_eq!(sent(&mut client, 4), (Some(4), is_kept));
        }
    }

    #[test]
    fn tries_again_only_where_that_makes_sense() {
        let mut client = asked("Mufasa", b"realm=a, nonce=n, qop=auth");
        // Nothing was sent yet: another request was asked the same.
        assert!(client.challenge(challenge(b"realm=a, nonce=o, qop=auth")));
        answer(&mut client, None);
        assert!(!client.challenge(challenge(b"realm=a, nonce=p, qop=auth")));
        answer(&mut client, None);
        assert!(client.challenge(challenge(b"realm=b, nonce=q, qop=auth")));
        answer(&mut client, None);
        assert!(client.challenge(challenge(b"realm=b, nonce=r, qop=auth, stale=true")));
        answer(&mut client, None);
        answer(&mut client, None);
        // It was right once; a server that was started anew does not say that the nonce is stale.
        assert!(client.challenge(challenge(b"realm=b, nonce=s, qop=auth")));
        answer(&mut client, None);
        // And so was it if the server gave another nonce in return.
        client.receive(&AuthenticationInfo::parse(b"nextnonce=t").unwrap());
        answer(&mut client, None);
        assert!(client.challenge(challenge(b"realm=b, nonce=u, qop=auth")));
        // A nonce that comes again makes a password no better.
        for _ in 0..3 {
            answer(&mut client, None);
            assert!(!client.challenge(challenge(b"realm=b, nonce=u, qop=auth")));
        }
    }

    #[test]
    fn keeps_its_nonce_for_a_session() {
        let mut client = asked("Mufasa", b"realm=a, nonce=n, qop=auth, algorithm=MD5-sess");
        for (number, expected) in [(1, 1), (2, 1)] {
            let value = client.authorize(Method::GET, "/", None, number).unwrap();
            let found = DigestCredentials::parse(&value).unwrap();
            assert_eq!(found.exchange().cnonce, format!("{expected:032x}").as_bytes());
        }
        // Another nonce begins another session.
        client.receive(&AuthenticationInfo::parse(b"nextnonce=m").unwrap());
        let value = client.authorize(Method::GET, "/", None, 3).unwrap();
        let found = DigestCredentials::parse(&value).unwrap();
        assert_eq!(found.exchange().cnonce, format!("{:032x}", 3).as_bytes());
    }

    #[test]
    fn checks_the_proof_of_the_server() {
        let mut client = asked("Mufasa", b"realm=a, nonce=n, qop=auth, algorithm=SHA-256");
        answer(&mut client, None);
        let proof = |text: &str| AuthenticationInfo::parse(&with(text)).unwrap();
        let right = proof(
            "rspauth=\"f08345f20d4e06e70e7bb5846fe8041835c4f8700db8c9b4587af1f68f67b484\", qop=auth, nc=00000001, cnonce=\"@C\"",
        );
        assert_eq!(client.is_proof(&right, None), Some(true));
        assert_eq!(
            client.is_proof(
                &proof(
                    "rspauth=\"f08345f20d4e06e70e7bb5846fe8041835c4f8700db8c9b4587af1f68f67b484\""
                ),
                None
            ),
            Some(true)
        );
        assert_eq!(client.is_proof(&proof("rspauth=\"6629\""), None), Some(false));
        assert_eq!(client.is_proof(&proof("rspauth=\"f08345f20d4e06e70e7bb5846fe8041835c4f8700db8c9b4587af1f68f67b484\", nc=00000002"), None), None);
        assert_eq!(client.is_proof(&proof("rspauth=\"f08345f20d4e06e70e7bb5846fe8041835c4f8700db8c9b4587af1f68f67b484\", cnonce=\"1\""), None), None);
        assert_eq!(client.is_proof(&proof("qop=auth"), None), None);

        let mut client = asked("Mufasa", b"realm=a, nonce=n, qop=auth-int");
        answer(&mut client, Some(b""));
        let right = proof(
            "rspauth=\"2539a95c5fc70b4b0d6a89a9dc8dc2cf\", qop=auth-int, nc=00000001, cnonce=\"@C\"",
        );
        assert_eq!(client.is_proof(&right, Some(b"page")), Some(true));
        assert_eq!(client.is_proof(&right, Some(b"pages")), Some(false));
        assert_eq!(client.is_proof(&right, None), None);
    }
}
