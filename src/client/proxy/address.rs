//! One proxy: how it is spoken to, where it is, and who asks.

use std::fmt;
use std::str::FromStr;

use super::failed;
use crate::client::origin::Origin;
use crate::error::Error;
use crate::field::auth::Basic;
use crate::syntax::percent_decode;
use crate::uri::{Uri, UriError};

/// A proxy: its scheme, its address, and the user name and the password that it wants.
///
/// | scheme | default port | what it means |
/// |---|---|---|
/// | `http` | 80 | HTTP; requests for `https` go through a tunnel, [RFC 9110 §9.3.6] |
/// | `https` | 443 | the same, inside of TLS |
/// | `socks5` | 1080 | SOCKS 5, [RFC 1928]; names are looked up here |
/// | `socks5h` | 1080 | SOCKS 5; names are looked up by the proxy |
///
/// The default ports are those of Go and of Python's Requests. curl takes 1080 for everything but `https`; who
/// has come from there writes the port. The two schemes of SOCKS are those of curl and Requests; Go has the proxy
/// look names up with both. SOCKS 4, which curl calls `socks4`, `socks4a` and `socks`, is not spoken.
///
/// Two proxies are equal if a connection to one can serve as a connection to the other: the user name and the
/// password count. Neither shows in `Display`, and the password does not in `Debug`.
///
/// # Examples
///
/// ```
/// use nethttp::client::Proxy;
///
/// let proxy = Proxy::parse("http://ada:open%20sesame@127.0.0.1:3128")?;
/// assert_eq!((proxy.scheme(), proxy.host(), proxy.port()), ("http", "127.0.0.1", 3128));
/// assert_eq!(proxy.to_string(), "http://127.0.0.1:3128");
/// # Ok::<(), nethttp::Error>(())
/// ```
///
/// [RFC 1928]: https://www.rfc-editor.org/rfc/rfc1928
/// [RFC 9110 §9.3.6]: https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6
#[derive(Clone)]
pub struct Proxy {
    kind: ProxyKind,
    origin: Origin,
    login: Option<Basic>,
}

/// How a proxy is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client) enum ProxyKind {
    /// Requests in absolute form, and tunnels.
    Http,
    /// The same inside of TLS.
    Https,
    /// SOCKS 5 to an address.
    Socks5,
    /// SOCKS 5 to a name.
    Socks5h,
}

impl ProxyKind {
    const ALL: [Self; 4] = [Self::Http, Self::Https, Self::Socks5, Self::Socks5h];

    const fn scheme(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Socks5 => "socks5",
            Self::Socks5h => "socks5h",
        }
    }

    const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
            Self::Socks5 | Self::Socks5h => 1080,
        }
    }

    fn of(scheme: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|kind| kind.scheme().eq_ignore_ascii_case(scheme));
        found.ok_or_else(|| {
            let socks4 = ["socks", "socks4", "socks4a"];
            let hint = match socks4.iter().any(|name| name.eq_ignore_ascii_case(scheme)) {
                true => ", which is SOCKS 4",
                false => "",
            };
            format!("expected the scheme http, https, socks5 or socks5h, found {scheme}{hint}")
        })
    }
}

impl Proxy {
    /// Reads the address of a proxy: `http://user:password@host:port`, or `host:port`, which is `http`.
    ///
    /// User name and password are percent-decoded. Behind the port there may be a `/`.
    ///
    /// # Errors
    ///
    /// [`Proxy`](crate::error::ErrorKind::Proxy): no URL, another scheme, no host or one that a resolver could
    /// misread, a port that is none, something behind it, a user name with a colon, control characters in it or in
    /// the password, and for SOCKS a user name that is empty, or one of the two that is longer than 255 bytes.
    ///
    /// ```
    /// use nethttp::client::Proxy;
    /// use nethttp::error::ErrorKind;
    ///
    /// assert_eq!(Proxy::parse("localhost:3128")?, Proxy::parse("http://localhost:3128/")?);
    /// assert_eq!(Proxy::parse("socks5h://localhost")?.port(), 1080);
    ///
    /// let error = Proxy::parse("socks4://localhost").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Proxy);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn parse(text: impl AsRef<str>) -> Result<Self, Error> {
        Self::read(text.as_ref())
            .map_err(|reason| failed(format!("expected the address of a proxy: {reason}")))
    }

    /// Reads an address; the error says what is wrong, and shows neither user name nor password.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let front = if text.contains("://") { "" } else { "http://" };
        let uri =
            Uri::parse([front, text].concat()).map_err(|error| no_url(text, front, &error))?;
        let kind = ProxyKind::of(uri.scheme())?;
        let Some(authority) = uri.authority().filter(|authority| !authority.host_str().is_empty())
        else {
            return Err("expected a host".to_owned());
        };
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() || uri.fragment().is_some() {
            return Err("expected nothing behind the port".to_owned());
        }
        let port = match authority.port() {
            None | Some("") => kind.default_port().to_string(),
            Some(port) => port.to_owned(),
        };
        let address = format!("http://{}:{port}", authority.host_str());
        let address = Uri::parse(address).map_err(|error| error.to_string())?;
        let origin = Origin::of(&address).map_err(|error| error.to_string())?;
        let login = match authority.userinfo().filter(|userinfo| !userinfo.is_empty()) {
            Some(userinfo) => Some(login(kind, userinfo)?),
            None => None,
        };
        Ok(Self { kind, origin, login })
    }

    /// Replaces the user name and the password; nothing in them is decoded.
    ///
    /// # Errors
    ///
    /// [`Proxy`](crate::error::ErrorKind::Proxy): what [`parse`](Self::parse) refuses in them.
    ///
    /// ```
    /// use nethttp::client::Proxy;
    ///
    /// let proxy = Proxy::parse("127.0.0.1:3128")?.credentials("ada", "100% open")?;
    /// assert_eq!(proxy, Proxy::parse("http://ada:100%25%20open@127.0.0.1:3128")?);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn credentials(
        self,
        user: impl AsRef<[u8]>,
        password: impl AsRef<[u8]>,
    ) -> Result<Self, Error> {
        let login = checked(self.kind, user.as_ref(), password.as_ref()).map_err(failed)?;
        Ok(Self { login: Some(login), ..self })
    }

    /// Returns the scheme: `http`, `https`, `socks5` or `socks5h`.
    ///
    /// ```
    /// assert_eq!(nethttp::client::Proxy::parse("SOCKS5://localhost")?.scheme(), "socks5");
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn scheme(&self) -> &'static str {
        self.kind.scheme()
    }

    /// Returns the host, an IPv6 address without brackets.
    ///
    /// ```
    /// assert_eq!(nethttp::client::Proxy::parse("http://[::1]:3128")?.host(), "::1");
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn host(&self) -> &str {
        self.origin.host()
    }

    /// Returns the port.
    ///
    /// ```
    /// assert_eq!(nethttp::client::Proxy::parse("https://proxy.example.org")?.port(), 443);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.origin.port()
    }

    pub(in crate::client) const fn kind(&self) -> ProxyKind {
        self.kind
    }

    /// Returns whom to connect to.
    pub(in crate::client) const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Returns the user name and the password.
    pub(super) const fn login(&self) -> Option<&Basic> {
        self.login.as_ref()
    }

    /// Returns the value of Proxy-Authorization for a proxy that speaks HTTP,
    /// [RFC 9110 §11.7.2](https://www.rfc-editor.org/rfc/rfc9110#section-11.7.2).
    pub(in crate::client) fn authorization(&self) -> Option<String> {
        match self.kind {
            ProxyKind::Http | ProxyKind::Https => self.login.as_ref().map(Basic::encode),
            ProxyKind::Socks5 | ProxyKind::Socks5h => None,
        }
    }
}

/// Says why a text with something in front of it is no URL. What stands before an `@` may be secret, and is not shown.
fn no_url(text: &str, front: &str, error: &UriError) -> String {
    let start = text.find("://").map_or(0, |colon| colon + 3);
    let offset = error.offset().saturating_sub(front.len());
    match text.rfind('@') {
        Some(at) if (start..=at).contains(&offset) => {
            format!(
                "expected escapes such as %40 in the user name and the password at byte {offset}"
            )
        }
        _ if front.is_empty() => error.to_string(),
        _ => format!("{error}, with {front} in front"),
    }
}

/// Decodes user information.
fn login(kind: ProxyKind, userinfo: &str) -> Result<Basic, String> {
    let (user, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
    let decoded = |text: &str| match percent_decode(text.as_bytes()) {
        Ok(decoded) => Ok(decoded.into_owned()),
        Err(_) => Err("expected two digits behind '%' in the user name and the password"),
    };
    checked(kind, &decoded(user)?, &decoded(password)?)
}

/// What can be said in Basic, and for SOCKS in one byte of length:
/// [RFC 1929 §2](https://www.rfc-editor.org/rfc/rfc1929#section-2). That RFC has no empty password either; proxies
/// have.
fn checked(kind: ProxyKind, user: &[u8], password: &[u8]) -> Result<Basic, String> {
    let most = usize::from(u8::MAX);
    match kind {
        ProxyKind::Socks5 | ProxyKind::Socks5h if user.is_empty() => {
            return Err("expected a user name for SOCKS".to_owned());
        }
        ProxyKind::Socks5 | ProxyKind::Socks5h if user.len().max(password.len()) > most => {
            let text = "expected a user name and a password of at most 255 bytes each for SOCKS";
            return Err(text.to_owned());
        }
        _ => {}
    }
    Basic::new(user, password).map_err(|_| {
        "expected a user name without a colon, and no control characters in it and the password"
            .to_owned()
    })
}

impl FromStr for Proxy {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

/// Writes `scheme://host:port`.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme(), self.origin)
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = match &self.login {
            Some(login) => format!("{}://{}:***@{}", self.scheme(), login.user(), self.origin),
            None => self.to_string(),
        };
        f.debug_tuple("Proxy").field(&shown).finish()
    }
}

impl PartialEq for Proxy {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.origin.is_same(&other.origin) && self.login == other.login
    }
}

impl Eq for Proxy {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[track_caller]
    fn leads_to(text: &str, shown: &str, login: Option<(&str, &str)>) {
        let proxy = Proxy::parse(text).unwrap();
        assert_eq!(proxy.to_string(), shown);
        let found = proxy.login().map(|login| (login.user(), login.password()));
        assert_eq!(found, login.map(|(user, password)| (user.into(), password.into())));
    }

    #[test]
    fn takes_urls_and_what_people_write_instead() {
        leads_to("http://127.0.0.1:3128", "http://127.0.0.1:3128", None);
        leads_to("HTTP://Proxy.example.org", "http://Proxy.example.org:80", None);
        leads_to("http://a:/", "http://a:80", None);
        leads_to("https://a", "https://a:443", None);
        leads_to("socks5://a", "socks5://a:1080", None);
        leads_to("Socks5h://a:9050/", "socks5h://a:9050", None);
        leads_to("http://[::1]:3128", "http://[::1]:3128", None);
        leads_to("a", "http://a:80", None);
        leads_to("localhost:3128", "http://localhost:3128", None);
        leads_to("[::1]:3128/", "http://[::1]:3128", None);
        leads_to("u:p@a:1", "http://a:1", Some(("u", "p")));
        leads_to("http://u@a:1", "http://a:1", Some(("u", "")));
        leads_to("http://:p@a:1", "http://a:1", Some(("", "p")));
        leads_to("http://@a:1", "http://a:1", None);
        leads_to("http://u:p:q@a:1", "http://a:1", Some(("u", "p:q")));
        leads_to("http://u%40b:%2F%25@a", "http://a:80", Some(("u@b", "/%")));
        leads_to("socks5://u:@a", "socks5://a:1080", Some(("u", "")));
        leads_to("http://[fe80::1%25eth0]:1", "http://[fe80::1%eth0]:1", None);
    }

    #[test]
    fn the_scheme_says_how_a_proxy_is_spoken_to() {
        for (text, kind) in [
            ("a", ProxyKind::Http),
            ("http://a", ProxyKind::Http),
            ("https://a", ProxyKind::Https),
            ("socks5://a", ProxyKind::Socks5),
            ("socks5h://a", ProxyKind::Socks5h),
        ] {
            assert_eq!(Proxy::parse(text).unwrap().kind(), kind);
        }
    }

    #[track_caller]
    fn refuses(text: &str, reason: &str) {
        let error = Proxy::parse(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Proxy, "{text}");
        assert_eq!(error.to_string(), format!("expected the address of a proxy: {reason}"));
    }

    #[test]
    fn says_what_is_wrong() {
        let schemes = "expected the scheme http, https, socks5 or socks5h, found";
        for socks4 in ["socks", "socks4", "socks4a"] {
            refuses(&format!("{socks4}://a"), &format!("{schemes} {socks4}, which is SOCKS 4"));
        }
        refuses("ftp://a", &format!("{schemes} ftp"));
        refuses("", "expected a host");
        refuses("http://", "expected a host");
        refuses("http://:80", "expected a host");
        refuses("http://a:0", "expected a port from 1 to 65535, found 0");
        refuses("a:65536", "expected a port from 1 to 65535, found 65536");
        refuses("http://a:1/b", "expected nothing behind the port");
        refuses("http://a:1?b", "expected nothing behind the port");
        refuses("http://a:1/#b", "expected nothing behind the port");
        refuses("http://127.1", "expected a name or an IPv4 address as host, found 127.1");
        refuses("http://a%2Fb", "expected a host without escapes, found a%2Fb");
        let text = "expected a user name without a colon, \
                    and no control characters in it and the password";
        refuses("http://a%3Ab:c@a", text);
        refuses("http://a:b%0D%0Ac@a", text);
        refuses("socks5://a:b%00@a", text);
        refuses("socks5://:b@a", "expected a user name for SOCKS");
        let long = "x".repeat(256);
        let text = "expected a user name and a password of at most 255 bytes each for SOCKS";
        refuses(&format!("socks5://{long}:b@a"), text);
        refuses(&format!("socks5h://a:{long}@a"), text);
        assert!(Proxy::parse(format!("http://{long}:{long}@a")).is_ok());
    }

    #[test]
    fn shows_no_byte_of_a_secret() {
        let escapes = "expected escapes such as %40 in the user name and the password at byte";
        refuses("http://u:p^w@h", &format!("{escapes} 10"));
        refuses("http://u:p/w@h", &format!("{escapes} 9"));
        refuses("u:p@s:w@h", &format!("{escapes} 6"));
        refuses("u:p@w@h", &format!("{escapes} 5"));
        refuses("u:p@h^", "expected a host character, found '^' at byte 12, with http:// in front");
        refuses(
            "1://u:p@h",
            "expected a scheme of letters, digits, '+', '-' and '.' after a letter, found '1' at byte 0",
        );
    }

    #[test]
    fn errors_keep_secrets() {
        for text in
            ["http://u:sesame@a:0", "u:sesame@", "u:ses ame@a", "http://u:sesame%@a", "sesame@b@c"]
        {
            let error = Proxy::parse(text).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("sesame"), "{shown}");
        }
    }

    #[test]
    fn debug_hides_the_password() {
        let proxy = Proxy::parse("http://ada:sesame@a:1").unwrap();
        assert_eq!(format!("{proxy:?}"), "Proxy(\"http://ada:***@a:1\")");
        let proxy = Proxy::parse("a:1").unwrap();
        assert_eq!(format!("{proxy:?}"), "Proxy(\"http://a:1\")");
    }

    #[test]
    fn a_proxy_is_equal_if_its_connection_can_be_shared() {
        let proxy = |text: &str| text.parse::<Proxy>().unwrap();
        assert_eq!(proxy("http://a"), proxy("A:80"));
        assert_ne!(proxy("http://a"), proxy("https://a:80"));
        assert_ne!(proxy("http://a"), proxy("http://a:81"));
        assert_ne!(proxy("http://a"), proxy("http://u@a"));
        assert_ne!(proxy("http://u:p@a"), proxy("http://u:q@a"));
        assert_eq!(proxy("http://u@a"), proxy("http://u:@a"));
    }

    #[test]
    fn credentials_are_said_in_http_only() {
        let value = |text: &str| Proxy::parse(text).unwrap().authorization();
        assert_eq!(value("http://u:p@a").as_deref(), Some("Basic dTpw"));
        assert_eq!(value("https://u:p@a").as_deref(), Some("Basic dTpw"));
        assert_eq!(value("socks5://u:p@a"), None);
        assert_eq!(value("http://a"), None);
        let error = Proxy::parse("a").unwrap().credentials("a:b", "").unwrap_err();
        let text = "expected a user name without a colon, \
                    and no control characters in it and the password";
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Proxy, text));
    }
}
