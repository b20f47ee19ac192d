//! What is meant for one server or one proxy, and nobody else: in all the ways in which a call can be led elsewhere.

use std::io;
use std::mem;

use nethttp::client::{Dial, Netrc, Next, Proxies, Proxy, Redirects, Stream, Target};
use nethttp::error::ErrorKind;
use nethttp::message::IntoResponse;
use nethttp::uri::UriRef;
use nethttp::{Client, Method, Request, Response, StatusCode, Uri};

use crate::server::{Server, ok};

const CHALLENGE: &[u8] = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\
    WWW-Authenticate: Digest realm=\"staff\", nonce=\"n1\", qop=\"auth\", algorithm=SHA-256\r\n\r\n";

fn moved(location: &str) -> Vec<u8> {
    format!("HTTP/1.1 307 Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n").into_bytes()
}

/// The same server under another name.
fn by_name(url: &str) -> String {
    url.replace("127.0.0.1", "localhost")
}

/// TLS that hides nothing.
fn plain(_: &Target<'_>, dial: Dial<'_>) -> io::Result<Stream> {
    dial.stream()
}

fn proxy(server: &Server) -> Proxy {
    Proxy::parse(server.url("")).unwrap().credentials("ada", "sesame").unwrap()
}

fn values(request: &str, name: &str) -> Vec<String> {
    let lines = request.split("\r\n").filter_map(|line| line.split_once(": "));
    lines.filter(|line| line.0.eq_ignore_ascii_case(name)).map(|line| line.1.to_owned()).collect()
}

fn requests(server: &Server) -> Vec<String> {
    let text = |request: &Vec<u8>| String::from_utf8_lossy(request).into_owned();
    server.log().requests.iter().map(text).collect()
}

#[test]
fn a_password_in_a_base_url_is_not_shown() {
    let builder = Client::builder().base_url("http://ada:sesame@a.example/");
    let shown = format!("{builder:?}");
    assert!(!shown.contains("sesame"), "{shown}");
    let client = builder.build().unwrap();
    let request = client.get("b").header("Cookie", "sid=sesame").basic_auth("ada", "sesame");
    let shown = format!("{client:?} {request:?}");
    assert!(!shown.contains("sesame"), "{shown}");
    let shown = format!("{:?}", request.build().unwrap());
    assert!(!shown.contains("sesame"), "{shown}");
}

#[test]
fn a_password_in_a_url_is_shown_nowhere() {
    let show = |what: &dyn std::fmt::Debug| {
        let shown = format!("{what:?} {what:#?}");
        assert!(!shown.contains("sesame"), "{shown}");
    };
    let server = Server::answering(&[&moved("/b"), &ok("")]);
    let client = Client::builder()
        .proxies(Proxies::none())
        .redirects(Redirects::limit(1).on_hop(move |hop| show(hop)))
        .build()
        .unwrap();
    let url = server.url("/a").replace("http://", "http://ada:sesame@");
    show(&Uri::parse(&url).unwrap());
    show(&UriRef::parse(&url).unwrap());
    show(&client.get(&url));
    show(&client.get(&url).build().unwrap());
    let response = client.get(&url).send().unwrap();
    assert!(server.last_request().contains("\r\nAuthorization: Basic "));
    show(&response);
    show(response.url().unwrap());
    show(&response.history());
    // A request's target has no place for one.
    show(&Request::new(Method::GET, &url).unwrap_err());
    for url in ["ftp://ada:sesame@a/", "http://ada:sesame@a:0/", "http://ada:sesame@a b/"] {
        show(&client.get(url));
        let error = client.get(url).send().unwrap_err();
        show(&error);
        assert!(!error.to_string().contains("sesame"), "{error}");
    }
    let proxies = Proxies::all(Proxy::parse("http://ada:sesame@p").unwrap());
    show(&proxies);
    show(&client.get(&url).proxies(proxies.clone()));
    show(&Client::builder().proxies(proxies).build().unwrap());
}

#[test]
fn a_request_by_hand_gets_no_login_of_the_client_away_from_its_base() {
    let (home, other) = (Server::answering(&[CHALLENGE]), Server::answering(&[CHALLENGE]));
    let builder = Client::builder().digest_auth("ada", "sesame").base_url(home.url("/"));
    let client = builder.build().unwrap();
    let logs_in = |server: &Server| {
        let request = Request::new(Method::GET, server.url("/")).unwrap();
        client.send(request).unwrap();
        server.last_request().contains("\r\nAuthorization: Digest ")
    };
    assert!(logs_in(&home));
    assert!(!logs_in(&other));
}

#[test]
fn a_layer_that_sends_elsewhere_next_takes_nothing_of_the_way_along() {
    let forwarder = Server::answering(&[&ok("")]);
    let servers = [Server::answering(&[&ok("")]), Server::answering(&[&ok("")])];
    let urls = servers.each_ref().map(|server| server.url("/"));
    let layer = move |request: &mut Request, next: Next<'_>| {
        let first = request.target().as_str().to_owned();
        next.exchange(request)?;
        for url in urls.iter().chain([&first]) {
            let mut elsewhere = Request::new(Method::GET, url)?;
            *elsewhere.headers_mut() = mem::take(request.headers_mut());
            next.exchange(&mut elsewhere)?;
            *request.headers_mut() = mem::take(elsewhere.headers_mut());
        }
        assert!(!request.headers().contains_key("Proxy-Authorization"));
        Ok(().into_response())
    };
    let direct = servers.each_ref().map(Server::address).join(",");
    let proxies = Proxies::all(proxy(&forwarder)).no_proxy(direct);
    let client = Client::builder().proxies(proxies).layer(layer).build().unwrap();
    client.get("http://a.example/").send().unwrap();
    for server in &servers {
        let request = server.last_request();
        assert_eq!(values(&request, "Host"), [server.address()]);
        assert_eq!(values(&request, "Proxy-Authorization"), [""; 0]);
    }
    let forwarded = requests(&forwarder);
    assert_eq!(forwarded.len(), 2);
    for request in forwarded {
        assert_eq!(values(&request, "Host"), ["a.example"]);
        assert_eq!(values(&request, "Proxy-Authorization").len(), 1);
    }
}

#[test]
#[cfg(unix)]
fn a_unix_socket_is_no_proxy() {
    use std::io::{Read, Write};
    use std::os::unix::net::UnixListener;

    use crate::support::scratch::{Scratch, short_temp_dir};

    let name = format!("nethttp-secrets-{}", std::process::id());
    let folder = Scratch::at(short_temp_dir().join(name));
    let path = folder.path().join("socket");
    let listener = UnixListener::bind(&path).unwrap();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = vec![0; 1000];
        let len = stream.read(&mut request).unwrap();
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
        String::from_utf8_lossy(&request[..len]).into_owned()
    });
    let proxies = Proxies::all(Proxy::parse("http://ada:sesame@proxy.invalid").unwrap());
    let client = Client::builder().proxies(proxies).unix_socket(&path).build().unwrap();
    client.get("http://docker/info").send().unwrap();
    let request = server.join().unwrap();
    assert!(request.starts_with("GET /info HTTP/1.1\r\nHost: docker\r\n"), "{request}");
    assert_eq!(values(&request, "Proxy-Authorization"), [""; 0]);
}

#[test]
fn a_proxy_is_not_asked_for_an_address_that_is_not_public() {
    for scheme in ["http", "socks5h", "socks5"] {
        let proxy = Proxy::parse(format!("{scheme}://proxy.example")).unwrap();
        // In the place of TCP, so that the proxy itself is no matter.
        let nowhere = |_: &Target<'_>, _: Dial<'_>| Err(io::Error::other("asked"));
        let builder = Client::builder().public_only(true).connector(nowhere).tls(plain);
        let client = builder.proxies(Proxies::all(proxy)).build().unwrap();
        for url in [
            "http://169.254.169.254/latest/meta-data/",
            "https://10.0.0.1/",
            "http://127.0.0.1:8080/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[64:ff9b::10.0.0.1]/",
            "http://[fe80::1%25eth0]/",
        ] {
            let error = client.get(url).send().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Blocked, "{scheme} {url}: {error}");
        }
        let error = client.get("http://8.8.8.8/").send().unwrap_err();
        assert!(error.to_string().ends_with("asked"), "{error}");
    }
}

#[test]
fn a_redirect_into_the_own_network_is_blocked() {
    let server = Server::answering(&[&ok("")]);
    let location = server.url("/");
    let stranger = move |request: &mut Request, next: Next<'_>| {
        if request.target().as_str() != "http://a.example/" {
            return next.exchange(request);
        }
        let mut response = Response::new(StatusCode::FOUND);
        response.headers_mut().insert("Location", &location)?;
        Ok(response)
    };
    let client = Client::builder().proxies(Proxies::none()).public_only(true).layer(stranger);
    let error = client.build().unwrap().get("http://a.example/").send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Blocked);
    assert_eq!(server.connections(), 0);
}

#[test]
fn all_cookies_by_hand_stand_before_those_of_the_jar() {
    let set = b"HTTP/1.1 200 OK\r\nSet-Cookie: sid=1\r\nContent-Length: 0\r\n\r\n";
    let server = Server::answering(&[set, &ok("")]);
    let client = Client::builder().cookies(true).build().unwrap();
    client.get(server.url("/")).send().unwrap();
    let by_hand = client.get(server.url("/")).header("Cookie", "a=2").header("cookie", "b=3");
    by_hand.send().unwrap();
    assert_eq!(values(&server.last_request(), "Cookie"), ["a=2; b=3; sid=1"]);
    client.get(server.url("/")).header("Cookie", "").send().unwrap();
    assert_eq!(values(&server.last_request(), "Cookie"), ["sid=1"]);
}

#[test]
fn what_no_redirect_takes_along_stays_with_the_base_too() {
    let (home, other) = (Server::answering(&[&ok("")]), Server::answering(&[&ok("")]));
    let mut builder = Client::builder().base_url(home.url("/")).header("X-Trace", "1");
    let names = ["Authorization", "Cookie", "Proxy-Authorization", "DPoP", "Cookie2", "Host"];
    for name in names {
        builder = builder.header(name, "secret");
    }
    let client = builder.build().unwrap();
    client.get("").send().unwrap();
    client.get(other.url("/")).send().unwrap();
    for name in names.iter().filter(|name| **name != "Proxy-Authorization") {
        assert_eq!(values(&home.last_request(), name), ["secret"], "{name}");
    }
    assert!(!other.last_request().contains("secret"), "{}", other.last_request());
    assert_eq!(values(&other.last_request(), "X-Trace"), ["1"]);
}

#[test]
fn what_is_said_to_a_proxy_does_not_go_through_its_tunnel() {
    let tunnel = Server::start(|peer| {
        let Some(first) = peer.request() else { return };
        if !first.starts_with(b"CONNECT ") {
            peer.send(&moved("https://a.example/"));
            return;
        }
        peer.send(b"HTTP/1.1 200 OK\r\n\r\n");
        peer.request();
        peer.send(&ok(""));
    });
    let named = Proxy::parse(tunnel.url("")).unwrap();
    let builder = Client::builder().proxies(Proxies::all(named)).tls(plain);
    let client = builder.build().unwrap();
    let by_hand = |url: &str| {
        let request = client.get(url).header("Proxy-Authorization", "Basic eA==");
        request.header("Authorization", "Basic eQ==").send().unwrap();
        requests(&tunnel)
    };
    let seen = by_hand("https://b.example/");
    assert_eq!(values(&seen[1], "Authorization"), ["Basic eQ=="]);
    assert_eq!(values(&seen[1], "Proxy-Authorization"), [""; 0]);
    // http to the proxy, then https behind it, to what passes for the same server.
    let seen = by_hand("http://a.example/");
    assert_eq!(values(&seen[2], "Proxy-Authorization"), ["Basic eA=="]);
    assert!(seen[4].starts_with("GET / HTTP/1.1\r\nHost: a.example\r\n"), "{}", seen[4]);
    assert_eq!(values(&seen[4], "Authorization"), ["Basic eQ=="]);
    assert_eq!(values(&seen[4], "Proxy-Authorization"), [""; 0]);
}

#[test]
fn a_login_for_a_proxy_by_hand_goes_to_no_server() {
    let (server, forwarder) = (Server::answering(&[&ok("")]), Server::answering(&[&ok("")]));
    let all = Proxies::all(proxy(&forwarder));
    for by_client in [false, true] {
        let builder = Client::builder().header("proxy-authorization", "Basic eA==");
        let client = if by_client { builder.build().unwrap() } else { Client::new() };
        let send = |proxies: Proxies| {
            let request = client.get(server.url("/")).proxies(proxies);
            let request = match by_client {
                true => request,
                false => request.header("proxy-authorization", "Basic eA=="),
            };
            request.send().unwrap();
        };
        send(Proxies::none());
        assert_eq!(values(&server.last_request(), "Proxy-Authorization"), [""; 0]);
        send(all.clone().no_proxy(server.address()));
        assert_eq!(values(&server.last_request(), "Proxy-Authorization"), [""; 0]);
        // It takes the place of the proxy's own.
        send(all.clone());
        assert_eq!(values(&forwarder.last_request(), "Proxy-Authorization"), ["Basic eA=="]);
    }
    assert_eq!((requests(&server).len(), requests(&forwarder).len()), (4, 2));
}

#[test]
fn a_redirect_past_the_proxy_takes_no_login_for_it_along() {
    let server = Server::answering(&[&ok("")]);
    let forwarder = Server::answering(&[&moved(&server.url("/"))]);
    let proxies = Proxies::all(proxy(&forwarder)).no_proxy(server.address());
    let client = Client::builder().proxies(proxies).build().unwrap();
    client.get("http://a.example/").send().unwrap();
    assert_eq!(
        values(&forwarder.last_request(), "Proxy-Authorization"),
        ["Basic YWRhOnNlc2FtZQ=="]
    );
    assert_eq!(values(&server.last_request(), "Proxy-Authorization"), [""; 0]);
}

#[test]
fn a_connection_for_one_login_of_a_proxy_serves_no_other() {
    let forwarder = Server::answering(&[&ok("")]);
    let client = Client::builder().proxies(Proxies::none()).build().unwrap();
    let bob = proxy(&forwarder).credentials("bob", "x").unwrap();
    for (proxies, connections) in [
        (Proxies::all(proxy(&forwarder)), 1),
        (Proxies::all(proxy(&forwarder)), 1),
        (Proxies::all(bob), 2),
        (Proxies::none().http(Proxy::parse(forwarder.url("")).unwrap()), 3),
        (Proxies::none(), 4),
        (Proxies::all(proxy(&forwarder)), 4),
    ] {
        client.get(forwarder.url("/")).proxies(proxies).send().unwrap().text().unwrap();
        assert_eq!(forwarder.connections(), connections);
    }
}

/// The value of Authorization at the second of two servers, to which the first redirects.
fn after_a_redirect(netrc: &str) -> Vec<String> {
    let other = Server::answering(&[&ok("")]);
    let server = Server::answering(&[&moved(&by_name(&other.url("/")))]);
    let client = Client::builder()
        .netrc(Netrc::parse(netrc).unwrap())
        .resolve("localhost", None, [[127, 0, 0, 1].into()])
        .build()
        .unwrap();
    client.get(server.url("/")).send().unwrap();
    assert_eq!(values(&server.last_request(), "Authorization"), ["Basic YWRhOnNlc2FtZQ=="]);
    values(&other.last_request(), "Authorization")
}

#[test]
fn a_login_of_a_netrc_is_for_its_host_whatever_the_next_one_lacks() {
    const ADA: &str = "machine 127.0.0.1 login ada password sesame";
    assert_eq!(after_a_redirect(ADA), [""; 0]);
    assert_eq!(after_a_redirect(&format!("{ADA} default")), [""; 0]);
    assert_eq!(after_a_redirect(&format!("{ADA} machine localhost")), [""; 0]);
    // bob:
    assert_eq!(after_a_redirect(&format!("{ADA} machine localhost login bob")), ["Basic Ym9iOg=="]);
    assert_eq!(after_a_redirect(&format!("{ADA} default login bob")), ["Basic Ym9iOg=="]);
    // :x
    assert_eq!(after_a_redirect(&format!("{ADA} machine localhost password x")), ["Basic Ong="]);
}

#[test]
fn the_host_of_a_netrc_is_not_what_stands_before_an_at() {
    let server = Server::answering(&[&ok("")]);
    let netrc = Netrc::parse("machine a.example login ada password sesame").unwrap();
    let client = Client::builder().netrc(netrc).build().unwrap();
    let url = server.url("/").replace("http://", "http://a.example:@");
    client.get(url).send().unwrap();
    // a.example:
    assert_eq!(values(&server.last_request(), "Authorization"), ["Basic YS5leGFtcGxlOg=="]);
}

#[test]
fn a_digest_login_ends_with_its_server_and_does_not_come_back() {
    for of_client in [true, false] {
        let other = Server::start(|peer| {
            while let Some(request) = peer.request() {
                let request = String::from_utf8(request).unwrap();
                let back = request.split_once("?").unwrap().1.split(' ').next().unwrap();
                peer.send(&moved(back));
            }
        });
        let location = by_name(&other.url("/?"));
        let server = Server::start(move |peer| {
            while let Some(request) = peer.request() {
                let address = peer.stream.local_addr().unwrap();
                match request.starts_with(b"GET /back ") {
                    true => peer.send(CHALLENGE),
                    false => peer.send(&moved(&format!("{location}http://{address}/back"))),
                }
            }
        });
        let mut builder = Client::builder().resolve("localhost", None, [[127, 0, 0, 1].into()]);
        if of_client {
            builder = builder.digest_auth("ada", "sesame");
        }
        let mut request = builder.build().unwrap().get(server.url("/"));
        if !of_client {
            request = request.digest_auth("ada", "sesame");
        }
        assert_eq!(request.send().unwrap().status().as_u16(), 401);
        for request in requests(&server).iter().chain(&requests(&other)) {
            assert_eq!(values(request, "Authorization"), [""; 0]);
        }
    }
}

#[test]
fn nothing_that_ends_a_line_goes_out() {
    let server = Server::answering(&[&ok("")]);
    for end in ["\r\nX-Evil: 1", "\n", "\r", "\0"] {
        let text = |before: &str| format!("{before}{end}");
        let client = Client::new();
        let get = || client.get(server.url("/"));
        let with = |builder: nethttp::client::ClientBuilder| {
            builder.build().and_then(|client| client.get(server.url("/")).send())
        };
        let netrc = format!("machine 127.0.0.1 login ada password \"x{}\"", end.escape_debug());
        let results = [
            get().header(text("X"), "").send(),
            get().header("X", text("y")).send(),
            get().header("Cookie", text("y")).send(),
            get().basic_auth("ada", text("y")).send(),
            get().basic_auth(text("ada"), "").send(),
            get().bearer_auth(text("y")).send(),
            get().trailer(text("X"), "").send(),
            get().trailer("X", text("y")).send(),
            client.get(text(&server.url("/").replace("http://", "http://a:b"))).send(),
            with(Client::builder().user_agent(text("a"))),
            with(Client::builder().header("X", text("y"))),
            with(Client::builder().header(text("X"), "y")),
        ];
        for (index, result) in results.into_iter().enumerate() {
            assert!(result.is_err(), "{index} {end:?}");
        }
        assert!(text("GET").parse::<Method>().is_err());
        assert!(Proxy::parse("a").unwrap().credentials("ada", text("x")).is_err());
        if end != "\0" {
            let client = Client::builder().netrc(Netrc::parse(netrc.replace("u{0}", "")).unwrap());
            assert!(client.build().unwrap().get(server.url("/")).send().is_err());
        }
        // A URL is taken as people type it: what ends a line in it is left out, or escaped.
        for url in [text(&server.url("/a")), format!("{}b", text(&server.url("/a")))] {
            let _ = client.get(url).query("c", end).send();
        }
    }
    for request in requests(&server) {
        assert!(!request.contains("\nX-Evil") && !request.contains('\0'), "{request}");
        let lines = request.split("\r\n").filter(|line| line.contains(['\r', '\n']));
        assert_eq!(lines.count(), 0, "{request}");
    }
}

#[test]
fn a_netrc_does_not_say_openly_what_digest_keeps() {
    let server = Server::answering(&[CHALLENGE, &ok("")]);
    let netrc = Netrc::parse("machine 127.0.0.1 login ada password sesame").unwrap();
    let client = Client::builder().netrc(netrc).build().unwrap();
    client.get(server.url("/")).digest_auth("ada", "sesame").send().unwrap();
    let [first, second] = &requests(&server)[..] else { panic!("{:?}", requests(&server)) };
    assert_eq!(values(first, "Authorization"), [""; 0]);
    assert!(values(second, "Authorization")[0].starts_with("Digest "), "{second}");
}

#[test]
fn a_netrc_is_silent_once_a_redirect_has_led_from_https_to_http() {
    let credentials = |secure: bool| {
        let netrc = Netrc::parse("machine a.example login ada password sesame").unwrap();
        let client = Client::builder()
            .netrc(netrc)
            .layer(move |request: &mut Request, _: Next<'_>| {
                let first = request.path() == "/first";
                let says = request.header("Authorization").unwrap_or("nothing").to_owned();
                if !first {
                    return Ok(says.into_response());
                }
                let scheme = if secure { "https" } else { "http" };
                let location = format!("{scheme}://a.example/second");
                assert_ne!(says, "nothing");
                Ok(Response::new(StatusCode::FOUND).with_header("Location", location)?)
            })
            .build()
            .unwrap();
        client.get("https://a.example/first").send().unwrap().text().unwrap()
    };
    assert!(credentials(true).starts_with("Basic "));
    assert_eq!(credentials(false), "nothing");
}
