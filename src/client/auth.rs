//! Logging in with Digest: what the client answers when the server asks, and says unasked where it knows the question.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::origin::Origin;
use crate::field::auth::{AuthenticationInfo, Challenges, DigestChallenge, DigestClient};
use crate::message::Response;
use crate::method::Method;
use crate::random::random_bits;
use crate::status::StatusCode;

/// How often a request is repeated: once with the answer, and once more if the server says that the answer
/// was right but came too late.
const MOST_ANSWERS: u8 = 2;

/// A user's name and password.
#[derive(Clone)]
pub(super) struct Login {
    client: DigestClient,
    memory: Option<Memory>,
}

/// What one call says to those who ask who calls.
pub(super) struct Dialogue {
    login: Login,
    /// What is logged in for, once that is known.
    errand: Option<Errand>,
}

/// The request that says who sends it, and how far that has come.
struct Errand {
    origin: Origin,
    method: Method,
    target: String,
    answers: u8,
    said: Option<Said>,
}

/// The value of Authorization. It is sent once: the next time its count has to be another one, since a server takes a
/// request that repeats one for a replay, [RFC 7616 §3.4](https://www.rfc-editor.org/rfc/rfc7616#section-3.4).
struct Said {
    /// As the request has it that the layers get.
    given: Vec<u8>,
    /// As it goes out next, or has gone out last.
    value: Vec<u8>,
    is_sent: bool,
}

impl Said {
    fn new(value: Vec<u8>) -> Self {
        Self { given: value.clone(), value, is_sent: false }
    }
}

/// The server that was logged in to last, and what it has asked, for the next request to it.
type Memory = Arc<Mutex<Option<(Origin, DigestClient)>>>;

impl Login {
    pub(super) fn new(user: &str, password: &str) -> Self {
        Self { client: DigestClient::new(user, password), memory: None }
    }

    /// Remembers over many requests what a server has asked: its clones log in once.
    pub(super) fn with_memory(mut self) -> Self {
        self.memory = Some(Memory::default());
        self
    }

    /// Returns whether it belongs to the client, and not to one request.
    pub(super) const fn is_of_client(&self) -> bool {
        self.memory.is_some()
    }

    /// Returns what to say to a server that is known to ask.
    fn anticipate(&mut self, errand: &Errand, body: Option<&[u8]>) -> Option<Vec<u8>> {
        let Errand { origin, method, target, .. } = errand;
        let Some(memory) = &self.memory else {
            // What this server has asked at another URL, which has led here.
            return self.client.authorize(*method, target, body, random_bits());
        };
        let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, client) = memory.as_mut().filter(|(known, _)| known.is_same(origin))?;
        let value = client.authorize(*method, target, body, random_bits());
        self.client = client.clone();
        value
    }
}

impl Dialogue {
    pub(super) const fn new(login: Login) -> Self {
        Self { login, errand: None }
    }

    /// Begins with a URL. A server that is known to ask gets its answer before it does so again.
    /// Requests at the same time have counts of their own.
    pub(super) fn begin(
        &mut self,
        origin: Origin,
        method: Method,
        target: String,
        body: Option<&[u8]>,
    ) {
        let mut errand = Errand { origin, method, target, answers: 0, said: None };
        errand.said = self.login.anticipate(&errand, body).map(Said::new);
        self.errand = Some(errand);
    }

    /// Returns the value of Authorization for a request that the layers get.
    pub(super) fn give(&mut self, body: Option<&[u8]>) -> Option<&[u8]> {
        let said = self.renew(body)?;
        said.given.clone_from(&said.value);
        Some(&said.value)
    }

    /// Returns whether this Authorization comes from here.
    pub(super) fn has_given(&self, value: &[u8]) -> bool {
        let said = self.errand.as_ref().and_then(|errand| errand.said.as_ref());
        said.is_some_and(|said| value == said.given || value == said.value)
    }

    /// Returns the value of Authorization for a request that goes out now.
    pub(super) fn send(&mut self, body: Option<&[u8]>) -> Option<&[u8]> {
        let said = self.renew(body)?;
        said.is_sent = true;
        Some(&said.value)
    }

    /// Returns what to say next: what was sent is not sent again. Without anything to say, the server asks once more.
    fn renew(&mut self, body: Option<&[u8]>) -> Option<&mut Said> {
        let Self { login, errand } = self;
        let errand = errand.as_mut()?;
        if let Some(said) = errand.said.take_if(|said| said.is_sent) {
            let Errand { method, target, answers, .. } = &*errand;
            let value = match answers {
                0 => login.anticipate(errand, body),
                _ => login.client.authorize_again(*method, target, body, random_bits()),
            };
            errand.said = value.map(|value| Said { value, is_sent: false, ..said });
        }
        errand.said.as_mut()
    }

    /// Returns whether a response asks for what can be answered, and was not answered in vain.
    pub(super) fn understands(&mut self, response: &Response) -> bool {
        response.status() == StatusCode::UNAUTHORIZED
            && self.errand.as_ref().is_some_and(|errand| errand.answers < MOST_ANSWERS)
            && DigestChallenge::choose(&Challenges::from_headers(response.headers()))
                .is_some_and(|challenge| self.login.client.challenge(challenge))
    }

    /// Answers with the next request; returns whether that is so, since the challenge may want what cannot be said.
    pub(super) fn answer(&mut self, body: Option<&[u8]>) -> bool {
        let Some(errand) = &mut self.errand else { return false };
        errand.answers += 1;
        let value = self.login.client.authorize(errand.method, &errand.target, body, random_bits());
        errand.said = value.map(Said::new);
        errand.said.is_some()
    }

    /// Takes note of a response that asks nothing more.
    pub(super) fn conclude(&mut self, response: &Response) {
        let (Some(memory), Some(errand)) = (&self.login.memory, &self.errand) else { return };
        if response.status() == StatusCode::UNAUTHORIZED {
            return;
        }
        let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
        if errand.answers > 0 {
            *memory = Some((errand.origin.clone(), self.login.client.clone()));
        }
        if let Some((known, client)) = memory.as_mut()
            && known.is_same(&errand.origin)
            && let Ok(Some(info)) = AuthenticationInfo::from_headers(response.headers())
        {
            client.receive(&info);
        }
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").finish_non_exhaustive()
    }
}
