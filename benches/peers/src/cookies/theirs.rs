//! The peers' half: cookie for the fields, cookie_store for the jar.

use cookie::time::Duration;
use cookie::{Cookie, ParseError};
use cookie_store::CookieStore;
use url::Url;

use super::inputs::Site;

/// Reads a `Set-Cookie` field.
#[inline]
pub fn set_cookie(field: &str) -> Result<Cookie<'_>, ParseError> {
    Cookie::parse(field)
}

/// Reads a `Cookie` field: every name and every value goes to the function.
#[inline]
pub fn pairs(field: &str, mut each: impl FnMut(&[u8], &[u8])) {
    for pair in Cookie::split_parse(field) {
        let pair = pair.expect("a name and a value");
        each(pair.name().as_bytes(), pair.value().as_bytes());
    }
}

/// Writes a `Set-Cookie` field.
#[inline]
pub fn build(name: &str, value: &str) -> String {
    let cookie = Cookie::build((name, value)).domain("example.org").path("/");
    cookie.max_age(Duration::hours(1)).secure(true).http_only(true).to_string()
}

/// Returns an address as the jar takes it.
pub fn url(address: &str) -> Url {
    Url::parse(address).expect("an address")
}

/// Reads a `Set-Cookie` field and puts it into a jar.
#[inline]
pub fn store(jar: &mut CookieStore, url: &Url, field: &str) {
    jar.parse(field, url).expect("a cookie for the host");
}

/// Returns a jar with the cookies of the sites.
pub fn jar_of(sites: &[Site]) -> CookieStore {
    let mut jar = CookieStore::default();
    for Site { page, fields } in sites {
        let url = url(page);
        fields.iter().for_each(|field| store(&mut jar, &url, field));
    }
    jar
}

/// Returns the `Cookie` field of a request, as clients make it of names and values.
#[inline]
pub fn header(jar: &CookieStore, url: &Url) -> Option<String> {
    let mut text = String::new();
    for (name, value) in jar.get_request_values(url) {
        if !text.is_empty() {
            text.push_str("; ");
        }
        text.push_str(name);
        text.push('=');
        text.push_str(value);
    }
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cookies::{inputs, ours};

    #[track_caller]
    fn same_cookie(field: &str) {
        let ours = ours::set_cookie(field).expect("a cookie");
        let theirs = set_cookie(field).expect("a cookie");
        assert_eq!(ours.name(), theirs.name().as_bytes(), "{field}");
        assert_eq!(ours.value(), theirs.value().as_bytes(), "{field}");
        assert_eq!(ours.path(), theirs.path().map(str::as_bytes), "{field}");
        assert_eq!(ours.domain(), theirs.domain().map(str::as_bytes), "{field}");
        let max_age = theirs.max_age().map(|age| age.whole_seconds());
        assert_eq!(ours.max_age(), max_age, "{field}");
        let expires = theirs.expires_datetime().map(|date| date.unix_timestamp());
        assert_eq!(ours.expires().map(|date| date.unix()), expires, "{field}");
        assert_eq!(ours.is_secure(), theirs.secure() == Some(true), "{field}");
        assert_eq!(ours.is_http_only(), theirs.http_only() == Some(true), "{field}");
        assert_eq!(ours.is_partitioned(), theirs.partitioned() == Some(true), "{field}");
        let same_site = theirs.same_site().map(|it| it.to_string());
        assert_eq!(ours.same_site().map(|it| it.to_string()), same_site, "{field}");
    }

    #[test]
    fn cookies_are_the_same_to_both() {
        for field in [inputs::SESSION, inputs::IMF, inputs::NETSCAPE, inputs::BARE] {
            same_cookie(field);
        }
        same_cookie(&inputs::long());
        inputs::set_cookies().iter().for_each(|field| same_cookie(field));
    }

    #[test]
    fn what_is_written_is_the_same_to_both() {
        let (ours, theirs) = (ours::build("sid", "31d4"), build("sid", "31d4"));
        let parse = |field: &str| set_cookie(field).map(Cookie::into_owned);
        let ours = ours.map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned());
        assert_eq!(parse(&ours.expect("a cookie")), parse(&theirs));
    }

    #[test]
    fn pairs_are_the_same_to_both() {
        for field in [1, 8, 40].map(inputs::cookie).into_iter().chain(inputs::cookies()) {
            let (mut read, mut other) = (Vec::new(), Vec::new());
            ours::pairs(&field, |name, value| read.push((name.to_vec(), value.to_vec())));
            pairs(&field, |name, value| other.push((name.to_vec(), value.to_vec())));
            assert_eq!(read, other, "{field}");
        }
    }

    /// The pairs of a field in an order that does not depend on the jar: cookie_store has none.
    fn sorted(field: Option<&str>) -> Vec<&str> {
        let mut pairs: Vec<_> = field.into_iter().flat_map(|field| field.split("; ")).collect();
        pairs.sort_unstable();
        pairs
    }

    #[test]
    fn requests_get_the_same_cookies_from_both() {
        let sites = inputs::sites(500);
        let (mut jar, store, context) = (ours::jar_of(&sites), jar_of(&sites), ours::context());
        assert_eq!(jar.len(), store.iter_any().count());
        for site in &sites {
            let uri = ours::uri(&site.page);
            let text =
                |field: &nethttp::header::HeaderValue| field.to_str().expect("text").to_owned();
            let peeked = ours::peek(&jar, &uri, &context).as_ref().map(text);
            let theirs = header(&store, &url(&site.page));
            assert_eq!(sorted(peeked.as_deref()), sorted(theirs.as_deref()));
            assert!(peeked.is_some());
            assert_eq!(ours::header(&mut jar, &uri, &context).as_ref().map(text), peeked);
        }
    }
}
