//! How a `Set-Cookie` field is read: 6265bis §5.6, and RFC 6265 §5.2 where it differs.

use nethttp::cookie::{
    CookieErrorKind as Kind, MAX_PAIR_LEN, Prefix, Profile, SameSite, SetCookie,
};

/// Writes name and value in brackets, and what counts of the attributes.
fn show(cookie: &SetCookie<'_>) -> String {
    let escape = |&octet: &u8| match octet {
        b'"' | b'\\' => char::from(octet).to_string(),
        _ => octet.escape_ascii().to_string(),
    };
    let text = |bytes: &[u8]| bytes.iter().map(escape).collect::<String>();
    let mut shown = format!("[{}][{}]", text(cookie.name()), text(cookie.value()));
    let mut add = |part: String| {
        shown.push(' ');
        shown.push_str(&part);
    };
    cookie.expires().into_iter().for_each(|it| add(format!("expires={}", it.unix())));
    cookie.max_age().into_iter().for_each(|it| add(format!("max-age={it}")));
    cookie.domain().into_iter().for_each(|it| add(format!("domain={}", text(it))));
    cookie.path().into_iter().for_each(|it| add(format!("path={}", text(it))));
    cookie.same_site().into_iter().for_each(|it| add(format!("same-site={it}")));
    for (is, name) in [
        (cookie.is_secure(), "secure"),
        (cookie.is_http_only(), "http-only"),
        (cookie.is_partitioned(), "partitioned"),
    ] {
        if is {
            add(name.into());
        }
    }
    shown
}

#[track_caller]
fn reads_as(line: impl AsRef<[u8]>, profile: Profile, expected: &str) {
    let line = line.as_ref();
    let cookie = SetCookie::parse_as(line, profile);
    let shown = cookie.as_ref().map_or_else(ToString::to_string, show);
    assert_eq!(shown, expected, "{} by {profile:?}", line.escape_ascii());
}

/// By both texts.
#[track_caller]
fn reads(line: impl AsRef<[u8]>, expected: &str) {
    reads_as(line.as_ref(), Profile::Rfc6265bis, expected);
    reads_as(line.as_ref(), Profile::Rfc6265, expected);
}

/// By 6265bis, and by RFC 6265.
#[track_caller]
fn differs(line: impl AsRef<[u8]>, by_6265bis: &str, by_rfc_6265: &str) {
    reads_as(line.as_ref(), Profile::Rfc6265bis, by_6265bis);
    reads_as(line.as_ref(), Profile::Rfc6265, by_rfc_6265);
}

/// By both texts, with the kind and the place.
#[track_caller]
fn refuses(line: impl AsRef<[u8]>, kind: Kind, offset: usize) {
    for profile in [Profile::Rfc6265bis, Profile::Rfc6265] {
        refuses_as(line.as_ref(), profile, kind, offset);
    }
}

#[track_caller]
fn refuses_as(line: impl AsRef<[u8]>, profile: Profile, kind: Kind, offset: usize) {
    let line = line.as_ref();
    let error = SetCookie::parse_as(line, profile).map(|cookie| show(&cookie)).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (kind, offset), "{}", line.escape_ascii());
}

// 6265bis §5.6, step 1.

#[test]
fn refuses_every_control_but_the_tab_wherever_it_stands() {
    for octet in (0..0x20).chain([0x7f]).filter(|&octet| octet != b'\t') {
        for (before, after) in
            [("", "a=b"), ("a", "=b"), ("a=b", ""), ("a=b; Path=/", "; x"), ("a=b; x=", "")]
        {
            let line = [before.as_bytes(), &[octet], after.as_bytes()].concat();
            refuses(&line, Kind::Control(octet), before.len());
        }
    }
}

#[test]
fn names_the_first_control_of_several() {
    refuses("a=b\x01\0", Kind::Control(1), 3);
    refuses("a=b; x=\r\n", Kind::Control(b'\r'), 7);
    refuses("\n", Kind::Control(b'\n'), 0);
}

#[test]
fn takes_the_tab() {
    reads("a=b\tc", "[a][b\\tc]");
    reads("a=b; Path=/\tx", "[a][b] path=/\\tx");
    reads("\ta\t=\tb\t;\tSecure\t", "[a][b] secure");
}

#[test]
fn takes_bytes_beyond_ascii() {
    reads(b"\x80=\xff", "[\\x80][\\xff]");
    reads("naïve=ünï; Path=/ö", "[na\\xc3\\xafve][\\xc3\\xbcn\\xc3\\xaf] path=/\\xc3\\xb6");
    reads("a=\u{a0}b\u{a0}", "[a][\\xc2\\xa0b\\xc2\\xa0]");
    reads(b"a=\x85", "[a][\\x85]");
}

// Step 2.

#[test]
fn every_semicolon_ends_something() {
    reads("a=b;c=d", "[a][b]");
    reads("a=b;", "[a][b]");
    reads("a=b;;;", "[a][b]");
    reads("a=b;;Secure;;HttpOnly;;", "[a][b] secure http-only");
    reads("a=\"b;Secure\"", "[a][\"b]");
    reads("a=\"b; Secure; c\"", "[a][\"b] secure");
    reads("a=b\\; Secure", "[a][b\\] secure");
    reads("a=(b; Path=/)", "[a][(b] path=/)");
}

#[test]
fn a_comma_ends_nothing() {
    reads("a=b, c=d", "[a][b, c=d]");
    reads("a=b; Path=/, c=d", "[a][b] path=/, c=d");
    reads("a=b; Secure, c=d", "[a][b]");
    reads("a,b=c", "[a,b][c]");
}

// Step 3.

#[test]
fn the_first_equals_sign_ends_the_name() {
    reads("a=b=c", "[a][b=c]");
    reads("a==", "[a][=]");
    reads("a = = b", "[a][= b]");
    reads("a=b; Path=/=x=", "[a][b] path=/=x=");
}

#[test]
fn without_a_name() {
    let empty = "expected a name at byte 0";
    differs("=b", "[][b]", empty);
    differs(" = b", "[][b]", empty);
    differs("==b", "[][=b]", empty);
    differs("=a=b", "[][a=b]", empty);
    differs("=b; Secure", "[][b] secure", empty);
    differs("b", "[][b]", "expected '=' between name and value at byte 1");
    differs(" b c ; Path=/", "[][b c] path=/", "expected '=' between name and value at byte 5");
    differs("\"b\"", "[][\"b\"]", "expected '=' between name and value at byte 3");
}

#[test]
fn without_a_value() {
    reads("a=", "[a][]");
    reads("a = ", "[a][]");
    reads("a=; Path=/", "[a][] path=/");
    reads("a=\"\"", "[a][\"\"]");
}

#[test]
fn without_both() {
    for line in ["", " ", "\t", ";", "; Secure", " ;a=b"] {
        refuses_as(line, Profile::Rfc6265bis, Kind::Empty, 0);
        let end = line.find(';').unwrap_or(line.len());
        refuses_as(line, Profile::Rfc6265, Kind::Equals, end);
    }
    for line in ["=", " = ", "=;", "\t=\t; Secure"] {
        refuses_as(line, Profile::Rfc6265bis, Kind::Empty, 0);
        refuses_as(line, Profile::Rfc6265, Kind::Name, 0);
    }
}

#[test]
fn by_rfc_6265_a_missing_sign_is_not_looked_for_behind_a_semicolon() {
    differs("b; c=d", "[][b]", "expected '=' between name and value at byte 1");
    differs(
        "; c=d",
        "expected a name or a value at byte 0",
        "expected '=' between name and value at byte 0",
    );
}

// Step 4.

#[test]
fn whitespace_around_goes_and_within_stays() {
    reads("  a  =  b  ", "[a][b]");
    reads(" \t a b \t = \t c \t d \t ", "[a b][c \\t d]");
    reads("a=\" b \"", "[a][\" b \"]");
    reads("a=b ;  Path  =  /x y  ;  Secure  ", "[a][b] path=/x y secure");
    // Other whitespace is none.
    reads("a=\u{2003}b", "[a][\\xe2\\x80\\x83b]");
}

#[test]
fn nothing_is_decoded() {
    reads("a=%62%3B", "[a][%62%3B]");
    reads("%61=b", "[%61][b]");
    reads("a=b+c&amp;", "[a][b+c&amp]");
    reads("$a=b", "[$a][b]");
    reads("Path=/", "[Path][/]");
    reads("Secure=; HttpOnly", "[Secure][] http-only");
}

// Step 5.

#[test]
fn name_and_value_have_4096_bytes_together() {
    assert_eq!(MAX_PAIR_LEN, 4096);
    for (name, value, is_cookie) in [
        (1, 4094, true),
        (1, 4095, true),
        (1, 4096, false),
        (4095, 0, true),
        (4096, 0, true),
        (4097, 0, false),
        (2048, 2048, true),
        (2048, 2049, false),
        (2049, 2048, false),
        (100_000, 100_000, false),
    ] {
        let line = "n".repeat(name) + "=" + &"v".repeat(value);
        for profile in [Profile::Rfc6265bis, Profile::Rfc6265] {
            let cookie = SetCookie::parse_as(line.as_bytes(), profile);
            assert_eq!(cookie.is_ok(), is_cookie, "{name} and {value} by {profile:?}");
            if let Err(error) = cookie {
                assert_eq!((error.kind(), error.offset()), (Kind::TooLong(4096), name + 1));
            }
        }
    }
}

#[test]
fn what_is_not_name_or_value_has_no_part_in_the_length() {
    let pad = " ".repeat(5000);
    let line =
        format!("{pad}a{pad}={pad}{}{pad};{pad}x{pad}={}", "v".repeat(4095), "y".repeat(9000));
    let cookie = SetCookie::parse(line.as_bytes()).unwrap();
    assert_eq!((cookie.name(), cookie.value().len()), (&b"a"[..], 4095));
}

#[test]
fn a_value_without_a_name_has_4096_bytes() {
    for (len, is_cookie) in [(4095, true), (4096, true), (4097, false)] {
        let value = "v".repeat(len);
        assert_eq!(SetCookie::parse(value.as_bytes()).is_ok(), is_cookie, "{len}");
        let value = "=".to_owned() + &value;
        assert_eq!(SetCookie::parse(value.as_bytes()).is_ok(), is_cookie, "{len} behind =");
    }
}

// Step 6 and the attributes.

#[test]
fn attributes_have_names_without_case() {
    reads(
        "a=b; pAtH=/; dOmAiN=x; sEcUrE; hTtPoNlY; mAx-AgE=1; sAmEsItE=lAx; pArTiTiOnEd",
        "[a][b] max-age=1 domain=x path=/ same-site=Lax secure http-only partitioned",
    );
}

#[test]
fn what_is_no_attribute_is_nothing() {
    reads("a=b; Sécure; Secur; Securee; \"Secure\"; Secure x; Http-Only; Max Age=1", "[a][b]");
    reads("a=b; =Secure; =; =Path=/; Version=1; Comment=x; foo", "[a][b]");
    reads("a=b; Path/x; Path:/x", "[a][b]");
}

#[test]
fn unknown_attributes_can_be_asked_for() {
    let line = b" a=b ; Priority = High ;; x=1; X=2; Secure; =; =y; z ; Max-Age=nonsense; Path=x";
    let cookie = SetCookie::parse(line).unwrap();
    let expected = [
        ("Priority", "High"),
        ("x", "1"),
        ("X", "2"),
        ("Secure", ""),
        ("", "y"),
        ("z", ""),
        ("Max-Age", "nonsense"),
        ("Path", "x"),
    ];
    let expected = expected.map(|(name, value)| (name.as_bytes(), value.as_bytes()));
    assert_eq!(cookie.attributes().collect::<Vec<_>>(), expected);
    for (name, value) in [("x", Some("2")), ("PATH", Some("x")), ("secure", Some("")), ("y", None)]
    {
        assert_eq!(cookie.attribute(name), value.map(str::as_bytes), "{name}");
    }
}

// §5.6.1

#[test]
fn expires() {
    reads("a=b; Expires=Thu, 01 Jan 1970 00:00:07 GMT", "[a][b] expires=7");
    reads("a=b; expires = Sun, 06 Nov 1994 08:49:37 GMT ", "[a][b] expires=784111777");
    reads("a=b; Expires=Fri, 31 Dec 9999 23:59:59 GMT", "[a][b] expires=253402300799");
    for date in
        ["", "0", "-1", "session", "tomorrow", "Thu, 31 Feb 2030 00:00:00 GMT", "1780000000"]
    {
        reads(format!("a=b; Expires={date}"), "[a][b]");
    }
    reads("a=b; Expires", "[a][b]");
}

#[test]
fn the_last_date_that_can_be_read_counts() {
    let (first, second) = ("Thu, 01 Jan 1970 00:00:01 GMT", "Thu, 01 Jan 1970 00:00:02 GMT");
    reads(format!("a=b; Expires={first}; Expires={second}"), "[a][b] expires=2");
    reads(format!("a=b; Expires={second}; Expires={first}"), "[a][b] expires=1");
    reads(format!("a=b; Expires={first}; Expires=never"), "[a][b] expires=1");
    reads(format!("a=b; Expires=never; Expires={second}; Expires"), "[a][b] expires=2");
}

// §5.6.2

#[test]
fn max_age() {
    for (value, expected) in [
        ("0", Some(0)),
        ("-0", Some(0)),
        ("1", Some(1)),
        ("-1", Some(-1)),
        ("007", Some(7)),
        ("-007", Some(-7)),
        ("34560000", Some(34_560_000)),
        ("9223372036854775807", Some(i64::MAX)),
        ("9223372036854775808", Some(i64::MAX)),
        ("99999999999999999999999999", Some(i64::MAX)),
        ("-9223372036854775808", Some(i64::MIN)),
        ("-99999999999999999999999999", Some(i64::MIN)),
        ("", None),
        ("-", None),
        ("--1", None),
        ("+1", None),
        ("1.5", None),
        ("1e3", None),
        ("0x10", None),
        ("1 000", None),
        ("1h", None),
        ("1,000", None),
        ("\"1\"", None),
        ("-1-", None),
        ("1-", None),
        ("٣", None),
    ] {
        let expected = expected.map_or_else(String::new, |age: i64| format!(" max-age={age}"));
        reads(format!("a=b; Max-Age={value}"), &format!("[a][b]{expected}"));
        reads(format!("a=b; Max-Age \t= {value}\t "), &format!("[a][b]{expected}"));
    }
}

#[test]
fn the_last_age_that_is_a_number_counts() {
    reads("a=b; Max-Age=1; Max-Age=2", "[a][b] max-age=2");
    reads("a=b; Max-Age=1; Max-Age=", "[a][b] max-age=1");
    reads("a=b; Max-Age=1; Max-Age", "[a][b] max-age=1");
    reads("a=b; Max-Age=x; Max-Age=2; Max-Age=-", "[a][b] max-age=2");
}

// §5.6.3

#[test]
fn domain() {
    reads("a=b; Domain=example.org", "[a][b] domain=example.org");
    reads("a=b; Domain=.example.org", "[a][b] domain=example.org");
    reads("a=b; Domain=..example.org", "[a][b] domain=.example.org");
    reads("a=b; Domain= .example.org ", "[a][b] domain=example.org");
    reads("a=b; Domain=. example.org", "[a][b] domain= example.org");
    reads("a=b; Domain=example.org.", "[a][b] domain=example.org.");
    reads("a=b; Domain=EXAMPLE.org:80", "[a][b] domain=EXAMPLE.org:80");
    reads("a=b; Domain=\"example.org\"", "[a][b] domain=\"example.org\"");
    reads("a=b; Domain=bücher.example", "[a][b] domain=b\\xc3\\xbccher.example");
    reads("a=b; Domain", "[a][b]");
    reads("a=b; Domain=", "[a][b]");
    reads("a=b; Domain=.", "[a][b]");
    reads("a=b; Domain=..", "[a][b] domain=.");
}

#[test]
fn the_last_domain_counts() {
    reads("a=b; Domain=x; Domain=y", "[a][b] domain=y");
    reads("a=b; Domain=; Domain=y", "[a][b] domain=y");
    reads("a=b; Domain=x; Domain=.", "[a][b]");
    // An empty one is ignored by the one text, and is a domain that is empty by the other.
    differs("a=b; Domain=x; Domain=", "[a][b]", "[a][b] domain=x");
    differs("a=b; Domain=x; Domain", "[a][b]", "[a][b] domain=x");
}

// §5.6.4

#[test]
fn path() {
    reads("a=b; Path=/", "[a][b] path=/");
    reads("a=b; Path=/x/", "[a][b] path=/x/");
    reads("a=b; Path=//x?y#z%2f", "[a][b] path=//x?y#z%2f");
    reads("a=b; Path=/../x", "[a][b] path=/../x");
    reads("a=b; Path=", "[a][b]");
    reads("a=b; Path", "[a][b]");
    reads("a=b; Path=x", "[a][b]");
    reads("a=b; Path=\"/x\"", "[a][b]");
    reads("a=b; Path=%2f", "[a][b]");
    reads("a=b; Path=http://example.org/", "[a][b]");
}

#[test]
fn the_last_path_counts() {
    reads("a=b; Path=/x; Path=/y", "[a][b] path=/y");
    reads("a=b; Path=/x; Path=", "[a][b]");
    reads("a=b; Path=/x; Path=y", "[a][b]");
    reads("a=b; Path=x; Path=/y", "[a][b] path=/y");
}

// §5.6.5 and §5.6.6

#[test]
fn flags_have_no_value_that_counts() {
    for value in ["", "=", "=true", "=false", "=0", "=;", " = no "] {
        reads(format!("a=b; Secure{value}"), "[a][b] secure");
        reads(format!("a=b; HttpOnly{value}"), "[a][b] http-only");
        reads(format!("a=b; Partitioned{value}"), "[a][b] partitioned");
    }
    reads("a=b; Secure; Secure; HttpOnly; HttpOnly", "[a][b] secure http-only");
}

// §5.6.7

#[test]
fn same_site() {
    for (value, expected) in [
        ("Strict", Some(SameSite::Strict)),
        ("sTRICT", Some(SameSite::Strict)),
        ("Lax", Some(SameSite::Lax)),
        ("None", Some(SameSite::None)),
        ("NONE", Some(SameSite::None)),
        ("", None),
        ("Default", None),
        ("Lax2", None),
        ("\"Lax\"", None),
        ("Strict, Lax", None),
    ] {
        let cookie = format!("a=b; SameSite={value}");
        let expected = expected.map_or_else(String::new, |it| format!(" same-site={it}"));
        reads(cookie, &format!("[a][b]{expected}"));
    }
    reads("a=b; SameSite", "[a][b]");
    reads("a=b; SameSite=Strict; SameSite=None", "[a][b] same-site=None");
    // An unknown one takes back the one before.
    reads("a=b; SameSite=Strict; SameSite=x", "[a][b]");
}

// Attributes that are too long.

#[test]
fn by_6265bis_an_attribute_has_1024_bytes() {
    for (len, counts) in [(1023, true), (1024, true), (1025, false), (4096, false)] {
        let path = "/".to_owned() + &"p".repeat(len - 1);
        let line = format!("a=b; Path={path}; Domain={}", "d".repeat(len));
        let cookie = SetCookie::parse(line.as_bytes()).unwrap();
        assert_eq!(cookie.path().is_some(), counts, "Path of {len}");
        assert_eq!(cookie.domain().is_some(), counts, "Domain of {len}");
        let cookie = SetCookie::parse_as(line.as_bytes(), Profile::Rfc6265).unwrap();
        assert!(cookie.path().is_some() && cookie.domain().is_some(), "RFC 6265, {len}");
    }
}

#[test]
fn a_long_attribute_leaves_the_one_before_it() {
    let long = "x".repeat(1025);
    let line = format!(
        "a=b; Path=/p; Domain=d; SameSite=Lax; Max-Age=1; \
         Path=/{long}; Domain={long}; SameSite={long}; Max-Age=0{}",
        "1".repeat(1025)
    );
    reads_as(line, Profile::Rfc6265bis, "[a][b] max-age=1 domain=d path=/p same-site=Lax");
}

#[test]
fn a_dot_and_spaces_count_as_the_text_counts_them() {
    // The dot is part of the value, the whitespace around it is not.
    let line = format!("a=b; Domain=   .{}   ", "d".repeat(1023));
    reads_as(&line, Profile::Rfc6265bis, &format!("[a][b] domain={}", "d".repeat(1023)));
    let line = format!("a=b; Domain=.{}", "d".repeat(1024));
    reads_as(&line, Profile::Rfc6265bis, "[a][b]");
}

#[test]
fn flags_with_long_values_are_none() {
    let long = "x".repeat(1025);
    let line = format!("a=b; Secure={long}; HttpOnly={long}");
    reads_as(&line, Profile::Rfc6265bis, "[a][b]");
    reads_as(&line, Profile::Rfc6265, "[a][b] secure http-only");
}

#[test]
fn prefixes_are_seen_in_names_and_where_a_name_is_missing() {
    for (line, prefix) in [
        ("__Secure-a=b", Some(Prefix::Secure)),
        ("__Host-a=b", Some(Prefix::Host)),
        ("__Http-a=b", Some(Prefix::Http)),
        ("__Host-Http-a=b", Some(Prefix::HostHttp)),
        ("__secure-=b", Some(Prefix::Secure)),
        (" __HOST-a =b", Some(Prefix::Host)),
        ("__Host-", Some(Prefix::Host)),
        ("=__host-http-a=b", Some(Prefix::HostHttp)),
        ("= __Secure-a=b", Some(Prefix::Secure)),
        ("a=__Secure-b", None),
        ("__Secure=b", None),
        ("_Secure-=b", None),
        ("\"__Host-a\"=b", None),
        ("==__Host-a", None),
    ] {
        assert_eq!(SetCookie::parse(line.as_bytes()).unwrap().prefix(), prefix, "{line}");
    }
}

#[test]
fn quotes_are_taken_off_by_request_and_only_in_pairs() {
    for (line, unquoted) in [
        ("a=\"b\"", "b"),
        ("a=\"\"", ""),
        ("a=\"", "\""),
        ("a=\"b", "\"b"),
        ("a=b\"", "b\""),
        ("a=\"\"b\"\"", "\"b\""),
        ("a='b'", "'b'"),
        ("a=\"b\\\"c\"", "b\\\"c"),
    ] {
        assert_eq!(
            SetCookie::parse(line.as_bytes()).unwrap().unquoted(),
            unquoted.as_bytes(),
            "{line}"
        );
    }
}

#[test]
fn a_cookie_that_owns_its_text_is_the_same() {
    let line = String::from(" a=b; Path=/x; Domain=d; Max-Age=1; Secure ");
    let cookie = SetCookie::parse(line.as_bytes()).unwrap();
    let owned = cookie.clone().into_owned();
    assert_eq!(owned, cookie);
    assert_eq!(show(&owned), show(&cookie));
    assert_eq!(owned.as_bytes(), line.trim().as_bytes());
}
