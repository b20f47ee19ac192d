//! The side that asks.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;
use core::time::Duration;

use super::counts::Counts;
use super::exchange::Sent;
use super::nonce::Nonce;
use super::user::Secret;
use super::{
    AuthenticationInfo, DigestAlgorithm, DigestChallenge, DigestCredentials, DigestQop,
    DigestRefusal, DigestSecret, DigestUser,
};
use crate::field::auth::Challenges;
use crate::field::{FieldError, HttpDate};
use crate::hash;
use crate::method::Method;
use crate::syntax::{Class, SyntaxError, SyntaxErrorKind};

/// What a server asks for, and the check of what is answered.
///
/// | | default |
/// |---|---|
/// | [`algorithms`](Self::algorithms), the best in front | SHA-256, and MD5 for clients that know nothing else |
/// | [`qops`](Self::qops) | `auth` |
/// | [`nonce_lifetime`](Self::nonce_lifetime) | 5 minutes |
/// | [`nonces`](Self::nonces) that are in use at a time | 4,096 |
/// | [`user_hash`](Self::user_hash) | off |
///
/// A nonce is good for any number of requests, which its client counts, until it is too old; no count is good
/// twice. A nonce is its own proof: what is kept is only which counts were used, of so many nonces at most, and
/// only for those who know their password. If more are in use, the oldest become stale, which clients answer
/// by themselves.
///
/// The key is what nonces are made with; it should be new with each start of the server and belong to one
/// `DigestServer`, because what was used is forgotten with it. A `Method` or a target that a proxy has changed
/// makes credentials worthless.
///
/// # Deviations
///
/// Names and passwords are not normalised to NFC, as with [`DigestClient`](super::DigestClient): a client that
/// does so is let in if the server's are in that form already.
///
/// # Examples
///
/// ```
/// use nethttp::Method;
/// use nethttp::field::HttpDate;
/// use nethttp::field::auth::{
///     DigestChallenge, DigestClient, DigestCredentials, DigestRefusal, DigestSecret, DigestServer, DigestUser,
/// };
///
/// let (key, now) = ([42; 32], HttpDate::from_unix(1_700_000_000));
/// let mut server = DigestServer::new("staff", key)?;
/// let secret = |user: &DigestUser| user.is("ada").then(|| DigestSecret::password("secret"));
///
/// // 401 Unauthorized, with a challenge for each algorithm:
/// let asked = server.challenges(now, false);
/// assert_eq!(asked.len(), 2);
///
/// let mut client = DigestClient::new("ada", "secret");
/// client.challenge(DigestChallenge::choose(&asked).ok_or("no Digest")?);
/// let value = client.authorize(Method::GET, "/a", Some(b""), 1).ok_or("no answer")?;
///
/// let credentials = DigestCredentials::parse(&value)?;
/// let verified = server.verify(&credentials, Method::GET, "/a", None, now, secret)?;
/// assert_eq!(verified.name(), Some("ada"));
///
/// // Who overheard that cannot send it again.
/// let again = server.verify(&credentials, Method::GET, "/a", None, now, secret);
/// assert_eq!(again.unwrap_err(), DigestRefusal::Replayed);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct DigestServer {
    key: [u8; 32],
    realm: String,
    opaque: Option<String>,
    domain: Option<String>,
    algorithms: Vec<DigestAlgorithm>,
    qops: Vec<DigestQop>,
    hashes_user: bool,
    lifetime: Duration,
    /// The serial numbers of the nonces that were made.
    serials: Range<u64>,
    counts: Counts,
}

impl DigestServer {
    /// Creates a server for a realm, the text that people see where they are asked for name and password.
    /// Quotes and backslashes in it are better left out: there are clients that do not escape them.
    ///
    /// The key should be one that nobody can guess.
    ///
    /// # Errors
    ///
    /// [`Syntax`](crate::field::FieldErrorKind::Syntax) if the realm holds a control character.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::auth::DigestServer;
    ///
    /// assert!(DigestServer::new("staff", [42; 32]).is_ok());
    /// assert!(DigestServer::new("two\nlines", [42; 32]).is_err());
    /// ```
    pub fn new(realm: &str, key: [u8; 32]) -> Result<Self, FieldError> {
        Ok(Self {
            key,
            realm: quotable(realm)?,
            opaque: None,
            domain: None,
            algorithms: [DigestAlgorithm::Sha256, DigestAlgorithm::Md5].to_vec(),
            qops: [DigestQop::Auth].to_vec(),
            hashes_user: false,
            lifetime: Duration::from_secs(300),
            serials: 0..0,
            counts: Counts::new(4096),
        })
    }

    /// Sets the hash functions that are offered, in this order; an empty list changes nothing.
    ///
    /// Python's `urllib` reads the first challenge alone, and knows only MD5 and SHA-1 up to Python 3.13.
    ///
    /// ```
    /// use nethttp::field::HttpDate;
    /// use nethttp::field::auth::{DigestAlgorithm, DigestServer};
    ///
    /// let mut server = DigestServer::new("a", [42; 32])?.algorithms([DigestAlgorithm::Sha512_256]);
    /// assert_eq!(server.challenges(HttpDate::from_unix(0), false).len(), 1);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn algorithms(mut self, list: impl IntoIterator<Item = DigestAlgorithm>) -> Self {
        replace(&mut self.algorithms, list);
        self
    }

    /// Sets the qualities of protection that are offered; an empty list changes nothing. With `auth-int` the
    /// body has to be read before anybody knows who sends it.
    ///
    /// ```
    /// use nethttp::field::HttpDate;
    /// use nethttp::field::auth::{DigestQop, DigestServer};
    ///
    /// let mut server = DigestServer::new("a", [42; 32])?.qops([DigestQop::Auth, DigestQop::AuthInt]);
    /// let challenges = server.challenges(HttpDate::from_unix(0), false);
    /// let qop = challenges.find("digest").and_then(|challenge| challenge.parameter("qop"));
    /// assert_eq!(qop, Some(&b"auth, auth-int"[..]));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn qops(mut self, list: impl IntoIterator<Item = DigestQop>) -> Self {
        replace(&mut self.qops, list);
        self
    }

    /// Sets how long a nonce is good for. Clients answer the next challenge by themselves.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use nethttp::field::auth::DigestServer;
    ///
    /// let server = DigestServer::new("a", [42; 32])?.nonce_lifetime(Duration::from_secs(60));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn nonce_lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// Sets how many nonces can be in use at a time. Each takes less than 100 bytes.
    ///
    /// ```
    /// use nethttp::field::auth::DigestServer;
    ///
    /// let server = DigestServer::new("a", [42; 32])?.nonces(100_000);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn nonces(mut self, most: usize) -> Self {
        self.counts.most = most;
        self
    }

    /// Sets whether clients are asked to send a hash of the user's name.
    ///
    /// ```
    /// use nethttp::field::auth::DigestServer;
    ///
    /// let server = DigestServer::new("a", [42; 32])?.user_hash(true);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn user_hash(mut self, hashes_user: bool) -> Self {
        self.hashes_user = hashes_user;
        self
    }

    /// Sets a text that clients have to give back as it is.
    ///
    /// # Errors
    ///
    /// [`Syntax`](crate::field::FieldErrorKind::Syntax) if the text holds a control character.
    ///
    /// ```
    /// use nethttp::field::auth::DigestServer;
    ///
    /// let server = DigestServer::new("a", [42; 32])?.opaque("node 7")?;
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn opaque(self, text: &str) -> Result<Self, FieldError> {
        Ok(Self { opaque: Some(quotable(text)?), ..self })
    }

    /// Sets the addresses for which the same name and password hold, with spaces between them.
    ///
    /// # Errors
    ///
    /// [`Syntax`](crate::field::FieldErrorKind::Syntax) if the text holds a control character.
    ///
    /// ```
    /// use nethttp::field::auth::DigestServer;
    ///
    /// let server = DigestServer::new("a", [42; 32])?.domain("/ http://files.example.org/")?;
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn domain(self, addresses: &str) -> Result<Self, FieldError> {
        Ok(Self { domain: Some(quotable(addresses)?), ..self })
    }

    /// Returns the challenges of a response, one for each algorithm, with a new nonce; whether they say that
    /// the last one was stale is what [`DigestRefusal::is_stale`] knows.
    ///
    /// Each should have a field of its own, as many clients read no lists.
    ///
    /// ```
    /// use nethttp::HeaderMap;
    /// use nethttp::field::HttpDate;
    /// use nethttp::field::auth::DigestServer;
    ///
    /// let mut headers = HeaderMap::new();
    /// let mut server = DigestServer::new("staff", [42; 32])?;
    /// for challenge in &server.challenges(HttpDate::from_unix(0), true) {
    ///     headers.append("WWW-Authenticate", challenge.encode())?;
    /// }
    /// let first = headers.get("WWW-Authenticate").ok_or("no field")?;
    /// assert!(first.starts_with(b"Digest realm=\"staff\", qop=\"auth\", algorithm=SHA-256, nonce=\""));
    /// assert!(first.ends_with(b", stale=true, charset=UTF-8"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn challenges(&mut self, now: impl Into<HttpDate>, is_stale: bool) -> Challenges<'static> {
        let nonce = self.next_nonce(now.into());
        let challenge = |algorithm: &DigestAlgorithm| DigestChallenge {
            realm: self.realm.clone().into_bytes(),
            nonce: nonce.clone().into_bytes(),
            opaque: self.opaque.clone().map(String::into_bytes),
            domain: self.domain.clone().map(String::into_bytes),
            algorithm: Some(*algorithm),
            qops: self.qops.clone(),
            is_stale,
            is_utf8: true,
            hashes_user: self.hashes_user,
        };
        self.algorithms.iter().map(|it| challenge(it).to_challenge()).collect()
    }

    fn next_nonce(&mut self, now: HttpDate) -> String {
        if self.serials.end == 0 {
            // Higher than those of an earlier start: should the key be the same, none of its nonces is good.
            let start = u64::try_from(now.unix()).unwrap_or_default().saturating_mul(1 << 20);
            self.serials = start..start;
        }
        let nonce = Nonce { time: now.unix(), serial: self.serials.end };
        self.serials.end = self.serials.end.saturating_add(1);
        nonce.encode(&self.key, &self.realm)
    }

    /// Checks the credentials of a request.
    ///
    /// The target is the one of the request line, to the letter. The body is all of it, empty where there is
    /// none, and nothing where it is not known; it matters only with `auth-int`. `passwords` is asked once,
    /// and not at all for credentials that answer no challenge of this server. What it takes to compare does
    /// not depend on whether there is such a user, and little on what is wrong.
    ///
    /// # Errors
    ///
    /// Returns why nobody comes in. That the nonce is stale or was used is said only to who knows the password.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::Method;
    /// use nethttp::field::HttpDate;
    /// use nethttp::field::auth::{DigestCredentials, DigestRefusal, DigestServer};
    ///
    /// let mut server = DigestServer::new("staff", [42; 32])?;
    /// let credentials = DigestCredentials::parse(
    ///     b"Digest username=a, realm=staff, nonce=b, uri=\"/\", response=c, qop=auth, nc=00000001, cnonce=d",
    /// )?;
    /// let now = HttpDate::from_unix(0);
    /// let refused = server.verify(&credentials, Method::GET, "/", None, now, |_| None);
    /// assert_eq!(refused.unwrap_err(), DigestRefusal::Wrong);
    /// let refused = server.verify(&credentials, Method::GET, "/other", None, now, |_| None);
    /// assert_eq!(refused.unwrap_err(), DigestRefusal::Target);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn verify(
        &mut self,
        credentials: &DigestCredentials<'_>,
        method: Method,
        target: &str,
        body: Option<&[u8]>,
        now: impl Into<HttpDate>,
        passwords: impl FnOnce(&DigestUser) -> Option<DigestSecret>,
    ) -> Result<Verified, DigestRefusal> {
        self.answers(credentials, target)?;
        let secret = passwords(credentials.user());
        let nonce = self.fresh_nonce(credentials, now.into());
        let verified = match self.prove(credentials, method, body, secret) {
            // A body need not be read for a nonce that is not good in any case.
            Err(DigestRefusal::Body) if nonce.is_none() => Err(DigestRefusal::Stale),
            proved => proved,
        }?;
        let nonce = nonce.ok_or(DigestRefusal::Stale)?;
        let count = credentials.nonce_count().ok_or(DigestRefusal::Qop)?;
        self.counts.take(nonce.serial, count)?;
        Ok(Verified { time: nonce.time, ..verified })
    }

    /// Returns the nonce of credentials, if this server has made it and it is not too old.
    fn fresh_nonce(&self, credentials: &DigestCredentials<'_>, now: HttpDate) -> Option<Nonce> {
        let nonce = Nonce::parse(credentials.nonce(), &self.key, &self.realm)?;
        // A clock that was put back makes a nonce stale too.
        let age = u64::try_from(now.unix().saturating_sub(nonce.time)).ok()?;
        let is_good = Duration::from_secs(age) <= self.lifetime;
        (is_good && self.serials.contains(&nonce.serial)).then_some(nonce)
    }

    /// Checks whether credentials answer a challenge of this server, which anybody can do.
    fn answers(
        &self,
        credentials: &DigestCredentials<'_>,
        target: &str,
    ) -> Result<(), DigestRefusal> {
        let opaque = self.opaque.as_ref().map(String::as_bytes);
        let offers = |qop: DigestQop| self.qops.contains(&qop);
        if credentials.uri() != target.as_bytes() {
            Err(DigestRefusal::Target)
        } else if credentials.realm_bytes() != self.realm.as_bytes() {
            Err(DigestRefusal::Realm)
        } else if opaque.is_some() && credentials.opaque() != opaque {
            Err(DigestRefusal::Opaque)
        } else if !self.algorithms.contains(&credentials.algorithm()) {
            Err(DigestRefusal::Algorithm)
        } else if !credentials.qop().is_some_and(offers) {
            Err(DigestRefusal::Qop)
        } else {
            Ok(())
        }
    }

    /// Checks the digest, in the same way whether or not there is a secret.
    fn prove(
        &self,
        credentials: &DigestCredentials<'_>,
        method: Method,
        body: Option<&[u8]>,
        secret: Option<DigestSecret>,
    ) -> Result<Verified, DigestRefusal> {
        let algorithm = credentials.algorithm();
        let is_known = secret.is_some();
        let secret = secret.unwrap_or(DigestSecret::password(""));
        let user = credentials.user();
        let name = secret.name.or_else(|| user.name().map(ToString::to_string));
        let password = match &secret.kind {
            Secret::Password(password) => password.as_str(),
            Secret::Ha1(..) => "",
        };
        let pieces = [name.as_deref().unwrap_or_default(), &self.realm, password];
        let of_password = algorithm.hash(&pieces.map(str::as_bytes));
        let (ha1, fits) = match secret.kind {
            Secret::Password(_) => (of_password, name.is_some()),
            Secret::Ha1(of, hex) => {
                let is_hash = hex.len() == of_password.len()
                    && hex.bytes().all(|digit| digit.is_ascii_hexdigit());
                (hex, is_hash && of == algorithm.base())
            }
        };
        let mut sent = Sent::of(&credentials.exchange());
        sent.key = sent.exchange().key(&ha1);
        let digest = sent.exchange().digest(&sent.key, method.as_str(), body);
        let digest = digest.ok_or(DigestRefusal::Body)?;
        let is_right = hash::eq(digest.as_bytes(), credentials.response());
        if is_right & is_known & fits {
            Ok(Verified { user: user.clone(), name, sent, time: 0 })
        } else {
            Err(DigestRefusal::Wrong)
        }
    }

    /// Returns what the response says in Authentication-Info: the proof that the server knows the password too,
    /// and another nonce if this one has become half as old as it may.
    ///
    /// The body is that of the response; where it matters and is not known, there is no proof.
    ///
    /// ```
    /// # use nethttp::Method;
    /// # use nethttp::field::HttpDate;
    /// # use nethttp::field::auth::*;
    /// # let (mut client, now) = (DigestClient::new("ada", "secret"), HttpDate::from_unix(0));
    /// # let mut server = DigestServer::new("staff", [42; 32])?;
    /// # client.challenge(DigestChallenge::choose(&server.challenges(now, false)).ok_or("")?);
    /// # let value = client.authorize(Method::GET, "/", None, 1).ok_or("")?;
    /// # let credentials = DigestCredentials::parse(&value)?;
    /// # let secret = |_: &DigestUser| Some(DigestSecret::password("secret"));
    /// let verified = server.verify(&credentials, Method::GET, "/", None, now, secret)?;
    /// let info = server.info(&verified, None, now);
    /// assert_eq!(client.is_proof(&info, None), Some(true));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn info(
        &mut self,
        verified: &Verified,
        body: Option<&[u8]>,
        now: impl Into<HttpDate>,
    ) -> AuthenticationInfo {
        let (now, sent) = (now.into(), &verified.sent);
        let age = u64::try_from(now.unix().saturating_sub(verified.time)).unwrap_or(u64::MAX);
        let is_old = Duration::from_secs(age) > self.lifetime / 2;
        let mut info = AuthenticationInfo::new();
        info.next_nonce = is_old.then(|| self.next_nonce(now).into_bytes());
        info.rspauth = sent.exchange().digest(&sent.key, "", body);
        if info.rspauth.is_some() {
            info.qop = sent.qop;
            info.cnonce = Some(sent.cnonce.clone());
            info.nc = super::credentials::count(&sent.nc);
        }
        info
    }
}

impl fmt::Debug for DigestServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DigestServer")
            .field("realm", &self.realm)
            .field("algorithms", &self.algorithms)
            .field("qops", &self.qops)
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

/// Who came in. `Debug` shows the name alone.
///
/// # Examples
///
/// ```
/// use nethttp::field::auth::Verified;
///
/// fn greet(verified: &Verified) -> String {
///     format!("Hello, {}!\n", verified.name().unwrap_or("you"))
/// }
/// ```
pub struct Verified {
    user: DigestUser,
    name: Option<String>,
    sent: Sent,
    /// When the nonce was made.
    time: i64,
}

impl Verified {
    /// Returns the user's name: from the secret if that has one, else from the credentials if these have.
    ///
    /// ```
    /// # use nethttp::field::auth::Verified;
    /// fn is_admin(verified: &Verified) -> bool {
    ///     verified.name() == Some("root")
    /// }
    /// ```
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns the user as the credentials say it.
    ///
    /// ```
    /// # use nethttp::field::auth::Verified;
    /// fn is_admin(verified: &Verified) -> bool {
    ///     verified.user().is("root")
    /// }
    /// ```
    #[must_use]
    pub const fn user(&self) -> &DigestUser {
        &self.user
    }
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Replaces a list by another that is not empty, each member once.
fn replace<T: PartialEq>(list: &mut Vec<T>, by: impl IntoIterator<Item = T>) {
    let mut fresh = Vec::new();
    for member in by {
        if !fresh.contains(&member) {
            fresh.push(member);
        }
    }
    if !fresh.is_empty() {
        *list = fresh;
    }
}

/// Returns a text that can stand in quotes.
fn quotable(text: &str) -> Result<String, FieldError> {
    let good = Class::FIELD.prefix_len(text.as_bytes());
    match text.as_bytes().get(good) {
        Some(&octet) => Err(SyntaxError::new(SyntaxErrorKind::QuotedByte(octet), good).into()),
        None => Ok(text.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::auth::DigestClient;
    use DigestRefusal as Refusal;
    use alloc::format;

    const START: i64 = 1_700_000_000;

    fn server() -> DigestServer {
        DigestServer::new("the \"staff\"", [42; 32]).unwrap()
    }

    fn at(seconds: i64) -> HttpDate {
        HttpDate::from_unix(START + seconds)
    }

    fn password(user: &DigestUser) -> Option<DigestSecret> {
        user.is("Jäsøn").then(|| DigestSecret::password("secret").with_name("Jäsøn"))
    }

    fn asked(server: &mut DigestServer, password: &str) -> DigestClient {
        let mut client = DigestClient::new("Jäsøn", password);
        let challenges = server.challenges(at(0), false);
        assert!(client.challenge(DigestChallenge::choose(&challenges).unwrap()));
        client
    }

    fn post(client: &mut DigestClient, cnonce: u128) -> Vec<u8> {
        client.authorize(Method::POST, "/a?\"b", Some(b"body"), cnonce).unwrap()
    }

    fn check(server: &mut DigestServer, value: &[u8], seconds: i64) -> Result<Verified, Refusal> {
        let credentials = DigestCredentials::parse(value).unwrap();
        let body = Some(&b"body"[..]);
        server.verify(&credentials, Method::POST, "/a?\"b", body, at(seconds), password)
    }

    #[track_caller]
    fn refuses(server: &mut DigestServer, value: &[u8], seconds: i64, refusal: Refusal) {
        assert_eq!(check(server, value, seconds).err(), Some(refusal));
    }

    #[test]
    fn lets_in_who_knows_the_password_whatever_is_asked_for() {
        for algorithm in DigestAlgorithm::ALL {
            for (qop, is_hashed) in [
                (DigestQop::Auth, false),
                (DigestQop::Auth, true),
                (DigestQop::AuthInt, false),
                (DigestQop::AuthInt, true),
            ] {
                let mut server = server().algorithms([algorithm]).qops([qop]).user_hash(is_hashed);
                let mut client = asked(&mut server, "secret");
                for cnonce in [1, 2, 3] {
                    let verified = check(&mut server, &post(&mut client, cnonce), 0).unwrap();
                    assert_eq!(verified.name(), Some("Jäsøn"));
                    assert_eq!(verified.user().name().is_none(), is_hashed);
                    let info = server.info(&verified, Some(b"page"), at(0));
                    assert_eq!(client.is_proof(&info, Some(b"page")), Some(true));
                    assert_eq!(AuthenticationInfo::parse(&info.encode()), Ok(info));
                }
                let mut client = asked(&mut server, "Secret");
                refuses(&mut server, &post(&mut client, 1), 0, Refusal::Wrong);
            }
        }
    }

    #[test]
    fn offers_each_of_what_is_set_once() {
        use DigestAlgorithm::{Md5, Sha256};
        let server = server().algorithms([Md5, Sha256, Md5]).algorithms([]);
        let server = server.qops([DigestQop::AuthInt, DigestQop::AuthInt]).qops([]);
        assert_eq!(
            (&server.algorithms[..], &server.qops[..]),
            (&[Md5, Sha256][..], &[DigestQop::AuthInt][..])
        );
    }

    #[test]
    fn lets_in_with_what_htdigest_keeps() {
        let mut server = server().algorithms([DigestAlgorithm::Md5Sess]);
        let mut client = asked(&mut server, "secret");
        let hex =
            DigestAlgorithm::Md5.hash(&["Jäsøn", "the \"staff\"", "secret"].map(str::as_bytes));
        let mut verify = |secret: DigestSecret| {
            let value = post(&mut client, 1);
            let credentials = DigestCredentials::parse(&value).unwrap();
            let secret = |_: &DigestUser| Some(secret);
            server.verify(&credentials, Method::POST, "/a?\"b", None, at(0), secret).err()
        };
        let upper = hex.to_uppercase();
        assert_eq!(verify(DigestSecret::ha1(DigestAlgorithm::Md5, &upper)), None);
        assert_eq!(verify(DigestSecret::ha1(DigestAlgorithm::Md5Sess, upper)), None);
        let other = Some(Refusal::Wrong);
        assert_eq!(verify(DigestSecret::ha1(DigestAlgorithm::Sha256, hex)), other);
        assert_eq!(verify(DigestSecret::ha1(DigestAlgorithm::Md5, "")), other);
    }

    /// A file of passwords has such marks where nobody can log in, and whoever guesses them knows the key.
    #[test]
    fn what_is_no_hash_opens_to_nobody() {
        let right = DigestAlgorithm::Md5.hash(&["a", "the \"staff\"", "b"].map(str::as_bytes));
        let short = right.get(..31).unwrap_or_default();
        let (long, other) = (format!("{right}0"), format!("{short}g"));
        for (hex, is_open) in [
            ("", false),
            ("!", false),
            ("*", false),
            (short, false),
            (&long, false),
            (&other, false),
            (&right, true),
        ] {
            let mut server = server().algorithms([DigestAlgorithm::Md5]);
            let challenges = server.challenges(at(0), false);
            let nonce = challenges.find("Digest").and_then(|it| it.parameter("nonce")).unwrap();
            let text = "Digest username=a, realm=\"the \\\"staff\\\"\", uri=\"/\", qop=auth, \
                nc=00000001, cnonce=c, response=0, nonce=";
            let value = format!("{text}\"{}\"", String::from_utf8_lossy(nonce));
            let sent = DigestCredentials::parse(value.as_bytes()).unwrap();
            let response = sent.exchange().digest(hex, "GET", None).unwrap();
            let value = value.replace("response=0", &format!("response={response}"));
            let credentials = DigestCredentials::parse(value.as_bytes()).unwrap();
            let secret = |_: &DigestUser| Some(DigestSecret::ha1(DigestAlgorithm::Md5, hex));
            let found = server.verify(&credentials, Method::GET, "/", None, at(0), secret);
            assert_eq!(found.err(), (!is_open).then_some(Refusal::Wrong), "{hex}");
        }
    }

    #[test]
    fn lets_nobody_in_twice() {
        let mut server = server();
        let mut client = asked(&mut server, "secret");
        let values = [1, 2, 3].map(|cnonce| post(&mut client, cnonce));
        for value in values.iter().rev() {
            assert!(check(&mut server, value, 0).is_ok());
        }
        for value in &values {
            refuses(&mut server, value, 0, Refusal::Replayed);
        }
    }

    #[test]
    fn says_that_a_nonce_is_stale_only_to_who_knows_the_password() {
        let mut server = server();
        let mut right = asked(&mut server, "secret");
        let mut wrong = asked(&mut server, "wrong");
        assert!(check(&mut server, &post(&mut right, 1), 300).is_ok());
        for seconds in [301, -1, i64::MAX - START, i64::MIN] {
            let seconds = seconds.max(-START);
            refuses(&mut server, &post(&mut right, 1), seconds, Refusal::Stale);
            refuses(&mut server, &post(&mut wrong, 1), seconds, Refusal::Wrong);
        }
        assert!(check(&mut server, &post(&mut right, 1), 0).is_ok());
        // Another key, and the same key without a memory.
        for key in [[43; 32], [42; 32]] {
            let mut other = DigestServer::new("the \"staff\"", key).unwrap();
            refuses(&mut other, &post(&mut right, 1), 0, Refusal::Stale);
            refuses(&mut other, &post(&mut wrong, 1), 0, Refusal::Wrong);
        }
    }

    #[test]
    fn forgets_the_oldest_nonce_and_takes_it_for_stale() {
        let mut server = server().nonces(2);
        let mut clients = [(); 3].map(|()| asked(&mut server, "secret"));
        for client in &mut clients {
            assert!(check(&mut server, &post(client, 1), 0).is_ok());
        }
        let [first, second, _] = &mut clients;
        refuses(&mut server, &post(first, 1), 0, Refusal::Stale);
        assert!(check(&mut server, &post(second, 1), 0).is_ok());
    }

    #[test]
    fn refuses_what_answers_another_challenge() {
        let mut server = server().opaque("x").unwrap();
        let value = String::from_utf8(post(&mut asked(&mut server, "secret"), 1)).unwrap();
        let mut refuses = |from: &str, to: &str, refusal| {
            let other = value.replace(from, to);
            assert_ne!(other, value);
            refuses(&mut server, other.as_bytes(), 0, refusal);
        };
        refuses("/a?", "/A?", Refusal::Target);
        refuses("the ", "The ", Refusal::Realm);
        refuses("opaque=\"x\"", "opaque=\"y\"", Refusal::Opaque);
        refuses(", opaque=\"x\"", "", Refusal::Opaque);
        refuses("SHA-256", "SHA-256-sess", Refusal::Algorithm);
        refuses(", algorithm=SHA-256", "", Refusal::Wrong);
        refuses("qop=auth", "qop=auth-int", Refusal::Qop);
        refuses("qop=auth, ", "", Refusal::Qop);
        refuses("nc=00000001", "nc=00000002", Refusal::Wrong);
        refuses("cnonce=\"0", "cnonce=\"1", Refusal::Wrong);
        refuses("J%C3%A4", "J%C3%A5", Refusal::Wrong);
        refuses("response=\"", "response=\"0", Refusal::Wrong);
        assert!(check(&mut server, value.as_bytes(), 0).is_ok());
    }

    #[test]
    fn no_byte_of_an_answer_can_be_changed() {
        for (algorithm, is_hashed) in
            [(DigestAlgorithm::Md5Sess, false), (DigestAlgorithm::Sha256, true)]
        {
            let asks = || {
                let server = server().algorithms([algorithm]).qops([DigestQop::AuthInt]);
                server.user_hash(is_hashed).opaque("a \"b\\").unwrap()
            };
            let mut first = asks();
            let value = post(&mut asked(&mut first, "secret"), 0xabc);
            assert!(check(&mut first, &value, 0).is_ok());
            let (mut same, at_start) = (0, HttpDate::from_unix(START));
            for (at, bit) in (0..value.len()).flat_map(|at| [1, 2, 0x20].map(|bit| (at, bit))) {
                let mut other = value.clone();
                other[at] ^= bit;
                let mut server = asks();
                server.challenges(at_start, false);
                let credentials = DigestCredentials::parse(&other);
                if credentials.is_ok_and(|_| check(&mut server, &other, 0).is_ok()) {
                    // Names and words are the same in any case.
                    assert!(other.eq_ignore_ascii_case(&value), "{}", other.escape_ascii());
                    same += 1;
                }
            }
            assert!(same > 0);
        }
    }

    #[test]
    fn refuses_a_body_that_is_another_or_not_known() {
        let mut server = server().qops([DigestQop::AuthInt]);
        let value = post(&mut asked(&mut server, "secret"), 1);
        let credentials = DigestCredentials::parse(&value).unwrap();
        for (body, refusal) in [(None, Refusal::Body), (Some(&b"bodies"[..]), Refusal::Wrong)] {
            let refused =
                server.verify(&credentials, Method::POST, "/a?\"b", body, at(0), password);
            assert_eq!(refused.err(), Some(refusal));
        }
        // Nobody has to read a body for a nonce that is good no more.
        let late = server.verify(&credentials, Method::POST, "/a?\"b", None, at(301), password);
        assert_eq!(late.err(), Some(Refusal::Stale));
    }

    /// [RFC 7616 §3.5](https://www.rfc-editor.org/rfc/rfc7616#section-3.5).
    #[test]
    fn says_what_the_proof_is_over() {
        let mut server = server().qops([DigestQop::AuthInt]);
        let mut client = asked(&mut server, "secret");
        post(&mut client, 6);
        let verified = check(&mut server, &post(&mut client, 7), 0).unwrap();
        let info = server.info(&verified, Some(b"page"), at(0));
        assert_eq!((info.qop, info.nc), (Some(DigestQop::AuthInt), Some(2)));
        assert_eq!(info.cnonce.as_deref(), Some(&b"00000000000000000000000000000007"[..]));
        assert_eq!(client.is_proof(&info, Some(b"other page")), Some(false));
        assert_eq!(server.info(&verified, None, at(0)), AuthenticationInfo::new());
    }

    #[test]
    fn a_nonce_lives_as_long_as_is_set() {
        for (lifetime, last) in [(0, 0), (1, 1), (600, 600)] {
            let mut server = server().nonce_lifetime(Duration::from_secs(lifetime));
            let mut client = asked(&mut server, "secret");
            assert!(check(&mut server, &post(&mut client, 1), last).is_ok());
            refuses(&mut server, &post(&mut client, 1), last + 1, Refusal::Stale);
        }
        let mut server = server().nonce_lifetime(Duration::MAX);
        let mut client = asked(&mut server, "secret");
        let verified = check(&mut server, &post(&mut client, 1), 1 << 32).unwrap();
        assert_eq!(server.info(&verified, None, at(1 << 32)).next_nonce(), None);
    }

    #[test]
    fn asks_for_another_nonce_before_it_is_too_late() {
        let mut server = server();
        let mut client = asked(&mut server, "secret");
        for (seconds, is_new) in [(0, false), (150, false), (151, true), (301, false), (302, true)]
        {
            let verified = check(&mut server, &post(&mut client, 1), seconds).unwrap();
            let info = server.info(&verified, None, at(seconds));
            assert_eq!(info.next_nonce().is_some(), is_new, "{seconds}");
            client.receive(&info);
        }
    }

    /// As Python's Requests sends it: the name in ISO-8859-1, hashed in UTF-8.
    #[test]
    fn reads_names_in_latin1() {
        let mut server = server().algorithms([DigestAlgorithm::Md5]);
        let value = String::from_utf8(post(&mut asked(&mut server, "secret"), 1)).unwrap();
        let (before, after) = value.split_once("username*=UTF-8''J%C3%A4s%C3%B8n").unwrap();
        let name = b"username=\"J\xe4s\xf8n\"";
        let value = [before.as_bytes(), name, after.as_bytes()].concat();
        assert_eq!(check(&mut server, &value, 0).unwrap().name(), Some("Jäsøn"));
    }

    #[test]
    fn secrets_are_not_shown() {
        let mut server = server();
        let value = post(&mut asked(&mut server, "secret"), 1);
        let verified = check(&mut server, &value, 0).unwrap();
        let credentials = DigestCredentials::parse(&value).unwrap();
        let info = server.info(&verified, None, at(0));
        let shown = format!("{server:?} {verified:?} {credentials:?} {info:?}");
        let proof = info.rspauth.unwrap_or_default();
        let response = String::from_utf8_lossy(credentials.response()).into_owned();
        for secret in ["42", "secret", &proof, &response] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert_eq!(format!("{:?}", DigestClient::new("a", "b")), "DigestClient { .. }");
        assert_eq!(format!("{:?}", DigestSecret::password("b")), "DigestSecret(..)");
    }

    #[test]
    fn a_key_that_is_used_again_lets_no_nonce_in_twice() {
        let now = HttpDate::from_unix(1_700_000_000);
        let later = HttpDate::from_unix(1_700_000_001);
        let mut server = DigestServer::new("staff", [42; 32]).unwrap();
        let mut client = DigestClient::new("ada", "secret");
        client.challenge(DigestChallenge::choose(&server.challenges(now, false)).unwrap());
        let value = client.authorize(Method::GET, "/", None, 1).unwrap();
        let credentials = DigestCredentials::parse(&value).unwrap();
        let secret = |_: &DigestUser| Some(DigestSecret::password("secret"));
        assert!(server.verify(&credentials, Method::GET, "/", None, now, secret).is_ok());

        let mut restarted = DigestServer::new("staff", [42; 32]).unwrap();
        for _ in 0..10 {
            let refused = restarted.verify(&credentials, Method::GET, "/", None, later, secret);
            assert_eq!(refused.unwrap_err(), DigestRefusal::Stale);
            restarted.challenges(later, true);
        }
    }
}
