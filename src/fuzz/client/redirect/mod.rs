//! Redirects.

mod model;

use std::string::String;
use std::vec::Vec;

use crate::client::Redirects;
use crate::client::redirect::{Answer, Content, Follow, Next, Sent, Trail, next_redirect};
use crate::error::{Error, ErrorKind, RedirectErrorKind};
use crate::header::HeaderMap;
use crate::method::Method;
use crate::status::StatusCode;
use crate::uri::{RequestTarget, Uri};
use model::{Asked, Fields, LIMIT, Lead, Wishes};

/// A request and the responses that come, with empty lines between: each leads where a model of the rules says, with the
/// request that it says, whatever the order of the fields; and never to another scheme, without a host, in a loop, or with a
/// fragment or a name and a password on the wire.
///
/// ```text
/// POST http://a.example/b#c bytes keep strict
/// Authorization: x
///
/// 307
/// Location: //b.example/
/// ```
pub fn redirect(data: &[u8]) {
    let lines: Vec<&[u8]> = data.split(|&octet| octet == b'\n').collect();
    let mut blocks = lines.split(|line| line.is_empty());
    let Some(mut walk) = blocks.next().and_then(Walk::begin) else {
        return;
    };
    for block in blocks.take(2 * LIMIT) {
        let Some((status, lines)) = block.split_first() else {
            continue;
        };
        let status = std::str::from_utf8(status).ok().and_then(|status| status.parse().ok());
        let Some(status) = status.and_then(|status| StatusCode::from_u16(status).ok()) else {
            continue;
        };
        if !walk.hears(status, &headers(lines)) {
            return;
        }
    }
}

fn headers(lines: &[&[u8]]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines {
        let colon = line.iter().position(|&octet| octet == b':').unwrap_or(line.len());
        let (name, value) = line.split_at(colon);
        let value = value.strip_prefix(b": ").unwrap_or(value);
        // What is no field is not there.
        let _ = headers.append(name, value);
    }
    headers
}

fn reversed(headers: &HeaderMap) -> HeaderMap {
    let mut reversed = HeaderMap::new();
    for (name, value) in headers.iter().rev() {
        assert_eq!(reversed.append(name, value), Ok(()));
    }
    reversed
}

fn sorted(headers: &HeaderMap) -> Fields {
    let mut fields = model::fields(headers);
    fields.sort();
    fields
}

/// A caller who goes where responses lead.
struct Walk {
    redirects: Redirects,
    wishes: Wishes,
    trail: Trail,
    hops: usize,
    method: Method,
    url: Uri,
    headers: HeaderMap,
    content: Content,
    /// What was asked since a response has set a cookie.
    history: Vec<Asked>,
}

impl Walk {
    /// Reads the request; none if no client would send it.
    fn begin(block: &[&[u8]]) -> Option<Self> {
        let (line, lines) = block.split_first()?;
        let mut words = std::str::from_utf8(line).ok()?.split(' ');
        let method = words.next()?.parse().ok()?;
        let url = Uri::parse(words.next()?).ok()?;
        if !model::can_be_followed(&url.without_userinfo()) {
            return None;
        }
        let words: Vec<&str> = words.collect();
        let content = match words.first() {
            Some(&"bytes") => Content::Replayable,
            Some(&"reader") => Content::Spent,
            _ => Content::None,
        };
        let wishes = Wishes {
            keeps_post: words.contains(&"keep"),
            denies_downgrade: words.contains(&"strict"),
            content_is_spent: content == Content::Spent,
        };
        let most = u32::try_from(LIMIT).ok()?;
        let kept = wishes.keeps_post.then_some(StatusCode::MOVED_PERMANENTLY);
        let redirects =
            Redirects::limit(most).deny_downgrade(wishes.denies_downgrade).keep_method(kept);
        let (trail, headers, history) = (Trail::default(), headers(lines), Vec::new());
        Some(Self { redirects, wishes, trail, hops: 0, method, url, headers, content, history })
    }

    /// Takes a response; returns whether a request follows.
    fn hears(&mut self, status: StatusCode, answer: &HeaderMap) -> bool {
        let mut other_trail = self.trail.clone();
        let backwards = (reversed(&self.headers), reversed(answer));
        let other = self.decide(&mut other_trail, &backwards.0, status, &backwards.1);
        let mut trail = std::mem::take(&mut self.trail);
        let outcome = self.decide(&mut trail, &self.headers, status, answer);
        self.trail = trail;
        is_same(&outcome, &other);

        let fields = model::fields(answer);
        let (lead, location) = model::lead(&self.url, status.as_u16(), &fields);
        let to = match (lead, &outcome) {
            (Lead::Nowhere, Ok(Next::Return)) => return false,
            (Lead::Refused | Lead::Unclear, Err(error)) => return self.is_told(error),
            (Lead::To(url), _) => url,
            (Lead::Unclear, Ok(Next::Follow(next))) => {
                self.inherits_its_fragment(&location, &next.url);
                next.url.clone()
            }
            (lead, outcome) => panic!("{outcome:?}, not {lead:?}"),
        };
        self.history.push(self.asked());
        if answer.contains_key("Set-Cookie") {
            self.history.clear();
        }
        let urls = (&self.url, &to);
        let asked = self.asked();
        let expected = match self.hops < LIMIT {
            true => model::next(&asked, &self.history, status.as_u16(), self.wishes, urls),
            false => Err(RedirectErrorKind::TooMany),
        };
        match (outcome, expected) {
            (Ok(Next::Follow(next)), Ok(expected)) => self.goes(next, &expected),
            (Err(error), Err(kind)) => {
                assert_eq!(error.kind(), ErrorKind::Redirect(kind));
                self.is_told(&error)
            }
            (outcome, expected) => panic!("{outcome:?}, not {expected:?}"),
        }
    }

    fn decide(
        &self,
        trail: &mut Trail,
        headers: &HeaderMap,
        status: StatusCode,
        answer: &HeaderMap,
    ) -> Result<Next, Error> {
        let sent = Sent { method: self.method, url: &self.url, headers, content: self.content };
        next_redirect(&self.redirects, trail, &sent, &Answer { status, headers: answer })
    }

    fn asked(&self) -> Asked {
        Asked {
            method: self.method.as_str().into(),
            url: self.url.as_str().into(),
            fields: model::fields(&self.headers),
            has_content: self.content != Content::None,
        }
    }

    /// The error is one of redirects, and names the URL without what is secret in it.
    fn is_told(&self, error: &Error) -> bool {
        assert!(matches!(error.kind(), ErrorKind::Redirect(_)), "{error:?}");
        assert_eq!(error.url(), Some(&self.url.without_userinfo()));
        false
    }

    fn inherits_its_fragment(&self, location: &[u8], to: &Uri) {
        match location.contains(&b'#') {
            true => assert!(to.fragment().is_some()),
            false => assert_eq!(to.fragment(), self.url.fragment()),
        }
    }

    fn goes(&mut self, next: Follow, expected: &Asked) -> bool {
        assert_eq!(next.same_server, model::is_same_server(&self.url, &next.url));
        (self.method, self.url, self.headers) = (next.method, next.url, next.headers);
        if !next.content {
            self.content = Content::None;
        }
        self.hops += 1;
        assert_eq!(self.asked(), *expected);
        assert!(model::can_be_followed(&self.url));
        is_clean_on_the_wire(&self.url);
        true
    }
}

/// What is sent for a URL, to a server and to a proxy.
fn is_clean_on_the_wire(url: &Uri) {
    for form in [String::from(url.origin_form()), String::from(url.absolute_form())] {
        let target = RequestTarget::parse(Method::GET, form.as_bytes());
        assert!(target.is_ok_and(|target| target.is_strict()), "{form}");
        assert!(!form.contains('#'));
    }
    assert!(!url.host_header().contains(['@', '#', '/']));
}

/// The order of fields does not matter.
fn is_same(outcome: &Result<Next, Error>, other: &Result<Next, Error>) {
    match (outcome, other) {
        (Ok(Next::Return), Ok(Next::Return)) => {}
        (Ok(Next::Follow(next)), Ok(Next::Follow(other))) => {
            assert_eq!((next.method, &next.url), (other.method, &other.url));
            assert_eq!((next.content, next.same_server), (other.content, other.same_server));
            assert_eq!(sorted(&next.headers), sorted(&other.headers));
        }
        (Err(error), Err(other)) => assert_eq!(error.to_string(), other.to_string()),
        (outcome, other) => panic!("{outcome:?}, and in another order {other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const URL: &str =
        "((http|https|HTTP)://(u:p@)?(a|a|A|a[.]|b|\\[::1\\])(:80|:443|:)?(/|/x|/y[?]q)?(#f)?)";
    const FIELD: &str =
        "(Authorization|Cookie|Host|Origin|Referer|Content-Type|X-Own): (1|http://a|null)\n";

    fn matching(pattern: &str) -> impl Strategy<Value = String> + use<> {
        prop::string::string_regex(pattern).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(600))]

        #[test]
        fn holds_wherever_responses_lead(
            request in matching(&format!(
                "(GET|HEAD|POST|PUT) {URL} (none|bytes|reader)( keep)?( strict)?\n({FIELD}){{0,4}}"
            )),
            responses in prop::collection::vec(
                matching(&format!(
                    "\n(301|302|303|307|308|200|304)\n(Set-Cookie: a\n)?\
                     (Location: ({URL}|//{{0,2}}(a|b)?(/x| y|\\\\|é)?(#g)?|[.]?[?]?q|ftp:x|\\PC{{0,8}})\n){{1,2}}"
                )),
                1..9,
            ),
        ) {
            redirect((request + &responses.concat()).as_bytes());
        }
    }
}
