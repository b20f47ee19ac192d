//! Which proxy a request goes through.

use super::bypass::{Bypass, is_loopback};
use super::{Proxy, failed};
use crate::error::Error;
use crate::uri::Uri;

/// The proxies of a client, or of one request: one for `http`, one for `https`, and who is reached without.
///
/// # Who is reached without a proxy
///
/// The list ([`no_proxy`](Self::no_proxy), `NO_PROXY`) has entries with commas or blanks between them, in any case:
///
/// | entry | covers |
/// |---|---|
/// | `example.org`, `.example.org` | `example.org` and `www.example.org`, not `nonexample.org` |
/// | `*.example.org` | `www.example.org`, not `example.org` |
/// | `192.168.1.1`, `::1`, `[::1]` | that address, however it is written; an IPv4 address in IPv6 as well |
/// | `10.0.0.0/8`, `fd00::/8` | the addresses of a network |
/// | `example.org:8080`, `10.1.2.3:80`, `[::1]:80` | the same on one port |
/// | `*` | everybody |
///
/// Names are compared label by label, a dot at the end aside; letters beyond ASCII as
/// [`domain_to_ascii`](crate::uri::domain_to_ascii) has them. No name is looked up: a network covers URLs
/// with an address. What is no entry is passed over.
///
/// The variable has no specification, and programs differ. Where they do, this is what most of curl, Python and Go
/// do: a leading dot changes nothing (in Go it excludes the domain itself, for which there is `*.`), `*` may stand
/// among others and ports count (in curl neither), and `/0` is the whole network (in curl one address).
///
/// Proxies of the environment are besides not used for this machine: `localhost` and names below it, `127.0.0.0/8`
/// and `::1`. That is Go's rule: a variable for the whole session is not meant for the server that a test has
/// started. Proxies that the program names itself are used for everybody who is not in the list.
///
/// # Who logs in
///
/// The user name and the password of a [`Proxy`] go to that proxy: with each request that it sends on, with the `CONNECT` for
/// a tunnel, or as SOCKS has it. A `Proxy-Authorization` field that the caller sets takes their place in requests that a
/// proxy sends on, which are those for `http` URLs through one of the scheme `http` or `https`. It is sent nowhere else: not
/// to a server that is reached without a proxy or through a tunnel, since it is none of its business, nor with
/// `CONNECT`, since a tunnel is kept and used for requests that have another such field.
///
/// # Examples
///
/// ```
/// use nethttp::client::{Proxies, Proxy};
/// use nethttp::Uri;
///
/// let proxies = Proxies::none()
///     .http(Proxy::parse("http://cache.example.org:3128")?)
///     .https(Proxy::parse("socks5h://127.0.0.1:9050")?)
///     .no_proxy("intranet.example.org, 10.0.0.0/8");
///
/// let proxy = |url| proxies.choose(&Uri::parse(url)?);
/// assert_eq!(proxy("http://example.net/")?.map(|proxy| proxy.port()), Some(3128));
/// assert_eq!(proxy("https://example.net/")?.map(|proxy| proxy.port()), Some(9050));
/// assert_eq!(proxy("https://wiki.intranet.example.org/")?, None);
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    pub(super) http: Option<Choice>,
    pub(super) https: Option<Choice>,
    pub(super) bypass: Bypass,
}

/// A proxy that somebody has chosen.
#[derive(Clone, Debug)]
pub(super) enum Choice {
    /// The program.
    Named(Proxy),
    /// The environment.
    Found(Proxy),
    /// The environment, but what it says is none; in the words of the error.
    Unusable(Box<str>),
}

impl Proxies {
    /// Returns no proxies: every server is connected to.
    ///
    /// ```
    /// use nethttp::client::Proxies;
    ///
    /// assert_eq!(Proxies::none().choose(&nethttp::Uri::parse("http://example.org/")?)?, None);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Returns one proxy for everything.
    ///
    /// ```
    /// use nethttp::client::{Proxies, Proxy};
    ///
    /// let proxies = Proxies::all(Proxy::parse("127.0.0.1:3128")?);
    /// assert!(proxies.choose(&nethttp::Uri::parse("https://localhost/")?)?.is_some());
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn all(proxy: Proxy) -> Self {
        Self::none().http(proxy.clone()).https(proxy)
    }

    /// Sets the proxy for `http` URLs.
    ///
    /// ```
    /// use nethttp::client::{Proxies, Proxy};
    ///
    /// let proxies = Proxies::none().http(Proxy::parse("127.0.0.1:3128")?);
    /// assert_eq!(proxies.choose(&nethttp::Uri::parse("https://example.org/")?)?, None);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn http(mut self, proxy: Proxy) -> Self {
        self.http = Some(Choice::Named(proxy));
        self
    }

    /// Sets the proxy for `https` URLs.
    ///
    /// ```
    /// use nethttp::client::{Proxies, Proxy};
    ///
    /// let proxies = Proxies::none().https(Proxy::parse("127.0.0.1:3128")?);
    /// assert_eq!(proxies.choose(&nethttp::Uri::parse("http://example.org/")?)?, None);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn https(mut self, proxy: Proxy) -> Self {
        self.https = Some(Choice::Named(proxy));
        self
    }

    /// Sets who is reached without a proxy, instead of those of the list before, that of the environment included.
    ///
    /// ```
    /// use nethttp::client::{Proxies, Proxy};
    ///
    /// let proxies = Proxies::all(Proxy::parse("127.0.0.1:3128")?).no_proxy("localhost, .example.org:8080");
    /// assert_eq!(proxies.choose(&nethttp::Uri::parse("http://a.example.org:8080/")?)?, None);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn no_proxy(mut self, list: impl AsRef<str>) -> Self {
        self.bypass = Bypass::parse(list.as_ref());
        self
    }

    /// Returns the proxy for a URL; `None` for a URL of another scheme than `http` and `https`, or without a host.
    ///
    /// # Errors
    ///
    /// [`Proxy`](crate::error::ErrorKind::Proxy) if the environment has something else where the proxy should be: a
    /// request that was to go through a proxy must not go without.
    ///
    /// ```
    /// use nethttp::Uri;
    /// use nethttp::client::Proxies;
    ///
    /// let proxies = Proxies::from_vars(|name| (name == "https_proxy").then(|| "127.0.0.1:x".to_owned()));
    /// assert!(proxies.choose(&Uri::parse("http://example.org/")?)?.is_none());
    /// assert!(proxies.choose(&Uri::parse("https://example.org/")?).is_err());
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn choose(&self, url: &Uri) -> Result<Option<&Proxy>, Error> {
        let scheme = url.scheme();
        let choice = match scheme.eq_ignore_ascii_case("https") {
            true => &self.https,
            false => &self.http,
        };
        let Some(choice) = choice else { return Ok(None) };
        let Some(host) = url.host() else { return Ok(None) };
        let spoken = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
        if !spoken || self.bypass.covers(&host, url.port_or_default()) {
            return Ok(None);
        }
        match choice {
            Choice::Named(proxy) => Ok(Some(proxy)),
            Choice::Found(_) | Choice::Unusable(_) if is_loopback(&host) => Ok(None),
            Choice::Found(proxy) => Ok(Some(proxy)),
            Choice::Unusable(text) => Err(failed(&**text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn goes(proxies: &Proxies, url: &str, expected: Option<&str>) {
        let found = proxies.choose(&Uri::parse(url).unwrap()).unwrap();
        assert_eq!(found.map(ToString::to_string).as_deref(), expected, "{url}");
    }

    fn proxy(text: &str) -> Proxy {
        Proxy::parse(text).unwrap()
    }

    #[test]
    fn the_scheme_of_the_url_decides() {
        let proxies = Proxies::none().http(proxy("a:1")).https(proxy("https://b:2"));
        goes(&proxies, "http://h/", Some("http://a:1"));
        goes(&proxies, "HTTPS://h/", Some("https://b:2"));
        goes(&proxies, "ftp://h/", None);
        goes(&proxies, "ws://h/", None);
        goes(&proxies, "mailto:h", None);
        let proxies = Proxies::all(proxy("socks5://c"));
        goes(&proxies, "http://h/", Some("socks5://c:1080"));
        goes(&proxies, "https://h/", Some("socks5://c:1080"));
        goes(&proxies.https(proxy("d")), "https://h/", Some("http://d:80"));
        goes(&Proxies::none(), "http://h/", None);
        goes(&Proxies::none().https(proxy("d")), "http://h/", None);
    }

    #[test]
    fn a_proxy_that_the_program_names_is_used_for_this_machine_too() {
        let proxies = Proxies::all(proxy("a:1"));
        for url in ["http://localhost/", "https://127.0.0.1/", "http://[::1]:8080/"] {
            goes(&proxies, url, Some("http://a:1"));
            goes(&proxies.clone().no_proxy("localhost,127.0.0.0/8,::1"), url, None);
        }
    }

    #[test]
    fn the_last_list_counts_and_ports_have_defaults() {
        let proxies = Proxies::all(proxy("a:1")).no_proxy("h").no_proxy("i:443");
        goes(&proxies, "http://h/", Some("http://a:1"));
        goes(&proxies, "https://i/", None);
        goes(&proxies, "http://i/", Some("http://a:1"));
        goes(&proxies, "http://i:443/", None);
    }

    #[test]
    fn debug_hides_passwords() {
        let shown = format!("{:?}", Proxies::all(proxy("http://ada:sesame@a:1")).no_proxy("b"));
        assert!(shown.contains("ada") && !shown.contains("sesame"), "{shown}");
    }
}
