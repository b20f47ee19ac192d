//! Which requests a mock answers, and how.

use std::fmt;
use std::sync::Arc;

use super::answer::Failure;
use crate::message::{Request, Response};
use crate::method::Method;
use crate::uri::{Uri, UriError};

/// Answers one request.
pub(super) type Answer = Arc<dyn Fn(&mut Request) -> Result<Response, Failure> + Send + Sync>;

/// The requests that are answered in one way.
pub(super) struct Expectation {
    pub(super) which: Which,
    /// Only one request is answered.
    pub(super) once: bool,
    /// How many requests were answered.
    pub(super) hits: usize,
    pub(super) answer: Answer,
}

impl Expectation {
    pub(super) const fn new(which: Which, once: bool, answer: Answer) -> Self {
        Self { which, once, hits: 0, answer }
    }

    /// Returns whether the request is one of these, and is still to be answered.
    pub(super) fn meets(&self, method: Method, url: &Address) -> bool {
        !(self.once && self.hits > 0) && self.which.contains(method, url)
    }
}

/// For an error and for whoever looks what was left out.
impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.which.fmt(f)?;
        match (self.once, self.hits) {
            (true, 0) => f.write_str(" once"),
            (true, _) => f.write_str(" once, which has been"),
            (false, _) => Ok(()),
        }
    }
}

/// Requests.
#[derive(Debug)]
pub(super) enum Which {
    /// Those for one resource.
    At(Method, Address),
    /// Those for all that lies below.
    Under(Address),
}

impl Which {
    fn contains(&self, method: Method, url: &Address) -> bool {
        match self {
            Self::At(expected, at) => method == *expected && at.is(url),
            Self::Under(above) => above.is_above(url),
        }
    }
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(method, at) => write!(f, "{method} {at}"),
            Self::Under(above) => write!(f, "anything under {above}"),
        }
    }
}

/// A URL in its normal form, the query apart.
#[derive(Debug)]
pub(super) struct Address {
    place: Uri,
    query: Option<String>,
}

impl Address {
    /// Reads a URL as people type it.
    pub(super) fn parse(text: &str) -> Result<Self, UriError> {
        let (url, _) = Uri::fix_up(text)?;
        Ok(Self::of(&url))
    }

    pub(super) fn of(url: &Uri) -> Self {
        let place = url.without_userinfo().without_query().without_fragment().normalize();
        Self { place, query: url.query().map(str::to_owned) }
    }

    /// Whether the other one is meant: without a query here, that of the other one does not matter.
    fn is(&self, other: &Self) -> bool {
        self.place == other.place && (self.query.is_none() || self.query == other.query)
    }

    /// Whether the path of the other one begins with the segments of this one.
    fn is_above(&self, other: &Self) -> bool {
        let below = other.place.as_str().strip_prefix(self.place.as_str());
        below.is_some_and(|rest| {
            rest.is_empty() || rest.starts_with('/') || self.place.as_str().ends_with('/')
        })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.place)?;
        self.query.as_ref().map_or(Ok(()), |query| write!(f, "?{query}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text).unwrap()
    }

    #[test]
    fn an_address_is_met_in_any_spelling() {
        for (expected, url, is) in [
            ("http://a/b", "http://a/b", true),
            ("http://a/b", "HTTP://A:80/./b#c", true),
            ("http://a/b", "http://user@a/b?c", true),
            ("http://a/b?c", "http://a/b?c", true),
            ("http://a/b?c", "http://a/b", false),
            ("http://a/b?c", "http://a/b?c&d", false),
            ("http://a/b?", "http://a/b?c", false),
            ("http://a", "http://a/", true),
            ("http://a/b", "http://a/b/", false),
            ("http://a/b", "http://a/B", false),
            ("http://a/b", "https://a/b", false),
            ("http://a/b", "http://a:81/b", false),
            ("http://a/ü", "http://a/%c3%bc", true),
        ] {
            assert_eq!(address(expected).is(&address(url)), is, "{expected} {url}");
        }
    }

    #[test]
    fn below_an_address_is_whole_segments() {
        for (above, url, is) in [
            ("http://a", "http://a/", true),
            ("http://a", "http://a/b/c?d", true),
            ("http://a", "http://a.example/", false),
            ("http://a", "http://a:81/", false),
            ("http://a/b", "http://a/b", true),
            ("http://a/b", "http://a/b/c", true),
            ("http://a/b", "http://a/bc", false),
            ("http://a/b/", "http://a/b/c", true),
            ("http://a/b/", "http://a/b", false),
            ("http://a/b", "http://a/b/../c", false),
        ] {
            assert_eq!(address(above).is_above(&address(url)), is, "{above} {url}");
        }
    }
}
