//! The authority of a URI, [RFC 3986 §3.2]: user information, host and port.
//!
//! Names are not looked up and not lower-cased, and no number is read as an address but a dotted quad.
//!
//! [RFC 3986 §3.2]: https://www.rfc-editor.org/rfc/rfc3986#section-3.2

use core::fmt;
use core::ops::Range;

use super::error::{UriError, UriErrorKind};
use super::host::Host;
use super::ip;
use super::parts::{MAX_LEN, ascii, offset, slice, tail};
use super::percent::escaped_prefix_len;
use super::text::write_masked;
use crate::syntax::Class;

/// The authority of a URI, or the value of a `Host` field.
///
/// ```abnf
/// authority = [ userinfo "@" ] host [ ":" port ]   ; RFC 3986 §3.2
/// ```
///
/// Two authorities are equal when their bytes are.
///
/// # Examples
///
/// ```
/// use nethttp::uri::{Host, Uri};
///
/// let uri = Uri::parse("http://user@example.org:8080/")?;
/// let authority = uri.authority().ok_or("no authority")?;
/// assert_eq!(authority.userinfo(), Some("user"));
/// assert_eq!(authority.host(), Host::Name("example.org"));
/// assert_eq!(authority.port(), Some("8080"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Authority<'a> {
    text: &'a str,
    /// After the `@`, or 0.
    host_start: u32,
    /// Where the `:` of the port stands, or the end.
    host_end: u32,
}

impl<'a> Authority<'a> {
    pub(super) const fn new(text: &'a str, host_start: u32, host_end: u32) -> Self {
        Self { text, host_start, host_end }
    }

    /// Returns the whole authority as it was written.
    ///
    /// # Examples
    ///
    /// ```
    /// let host = nethttp::uri::check_host(b"Example.org:80")?;
    /// assert_eq!(host.as_str(), "Example.org:80");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    /// Returns what stands before the `@`, escapes included, or `None` without an `@`.
    ///
    /// It may hold a password; [RFC 9110 §4.2.4](https://www.rfc-editor.org/rfc/rfc9110#section-4.2.4)
    /// deprecates it, and it is never sent in a request target or a `Host` field.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Uri;
    ///
    /// let uri = Uri::parse("ftp://user:pass%40word@example.org/")?;
    /// let userinfo = uri.authority().and_then(|authority| authority.userinfo());
    /// assert_eq!(userinfo, Some("user:pass%40word"));
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub const fn userinfo(&self) -> Option<&'a str> {
        match self.host_start.checked_sub(1) {
            Some(end) => Some(slice(self.text, 0, end)),
            None => None,
        }
    }

    /// Returns the user name of the user information, escapes included: what stands before its first `:`.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Uri;
    ///
    /// let uri = Uri::parse("ftp://user:pass%40word@example.org/")?;
    /// let username = uri.authority().and_then(|authority| authority.username());
    /// assert_eq!(username, Some("user"));
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn username(&self) -> Option<&'a str> {
        let userinfo = self.userinfo()?;
        Some(userinfo.split_once(':').map_or(userinfo, |(user, _)| user))
    }

    /// Returns the password of the user information, escapes included: what stands behind its first `:`.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::{PctStr, Uri};
    ///
    /// let uri = Uri::parse("ftp://user:pass%40word@example.org/")?;
    /// let password = uri.authority().and_then(|authority| authority.password());
    /// assert_eq!(password.map(|it| PctStr::new(it).decode_lossy()), Some("pass@word".into()));
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn password(&self) -> Option<&'a str> {
        Some(self.userinfo()?.split_once(':')?.1)
    }

    /// Returns the host by its kind.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::{Host, check_host};
    ///
    /// assert_eq!(check_host(b"127.0.0.1:80")?.host(), Host::Ipv4([127, 0, 0, 1].into()));
    /// assert_eq!(check_host(b"127.0.0.01")?.host(), Host::Name("127.0.0.01"));
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn host(&self) -> Host<'a> {
        Host::new(self.host_str())
    }

    /// Returns the host as it was written, with the brackets of an IP literal and its zone.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(nethttp::uri::check_host(b"[::1]:80")?.host_str(), "[::1]");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub const fn host_str(&self) -> &'a str {
        slice(self.text, self.host_start, self.host_end)
    }

    /// Returns the digits of the port, of any number and perhaps none, or `None` without a `:`.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::check_host;
    ///
    /// assert_eq!(check_host(b"a:080")?.port(), Some("080"));
    /// assert_eq!(check_host(b"a:")?.port(), Some(""));
    /// assert_eq!(check_host(b"a")?.port(), None);
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub const fn port(&self) -> Option<&'a str> {
        let (start, end) = (self.host_end, offset(self.text.len()));
        if start == end { None } else { Some(slice(self.text, start + 1, end)) }
    }

    /// Returns the port as a number, or `None` where the port is absent or empty.
    ///
    /// # Errors
    ///
    /// [`UriErrorKind::PortOutOfRange`] for a number above 65535. The offset counts from the start of
    /// the authority.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::check_host;
    ///
    /// assert_eq!(check_host(b"a:8080")?.port_u16(), Ok(Some(8080)));
    /// assert_eq!(check_host(b"a:")?.port_u16(), Ok(None));
    /// assert!(check_host(b"a:65536")?.port_u16().is_err());
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn port_u16(&self) -> Result<Option<u16>, UriError> {
        match self.port() {
            None | Some("") => Ok(None),
            Some(digits) => digits.parse().map(Some).map_err(|_| {
                let start = self.text.len() - digits.len();
                UriError::new(UriErrorKind::PortOutOfRange, self.text.as_bytes(), start)
            }),
        }
    }
}

impl fmt::Display for Authority<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

/// Shows the authority with `***` in the place of a password.
impl fmt::Debug for Authority<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authority(\"")?;
        match self.password_span() {
            Some(password) => write_masked(f, self.text, password)?,
            None => f.write_str(self.text)?,
        }
        f.write_str("\")")
    }
}

impl Authority<'_> {
    /// Where the host lies.
    pub(super) const fn host_span(&self) -> (u32, u32) {
        (self.host_start, self.host_end)
    }

    /// Where the password lies.
    pub(super) fn password_span(&self) -> Option<Range<usize>> {
        let end = self.userinfo()?.len();
        Some(end - self.password()?.len()..end)
    }
}

/// Checks the value of a `Host` field.
///
/// ```abnf
/// Host     = uri-host [ ":" port ]   ; RFC 9110 §7.2
/// uri-host = host                    ; RFC 3986 §3.2.2
/// port     = *DIGIT                  ; RFC 3986 §3.2.3
/// ```
///
/// An empty value is right: a client sends it when the target has no authority. Whether the port is a
/// number that fits is the question of [`Authority::port_u16`].
///
/// # Errors
///
/// Whatever an authority may not hold, user information
/// ([`ForbiddenUserinfo`](UriErrorKind::ForbiddenUserinfo)) and a port without a host
/// ([`MissingHost`](UriErrorKind::MissingHost)).
///
/// # Examples
///
/// ```
/// use nethttp::uri::{Host, UriErrorKind, check_host};
///
/// assert_eq!(check_host(b"example.org:8080")?.port_u16(), Ok(Some(8080)));
/// assert_eq!(check_host(b"a, b").map_err(|error| error.kind()), Err(UriErrorKind::InvalidHost));
/// # Ok::<(), nethttp::uri::UriError>(())
/// ```
pub fn check_host(value: &[u8]) -> Result<Authority<'_>, UriError> {
    if value.len() > MAX_LEN {
        return Err(UriError::new(UriErrorKind::TooLong, value, MAX_LEN));
    }
    let spans = scan(value, 0)?;
    if spans.end != value.len() {
        return Err(UriError::new(UriErrorKind::InvalidHost, value, spans.end));
    }
    spans.forbid_userinfo(value)?;
    if spans.host_end == 0 && !value.is_empty() {
        return Err(UriError::new(UriErrorKind::MissingHost, value, 0));
    }
    Ok(Authority::new(ascii(value), 0, offset(spans.host_end)))
}

/// Where the parts of an authority lie in the text that holds it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spans {
    pub(super) start: usize,
    pub(super) host_start: usize,
    pub(super) host_end: usize,
    pub(super) end: usize,
}

impl Spans {
    pub(super) fn forbid_userinfo(self, text: &[u8]) -> Result<(), UriError> {
        if self.host_start == self.start {
            return Ok(());
        }
        Err(UriError::new(UriErrorKind::ForbiddenUserinfo, text, self.host_start - 1))
    }
}

/// Reads the authority that starts at `start` and ends before the next `/`, `?` or `#`.
///
/// Most are read in one pass, without a look for their end; what is wrong is told by a second one.
pub(super) const fn scan(text: &[u8], start: usize) -> Result<Spans, UriError> {
    if let Some(spans) = host_and_port(text, start, start) {
        return Ok(spans);
    }
    let end = start + escaped_prefix_len(Class::USERINFO, tail(text, start));
    if let [b'@', ..] = tail(text, end)
        && let Some(spans) = host_and_port(text, start, end + 1)
    {
        return Ok(spans);
    }
    scan_carefully(text, start)
}

/// Reads a host without escapes, and its port; `None` where there is more to the authority.
#[inline]
const fn host_and_port(text: &[u8], start: usize, host_start: usize) -> Option<Spans> {
    let host = tail(text, host_start);
    let port = match host {
        [b'[', ..] => match ip_literal(text, host_start + 1) {
            Ok(end) => tail(text, end),
            Err(_) => return None,
        },
        _ => Class::REG_NAME.skip(host),
    };
    let rest = match port {
        [b':', digits @ ..] => Class::DIGIT.skip(digits),
        _ => port,
    };
    if !matches!(rest, [] | [b'/' | b'?' | b'#', ..]) {
        return None;
    }
    let (host_end, end) = (text.len() - port.len(), text.len() - rest.len());
    Some(Spans { start, host_start, host_end, end })
}

/// As [`scan`], one part after the other, for authorities with escapes and those that are wrong.
const fn scan_carefully(text: &[u8], start: usize) -> Result<Spans, UriError> {
    let authority = up_to_delimiter(text, start);
    let host_start = match userinfo(authority, start) {
        Ok(host_start) => host_start,
        Err(error) => return Err(error),
    };
    let host_end = match host(authority, host_start) {
        Ok(host_end) => host_end,
        Err(error) => return Err(error),
    };
    match port(authority, host_end) {
        Ok(()) => Ok(Spans { start, host_start, host_end, end: authority.len() }),
        Err(error) => Err(error),
    }
}

/// The text up to the first `/`, `?` or `#` from `start` on.
const fn up_to_delimiter(text: &[u8], start: usize) -> &[u8] {
    let mut rest = tail(text, start);
    loop {
        rest = match rest {
            [] | [b'/' | b'?' | b'#', ..] => break,
            [_, rest @ ..] => rest,
        };
    }
    match text.split_at_checked(text.len() - rest.len()) {
        Some((authority, _)) => authority,
        None => text,
    }
}

/// `userinfo = *( unreserved / pct-encoded / sub-delims / ":" )`. Returns where the host starts.
///
/// `text` ends with the authority, here and below.
const fn userinfo(text: &[u8], start: usize) -> Result<usize, UriError> {
    let mut rest = tail(text, start);
    loop {
        rest = match rest {
            [] => return Ok(start),
            [b'@', ..] => break,
            [_, rest @ ..] => rest,
        };
    }
    let end = start + escaped_prefix_len(Class::USERINFO, tail(text, start));
    match tail(text, end) {
        [b'@', ..] => Ok(end + 1),
        _ => Err(UriError::unexpected(UriErrorKind::InvalidUserinfo, text, end)),
    }
}

/// `reg-name = *( unreserved / pct-encoded / sub-delims )`, of which an IPv4 address is a case.
/// Returns where the host ends: at a `:` or at the end.
const fn host(text: &[u8], start: usize) -> Result<usize, UriError> {
    if let [b'[', ..] = tail(text, start) {
        return ip_literal(text, start + 1);
    }
    let end = start + escaped_prefix_len(Class::REG_NAME, tail(text, start));
    match tail(text, end) {
        [] | [b':', ..] => Ok(end),
        _ => Err(UriError::unexpected(UriErrorKind::InvalidHost, text, end).hint_host_name()),
    }
}

/// ```abnf
/// IP-literal = "[" ( IPv6address / IPv6addrz / IPvFuture ) "]"             ; RFC 6874 §2
/// IPv6addrz  = IPv6address "%25" ZoneID
/// ZoneID     = 1*( unreserved / pct-encoded )
/// IPvFuture  = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )
/// ```
///
/// `start` is after the `[`. Returns the index after the `]`.
const fn ip_literal(text: &[u8], start: usize) -> Result<usize, UriError> {
    let rest = match tail(text, start) {
        [b'v' | b'V', version @ ..] => ip_future(version),
        literal => match ip::ipv6(literal) {
            Ok(rest) => zone(rest),
            wrong => wrong,
        },
    };
    match rest {
        Ok([b']', rest @ ..]) => Ok(text.len() - rest.len()),
        Ok(rest) | Err(rest) => {
            Err(UriError::new(UriErrorKind::InvalidIpLiteral, text, text.len() - rest.len()))
        }
    }
}

/// Reads what follows the `v`; the error is what starts with the wrong byte, here and below.
const fn ip_future(version: &[u8]) -> Result<&[u8], &[u8]> {
    let rest = Class::HEXDIG.skip(version);
    match rest {
        [b'.', address @ ..] if rest.len() < version.len() => {
            let rest = Class::USERINFO.skip(address);
            if rest.len() < address.len() { Ok(rest) } else { Err(rest) }
        }
        _ => Err(rest),
    }
}

/// Reads a zone, if there is one.
const fn zone(text: &[u8]) -> Result<&[u8], &[u8]> {
    let [b'%', b'2', b'5', zone @ ..] = text else {
        return Ok(text);
    };
    let rest = tail(zone, escaped_prefix_len(Class::UNRESERVED, zone));
    if rest.len() < zone.len() { Ok(rest) } else { Err(rest) }
}

/// `port = *DIGIT`, after a `:`; `start` is where the host ends.
const fn port(text: &[u8], start: usize) -> Result<(), UriError> {
    let digits = match tail(text, start) {
        [] => return Ok(()),
        [b':', digits @ ..] => digits,
        // Only a `]` leaves another byte behind it.
        _ => return Err(UriError::unexpected(UriErrorKind::InvalidHost, text, start)),
    };
    let rest = Class::DIGIT.skip(digits);
    if rest.is_empty() {
        return Ok(());
    }
    Err(UriError::unexpected(UriErrorKind::InvalidPort, text, text.len() - rest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::String;
    use alloc::vec;
    use alloc::vec::Vec;
    use core::net::Ipv6Addr;

    #[track_caller]
    fn host_is(value: &str, expected: Host<'_>) {
        assert_eq!(check_host(value.as_bytes()).unwrap().host(), expected, "{value}");
    }

    #[track_caller]
    fn refuses(value: &str, kind: UriErrorKind, offset: usize) {
        let error = check_host(value.as_bytes()).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, offset), "{value}");
    }

    #[test]
    fn splits_an_authority() {
        let text = "u:p%40@[::1%25e%20h]:080";
        let spans = scan(text.as_bytes(), 0).unwrap();
        let authority = Authority::new(text, offset(spans.host_start), offset(spans.host_end));
        assert_eq!(authority.userinfo(), Some("u:p%40"));
        assert_eq!(authority.host_str(), "[::1%25e%20h]");
        assert_eq!(authority.host(), Host::Ipv6(Ipv6Addr::LOCALHOST, Some("e%20h")));
        assert_eq!(authority.port(), Some("080"));
        assert_eq!(authority.port_u16(), Ok(Some(80)));
        assert_eq!(authority.as_str(), text);
    }

    #[test]
    fn debug_hides_the_password() {
        for (text, expected) in [
            ("http://a:a@a", "Authority(\"a:***@a\")"),
            ("http://:@a", "Authority(\":***@a\")"),
            ("http://a@a:1", "Authority(\"a@a:1\")"),
            ("http://a:1", "Authority(\"a:1\")"),
        ] {
            let uri = crate::uri::Uri::parse(text).unwrap();
            assert_eq!(format!("{:?}", uri.authority().unwrap()), expected);
        }
    }

    #[test]
    fn accepts_host_values() {
        for value in
            ["", "a", "a:", "a:80", "A-b.c_~!$&'()*+,;=", "%41:1", "a:99999", "[::1]", "[::1]:8"]
        {
            assert_eq!(check_host(value.as_bytes()).map(|host| host.as_str()), Ok(value));
        }
    }

    #[test]
    fn refuses_host_values() {
        use UriErrorKind::*;
        refuses("a b", InvalidHost, 1);
        refuses("a/b", InvalidHost, 1);
        refuses("a?b", InvalidHost, 1);
        refuses("a#b", InvalidHost, 1);
        refuses("u@a", ForbiddenUserinfo, 1);
        refuses("@a", ForbiddenUserinfo, 0);
        refuses("a, b", InvalidHost, 2);
        refuses("a:99999x", InvalidPort, 7);
        refuses("a:1:2", InvalidPort, 3);
        refuses("::1", InvalidPort, 1);
        refuses(":80", MissingHost, 0);
        refuses(":", MissingHost, 0);
        refuses("a%4g", InvalidPercent, 1);
        refuses("a:%31", InvalidPercent, 2);
        refuses("a\\b", Backslash, 1);
        refuses("\u{e4}", NonAscii, 0);
        refuses("u@v@a", InvalidHost, 3);
        refuses("http://a", InvalidHost, 5);
    }

    #[test]
    fn a_dotted_quad_is_ipv4_only_in_the_strict_form() {
        for text in ["0.0.0.0", "127.0.0.1", "255.255.255.255", "1.22.199.249"] {
            host_is(text, Host::Ipv4(text.parse().unwrap()));
        }
        for text in [
            "127.0.0.01",
            "256.0.0.1",
            "1.2.3",
            "1.2.3.4.",
            "1.2.3.4.5",
            "0x7f.1",
            "2130706433",
            "1.2.3.%34",
            "1.2.3.-4",
            "1..3.4",
            "00.0.0.0",
            "1.2.3.4a",
        ] {
            host_is(text, Host::Name(text));
        }
    }

    #[test]
    fn accepts_ipv6_with_the_gap_at_every_place() {
        for before in 0..=8usize {
            for after in 0..=8usize {
                for quad in [false, true] {
                    let mut tail = vec!["a"; after];
                    if quad {
                        tail.push("1.2.3.4");
                    }
                    let groups = before + after + if quad { 2 } else { 0 };
                    let text = format!("[{}::{}]", vec!["01Ff"; before].join(":"), tail.join(":"));
                    let expected = groups <= 7;
                    assert_eq!(check_host(text.as_bytes()).is_ok(), expected, "{text}");
                    if expected {
                        assert!(
                            matches!(check_host(text.as_bytes()).unwrap().host(), Host::Ipv6(..)),
                            "{text}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn without_a_gap_ipv6_has_eight_groups() {
        for groups in 0..=10usize {
            let text: Vec<&str> = vec!["0"; groups];
            let text = format!("[{}]", text.join(":"));
            assert_eq!(check_host(text.as_bytes()).is_ok(), groups == 8, "{text}");
            let text = text.replace(']', if groups == 0 { "1.2.3.4]" } else { ":1.2.3.4]" });
            assert_eq!(check_host(text.as_bytes()).is_ok(), groups == 6, "{text}");
        }
    }

    #[test]
    fn refuses_malformed_ip_literals() {
        for literal in [
            "",
            ":",
            ":::",
            "1::2::3",
            "12345::",
            "::g",
            "1:2:3:4:5:6:7:8::",
            ":1::",
            "1::2:",
            "::1.2.3",
            "::1.2.3.4.5",
            "::01.2.3.4",
            "::256.2.3.4",
            "1.2.3.4::",
            "1.2.3.4",
            "::1.2.3.4:5",
            " ::1",
            "::1 ",
            "::1/64",
            "::1%",
            "::1%2",
            "::1%25",
            "::1%eth0",
            "::1%25a/",
            "::1%25%",
            "::1%25%4",
            "::1%25a:b",
            "v",
            "v1",
            "v1.",
            "v.a",
            "vg.a",
            "v1.a/",
            "v1.%41",
            "v1.[",
            "x1.a",
        ] {
            let text = format!("[{literal}]");
            let error = check_host(text.as_bytes()).unwrap_err();
            assert!(
                matches!(error.kind(), UriErrorKind::InvalidIpLiteral | UriErrorKind::InvalidHost),
                "{text} {error}"
            );
        }
        refuses("[::1", UriErrorKind::InvalidIpLiteral, 4);
        refuses("[::1]a", UriErrorKind::InvalidHost, 5);
        refuses("[::1]]", UriErrorKind::InvalidHost, 5);
        refuses("[[::1]]", UriErrorKind::InvalidIpLiteral, 1);
        refuses("a[::1]", UriErrorKind::InvalidHost, 1);
        refuses("[::1%25]", UriErrorKind::InvalidIpLiteral, 7);
        refuses("[::1%eth0]", UriErrorKind::InvalidIpLiteral, 4);
        refuses("[1:2]", UriErrorKind::InvalidIpLiteral, 4);
        refuses("[v1.a b]", UriErrorKind::InvalidIpLiteral, 5);
        refuses("[v1x]", UriErrorKind::InvalidIpLiteral, 3);
    }

    #[test]
    fn accepts_zones_and_addresses_to_come() {
        let address: Ipv6Addr = "fe80::1".parse().unwrap();
        host_is("[fe80::1%25eth0]", Host::Ipv6(address, Some("eth0")));
        host_is("[FE80::1%2525]", Host::Ipv6(address, Some("25")));
        host_is("[fe80::1%25%25]", Host::Ipv6(address, Some("%25")));
        host_is("[v1.a]", Host::IpvFuture("v1.a"));
        host_is("[VfF.a:~!$&'()*+,;=]", Host::IpvFuture("VfF.a:~!$&'()*+,;="));
    }

    #[test]
    fn a_host_shows_as_it_stands_in_a_uri() {
        for (value, expected) in [
            ("[0:0::1]", "[::1]"),
            ("[FE80::1%25e]", "[fe80::1%25e]"),
            ("[v1.a]", "[v1.a]"),
            ("1.2.3.4", "1.2.3.4"),
            ("Ab", "Ab"),
        ] {
            let shown: String = format!("{}", check_host(value.as_bytes()).unwrap().host());
            assert_eq!(shown, expected);
        }
    }

    #[test]
    fn ports_are_read_whatever_their_zeros() {
        for (value, expected) in [
            ("a", Ok(None)),
            ("a:", Ok(None)),
            ("a:0", Ok(Some(0))),
            ("a:000000080", Ok(Some(80))),
            ("a:65535", Ok(Some(65535))),
        ] {
            assert_eq!(check_host(value.as_bytes()).unwrap().port_u16(), expected);
        }
        let error = check_host(b"a:99999999999999999999").unwrap().port_u16().unwrap_err();
        assert_eq!((error.kind(), error.offset()), (UriErrorKind::PortOutOfRange, 2));
    }
}
