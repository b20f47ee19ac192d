//! What servers really send, and what is made of it.

use nethttp::HeaderMap;
use nethttp::field::auth::{Challenge, Challenges, Credentials};

/// The lines of a response give these challenges: by scheme, with what stands behind it written anew.
#[track_caller]
fn gives(lines: &[&str], expected: &[&str]) {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append("WWW-Authenticate", line).unwrap();
    }
    let challenges = Challenges::from_headers(&headers);
    let found: Vec<String> = challenges.iter().map(Challenge::to_string).collect();
    assert_eq!(found, expected);
}

/// A line is what the grammar allows, and stays as it was written.
#[track_caller]
fn stays(line: &str) {
    let challenges = Challenges::parse(line.as_bytes()).unwrap();
    assert_eq!(challenges.to_string(), line);
    let texts: Vec<String> = challenges.iter().map(Challenge::to_string).collect();
    gives(&[line], &texts.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn the_examples_of_the_rfcs() {
    // RFC 9110 §11.6.1, 7617 §2 and §2.1, 6750 §3, 7616 §3.9.1, 4559 §4.2.
    stays(r#"Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"""#);
    stays(r#"Basic realm="WallyWorld""#);
    stays(r#"Basic realm="foo", charset="UTF-8""#);
    stays(r#"Bearer realm="example""#);
    stays(
        r#"Bearer realm="example", error="invalid_token", error_description="The access token expired""#,
    );
    stays(
        r#"Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#,
    );
    stays("Negotiate a87421000492aa874209af8bc028");
}

#[test]
fn what_servers_send() {
    let docker = r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:samalba/my-app:pull,push""#;
    gives(&[docker], &[&docker.replace("\",", "\", ")]);
    gives(&["Negotiate", "NTLM", "Basic realm=\"\""], &["Negotiate", "NTLM", "Basic realm=\"\""]);
    gives(
        &[
            r#"Digest qop="auth",algorithm=MD5-sess,nonce="+Upgraded+v1",charset=utf-8,realm="Digest", Negotiate"#,
        ],
        &[
            r#"Digest qop="auth", algorithm=MD5-sess, nonce="+Upgraded+v1", charset=utf-8, realm="Digest""#,
            "Negotiate",
        ],
    );
    stays(r#"DPoP algs="ES256 PS256", Bearer error="use_dpop_nonce""#);
    stays(r#"PrivateToken challenge="AAIAAA==", token-key="MIIB==""#);
    stays("Basic");
    gives(&["basic realm=test"], &["basic realm=test"]);
    gives(
        &["Basic realm = \"a\" , charset = \"UTF-8\""],
        &["Basic realm=\"a\", charset=\"UTF-8\""],
    );
}

#[test]
fn what_breaks_the_grammar_is_left_out_and_the_rest_is_read() {
    gives(&["Basic realm=my realm, Negotiate"], &["Negotiate"]);
    gives(&["Basic realm=\"a\"; charset=\"UTF-8\", Negotiate"], &["Negotiate"]);
    gives(&["Basic realm='my realm'", "NTLM"], &["NTLM"]);
    gives(&["Basic realm=a realm=b, NTLM"], &["NTLM"]);
    gives(&["Digest realm=\"a\" nonce=\"b\", NTLM"], &["NTLM"]);
    // RFC 7804 §5 writes base64 where only a token or a quoted string may stand.
    gives(&["SCRAM-SHA-256 sid=AAAA, data=cj1mLGk9NDA5Ngo=, NTLM"], &["NTLM"]);
    gives(&["realm=\"a\"", "Basic"], &["Basic"]);
}

#[test]
fn ten_schemes_in_one_line() {
    let line = "A a=b, B, C c==, D d=e, f=\"g, H h=i\", E , J, K k, L l=m,,N , o=p, Q";
    let expected =
        ["A a=b", "B", "C c==", "D d=e, f=\"g, H h=i\"", "E", "J", "K k", "L l=m", "N o=p", "Q"];
    gives(&[line], &expected);
    assert_eq!(Challenges::parse(line.as_bytes()).map(|found| found.len()), Ok(10));
}

#[test]
fn two_challenges_of_one_scheme_stand_side_by_side() {
    gives(
        &["Digest realm=\"a\", nonce=\"b\", algorithm=SHA-256", "Digest realm=\"a\", nonce=\"b\""],
        &["Digest realm=\"a\", nonce=\"b\", algorithm=SHA-256", "Digest realm=\"a\", nonce=\"b\""],
    );
}

#[test]
fn a_realm_in_another_charset_keeps_its_bytes() {
    for (value, text) in [
        (&b"Basic realm=\"caf\xc3\xa9\""[..], "caf\u{e9}"),
        (b"Basic realm=\"caf\xe9\"", "caf\u{fffd}"),
    ] {
        let challenge = Challenge::parse(value).unwrap();
        assert_eq!(challenge.realm().as_deref(), Some(text));
        assert_eq!(challenge.encode(), value);
        assert_eq!(challenge.parameter("realm"), Some(&value[13..value.len() - 1]));
    }
    // No token holds such a byte.
    assert_eq!(Challenge::parse(b"Basic realm=caf\xe9").unwrap_err().offset(), 15);
}

#[test]
fn what_clients_send() {
    for (value, scheme) in [
        ("Basic dXNlcjpwYXNz", "Basic"),
        ("basic dXNlcjo=", "Basic"),
        ("Bearer eyJhbGciOiJIUzI1NiJ9.e30.ZRrHA1JJJW8opsbCGfG_HACGpVUMN_a9IV7pAx_Zmeo", "Bearer"),
        ("token ghp_16C7e42F292c6912E7710c838347Ae178B4a", "token"),
        ("Negotiate YIIJvwYGKwYBBQUCoIIJszCCCa+gJDAi", "Negotiate"),
        ("GNAP 80UPRY5NM33OMUKMKSKU", "GNAP"),
        (
            "OAuth realm=\"Photos\", oauth_consumer_key=\"dpf43f3p2l4k3l03\", oauth_signature=\"MdpQcU8\"",
            "OAuth",
        ),
    ] {
        assert_eq!(
            Credentials::parse(value.as_bytes()).map(|it| it.scheme().to_owned()),
            Ok(scheme.into())
        );
    }
}
