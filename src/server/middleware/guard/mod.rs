//! Asking for a name and a password, and letting nobody else in: Basic
//! ([RFC 7617](https://www.rfc-editor.org/rfc/rfc7617)) and Digest
//! ([RFC 7616](https://www.rfc-editor.org/rfc/rfc7616)).
//!
//! The decisions are in [`field::auth`](crate::field::auth); here are the clock, the key, the lock, and what
//! becomes of a request. Proxies are not guarded, and nobody is locked out after a number of guesses.

mod users;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use crate::error::{Error, ErrorKind, Result};
use crate::field::FieldError;
use crate::field::auth::{
    Basic, Challenge, Credentials, DigestCredentials, DigestRefusal, DigestSecret, DigestServer,
    DigestUser, Verified,
};
use crate::header;
use crate::message::{Body, IntoResponse, Request, Response};
use crate::random::random_bits;
use crate::server::{Handler, Middleware};
use crate::status::StatusCode;

pub use users::Users;

/// Lets those in who know a password, and asks everybody else for one.
///
/// It is used in one of three ways: [`check`](Self::check) goes into a handler, [`protect`](Self::protect) around one
/// that wants to know who it is, and as a [`Middleware`] it stands around any other. All of them leave the [`User`] with
/// the request's [extensions](Request::extensions), and so in the log. A clone is the same guard; it can be used from many
/// threads at once.
///
/// | request | answer |
/// |---|---|
/// | without Authorization, with two, or with one that is malformed or of another scheme | 401 |
/// | a wrong name or password | 401, in the same time whether there is such a user or not |
/// | Digest: a nonce that is too old, or was made before the server was started | 401 with `stale=true`, and the client tries again by itself |
/// | Digest: a request that was seen before | 401 with `stale=true` |
/// | Digest: an address that is not the one of the request | 400 |
/// | Digest with `auth-int`: a body beyond its [limit](crate::Body::set_limit) | 413 |
///
/// Every 401 has the challenges in WWW-Authenticate. It has no Cache-Control: no cache stores a 401 that does not
/// ask for it ([RFC 9110 §15.1](https://www.rfc-editor.org/rfc/rfc9110#section-15.1)), nor, if it is shared,
/// the response to a request with Authorization
/// ([RFC 9111 §3.5](https://www.rfc-editor.org/rfc/rfc9111#section-3.5)). All methods are guarded alike.
///
/// Basic sends the password with every request, readable by everybody on the way. Digest does not; but it
/// protects neither the content of a response nor, unless the client hashes it, that of a request, and the server
/// has to know the password itself. Neither replaces TLS.
///
/// # Examples
///
/// ```
/// use nethttp::server::{Guard, Users};
/// use nethttp::{Request, Server};
/// use std::time::Duration;
///
/// let guard = Guard::digest("staff", Users::new().add("ada", "secret"))?;
/// let handler = move |request: &mut Request| -> nethttp::Result<String> {
///     let user = guard.check(request)?;
///     Ok(format!("hello {}", user.name()))
/// };
///
/// let handle = Server::bind("127.0.0.1:0")?.spawn(handler)?;
/// let url = format!("http://{}/", handle.addr());
/// assert_eq!(nethttp::get(&url).send()?.status().as_u16(), 401);
/// # #[cfg(feature = "client")]
/// assert_eq!(nethttp::get(&url).digest_auth("ada", "secret").send()?.text()?, "hello ada");
/// handle.shutdown(Duration::from_secs(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Around a handler that knows nothing of it:
///
/// ```
/// use nethttp::Request;
/// use nethttp::server::{Guard, Handler, Users};
///
/// let guard = Guard::basic("staff", Users::new().add("ada", "secret"))?;
/// let app = (|_: &mut Request| "for the staff").wrap(guard);
/// assert_eq!(app.handle(&mut Request::default()).status().as_u16(), 401);
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone)]
pub struct Guard {
    scheme: Arc<Scheme>,
}

enum Scheme {
    Basic { challenge: Challenge<'static>, verify: Box<Verify> },
    Digest { server: Mutex<DigestServer>, secrets: Box<Secrets> },
}

type Verify = dyn Fn(&Basic) -> bool + Send + Sync;
type Secrets = dyn Fn(&DigestUser) -> Option<DigestSecret> + Send + Sync;

/// Who was let in.
///
/// # Examples
///
/// ```
/// use nethttp::server::{Guard, User, Users};
/// use nethttp::{Request, Response};
///
/// fn greet(user: &User, _: &mut Request) -> String {
///     format!("hello {}", user.name())
/// }
///
/// let handler = Guard::basic("staff", Users::new().add("ada", "secret"))?.protect(greet);
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Debug)]
pub struct User {
    name: String,
    /// Who can say what goes with the response.
    digest: Option<Arc<(Guard, Verified)>>,
}

impl User {
    /// Returns the name, as the client sent it or, if that was a hash, as the server knows it.
    ///
    /// ```
    /// # use nethttp::field::auth::Basic;
    /// # use nethttp::server::{Guard, Users};
    /// let mut request = nethttp::Request::default();
    /// request.headers_mut().append("Authorization", Basic::new("ada", "secret")?.encode())?;
    /// let guard = Guard::basic("staff", Users::new().add("ada", "secret"))?;
    /// assert_eq!(guard.check(&mut request)?.name(), "ada");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Adds Authentication-Info to the response
    /// ([RFC 7616 §3.5](https://www.rfc-editor.org/rfc/rfc7616#section-3.5)), with which Digest proves that the
    /// server knows the password too, and hands out a new nonce in time. The proof is left out where the client
    /// wants it to cover the content (`auth-int`). With Basic nothing is added.
    ///
    /// [`protect`](Guard::protect) does this by itself; most clients do not miss it.
    ///
    /// ```
    /// # use nethttp::server::Guard;
    /// use nethttp::message::IntoResponse;
    /// use nethttp::{Request, Response};
    ///
    /// fn greet(guard: &Guard, request: &mut Request) -> nethttp::Result<Response> {
    ///     let user = guard.check(request)?;
    ///     let mut response = "hello".into_response();
    ///     user.confirm(&mut response);
    ///     Ok(response)
    /// }
    /// ```
    pub fn confirm(&self, response: &mut Response) {
        if let Some((guard, verified)) = self.digest.as_deref()
            && let Scheme::Digest { server, .. } = &*guard.scheme
        {
            // What is sent may not be what is here: it can be compressed yet.
            let info = lock(server).info(verified, None, SystemTime::now());
            // A map without room goes without what may be left out.
            let _ = response.headers_mut().insert(header::AUTHENTICATION_INFO, info.encode());
        }
    }
}

impl Guard {
    /// Creates a guard that asks with Basic. The realm is a name for what is guarded, which people are shown.
    ///
    /// # Errors
    ///
    /// A realm that cannot be sent: one with control characters.
    ///
    /// ```
    /// use nethttp::server::{Guard, Users};
    ///
    /// let guard = Guard::basic("staff", Users::new().add("ada", "secret"))?;
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn basic(realm: &str, users: Users) -> Result<Self, FieldError> {
        Self::basic_with(realm, move |basic| users.verify(basic))
    }

    /// Creates a guard that asks with Basic, and leaves it to a function to say whether a name and a password are
    /// right: it may ask a database, and is called on many threads at once. It should take as long for a user that
    /// there is not as for one that there is.
    ///
    /// # Errors
    ///
    /// As for [`basic`](Self::basic).
    ///
    /// ```
    /// use nethttp::server::Guard;
    ///
    /// let guard = Guard::basic_with("staff", |basic| basic.matches("ada", "secret"))?;
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn basic_with(
        realm: &str,
        verify: impl Fn(&Basic) -> bool + Send + Sync + 'static,
    ) -> Result<Self, FieldError> {
        let challenge = Challenge::basic(realm)?;
        Ok(Self::new(Scheme::Basic { challenge, verify: Box::new(verify) }))
    }

    /// Creates a guard that asks with Digest: with SHA-256, and with MD5 for clients that know nothing better.
    ///
    /// # Errors
    ///
    /// A realm that cannot be sent: one with control characters.
    ///
    /// ```
    /// use nethttp::server::{Guard, Users};
    ///
    /// let guard = Guard::digest("staff", Users::new().add("ada", "secret"))?;
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn digest(realm: &str, users: Users) -> Result<Self, FieldError> {
        Ok(Self::digest_with(Self::digest_server(realm)?, move |user| users.secret(user)))
    }

    /// Creates a guard that asks with Digest as it is told to, and lets a function look up what is known of a user:
    /// it may ask a database, and is called on many threads at once.
    ///
    /// ```
    /// use nethttp::field::auth::{DigestAlgorithm, DigestSecret};
    /// use nethttp::server::Guard;
    ///
    /// let server = Guard::digest_server("staff")?.algorithms([DigestAlgorithm::Md5]);
    /// let guard = Guard::digest_with(server, |user| {
    ///     // As htdigest writes it, behind name and realm.
    ///     let hash = "1d4d8e0ccae0ca80ad74a8ba6ac7d3a6";
    ///     user.is("ada").then(|| DigestSecret::ha1(DigestAlgorithm::Md5, hash))
    /// });
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn digest_with(
        server: DigestServer,
        secrets: impl Fn(&DigestUser) -> Option<DigestSecret> + Send + Sync + 'static,
    ) -> Self {
        Self::new(Scheme::Digest { server: Mutex::new(server), secrets: Box::new(secrets) })
    }

    /// Creates the settings of [`digest_with`](Self::digest_with), with a key that nobody knows.
    ///
    /// # Errors
    ///
    /// As for [`digest`](Self::digest).
    ///
    /// ```
    /// let server = nethttp::server::Guard::digest_server("staff")?;
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn digest_server(realm: &str) -> Result<DigestServer, FieldError> {
        let mut key = [0; 32];
        let (first, second) = key.split_at_mut(16);
        first.copy_from_slice(&random_bits().to_ne_bytes());
        second.copy_from_slice(&random_bits().to_ne_bytes());
        DigestServer::new(realm, key)
    }

    fn new(scheme: Scheme) -> Self {
        Self { scheme: Arc::new(scheme) }
    }

    /// Returns who sends a request, and leaves it with the request's [extensions](Request::extensions) as well.
    ///
    /// With Digest a client may hash the content too (`auth-int`); then all of it is read, within its
    /// [limit](crate::Body::set_limit), and put back as bytes.
    ///
    /// # Errors
    ///
    /// `Unauthorized`, which [becomes](IntoResponse) the response of the table above; and what reading the content
    /// gives.
    ///
    /// ```
    /// use nethttp::error::ErrorKind;
    /// use nethttp::message::IntoResponse;
    /// use nethttp::server::{Guard, Users};
    ///
    /// let guard = Guard::basic("staff", Users::new().add("ada", "secret"))?;
    /// let error = guard.check(&mut nethttp::Request::default()).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Unauthorized);
    /// let challenge = error.into_response().header("WWW-Authenticate").map(str::to_owned);
    /// assert_eq!(challenge.as_deref(), Some("Basic realm=\"staff\", charset=\"UTF-8\""));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn check(&self, request: &mut Request) -> Result<User> {
        let user = self.user(request)?;
        request.extensions_mut().insert(user.clone());
        Ok(user)
    }

    fn user(&self, request: &mut Request) -> Result<User> {
        // Two fields, a malformed one and none at all are answered with the same question.
        let credentials = Credentials::from_headers(request.headers()).ok().flatten();
        match (&*self.scheme, credentials) {
            (Scheme::Basic { verify, .. }, Some(Credentials::Basic(basic))) if verify(&basic) => {
                Ok(User { name: basic.user().into_owned(), digest: None })
            }
            (Scheme::Basic { challenge, .. }, _) => Err(refusal([challenge])),
            (Scheme::Digest { server, secrets }, Some(Credentials::Digest(digest))) => {
                let digest = digest.into_owned();
                let verified = verify(server, secrets, &digest, request)?;
                let name = verified.name().unwrap_or_default().to_owned();
                Ok(User { name, digest: Some(Arc::new((self.clone(), verified))) })
            }
            (Scheme::Digest { server, .. }, _) => Err(ask(server, SystemTime::now(), false)),
        }
    }

    /// Returns a handler that calls another one for those who are let in, and says who that is. The responses of
    /// Digest are [confirmed](User::confirm).
    ///
    /// ```
    /// use nethttp::Server;
    /// use nethttp::server::{Guard, Users};
    ///
    /// let guard = Guard::basic("staff", Users::new().add("ada", "secret"))?;
    /// let handler = guard.protect(|user, request| {
    ///     format!("{} wants {}", user.name(), request.path())
    /// });
    /// let handle = Server::bind("127.0.0.1:0")?.spawn(handler)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn protect<F, R>(&self, handler: F) -> impl Handler + use<F, R>
    where
        F: Fn(&User, &mut Request) -> R + Send + Sync,
        R: IntoResponse,
    {
        let guard = self.clone();
        move |request: &mut Request| guard.admit(request, |user, request| handler(user, request))
    }

    fn admit<R: IntoResponse>(
        &self,
        request: &mut Request,
        answer: impl FnOnce(&User, &mut Request) -> R,
    ) -> Response {
        match self.check(request) {
            Ok(user) => {
                let mut response = answer(&user, request).into_response();
                user.confirm(&mut response);
                response
            }
            Err(error) => error.into_response(),
        }
    }
}

impl Middleware for Guard {
    fn handle(&self, request: &mut Request, next: &dyn Handler) -> Response {
        self.admit(request, |_, request| next.handle(request))
    }
}

fn verify(
    server: &Mutex<DigestServer>,
    secrets: &Secrets,
    credentials: &DigestCredentials<'_>,
    request: &mut Request,
) -> Result<Verified> {
    let (method, target) = (request.method(), request.target().as_str().to_owned());
    let now = SystemTime::now();
    let try_with = |content: Option<&[u8]>| {
        // Whoever is asked may take its time; the lock is for what is known here.
        let secret = secrets(credentials.user());
        lock(server).verify(credentials, method, &target, content, now, |_| secret)
    };
    let outcome = match try_with(None) {
        // The content is read only if all else fits.
        Err(DigestRefusal::Body) => try_with(Some(content(request)?)),
        outcome => outcome,
    };
    outcome.map_err(|refused| match refused.status() {
        StatusCode::UNAUTHORIZED => ask(server, now, refused.is_stale()),
        status => Error::new(ErrorKind::Unauthorized).with_answer(status.into_response()),
    })
}

/// Reads the content within its limit, and leaves it in its place.
fn content(request: &mut Request) -> Result<&[u8]> {
    let body = request.body_mut();
    if body.as_bytes().is_none() {
        let limit = body.limit();
        let trailers = body.trailers_to_come();
        *body = Body::from(body.read_all()?).with_trailers(trailers);
        body.set_limit(limit);
    }
    Ok(request.body().as_bytes().unwrap_or_default())
}

/// What a thread that panicked has left is as good as ever: every change is made in one step.
fn lock(server: &Mutex<DigestServer>) -> std::sync::MutexGuard<'_, DigestServer> {
    server.lock().unwrap_or_else(PoisonError::into_inner)
}

fn ask(server: &Mutex<DigestServer>, now: SystemTime, is_stale: bool) -> Error {
    let challenges = lock(server).challenges(now, is_stale);
    refusal(&challenges)
}

/// The 401 with these challenges, which the caller has made itself and which are good.
fn refusal<'a>(challenges: impl IntoIterator<Item = &'a Challenge<'static>>) -> Error {
    let mut response = StatusCode::UNAUTHORIZED.into_response();
    for challenge in challenges {
        let _ = response.headers_mut().append(header::WWW_AUTHENTICATE, challenge.encode());
    }
    Error::new(ErrorKind::Unauthorized).with_answer(response)
}

/// Says which scheme it is, and nothing of users.
impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match *self.scheme {
            Scheme::Basic { .. } => "Basic",
            Scheme::Digest { .. } => "Digest",
        };
        f.debug_tuple("Guard").field(&scheme).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Body;
    use std::io;

    #[test]
    fn content_is_not_read_for_what_was_not_offered() {
        let guard = Guard::digest("staff", Users::new().add("ada", "secret")).unwrap();
        let mut request = Request::default();
        let credentials = "Digest username=ada, realm=staff, nonce=a, uri=\"/\", response=b, \
            qop=auth-int, nc=00000001, cnonce=c";
        request.headers_mut().append("Authorization", credentials).unwrap();
        struct Broken;
        impl io::Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("read"))
            }
        }
        *request.body_mut() = Body::reader(Broken, None);
        assert_eq!(guard.check(&mut request).unwrap_err().kind(), ErrorKind::Unauthorized);
    }

    #[test]
    fn who_is_let_in_is_known_behind_the_guard() {
        let guard = Guard::basic("staff", Users::new().add("ada", "secret")).unwrap();
        let app = (|request: &mut Request| {
            request.extensions().get::<User>().map(|user| user.name().to_owned())
        })
        .wrap(guard);
        let with = |password| {
            let mut request = Request::default();
            let credentials = Basic::new("ada", password).unwrap().encode();
            request.headers_mut().append("Authorization", credentials).unwrap();
            request
        };
        assert_eq!(app.handle(&mut with("secret")).text().unwrap(), "ada");
        let mut request = with("guess");
        let refused = app.handle(&mut request);
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
        assert!(refused.headers().contains_key("WWW-Authenticate"));
        assert!(request.extensions().get::<User>().is_none());
    }
}
