//! Forward proxies: one that says what it has seen, and Squid.

use std::collections::BTreeSet;
use std::io;
use std::process::Command;

use nethttp::Client;
use nethttp::client::{Dial, Proxies, Proxy, Stream, Target};
use nethttp::error::ErrorKind;

use super::nginx::Nginx;
use super::{field, is_whole, noise};
use crate::support::json::Json;
use crate::support::peers::{Peer, find, start_on_free_port};
use crate::support::program::Running;
use crate::support::scratch::Scratch;

const SCRIPT: &str = include_str!("proxy.py");
/// Where no server listens.
const NOBODY: &str = "http://127.0.0.1:1/";

/// Starts a proxy that lets everybody in, or those who know `user:password`.
#[track_caller]
fn start(login: Option<&str>) -> Option<Running> {
    let mut command = Command::new(find("python3")?);
    command.args(["-c", SCRIPT]).args(login);
    Some(Running::start(command, None))
}

/// Returns what a proxy has seen.
#[track_caller]
fn seen(proxy: &Running) -> Vec<Json> {
    let response = direct().get(format!("{}/seen", proxy.url)).send().unwrap();
    Json::lines(&response.text().unwrap()).collect()
}

fn direct() -> Client {
    Client::builder().proxies(Proxies::none()).build().unwrap()
}

#[track_caller]
fn through(proxy: &str) -> Client {
    let proxies = Proxies::all(Proxy::parse(proxy).unwrap());
    Client::builder().proxies(proxies).build().unwrap()
}

/// Returns a client whose TLS hides nothing, so that servers without TLS have `https` URLs, which lead through tunnels.
#[track_caller]
fn through_tunnels(proxy: &str) -> Client {
    fn plain(_: &Target<'_>, dial: Dial<'_>) -> io::Result<Stream> {
        dial.stream()
    }
    let proxies = Proxies::all(Proxy::parse(proxy).unwrap());
    Client::builder().proxies(proxies).tls(plain).build().unwrap()
}

fn https(url: &str) -> String {
    url.replace("http://", "https://")
}

/// The address of a proxy, with credentials in front.
fn with_login(url: &str, login: &str) -> String {
    url.replace("http://", &format!("http://{login}@"))
}

/// What goes through any proxy to a server, which is nginx.
#[track_caller]
fn everything_goes_through(client: &Client, server: &str) {
    let url = |path: &str| format!("{server}{path}");
    let get = |path: &str| client.get(url(path)).send().unwrap();
    assert!(get("/echo?a=b").text().unwrap().starts_with("GET /echo?a=b 127.0.0.1:"));
    let missing = get("/missing");
    assert_eq!(missing.status().as_u16(), 404);
    missing.text().unwrap();
    let whole = get("/digits");
    let etag = field(&whole, "ETag").to_owned();
    assert_eq!(whole.text().unwrap(), "0123456789");
    let head = client.head(url("/digits")).send().unwrap();
    assert_eq!(field(&head, "Content-Length"), "10");
    assert_eq!(head.text().unwrap(), "");
    let unchanged = client.get(url("/digits")).header("If-None-Match", etag).send().unwrap();
    assert_eq!((unchanged.status().as_u16(), unchanged.text().unwrap().as_str()), (304, ""));
    let part = client.get(url("/digits")).header("Range", "bytes=2-4").send().unwrap();
    assert_eq!((part.status().as_u16(), part.text().unwrap().as_str()), (206, "234"));
    assert_eq!(get("/gzip/digits").text().unwrap(), "0123456789");

    let content = noise(1 << 20);
    let put = client.put(url("/dav/a")).body(content.clone()).send().unwrap();
    assert_eq!(put.status().as_u16(), 201);
    is_whole(get("/dav/a").into_body(), &content);
    assert_eq!(client.delete(url("/dav/a")).send().unwrap().status().as_u16(), 204);

    let moved = get("/moved/302");
    assert_eq!(moved.history().len(), 1);
    assert!(moved.text().unwrap().starts_with("GET /echo "));
    // What the proxy is told is not for the server.
    let secrets = client.get(url("/secrets")).bearer_auth("token").send().unwrap();
    assert_eq!(secrets.text().unwrap(), "Bearer token, , , ");
}

#[test]
fn requests_go_through_in_absolute_form() {
    let (Some(proxy), Some(nginx)) = (start(None), Nginx::start()) else { return };
    let client = through(&proxy.url);
    everything_goes_through(&client, &nginx.url(""));
    let seen = seen(&proxy);
    let authority = nginx.url("").replace("http://", "");
    for request in &seen {
        assert!(request.member("target").as_str().starts_with(&nginx.url("/")), "{request:?}");
        assert_eq!(request.member("fields").member("host").as_str(), authority, "{request:?}");
    }
    let first = &seen[0];
    assert_eq!(first.member("method").as_str(), "GET");
    assert_eq!(first.member("target").as_str(), nginx.url("/echo?a=b"));
    let moved = seen.iter().filter(|it| it.member("target").as_str().ends_with("/echo"));
    assert_eq!(moved.count(), 1, "each hop goes through the proxy");
    let connections: BTreeSet<i64> =
        seen.iter().map(|it| it.member("connection").as_int()).collect();
    assert_eq!(connections.len(), 1);
}

#[test]
fn a_proxy_that_asks_who_is_there_is_told_and_the_server_is_not() {
    let (Some(proxy), Some(nginx)) = (start(Some("ada:open sesame")), Nginx::start()) else {
        return;
    };
    let client = through(&with_login(&proxy.url, "ada:open%20sesame"));
    everything_goes_through(&client, &nginx.url(""));
    for request in seen(&proxy) {
        let fields = request.member("fields");
        assert_eq!(fields.member("proxy-authorization").as_str(), "Basic YWRhOm9wZW4gc2VzYW1l");
    }
    // Whom the proxy does not let in is told so in its words.
    for url in [proxy.url.clone(), with_login(&proxy.url, "ada:hush-hush")] {
        let refused = through(&url).get(nginx.url("/digits")).send().unwrap();
        assert_eq!(refused.status().as_u16(), 407);
        assert_eq!(field(&refused, "Proxy-Authenticate"), "Basic realm=\"proxy\"");
        assert_eq!(refused.text().unwrap(), "who?");
    }
}

#[test]
fn https_goes_through_one_tunnel() {
    for login in [None, Some("ada:sesame")] {
        let (Some(proxy), Some(nginx)) = (start(login), Nginx::start()) else { return };
        let address = login.map_or(proxy.url.clone(), |login| with_login(&proxy.url, login));
        everything_goes_through(&through_tunnels(&address), &https(&nginx.url("")));
        let seen = seen(&proxy);
        let [tunnel] = &seen[..] else { panic!("{seen:?}") };
        let authority = nginx.url("").replace("http://", "");
        assert_eq!(tunnel.member("method").as_str(), "CONNECT");
        assert_eq!(tunnel.member("target").as_str(), authority);
        let fields = tunnel.member("fields");
        assert_eq!(fields.member("host").as_str(), authority);
        if login.is_some() {
            let credentials = fields.member("proxy-authorization").as_str();
            assert_eq!(credentials, "Basic YWRhOnNlc2FtZQ==");
        }
    }
}

#[test]
fn a_tunnel_that_is_not_made_is_an_error_of_the_proxy() {
    let (Some(open), Some(closed)) = (start(None), start(Some("ada:sesame"))) else { return };
    let nobody = NOBODY.replace("http", "https");
    for proxy in [&open.url, &closed.url, &with_login(&closed.url, "ada:hush-hush")] {
        let error = through_tunnels(proxy).get(&nobody).send().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Proxy, "{error}");
        assert!(!error.to_string().contains("hush-hush"), "{error}");
    }
}

#[test]
fn who_is_on_the_list_is_reached_without() {
    let (Some(proxy), Some(nginx)) = (start(None), Nginx::start()) else { return };
    let all = Proxies::all(Proxy::parse(&proxy.url).unwrap());
    for (list, count) in [("127.0.0.1", 0), ("127.0.0.0/8", 0), ("*", 0), ("example.org", 1)] {
        let before = seen(&proxy).len();
        let client = Client::builder().proxies(all.clone().no_proxy(list)).build().unwrap();
        assert_eq!(client.get(nginx.url("/digits")).send().unwrap().text().unwrap(), "0123456789");
        assert_eq!(seen(&proxy).len() - before, count, "{list}");
    }
}

#[test]
fn a_server_that_the_proxy_does_not_reach_is_its_answer_and_a_proxy_that_is_gone_is_an_error() {
    let Some(proxy) = start(None) else { return };
    let response = through(&proxy.url).get(NOBODY).send().unwrap();
    assert_eq!(response.status().as_u16(), 502);
    let error = through(NOBODY).get("http://example.org/").send().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Proxy | ErrorKind::Connect), "{error}");
}

/// Squid, as it comes but for what it would write to disk.
#[track_caller]
fn squid() -> Option<(Scratch, Peer)> {
    let program = find("squid")?;
    let scratch = Scratch::new();
    let peer = start_on_free_port("squid", |port| {
        let config = format!(
            "http_port 127.0.0.1:{port}\nhttp_access allow all\ncache deny all\ncache_mem 8 MB\n\
             access_log none\ncache_log /dev/null\ncache_store_log none\npid_filename none\n\
             netdb_filename none\ncoredump_dir /\npinger_enable off\nvisible_hostname localhost\n\
             max_filedescriptors 256\n"
        );
        let mut command = Command::new(&program);
        // In one process, so that none is left when it is killed.
        command.arg("-N").arg("-f").arg(scratch.write("squid.conf", config));
        command
    });
    Some((scratch, peer))
}

#[test]
fn everything_goes_through_squid() {
    let (Some((_scratch, squid)), Some(nginx)) = (squid(), Nginx::start()) else { return };
    let client = through(&format!("http://127.0.0.1:{}", squid.port));
    everything_goes_through(&client, &nginx.url(""));
    let tunnels = through_tunnels(&format!("http://127.0.0.1:{}", squid.port));
    everything_goes_through(&tunnels, &https(&nginx.url("")));
    let via = client.get(nginx.url("/digits")).send().unwrap();
    assert!(field(&via, "Via").contains("squid"));
    let response = client.get(NOBODY).send().unwrap();
    assert_eq!(response.status().as_u16(), 503);
    assert!(field(&response, "X-Squid-Error").starts_with("ERR_CONNECT_FAIL"));
}
