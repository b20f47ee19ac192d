//! Routes, alone and behind a server.

use super::{Running, statuses};
use nethttp::message::{IntoResponse, ParameterErrorKind};
use nethttp::server::{Handler, RouteErrorKind, RouterBuilder};
use nethttp::{Method, Request, Response, Router, StatusCode};

fn app(routes: RouterBuilder) -> Router {
    routes.build().expect("routes that go together")
}

/// Answers with the pattern of its route and what it has found.
fn show(request: &mut Request) -> String {
    let mut text = request.pattern().unwrap_or("-").to_owned();
    for (name, value) in request.params() {
        text = text + " " + name + "=" + value.as_str();
    }
    text
}

/// Answers with where it is mounted, and what is its own.
fn place(request: &mut Request) -> String {
    format!("{} {}|{}", show(request), request.mount_path(), request.subpath())
}

#[track_caller]
fn ask(app: &dyn Handler, method: Method, target: &str) -> Response {
    app.handle(&mut Request::new(method, target).expect("a target"))
}

#[track_caller]
fn gets(app: &dyn Handler, target: &str, expected: &str) {
    let response = ask(app, Method::GET, target);
    assert_eq!(response.status(), StatusCode::OK, "{target}");
    assert_eq!(response.text().expect("text"), expected, "{target}");
}

#[track_caller]
fn is_missing(app: &dyn Handler, target: &str) {
    assert_eq!(ask(app, Method::GET, target).status(), StatusCode::NOT_FOUND, "{target}");
}

#[track_caller]
fn refuses(app: &dyn Handler, method: Method, target: &str, status: u16, allow: &str) {
    let response = ask(app, method, target);
    assert_eq!((response.status().as_u16(), response.header("Allow")), (status, Some(allow)));
}

#[test]
fn the_most_specific_route_answers_in_whatever_order() {
    let patterns = ["/", "/users/me", "/users/{id}", "/users/{id}/", "/users/{p...}", "/{p...}"];
    let forth =
        patterns.iter().fold(Router::builder(), |routes, pattern| routes.get(pattern, show));
    let back = patterns.iter().rev().fold(Router::builder(), |routes, it| routes.get(it, show));
    for app in [app(forth), app(back)] {
        gets(&app, "/", "/");
        gets(&app, "/users/me", "/users/me");
        gets(&app, "/users/%6de?a=/", "/users/me");
        gets(&app, "/users/7", "/users/{id} id=7");
        gets(&app, "/users/7/", "/users/{id}/ id=7");
        gets(&app, "/users/7/a/b", "/users/{p...} p=7/a/b");
        gets(&app, "/users/", "/users/{p...} p=");
        gets(&app, "/users", "/{p...} p=users");
        gets(&app, "//users", "/{p...} p=/users");
        gets(&app, "http://example.org", "/");
    }
}

#[test]
fn a_way_that_leads_nowhere_is_left_again() {
    let app = app(Router::builder()
        .get("/a/b/c", show)
        .get("/a/{x}/d/e", show)
        .get("/{x}/{y}/d/f", show)
        .get("/{x}/{p...}", show)
        .post("/{x}/b/c", show));
    gets(&app, "/a/b/c", "/a/b/c");
    gets(&app, "/a/b/d/e", "/a/{x}/d/e x=b");
    gets(&app, "/a/b/d/f", "/{x}/{y}/d/f x=a y=b");
    gets(&app, "/a/b/d/g", "/{x}/{p...} x=a p=b/d/g");
    let response = ask(&app, Method::POST, "/a/b/c");
    assert_eq!(response.text().expect("text"), "/{x}/b/c x=a");
}

#[test]
fn a_method_without_a_route_is_told_which_there_are() {
    let app = app(Router::builder()
        .get("/a", show)
        .delete("/{x}", show)
        .put("/a", show)
        .post("/post", show)
        .any("/any", show));
    refuses(&app, Method::POST, "/a", 405, "DELETE, GET, HEAD, OPTIONS, PUT");
    refuses(&app, Method::OPTIONS, "/a", 204, "DELETE, GET, HEAD, OPTIONS, PUT");
    refuses(&app, Method::GET, "/post", 405, "DELETE, OPTIONS, POST");
    refuses(&app, Method::HEAD, "/b", 405, "DELETE, OPTIONS");
    assert_eq!(ask(&app, Method::DELETE, "/a").status(), StatusCode::OK);
    assert_eq!(ask(&app, Method::OPTIONS, "/any").text().expect("text"), "/any");
    assert_eq!(ask(&app, Method::OPTIONS, "/a/b").status(), StatusCode::NOT_FOUND);
    assert_eq!(ask(&app, Method::OPTIONS, "*").status(), StatusCode::NOT_FOUND);
    assert_eq!(ask(&app, Method::CONNECT, "a:1").status(), StatusCode::NOT_FOUND);
}

#[test]
fn head_is_answered_as_get_unless_it_has_a_route() {
    let method = |request: &mut Request| format!("{} {}", request.method(), show(request));
    let app = app(Router::builder()
        .get("/a", method)
        .get("/b", method)
        .any("/{x}", method)
        .route(Method::HEAD, "/a", |_: &mut Request| "head")
        .any("/b", |_: &mut Request| "any"));
    let head = |target| ask(&app, Method::HEAD, target).text().expect("text");
    assert_eq!(head("/a"), "head");
    assert_eq!(head("/b"), "HEAD /b");
    assert_eq!(head("/c"), "HEAD /{x} x=c");
    assert_eq!(ask(&app, Method::POST, "/b").text().expect("text"), "any");
    assert_eq!(ask(&app, Method::POST, "/a").text().expect("text"), "POST /{x} x=a");
}

#[test]
fn a_mount_has_what_is_below_its_prefix() {
    let app = app(Router::builder()
        .mount("/static", place)
        .mount("/{tenant}/app", place)
        .get("/static/about", show)
        .get("/{page}", show));
    gets(&app, "/static", "/static /static|");
    gets(&app, "/static/", "/static /static|/");
    gets(&app, "/st%61tic//a%2F/", "/static /st%61tic|//a%2F/");
    gets(&app, "/static/app/a", "/static /static|/app/a");
    gets(&app, "/static/about", "/static/about");
    gets(&app, "/acme/app/a", "/{tenant}/app tenant=acme /acme/app|/a");
    gets(&app, "/statical", "/{page} page=statical");
    is_missing(&app, "/acme/application");
    is_missing(&app, "/static/../acme");
}

#[test]
fn a_mount_at_the_root_has_the_rest() {
    let app = app(Router::builder().mount("/", place).get("/a", show));
    gets(&app, "/a", "/a");
    gets(&app, "/", "- |/");
    gets(&app, "/a/b", "- |/a/b");
    assert_eq!(ask(&app, Method::POST, "/a").text().expect("text"), "- |/a");
    is_missing(&app, "/..");
}

#[test]
fn routers_are_mounted_in_routers() {
    let inner = Router::builder()
        .get("/", place)
        .get("/{id}", place)
        .mount("/files", place)
        .get("/rest/{p...}", place);
    let api = app(Router::builder().mount("/users/{id}", app(inner)).fallback(place));
    let app = app(Router::builder().mount("/api/{version}", api));
    let prefix = "/api/{version}/users/{id}";
    for (target, expected) in [
        ("/api/1/users/2/3", "/{id} version=1 id=2 id=3 /api/1/users/2|/3"),
        ("/api/1/users/2/", "/ version=1 id=2 /api/1/users/2|/"),
        ("/api/1/users/2", "/ version=1 id=2 /api/1/users/2|"),
        ("/api/1/users/2/files/a", "/files version=1 id=2 /api/1/users/2/files|/a"),
        ("/api/1/users/2/rest/", "/rest/{p...} version=1 id=2 p= /api/1/users/2|/rest/"),
    ] {
        gets(&app, target, &format!("{prefix}{expected}"));
    }
    gets(&app, "/api/1/other", "/api/{version} version=1 /api/1|/other");
    refuses(&app, Method::PUT, "/api/1/users/2/3", 405, "GET, HEAD, OPTIONS");
}

#[test]
fn a_rest_of_nothing_is_there() {
    let rest = |request: &mut Request| request.param_str("p").map(|it| format!("<{it}>"));
    let app = app(Router::builder().mount("/a", app(Router::builder().get("/{p...}", rest))));
    for (target, expected) in [("/a", "<>"), ("/a/", "<>"), ("/a/b/", "<b/>")] {
        gets(&app, target, expected);
    }
}

#[test]
fn the_inner_parameter_of_a_name_is_taken() {
    let inner =
        app(Router::builder().get("/{id}", |request: &mut Request| request.param::<String>("id")));
    gets(&app(Router::builder().mount("/{id}", inner)), "/outer/inner", "inner");
}

#[test]
fn a_parameter_is_read_as_a_value_or_is_not_there() {
    let number = |request: &mut Request| -> nethttp::Result<String> {
        Ok(format!("{}", request.param::<u8>("n")? + 1))
    };
    let routes = Router::builder()
        .get("/number/{n}", number)
        .get("/text/{n}", |request: &mut Request| request.param::<String>("n"))
        .get("/other/{n}", |request: &mut Request| request.param::<String>("m"));
    let app = app(routes);
    gets(&app, "/number/7", "8");
    gets(&app, "/number/%37", "8");
    gets(&app, "/text/a%2Fb+c%20%C3%A4", "a/b+c ä");
    for target in ["/number/x", "/number/256", "/number/-1", "/number/%FF", "/text/%C3"] {
        is_missing(&app, target);
    }
    assert_eq!(ask(&app, Method::GET, "/other/7").status(), StatusCode::INTERNAL_SERVER_ERROR);
}

#[test]
fn what_is_wrong_with_a_parameter_has_a_place() {
    let kinds = |request: &mut Request| {
        let number = request.param::<u8>("n").map_err(|error| (error.kind(), error.offset()));
        format!("{number:?}")
    };
    let app = app(Router::builder().mount("/a", app(Router::builder().get("/{n}", kinds))));
    for (target, kind, offset) in
        [("/a/x", ParameterErrorKind::Malformed, 3), ("/a/1%C3", ParameterErrorKind::NotUtf8, 4)]
    {
        gets(&app, target, &format!("Err(({kind:?}, {offset}))"));
    }
}

#[test]
fn what_stands_around_a_router_sees_the_pattern_and_the_whole_path() {
    let router = app(Router::builder().mount("/a", app(Router::builder().get("/{b}", show))));
    let app = router.wrap(|request: &mut Request, next: &dyn Handler| {
        let before = place(request);
        next.handle(request);
        format!("{before} > {}", place(request))
    });
    gets(&app, "/a/c", "- |/a/c > /a/{b} b=c |/a/c");
    gets(&app, "/a/c/d", "- |/a/c/d > /a |/a/c/d");
    gets(&app, "/b", "- |/b > - |/b");
}

#[test]
fn a_second_router_starts_afresh() {
    let first = app(Router::builder().get("/{a}", |_: &mut Request| StatusCode::NOT_FOUND));
    let second = app(Router::builder().get("/{b}", show));
    let both = move |request: &mut Request| match first.handle(request) {
        response if response.status() == StatusCode::NOT_FOUND => second.handle(request),
        response => response,
    };
    gets(&both, "/x", "/{b} b=x");
    gets(&app(Router::builder().mount("/{c}", both)), "/y/x", "/{c}/{b} c=y b=x");
}

#[test]
fn hosts_have_routes_of_their_own() {
    let app = app(Router::builder()
        .get("/", |_: &mut Request| "default")
        .host("api.example", app(Router::builder().get("/", |_: &mut Request| "api")))
        .host("*.example", |request: &mut Request| request.host().map(str::to_owned)));
    let server = Running::start(app);
    let get = |host: &str| {
        let head = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
        let stream = server.exchange(head.as_bytes());
        stream.split_once("\r\n\r\n").expect("a head").1.to_owned()
    };
    assert_eq!(get("api.example"), "api");
    assert_eq!(get("API.Example:8080"), "api");
    assert_eq!(get("www.example"), "www.example");
    assert_eq!(get("example"), "default");
    assert_eq!(get("other.test"), "default");
    let absolute = b"GET http://api.example/ HTTP/1.1\r\nHost: other.test\r\n\r\n";
    assert!(server.exchange(absolute).ends_with("api"));
}

#[test]
fn a_connection_remembers_nothing_of_the_last_request() {
    let app = app(Router::builder().get("/{a}/{b}", show).mount("/mount", place).fallback(place));
    let server = Running::start(app);
    let get = |target: &str| format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n");
    let stream = ["/x/y", "/mount/z", "/q", "/x/w"].map(get).concat();
    let answers = server.exchange(stream.as_bytes());
    let bodies: Vec<&str> =
        answers.split("\r\n\r\n").skip(1).map(|it| it.split("HTTP/1.1").next().unwrap()).collect();
    let expected = ["/{a}/{b} a=x b=y", "/mount /mount|/z", "- |/q", "/{a}/{b} a=x b=w"];
    assert_eq!(bodies, expected);
}

#[test]
fn a_server_leaves_out_the_content_for_head() {
    let server = Running::start(app(Router::builder().get("/{a}", show)));
    let stream =
        server.exchange(b"HEAD /x HTTP/1.1\r\nHost: a\r\n\r\nPUT /x HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(statuses(&stream), [200, 405]);
    assert!(
        stream.contains("Content-Length: 8\r\n")
            && stream.contains("Allow: GET, HEAD, OPTIONS\r\n")
    );
}

#[test]
fn routes_that_contradict_each_other_make_no_router() {
    for (first, second, example) in [
        ("/a/{x}", "/{y}/b", "/a/b"),
        ("/{x}/b/{p...}", "/a/{p...}", "/a/b/"),
        ("/%20/{x}/c", "/{y}/b/{z}", "/%20/b/c"),
    ] {
        let error = Router::builder().get(first, show).get(second, show).build().unwrap_err();
        assert_eq!((error.kind(), error.example()), (RouteErrorKind::Conflict, Some(example)));
        assert!(Router::builder().get(first, show).post(second, show).build().is_ok());
        assert!(Router::builder().get(first, show).any(second, show).build().is_err());
        let head = Router::builder().get(first, show).route(Method::HEAD, second, show);
        assert!(head.build().is_err());
    }
}

#[test]
fn a_thousand_routes_are_found() {
    let routes = (0..1000).fold(Router::builder(), |routes, index| {
        routes.get(&format!("/{}/{index}/{{id}}", index % 10), show)
    });
    let app = app(routes);
    for index in 0..1000 {
        let target = format!("/{}/{index}/x", index % 10);
        gets(&app, &target, &format!("/{}/{index}/{{id}} id=x", index % 10));
        is_missing(&app, &format!("/{}/{index}/x", (index + 1) % 10));
    }
    assert_eq!(app.routes().count(), 1000);
}

#[test]
fn a_fallback_answers_what_no_pattern_matches() {
    let fallback = |request: &mut Request| (StatusCode::NOT_FOUND, place(request)).into_response();
    let app = app(Router::builder().get("/a", show).fallback(fallback));
    for target in ["/b", "/a/", "/./a", "/a/%2e%2e/a"] {
        let response = ask(&app, Method::GET, target);
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(response.text().expect("text"), format!("- |{target}"));
    }
    refuses(&app, Method::POST, "/a", 405, "GET, HEAD, OPTIONS");
}
