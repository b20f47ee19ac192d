//! The peers' half: fluent-uri, iri-string, http and url, in a module each.
//!
//! Every function returns what the peer returns. Where it refuses a text, the row has a dash.

/// All components of a URI, as they were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Components<'a> {
    /// Without its `:`.
    pub scheme: &'a str,
    /// Without its `@`.
    pub userinfo: Option<&'a str>,
    /// With the brackets of an IP literal.
    pub host: Option<&'a str>,
    /// Without its `:`.
    pub port: Option<&'a str>,
    /// Perhaps empty.
    pub path: &'a str,
    /// Without its `?`.
    pub query: Option<&'a str>,
    /// Without its `#`.
    pub fragment: Option<&'a str>,
}

/// Exact, borrowed or owned, with offsets.
pub mod fluent {
    use std::fmt::Debug;

    use fluent_uri::pct_enc::EStr;
    use fluent_uri::{Uri, UriRef};

    use super::Components;

    /// Parses a URI that borrows its text.
    #[inline]
    pub fn parse(text: &str) -> Result<Uri<&str>, impl Debug + use<>> {
        Uri::parse(text)
    }

    /// Parses a URI that owns its text, from a copy.
    #[inline]
    pub fn parse_owned(text: &str) -> Result<Uri<String>, impl Debug + use<>> {
        Uri::parse(text.to_owned())
    }

    /// Parses a reference that borrows its text.
    #[inline]
    pub fn parse_reference(text: &str) -> Result<UriRef<&str>, impl Debug + use<>> {
        UriRef::parse(text)
    }

    /// Parses a reference that owns its text, from a copy.
    #[inline]
    pub fn parse_reference_owned(text: &str) -> Result<UriRef<String>, impl Debug + use<>> {
        UriRef::parse(text.to_owned())
    }

    /// Parses a request target that owns its text, from the bytes that a server has.
    #[inline]
    pub fn target(target: &[u8]) -> Option<UriRef<String>> {
        UriRef::parse(str::from_utf8(target).ok()?.to_owned()).ok()
    }

    /// Reads all components.
    #[inline]
    pub fn components(uri: &Uri<String>) -> Components<'_> {
        let authority = uri.authority();
        Components {
            scheme: uri.scheme().as_str(),
            userinfo: authority.and_then(|authority| authority.userinfo()).map(EStr::as_str),
            host: authority.map(|authority| authority.host()),
            port: authority.and_then(|authority| authority.port()).map(EStr::as_str),
            path: uri.path().as_str(),
            query: uri.query().map(EStr::as_str),
            fragment: uri.fragment().map(EStr::as_str),
        }
    }

    /// Resolves a reference.
    #[inline]
    pub fn resolve(
        base: &Uri<&str>,
        reference: &UriRef<&str>,
    ) -> Result<Uri<String>, impl Debug + use<>> {
        reference.resolve_against(base)
    }

    /// Parses and normalises.
    #[inline]
    pub fn normalize(text: &str) -> Option<Uri<String>> {
        Some(Uri::parse(text).ok()?.normalize())
    }
}

/// Exact, borrowed or owned, without offsets: components are looked for when they are asked for.
pub mod iri {
    use std::fmt::Debug;

    use iri_string::format::ToDedicatedString;
    use iri_string::types::{
        UriAbsoluteStr, UriReferenceStr, UriReferenceString, UriStr, UriString,
    };

    use super::Components;

    /// Parses a URI that borrows its text.
    #[inline]
    pub fn parse(text: &str) -> Result<&UriStr, impl Debug + use<>> {
        UriStr::new(text)
    }

    /// Parses a URI that owns its text, from a copy.
    #[inline]
    pub fn parse_owned(text: &str) -> Result<UriString, impl Debug + use<>> {
        text.to_owned().try_into()
    }

    /// Parses a reference that borrows its text.
    #[inline]
    pub fn parse_reference(text: &str) -> Result<&UriReferenceStr, impl Debug + use<>> {
        UriReferenceStr::new(text)
    }

    /// Parses a reference that owns its text, from a copy.
    #[inline]
    pub fn parse_reference_owned(text: &str) -> Result<UriReferenceString, impl Debug + use<>> {
        text.to_owned().try_into()
    }

    /// Parses a request target that owns its text, from the bytes that a server has.
    #[inline]
    pub fn target(target: &[u8]) -> Option<UriReferenceString> {
        str::from_utf8(target).ok()?.to_owned().try_into().ok()
    }

    /// Parses a URI to resolve against.
    pub fn parse_base(text: &str) -> Result<&UriAbsoluteStr, impl Debug + use<>> {
        UriAbsoluteStr::new(text)
    }

    /// Reads all components.
    #[inline]
    pub fn components(uri: &UriString) -> Components<'_> {
        let authority = uri.authority_components();
        Components {
            scheme: uri.scheme_str(),
            userinfo: authority.and_then(|authority| authority.userinfo()),
            host: authority.map(|authority| authority.host()),
            port: authority.and_then(|authority| authority.port()),
            path: uri.path_str(),
            query: uri.query_str(),
            fragment: uri.fragment_str(),
        }
    }

    /// Resolves a reference.
    #[inline]
    pub fn resolve(base: &UriAbsoluteStr, reference: &UriReferenceStr) -> Option<UriString> {
        Some(reference.resolve_against(base).to_dedicated_string())
    }

    /// Parses and normalises.
    #[inline]
    pub fn normalize(text: &str) -> Option<UriString> {
        Some(UriStr::new(text).ok()?.normalize().to_dedicated_string())
    }
}

/// hyperium/http: the types that hyper uses; accepts more than RFC 3986 and has no fragment.
pub mod hyperium {
    use std::fmt::Debug;

    use http::Uri;
    use http::uri::PathAndQuery;

    /// Parses a URI that owns its text.
    #[inline]
    pub fn parse_owned(text: &str) -> Result<Uri, impl Debug + use<>> {
        text.parse()
    }

    /// Parses the path and the query of a request target, which own their text, from the bytes that a
    /// server has.
    #[inline]
    pub fn target(target: &[u8]) -> Result<PathAndQuery, impl Debug + use<>> {
        PathAndQuery::try_from(target)
    }
}

/// servo/rust-url: WHATWG URLs, normalised while they are parsed.
pub mod whatwg {
    use std::fmt::Debug;
    use std::hint::black_box;

    use url::Url;

    /// Parses a URL.
    #[inline]
    pub fn parse_owned(text: &str) -> Result<Url, impl Debug + use<>> {
        Url::parse(text)
    }

    /// Parses a reference and resolves it.
    #[inline]
    pub fn join(base: &Url, reference: &str) -> Result<Url, impl Debug + use<>> {
        base.join(reference)
    }

    /// Reads the pairs of a query, and returns how many there are.
    #[inline]
    pub fn pairs(query: &str) -> Option<usize> {
        Some(url::form_urlencoded::parse(query.as_bytes()).map(black_box).count())
    }
}

#[cfg(test)]
mod tests {
    use crate::uris::{inputs, ours};

    use super::{fluent, iri, whatwg};

    #[test]
    fn all_read_the_same_components() {
        for text in inputs::uris().into_iter().flat_map(|input| input.texts) {
            let ours = ours::parse_owned(&text).unwrap();
            let expected = ours::components(&ours);
            assert_eq!(fluent::components(&fluent::parse_owned(&text).unwrap()), expected);
            assert_eq!(iri::components(&iri::parse_owned(&text).unwrap()), expected);
        }
    }

    #[test]
    fn all_resolve_to_the_same_uri() {
        let base = "http://www.example.com/a/b/c/d?q";
        for text in inputs::references().into_iter().flat_map(|input| input.texts) {
            let ours =
                ours::resolve(ours::parse(base).unwrap(), ours::parse_reference(&text).unwrap());
            let expected = ours.unwrap();
            let theirs = fluent::resolve(
                &fluent::parse(base).unwrap(),
                &fluent::parse_reference(&text).unwrap(),
            );
            assert_eq!(theirs.unwrap().as_str(), expected.as_str());
            let theirs =
                iri::resolve(iri::parse_base(base).unwrap(), iri::parse_reference(&text).unwrap());
            assert_eq!(theirs.unwrap().as_str(), expected.as_str());
        }
    }

    #[test]
    fn all_read_as_many_pairs() {
        for text in inputs::queries().into_iter().flat_map(|input| input.texts) {
            assert_eq!(ours::pairs(&text), whatwg::pairs(&text), "{text}");
        }
    }
}
