//! The variables of the environment that name proxies.

use std::env;

use super::bypass::Bypass;
use super::proxies::Choice;
use super::{Proxies, Proxy};

impl Proxies {
    /// Returns the proxies of the environment, as it is now.
    ///
    /// | variable | names |
    /// |---|---|
    /// | `http_proxy`, `HTTP_PROXY` | the [proxy](Proxy) for `http` URLs |
    /// | `https_proxy`, `HTTPS_PROXY` | the proxy for `https` URLs |
    /// | `all_proxy`, `ALL_PROXY` | the proxy for those without one of their own |
    /// | `no_proxy`, `NO_PROXY` | who is reached [without](Proxies#who-is-reached-without-a-proxy) |
    ///
    /// The first that is not empty counts. Where `REQUEST_METHOD` is set, `HTTP_PROXY` is not read: this is then a
    /// CGI program, and the variable what a client has sent as the field `Proxy`
    /// ([httpoxy](https://httpoxy.org/)). On Windows, whose variables have no case, neither is `http_proxy`.
    ///
    /// A value that is no proxy is an error of each request that would go through it, and only of these.
    ///
    /// ```
    /// use nethttp::Uri;
    /// use nethttp::client::Proxies;
    ///
    /// let proxies = Proxies::from_env();
    /// // Whatever the environment says, a server on this machine is connected to.
    /// assert_eq!(proxies.choose(&Uri::parse("http://localhost:8080/")?)?, None);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn from_env() -> Self {
        // What is not Unicode is something all the same, and no proxy.
        Self::from_vars(|name| env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
    }

    /// Returns the proxies of an environment that is read through a function, as [`from_env`](Self::from_env) does.
    ///
    /// ```
    /// use nethttp::Uri;
    /// use nethttp::client::Proxies;
    ///
    /// let settings = [("all_proxy", "127.0.0.1:3128"), ("no_proxy", "example.org")];
    /// let proxies = Proxies::from_vars(|name| {
    ///     settings.iter().find(|setting| setting.0 == name).map(|setting| setting.1.to_owned())
    /// });
    /// assert!(proxies.choose(&Uri::parse("https://example.net/")?)?.is_some());
    /// assert!(proxies.choose(&Uri::parse("https://www.example.org/")?)?.is_none());
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn from_vars(variable: impl Fn(&str) -> Option<String>) -> Self {
        let variable = |name: &'static str| {
            let value = variable(name).filter(|value| !value.is_empty());
            value.map(|value| (name, value))
        };
        let http = match variable("REQUEST_METHOD") {
            None => variable("http_proxy").or_else(|| variable("HTTP_PROXY")),
            Some(_) if cfg!(windows) => None,
            Some(_) => variable("http_proxy"),
        };
        let https = variable("https_proxy").or_else(|| variable("HTTPS_PROXY"));
        let all = variable("all_proxy").or_else(|| variable("ALL_PROXY"));
        let no_proxy = variable("no_proxy").or_else(|| variable("NO_PROXY"));
        Self {
            http: http.or_else(|| all.clone()).map(Choice::of),
            https: https.or(all).map(Choice::of),
            bypass: no_proxy.map(|(_, list)| Bypass::parse(&list)).unwrap_or_default(),
        }
    }
}

impl Choice {
    fn of((name, value): (&str, String)) -> Self {
        match Proxy::read(&value) {
            Ok(proxy) => Self::Found(proxy),
            Err(reason) => {
                let text = format!("expected the address of a proxy in {name}: {reason}");
                Self::Unusable(text.into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use crate::uri::Uri;

    fn uri(text: &str) -> Uri {
        Uri::parse(text).unwrap()
    }

    /// Settings as a shell has them: `a=b c=d`.
    fn environment(settings: &str) -> Proxies {
        Proxies::from_vars(|name| {
            let found = settings.split(' ').filter_map(|setting| setting.split_once('='));
            found.filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).next()
        })
    }

    #[track_caller]
    fn goes(settings: &str, url: &str, expected: Option<&str>) {
        let proxies = environment(settings);
        let found = proxies.choose(&Uri::parse(url).unwrap()).unwrap();
        assert_eq!(found.map(ToString::to_string).as_deref(), expected, "{settings} {url}");
    }

    #[test]
    fn the_variable_of_the_scheme_goes_first() {
        goes("", "http://h/", None);
        goes("http_proxy=a:1", "http://h/", Some("http://a:1"));
        goes("http_proxy=a:1", "https://h/", None);
        goes("https_proxy=a:1", "https://h/", Some("http://a:1"));
        goes("https_proxy=a:1", "http://h/", None);
        goes("all_proxy=socks5h://a", "http://h/", Some("socks5h://a:1080"));
        goes("all_proxy=socks5h://a", "https://h/", Some("socks5h://a:1080"));
        goes("all_proxy=a http_proxy=b", "http://h/", Some("http://b:80"));
        goes("all_proxy=a http_proxy=b", "https://h/", Some("http://a:80"));
        goes("ALL_PROXY=a HTTPS_PROXY=https://b", "https://h/", Some("https://b:443"));
        goes("all_proxy=a", "ftp://h/", None);
    }

    #[test]
    fn lower_case_goes_before_upper_case_and_empty_is_unset() {
        for (lower, upper, url) in [
            ("http_proxy", "HTTP_PROXY", "http://h/"),
            ("https_proxy", "HTTPS_PROXY", "https://h/"),
            ("all_proxy", "ALL_PROXY", "http://h/"),
        ] {
            goes(&format!("{upper}=b:1"), url, Some("http://b:1"));
            goes(&format!("{upper}=b:1 {lower}=a:1"), url, Some("http://a:1"));
            goes(&format!("{upper}=b:1 {lower}="), url, Some("http://b:1"));
            goes(&format!("{upper}= {lower}="), url, None);
        }
        goes("all_proxy=a no_proxy=h NO_PROXY=i", "http://h/", None);
        goes("all_proxy=a no_proxy=h NO_PROXY=i", "http://i/", Some("http://a:80"));
        goes("all_proxy=a no_proxy= NO_PROXY=i", "http://i/", None);
    }

    #[test]
    fn what_a_client_can_set_is_not_read_in_a_cgi_program() {
        let cgi = "REQUEST_METHOD=GET HTTP_PROXY=evil:1";
        goes(cgi, "http://h/", None);
        goes("REQUEST_METHOD= HTTP_PROXY=a:1", "http://h/", Some("http://a:1"));
        goes(&format!("{cgi} HTTPS_PROXY=a:1"), "https://h/", Some("http://a:1"));
        goes(&format!("{cgi} ALL_PROXY=a:1"), "http://h/", Some("http://a:1"));
        let lower = if cfg!(windows) { None } else { Some("http://a:1") };
        goes(&format!("{cgi} http_proxy=a:1"), "http://h/", lower);
    }

    #[test]
    fn this_machine_is_reached_without() {
        for host in ["localhost", "a.localhost:80", "127.0.0.1", "127.9.9.9:8080", "[::1]"] {
            goes("all_proxy=a", &format!("http://{host}/"), None);
            goes("all_proxy=a:x", &format!("https://{host}/"), None);
        }
        goes("all_proxy=a", "http://localhost.example.org/", Some("http://a:80"));
        let named = environment("all_proxy=a").http(Proxy::parse("b:1").unwrap());
        let local = uri("http://localhost/");
        assert!(named.choose(&local).unwrap().is_some_and(|proxy| proxy.host() == "b"));
    }

    #[test]
    fn what_is_no_proxy_is_an_error_of_who_would_use_it() {
        let settings = "HTTP_PROXY=http://u:sesame@a:x no_proxy=i";
        goes(settings, "https://h/", None);
        goes(settings, "http://i/", None);
        let proxies = environment(settings);
        let error = proxies.choose(&uri("http://h/")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Proxy);
        let text = "expected the address of a proxy in HTTP_PROXY: \
                    expected a port of digits, found 'x' at byte 18";
        assert_eq!(error.to_string(), text);
        let proxies = environment("all_proxy=\u{fffd}");
        assert_eq!(proxies.choose(&uri("http://h/")).unwrap_err().kind(), ErrorKind::Proxy);
    }

    #[test]
    fn reads_the_environment_of_the_process() {
        let proxies = Proxies::from_env();
        assert_eq!(proxies.choose(&uri("http://127.0.0.1/")).unwrap(), None);
    }
}
