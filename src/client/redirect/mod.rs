//! Redirects: where a response leads, with which request, and when not to go there
//! ([RFC 9110 §15.4], [RFC 9110 §10.2.2]).
//!
//! [`next_redirect`] decides it without a socket, one response at a time; [`Trail`] is what it remembers
//! between them. What it does by default stands with [`Redirects`]; `fields` has the tables of what goes along, `location` the
//! reading of the Location field. It neither sends nor stores anything, and adds no field: the cookies, credentials and Host
//! of the next request are whoever's who sends it. Whether a host can be misread, or has an address that must not be
//! connected to, is decided where connections are made.
//!
//! ```
//! use nethttp::client::Redirects;
//!
//! let redirects = Redirects::limit(5).on_hop(|hop| hop.strip("X-Api-Key"));
//! ```
//!
//! [RFC 9110 §15.4]: https://www.rfc-editor.org/rfc/rfc9110#section-15.4
//! [RFC 9110 §10.2.2]: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.2

mod fields;
mod hop;
mod location;
mod policy;
#[cfg(test)]
mod tests;

pub(super) use fields::{is_downgrade, is_of_server, is_same_server};
pub use hop::Hop;
pub use policy::Redirects;

use hop::Verdict;
use location::refused;

use crate::error::{Error, RedirectErrorKind};
use crate::header::{self, HeaderMap};
use crate::method::Method;
use crate::status::StatusCode;
use crate::uri::Uri;

/// A request that was sent, with the fields that the caller has set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent<'a> {
    pub(crate) method: Method,
    pub(crate) url: &'a Uri,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) content: Content,
}

/// The content of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// There is none.
    None,
    /// It can be sent again, or nothing of it was read yet.
    Replayable,
    /// It came from a reader, which has been read.
    Spent,
}

/// The head of a response.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) status: StatusCode,
    pub(crate) headers: &'a HeaderMap,
}

/// What to do with a response.
#[derive(Debug)]
pub(crate) enum Next {
    /// It is no redirect, or one that is not to be followed: the caller gets it.
    Return,
    /// Send another request.
    Follow(Follow),
}

/// The request that follows a redirect.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Follow {
    pub(crate) method: Method,
    pub(crate) url: Uri,
    /// All of the caller's fields that are left.
    pub(crate) headers: HeaderMap,
    /// Whether the content is sent again.
    pub(crate) content: bool,
    /// Whether it goes to the server that has redirected, so that the credentials for it may go along. Where they may
    /// not they are not to come back either.
    pub(crate) same_server: bool,
}

/// The redirects that one call has followed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trail {
    hops: u32,
    /// The requests that would be answered as they were, for all that is known.
    asked: Vec<(Method, Uri)>,
}

impl Trail {
    /// Refuses a request that was made twice before, with nothing learned since. Once more may make a difference: a server
    /// that has to get ready says so in this way.
    fn check_loop(
        &mut self,
        sent: &Sent<'_>,
        answer: &Answer<'_>,
        next: &Follow,
    ) -> Result<(), Error> {
        self.asked.push((sent.method, sent.url.without_fragment()));
        // Other fields may be answered in another way.
        let is_another =
            next.headers != *sent.headers || next.content != (sent.content != Content::None);
        if is_another || answer.headers.contains_key(header::SET_COOKIE) {
            self.asked.clear();
        }
        let url = next.url.without_fragment();
        let is_same = |(method, asked): &&(Method, Uri)| *method == next.method && *asked == url;
        if self.asked.iter().filter(is_same).count() > 1 {
            let text = format!("expected redirects to end, found a loop to {url}");
            return Err(refused(RedirectErrorKind::Loop, text));
        }
        Ok(())
    }
}

/// Returns what to do with a response, and remembers it.
///
/// # Errors
///
/// A redirect that cannot be followed, or must not be, or is one too many, as
/// [`Redirects`] says.
pub(crate) fn next_redirect(
    redirects: &Redirects,
    trail: &mut Trail,
    sent: &Sent<'_>,
    answer: &Answer<'_>,
) -> Result<Next, Error> {
    decide(redirects, trail, sent, answer).map_err(|error| error.with_url(sent.url))
}

fn decide(
    redirects: &Redirects,
    trail: &mut Trail,
    sent: &Sent<'_>,
    answer: &Answer<'_>,
) -> Result<Next, Error> {
    let Some(limit) = redirects.limit_for(answer.status) else {
        return Ok(Next::Return);
    };
    let Some(text) = location::of(answer.headers)? else {
        return Ok(Next::Return);
    };
    let url = location::resolve(sent.url, text)?;
    if trail.hops >= limit {
        let text = format!("expected at most {limit} redirects, found one more to {url}");
        return Err(refused(RedirectErrorKind::TooMany, text));
    }
    let count = trail.hops.saturating_add(1);
    let mut next = propose(redirects, sent, answer.status, url);
    if let Some(hook) = redirects.hook() {
        let mut hop = Hop::new(sent, answer, count, next);
        hook(&mut hop);
        next = match hop.decide() {
            (Verdict::Follow, next) => next,
            (Verdict::Stop, _) => return Ok(Next::Return),
            (Verdict::Fail(error), _) => return Err(error),
        };
        next.same_server = is_same_server(sent.url, &next.url);
    } else {
        trail.check_loop(sent, answer, &next)?;
    }
    let url = &next.url;
    if redirects.denies_downgrade() && is_downgrade(sent.url, url) {
        let text = format!("expected a redirect that keeps to https, found {url}");
        return Err(refused(RedirectErrorKind::Downgrade, text));
    }
    if next.content && sent.content == Content::Spent {
        let text = format!("expected content that can be sent again to {url}, found a reader");
        return Err(refused(RedirectErrorKind::SpentBody, text));
    }
    trail.hops = count;
    Ok(Next::Follow(next))
}

/// Returns the request that the rules make of the last one.
fn propose(redirects: &Redirects, sent: &Sent<'_>, status: StatusCode, url: Uri) -> Follow {
    let (method, keeps_content) = redirects.method_after(status, sent.method);
    let mut headers = sent.headers.clone();
    if !keeps_content {
        fields::without_content(&mut headers);
    }
    fields::for_another_url(&mut headers, sent.url, &url);
    let same_server = is_same_server(sent.url, &url);
    let content = keeps_content && sent.content != Content::None;
    let url = location::with_fragment_of(url, sent.url);
    Follow { method, url, headers, content, same_server }
}
