//! Servers that are none: for tests of programs that use the [client](crate::client), without a socket.
//!
//! - [`Mock`] stands in the place of servers and answers requests, as values. What a program asks for, and what it makes of the
//!   answers, is tested with it. Redirects, cookies, logins, retries and content codings are the client's, and happen.
//! - [`Script`] stands in the place of TCP and gives bytes, in pieces, too late or never. What a program makes of a connection
//!   that stalls, breaks off or talks nonsense is tested with it.
//!
//! Both are deterministic and have no threads. A clone of either is another handle on the same one: one for the client, one for
//! the test.
//!
//! ```
//! use nethttp::mock::Mock;
//! use nethttp::{Client, Method, StatusCode};
//!
//! let mock = Mock::new()
//!     .on(Method::GET, "http://api.example.org/users", |_| "[]")
//!     .on(Method::POST, "http://api.example.org/users", |request| {
//!         (StatusCode::CREATED, request.body_mut().text().unwrap_or_default())
//!     });
//! let client = Client::builder().layer(mock.clone()).build()?;
//!
//! // What is to be tested does this:
//! assert_eq!(client.get("http://api.example.org/users").send()?.text()?, "[]");
//! let created = client.post("http://api.example.org/users").body("ada").send()?;
//! assert_eq!(created.status(), StatusCode::CREATED);
//!
//! let requests = mock.requests();
//! assert_eq!(requests.len(), 2);
//! assert_eq!(requests[1].body(), b"ada");
//! # Ok::<(), nethttp::Error>(())
//! ```
//!
//! # What it does not do
//!
//! Requests to a mock are not encoded: what the wire adds, such as `Content-Length`, is not among their fields, and what it
//! refuses is not refused. A script knows nothing of HTTP but where a request ends
//! ([RFC 9112 §6.3](https://www.rfc-editor.org/rfc/rfc9112#section-6.3)).

mod answer;
mod content;
mod conversation;
mod expectation;
mod layer;
mod peer;
mod script;

pub use answer::{Failure, IntoReply};
pub use conversation::Conversation;
pub use layer::{Mock, Recorded};
pub use script::{Connected, Script};
