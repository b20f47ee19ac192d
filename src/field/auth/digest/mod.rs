//! Digest authentication, [RFC 7616]: a password is proved and not sent.
//!
//! The server sends a nonce; the client answers with a hash over it, the password, the method and the target
//! ([`DigestClient`]), and the server does the same ([`DigestServer`]). Without TLS it keeps the password from who
//! only listens, no more: the content is in the clear, and weak passwords fall to guesses.
//!
//! [RFC 2617] and [RFC 2069] are what servers of old speak, without `algorithm` and without `qop`; the client
//! answers these too.
//!
//! Not here: the hash functions that RFC 7616 does not name, and `auth-conf`, which nobody has.
//!
//! [RFC 2069]: https://www.rfc-editor.org/rfc/rfc2069
//! [RFC 2617]: https://www.rfc-editor.org/rfc/rfc2617
//! [RFC 7616]: https://www.rfc-editor.org/rfc/rfc7616

mod algorithm;
mod challenge;
mod client;
mod counts;
mod credentials;
mod exchange;
mod info;
mod nonce;
mod refusal;
mod server;
mod user;

pub use algorithm::{DigestAlgorithm, DigestQop};
pub use challenge::DigestChallenge;
pub use client::DigestClient;
pub use credentials::DigestCredentials;
pub use info::AuthenticationInfo;
pub use refusal::DigestRefusal;
pub use server::{DigestServer, Verified};
pub use user::{DigestSecret, DigestUser, DigestUserHash};
