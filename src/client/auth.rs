//! Logging in with Digest: what the client answers when the server asks.

use std::fmt;

use crate::field::auth::{Challenges, DigestChallenge, DigestClient};
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
}

impl Login {
    pub(super) fn new(user: &str, password: &str) -> Self {
        Self { client: DigestClient::new(user, password), answers: 0 }
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
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").field("answers", &self.answers).finish_non_exhaustive()
    }
}
