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

/// A user's name and password, and how far the login has come.
#[derive(Clone)]
pub(super) struct Login {
    client: DigestClient,
    answers: u8,
    memory: Option<Memory>,
}

/// The server that was logged in to last, and what it has asked, for the next request to it.
type Memory = Arc<Mutex<Option<(Origin, DigestClient)>>>;

impl Login {
    pub(super) fn new(user: &str, password: &str) -> Self {
        Self { client: DigestClient::new(user, password), answers: 0, memory: None }
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

    /// Begins with a URL. Returns the value of Authorization for a server that is known to ask, before it does so again.
    /// Requests at the same time have counts of their own.
    pub(super) fn anticipate(
        &mut self,
        origin: &Origin,
        method: Method,
        target: &str,
        body: Option<&[u8]>,
    ) -> Option<Vec<u8>> {
        self.answers = 0;
        let Some(memory) = &self.memory else {
            // What this server has asked at another URL, which has led here.
            return self.client.authorize(method, target, body, random_bits());
        };
        let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, client) = memory.as_mut().filter(|(known, _)| known.is_same(origin))?;
        let credentials = client.authorize(method, target, body, random_bits());
        self.client = client.clone();
        credentials
    }

    /// Returns whether a response asks for what can be answered, and was not answered in vain.
    pub(super) fn understands(&mut self, response: &Response) -> bool {
        response.status() == StatusCode::UNAUTHORIZED
            && self.answers < MOST_ANSWERS
            && DigestChallenge::choose(&Challenges::from_headers(response.headers()))
                .is_some_and(|challenge| self.client.challenge(challenge))
    }

    /// Returns the value of Authorization for a request, or none if the challenge wants what cannot be said.
    pub(super) fn answer(
        &mut self,
        method: Method,
        target: &str,
        body: Option<&[u8]>,
    ) -> Option<Vec<u8>> {
        self.answers += 1;
        self.client.authorize(method, target, body, random_bits())
    }

    /// Takes note of a response that asks nothing more.
    pub(super) fn conclude(&mut self, origin: &Origin, response: &Response) {
        let Some(memory) = &self.memory else { return };
        if response.status() == StatusCode::UNAUTHORIZED {
            return;
        }
        let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
        if self.answers > 0 {
            *memory = Some((origin.clone(), self.client.clone()));
        }
        if let Some((known, client)) = memory.as_mut()
            && known.is_same(origin)
            && let Ok(Some(info)) = AuthenticationInfo::from_headers(response.headers())
        {
            client.receive(&info);
        }
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").field("answers", &self.answers).finish_non_exhaustive()
    }
}
