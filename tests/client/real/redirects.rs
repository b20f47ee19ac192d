//! Redirects of nginx, of Python's server and of httpbin.

use nethttp::client::Redirects;
use nethttp::error::{ErrorKind, RedirectErrorKind};
use nethttp::{Body, Client, Method};

use super::nginx::Nginx;
use super::{field, httpbin, python};
use crate::support::json::Json;

fn following(redirects: Redirects) -> Client {
    Client::builder().redirects(redirects).build().unwrap()
}

#[test]
fn nginx_leads_each_method_where_it_belongs() {
    let Some(nginx) = Nginx::start() else { return };
    let client = Client::new();
    for (status, method, next) in [
        (301, Method::GET, "GET"),
        (302, Method::GET, "GET"),
        (303, Method::GET, "GET"),
        (307, Method::GET, "GET"),
        (308, Method::GET, "GET"),
        (301, Method::POST, "GET"),
        (302, Method::POST, "GET"),
        (303, Method::POST, "GET"),
        (307, Method::POST, "POST"),
        (308, Method::POST, "POST"),
        (301, Method::PUT, "PUT"),
        (303, Method::PUT, "GET"),
        (308, Method::DELETE, "DELETE"),
    ] {
        let request = client.request(method, nginx.url(&format!("/moved/{status}")));
        let body = if method == Method::GET { Body::empty() } else { Body::from("hello") };
        let response = request.body(body).send().unwrap();
        let history = response.history();
        assert_eq!(history.len(), 1, "{status} {method}");
        assert_eq!((history[0].status().as_u16(), history[0].method()), (status, method));
        assert_eq!(response.url().unwrap().as_str(), nginx.url("/echo"), "{status} {method}");
        let text = response.text().unwrap();
        assert!(text.starts_with(&format!("{next} /echo ")), "{status} {method}: {text}");
    }
    let head = client.head(nginx.url("/moved/303")).send().unwrap();
    assert_eq!((head.history().len(), head.text().unwrap().as_str()), (1, ""));
}

#[test]
fn redirects_are_followed_as_far_as_was_said() {
    let Some(nginx) = Nginx::start() else { return };
    let error = Client::new().get(nginx.url("/for-ever")).send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect(RedirectErrorKind::Loop), "{error}");
    let returned = following(Redirects::none()).get(nginx.url("/moved/301")).send().unwrap();
    assert_eq!(returned.status().as_u16(), 301);
    assert!(field(&returned, "Location").ends_with("/echo"));
    assert!(returned.history().is_empty());
    assert!(returned.text().unwrap().contains("301 Moved Permanently"));
}

#[test]
fn a_directory_of_python_gets_its_slash() {
    let Some((_scratch, servers)) = python::start() else { return };
    for (version, server) in &servers {
        let response = Client::new().get(format!("{}/folder?a", server.url)).send().unwrap();
        assert_eq!(response.history().len(), 1, "{version}");
        assert!(response.url().unwrap().as_str().ends_with("/folder/?a"), "{version}");
        assert!(response.text().unwrap().contains("small.txt"), "{version}");
    }
}

#[test]
fn chains_of_httpbin_are_followed_to_their_end() {
    let Some(server) = httpbin::start() else { return };
    let client = Client::new();
    for kind in ["redirect", "relative-redirect", "absolute-redirect"] {
        for count in [1, 2, 10] {
            let url = format!("{}/{kind}/{count}#part", server.url);
            let response = client.get(url).send().unwrap();
            assert_eq!(response.history().len(), count, "{kind}");
            let end = format!("{}/get#part", server.url);
            assert_eq!(response.url().unwrap().as_str(), end, "{kind}");
            let seen = httpbin::json(response);
            assert_eq!(httpbin::member(&seen, "url"), format!("{}/get", server.url));
        }
        let get =
            |client: &Client, count| client.get(format!("{}/{kind}/{count}", server.url)).send();
        assert_eq!(
            get(&client, 11).unwrap_err().kind(),
            ErrorKind::Redirect(RedirectErrorKind::TooMany),
            "{kind}"
        );
        let three = following(Redirects::limit(3));
        assert_eq!(get(&three, 3).unwrap().history().len(), 3, "{kind}");
        assert_eq!(
            get(&three, 4).unwrap_err().kind(),
            ErrorKind::Redirect(RedirectErrorKind::TooMany),
            "{kind}"
        );
    }
    // Nobody is led through a proxy by a server.
    let response = client.get(format!("{}/status/305", server.url)).send().unwrap();
    assert_eq!((response.status().as_u16(), response.history().len()), (305, 0));
}

#[test]
fn content_goes_along_where_the_method_does() {
    let Some(server) = httpbin::start() else { return };
    let client = Client::new();
    let to_anything = |status: u16| {
        let url = format!("{}/redirect-to", server.url);
        let request = client.post(url).query("url", "/anything").query("status_code", status);
        request.header("Content-Type", "text/plain").header("X-Kept", "yes")
    };
    for (status, method, content) in [
        (301, "GET", ""),
        (302, "GET", ""),
        (303, "GET", ""),
        (307, "POST", "hello"),
        (308, "POST", "hello"),
    ] {
        let seen = httpbin::json(to_anything(status).body("hello").send().unwrap());
        assert_eq!(httpbin::member(&seen, "method"), method, "{status}");
        assert_eq!(httpbin::member(&seen, "data"), content, "{status}");
        assert_eq!(httpbin::member(&seen, "headers.X-Kept"), "yes", "{status}");
        let Json::Object(fields) = seen.member("headers") else { panic!("{seen:?}") };
        // An empty Content-Length is what the server makes of none.
        let described = |name: &str| {
            fields.iter().any(|(key, value)| key == name && *value != Json::String(String::new()))
        };
        assert_eq!(described("Content-Type"), method == "POST", "{status}");
        assert_eq!(described("Content-Length"), method == "POST", "{status}");

        // What can be read once cannot be sent twice.
        let outcome = to_anything(status).body(Body::reader(&b"hello"[..], Some(5))).send();
        match outcome {
            Ok(response) => assert_eq!((method, response.status().as_u16()), ("GET", 200)),
            Err(error) => assert_eq!(
                (method, error.kind()),
                ("POST", ErrorKind::Redirect(RedirectErrorKind::SpentBody))
            ),
        }
    }
    for status in [304, 306] {
        let response = to_anything(status).body("hello").send().unwrap();
        assert_eq!(response.status().as_u16(), status);
    }
}

#[test]
fn secrets_are_kept_to_the_server_that_they_are_for() {
    let (Some(server), Some(nginx)) = (httpbin::start(), Nginx::start()) else { return };
    let leads_to = |client: &Client, url: &str| {
        client.get(format!("{}/redirect-to", server.url)).query("url", url)
    };
    let key = |client: &Client, url: &str| {
        let request = leads_to(client, url).basic_auth("ada", "sesame").header("Cookie", "a=b");
        request.header("X-Api-Key", "key").send().unwrap()
    };
    let client = Client::new();
    assert_eq!(key(&client, "/basic-auth/ada/sesame").status().as_u16(), 200);
    assert_eq!(key(&client, "/basic-auth/ada/other").status().as_u16(), 401);
    // Another port is another server.
    assert_eq!(key(&client, &nginx.url("/secrets")).text().unwrap(), ", , key, ");
    let careful = following(Redirects::limit(10).on_hop(|hop| hop.strip("X-Api-Key")));
    assert_eq!(key(&careful, &nginx.url("/secrets")).text().unwrap(), ", , , ");
}

#[test]
fn a_login_is_answered_behind_a_redirect() {
    let Some(server) = httpbin::start() else { return };
    for status in [302, 307] {
        let request = Client::new().get(format!("{}/redirect-to", server.url));
        let request = request.query("url", "/digest-auth/auth/ada/sesame/SHA-256");
        let request = request.query("status_code", status);
        let response = request.digest_auth("ada", "sesame").send().unwrap();
        assert_eq!(httpbin::member(&httpbin::json(response), "user"), "ada");
    }
}
