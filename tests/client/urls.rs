//! URLs that the client does not go to.

use crate::server::{Server, ok};
use nethttp::Client;
use nethttp::error::ErrorKind;

#[test]
fn bad_urls_are_refused_without_a_connection() {
    for url in [
        "",
        "http",
        "http:",
        "http://",
        "http:///a",
        "http://a b/",
        "http://e\u{301}/",
        "http://\u{ff41}/",
        "http:\\\\a/",
        "http://a\n.b/",
        "htp://a/",
        "ftp://a/",
        "//a/b",
        "/a/b",
        "localhost:80",
        "127.0.0.1:80",
        "http://127.0.0.1\\@a/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:0/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://127.1/",
        "http://127.0.0.%31/",
        "http://[::1/",
        "http://[::g]/",
    ] {
        let error = nethttp::get(url).send().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Url, "{url}: {error}");
    }
}

#[test]
fn what_is_no_url_of_a_server_is_told_in_its_own_words() {
    let based = Client::builder().base_url("http://127.0.0.1/a/").build().unwrap();
    let port = "expected the scheme http or https, found localhost \
                (looks like host:port; add http://)";
    for (url, text) in [
        ("localhost:8080", port),
        ("localhost:8080/x", port),
        ("mailto:a", "expected the scheme http or https, found mailto"),
    ] {
        let digest = nethttp::get(url).digest_auth("a", "b");
        for request in [nethttp::get(url), digest, nethttp::get(url).query("a", "b")] {
            let error = request.send().unwrap_err();
            assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Url, text));
        }
        assert_eq!(nethttp::get(url).build().unwrap_err().to_string(), text);
        let base = Client::builder().base_url(url).build().unwrap_err();
        assert_eq!((base.kind(), base.to_string().as_str()), (ErrorKind::Url, text));
        assert_eq!(based.get(url).send().unwrap_err().to_string(), text);
        assert_eq!(based.get(url).build().unwrap_err().to_string(), text);
    }
}

#[test]
fn https_wants_a_connector() {
    let error = nethttp::get("https://127.0.0.1/").send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls);
    let text = "expected a connector for https; plug one in with ClientBuilder::tls";
    assert_eq!(error.to_string(), text);
}

#[test]
fn user_information_in_a_url_goes_out_as_credentials() {
    for (userinfo, expected) in [
        ("u:p", Some("dTpw")),
        ("u", Some("dTo=")),
        ("u%40x:%C3%A9:", Some("dUB4OsOpOg==")),
        ("", Some("Og==")),
    ] {
        let server = Server::answering(&[&ok("")]);
        let url = server.url("/a").replace("http://", &format!("http://{userinfo}@"));
        let response = nethttp::get(&url).send().unwrap();
        assert_eq!(response.url().unwrap(), &server.url("/a").as_str());
        let request = server.last_request();
        let field = expected.map(|value| format!("\r\nAuthorization: Basic {value}\r\n"));
        assert!(request.contains(&field.unwrap()), "{userinfo}: {request}");
        nethttp::get(&url).header("Authorization", "own").send().unwrap();
        assert!(server.last_request().contains("\r\nAuthorization: own\r\n"));
    }
    let error = nethttp::get("http://a%3Ab:p@127.0.0.1/").send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Url);
}

#[test]
fn an_error_names_the_url_without_its_secrets() {
    let error = nethttp::get("http://u:p@a:0/b?c").send().unwrap_err();
    assert_eq!(error.url().unwrap(), &"http://a:0/b?c");
    assert!(!format!("{error} {error:?}").contains("u:p"));
}

#[test]
fn an_ipv6_host_goes_out_in_brackets() {
    // Not every machine has IPv6.
    let Ok(listener) = std::net::TcpListener::bind("[::1]:0") else {
        return;
    };
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = vec![0; 1000];
        let len = stream.read(&mut request).unwrap();
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
        String::from_utf8_lossy(&request[..len]).into_owned()
    });
    nethttp::get(format!("http://[::1]:{port}/")).send().unwrap();
    assert!(server.join().unwrap().contains(&format!("\r\nHost: [::1]:{port}\r\n")));
}
