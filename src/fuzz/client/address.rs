//! The addresses of proxies.

use std::net::Ipv6Addr;
use std::string::String;
use std::vec::Vec;

use crate::client::Proxy;
use crate::error::ErrorKind;
use crate::uri::Uri;

/// The address of a proxy.
pub(super) fn is_what_it_says(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let read = Proxy::parse(&text);
    match (&read, naive(&text)) {
        (Ok(proxy), Some(expected)) => {
            let host = proxy.host().to_owned();
            assert_eq!(
                (proxy.scheme(), host, proxy.port()),
                (expected.scheme, expected.host, expected.port)
            );
            shows_itself(proxy, expected.login);
        }
        (Err(error), None) => assert_eq!(error.kind(), ErrorKind::Proxy),
        (read, expected) => panic!("{text:?} is {read:?}, not {expected:?}"),
    }
    // Whatever is in the place of the user name and the password, what is shown of the address is the same.
    let shown =
        [1, 2].map(|nth| Proxy::parse(disguised(&text, nth)).map(|proxy| proxy.to_string()));
    assert_eq!(shown[0].as_ref().ok(), shown[1].as_ref().ok());
    let errors = shown.map(|shown| shown.err().map(|error| format!("{error} {error:?}")));
    assert_eq!(errors[0], errors[1]);
}

/// The address alone reads as the same proxy without a login, and the password shows nowhere.
fn shows_itself(proxy: &Proxy, login: Option<(Vec<u8>, Vec<u8>)>) {
    let shown = proxy.to_string().replace('%', "%25");
    let bare = Proxy::parse(&shown).expect("an address that is shown");
    assert_eq!(bare.to_string(), proxy.to_string());
    assert_eq!(bare == *proxy, login.is_none());
    let Some((user, password)) = login else {
        return assert_eq!(format!("{proxy:?}"), format!("Proxy({:?})", proxy.to_string()));
    };
    let logged_in = |password: &[u8]| bare.clone().credentials(&user, password).expect("a login");
    assert_eq!(logged_in(&password), *proxy);
    let other = [&password[..password.len().min(200)], b"x"].concat();
    assert!(logged_in(&other) != *proxy);
    assert_eq!(format!("{:?}", logged_in(&other)), format!("{proxy:?}"));
}

#[derive(Debug)]
struct Address {
    scheme: &'static str,
    host: String,
    port: u16,
    login: Option<(Vec<u8>, Vec<u8>)>,
}

/// Takes the text apart from left to right. That it is a URI at all is left to the URI's own reader.
fn naive(text: &str) -> Option<Address> {
    let whole = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    Uri::parse(&whole).ok()?;
    let (scheme, rest) = whole.split_once("://")?;
    let (scheme, default) = match scheme.to_ascii_lowercase().as_str() {
        "http" => ("http", "80"),
        "https" => ("https", "443"),
        "socks5" => ("socks5", "1080"),
        "socks5h" => ("socks5h", "1080"),
        _ => return None,
    };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    if rest.contains(['/', '?', '#']) {
        return None;
    }
    let (userinfo, address) = rest.split_once('@').unwrap_or(("", rest));
    let bracket = address.find(']').map_or(0, |end| end + 1);
    let colon = address[bracket..].find(':').map_or(address.len(), |colon| bracket + colon);
    let port = address[colon..].trim_start_matches(':');
    let port = if port.is_empty() { default } else { port };
    let port = port.parse().ok().filter(|&port| port > 0)?;
    let host = host(&address[..colon])?;
    let login = match userinfo.split_once(':').unwrap_or((userinfo, "")) {
        _ if userinfo.is_empty() => None,
        (user, password) => Some((decoded(user)?, decoded(password)?)),
    };
    if let Some((user, password)) = &login {
        let is_text = user.iter().chain(password).all(|octet| !octet.is_ascii_control());
        let is_short = !user.is_empty() && user.len() < 256 && password.len() < 256;
        if !is_text || user.contains(&b':') || scheme.starts_with("socks") && !is_short {
            return None;
        }
    }
    Some(Address { scheme, host, port, login })
}

/// A host as a resolver takes it, if it takes it in one way.
fn host(text: &str) -> Option<String> {
    if let Some(literal) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        let (address, zone) = literal.split_once("%25").unwrap_or((literal, ""));
        let address: Ipv6Addr = address.parse().ok()?;
        let zone = String::from_utf8(decoded(zone)?).ok()?;
        let is_name =
            zone.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"-._~".contains(&octet));
        let is_bare = !literal.contains('%');
        return is_name
            .then(|| if is_bare { address.to_string() } else { format!("{address}%{zone}") });
    }
    if text.is_empty() || text.contains('%') {
        return None;
    }
    let last = text.strip_suffix('.').unwrap_or(text).rsplit('.').next()?;
    let lower = last.to_ascii_lowercase();
    let is_decimal = !last.is_empty() && last.bytes().all(|octet| octet.is_ascii_digit());
    let is_hex = lower
        .strip_prefix("0x")
        .is_some_and(|hex| hex.bytes().all(|octet| octet.is_ascii_hexdigit()));
    let is_address = text.parse::<std::net::Ipv4Addr>().is_ok();
    (is_address || !is_decimal && !is_hex).then(|| text.to_owned())
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut octets = text.bytes();
    let mut decoded = Vec::new();
    while let Some(octet) = octets.next() {
        let mut digit = || char::from(octets.next()?).to_digit(16);
        decoded.push(match octet {
            b'%' => u8::try_from(digit()? * 16 + digit()?).ok()?,
            octet => octet,
        });
    }
    Some(decoded)
}

/// Other letters and digits in the place of the user information, but for those of escapes.
fn disguised(text: &str, nth: u8) -> String {
    let start = text.find("://").map_or(0, |colon| colon + 3);
    let Some(at) = text[start..].rfind('@').map(|at| start + at) else {
        return text.to_owned();
    };
    let mut escaped = 0;
    let mut disguise = |c: char| {
        escaped = if c == '%' { 3 } else { escaped };
        if escaped > 0 {
            escaped -= 1;
            return c;
        }
        match c {
            '0'..='9' => char::from(b'0' + nth),
            'a'..='z' | 'A'..='Z' => char::from(b'p' + nth),
            c => c,
        }
    };
    let hidden: String = text[start..at].chars().map(&mut disguise).collect();
    [&text[..start], &hidden, &text[at..]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(600))]

        #[test]
        fn holds_for_what_looks_like_an_address(
            text in "((http|https|socks5|SOCKS5h|socks|ftp)://)?\
                ([a%41:]{0,4}|u:p|%0a|%zz|é)?@?\
                (a|A[.]b[.]|1[.]2[.]3[.]4|127[.]1|0x7f|\\[::1\\]|\\[fe80::1%25e%41\\]|\\[v1[.]a\\]|a%41|)\
                (:|:0|:80|:65536|:x)?(/|//|/a|[?]|#)?\\PC{0,1}"
        ) {
            is_what_it_says(text.as_bytes());
        }
    }
}
