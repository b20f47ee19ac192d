//! What each library says the components of a URI reference are, in one form.

use std::fmt;

use iri_string::types::UriReferenceStr;
use nethttp::uri::{Authority, Host, Uri, UriRef};

/// The kind of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Four decimal numbers.
    Ipv4,
    /// An IPv6 address in brackets, with a zone or without.
    Ipv6,
    /// An address of a version to come.
    IpvFuture,
    /// Everything else.
    Name,
}

/// All components of a URI reference, as they were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Components<'a> {
    /// Without its `:`.
    pub scheme: Option<&'a str>,
    /// Without its `//`.
    pub authority: Option<AuthorityParts<'a>>,
    /// Perhaps empty.
    pub path: &'a str,
    /// Without its `?`.
    pub query: Option<&'a str>,
    /// Without its `#`.
    pub fragment: Option<&'a str>,
}

/// The parts of an authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthorityParts<'a> {
    /// All of it.
    pub text: &'a str,
    /// Without its `@`.
    pub userinfo: Option<&'a str>,
    /// With the brackets of an IP literal.
    pub host: &'a str,
    /// What the host is.
    pub kind: Kind,
    /// Without its `:`.
    pub port: Option<&'a str>,
}

impl<'a> Components<'a> {
    /// This crate's view of a reference.
    pub fn of_reference(reference: &'a UriRef) -> Self {
        Self {
            scheme: reference.scheme(),
            authority: reference.authority().map(AuthorityParts::ours),
            path: reference.path(),
            query: reference.query(),
            fragment: reference.fragment(),
        }
    }

    /// This crate's view of a URI.
    pub fn of_uri(uri: &'a Uri) -> Self {
        Self {
            scheme: Some(uri.scheme()),
            authority: uri.authority().map(AuthorityParts::ours),
            path: uri.path(),
            query: uri.query(),
            fragment: uri.fragment(),
        }
    }

    /// What fluent-uri says.
    pub fn fluent(reference: &fluent_uri::UriRef<&'a str>) -> Self {
        Self {
            scheme: reference.scheme().map(fluent_uri::component::Scheme::as_str),
            authority: reference.authority().map(AuthorityParts::fluent),
            path: reference.path().as_str(),
            query: reference.query().map(fluent_uri::pct_enc::EStr::as_str),
            fragment: reference.fragment().map(fluent_uri::pct_enc::EStr::as_str),
        }
    }

    /// What iri-string says; it does not tell the kinds of IP addresses apart, so that `kinds` does.
    pub fn iri(reference: &'a UriReferenceStr, kinds: Self) -> Self {
        let authority = reference.authority_str().zip(reference.authority_components());
        let kind = kinds.authority.map_or(Kind::Name, |authority| authority.kind);
        Self {
            scheme: reference.scheme_str(),
            authority: authority.map(|(text, parts)| AuthorityParts {
                text,
                userinfo: parts.userinfo(),
                host: parts.host(),
                kind: match parts.reg_name() {
                    Some(_) => Kind::Name,
                    None if kind == Kind::Name => Kind::Ipv6,
                    None => kind,
                },
                port: parts.port(),
            }),
            path: reference.path_str(),
            query: reference.query_str(),
            fragment: reference.fragment_str(),
        }
    }
}

impl<'a> AuthorityParts<'a> {
    fn ours(authority: Authority<'a>) -> Self {
        Self {
            text: authority.as_str(),
            userinfo: authority.userinfo(),
            host: authority.host_str(),
            kind: match authority.host() {
                Host::Ipv4(_) => Kind::Ipv4,
                Host::Ipv6(..) => Kind::Ipv6,
                Host::IpvFuture(_) => Kind::IpvFuture,
                _ => Kind::Name,
            },
            port: authority.port(),
        }
    }

    fn fluent(authority: fluent_uri::component::Authority<'a>) -> Self {
        use fluent_uri::component::Host;
        Self {
            text: authority.as_str(),
            userinfo: authority.userinfo().map(fluent_uri::pct_enc::EStr::as_str),
            host: authority.host(),
            kind: match authority.host_parsed() {
                Host::Ipv4 { .. } => Kind::Ipv4,
                Host::Ipv6 { .. } => Kind::Ipv6,
                Host::IpvFuture { .. } => Kind::IpvFuture,
                Host::RegName(_) => Kind::Name,
            },
            port: authority.port().map(fluent_uri::pct_enc::EStr::as_str),
        }
    }
}

/// Puts the components together again,
/// [RFC 3986 §5.3](https://www.rfc-editor.org/rfc/rfc3986#section-5.3).
impl fmt::Display for Components<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(scheme) = self.scheme {
            write!(f, "{scheme}:")?;
        }
        if let Some(authority) = self.authority {
            write!(f, "//{}", authority.text)?;
        }
        f.write_str(self.path)?;
        if let Some(query) = self.query {
            write!(f, "?{query}")?;
        }
        if let Some(fragment) = self.fragment {
            write!(f, "#{fragment}")?;
        }
        Ok(())
    }
}
