//! Authentication, [RFC 9110 §11]: what a server asks for, and what a client answers.
//!
//! A [`Challenge`] is a scheme with parameters, or with one `token68`. Two things make the grammar hard:
//! commas separate challenges and parameters alike, so that a member of a list belongs to the challenge in
//! front of it when `=` follows its name; and `a=` is a token68 where `a=b` is a parameter. Both are
//! decided in one place here, from left to right, in one pass.
//!
//! Not here: whether anybody may do anything. Passwords are looked up by the program.
//!
//! ```
//! use nethttp::field::auth::Challenge;
//!
//! let challenge = Challenge::parse(b"Basic realm=\"simple\", charset=\"UTF-8\"")?;
//! assert!(challenge.is("basic"));
//! assert_eq!(challenge.realm().as_deref(), Some("simple"));
//! assert_eq!(challenge.parameter("Charset"), Some(&b"UTF-8"[..]));
//! # Ok::<(), nethttp::field::FieldError>(())
//! ```
//!
//! [RFC 9110 §11]: https://www.rfc-editor.org/rfc/rfc9110#section-11

mod basic;
mod bearer;
mod challenge;
mod challenges;
mod credentials;
mod digest;
mod grammar;
mod other;
mod parameters;

pub use basic::Basic;
pub use bearer::Bearer;
pub use challenge::Challenge;
pub use challenges::Challenges;
pub use credentials::Credentials;
pub use digest::{
    AuthenticationInfo, DigestAlgorithm, DigestChallenge, DigestClient, DigestCredentials,
    DigestQop, DigestRefusal, DigestSecret, DigestServer, DigestUser, DigestUserHash, Verified,
};
pub use other::OtherCredentials;
pub use parameters::{AuthParameter, AuthParameters};
