//! Routes, alone and behind a server.

use super::{Running, statuses};
use crate::support::scratch::Scratch;
use nethttp::message::{IntoResponse, ParameterErrorKind};
use nethttp::server::{FileServer, Handler, RouteErrorKind, RouterBuilder};
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

/// All of these patterns, each of which shows itself.
fn showing<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Router {
    app(patterns.into_iter().fold(Router::builder(), |routes, it| routes.route(it, show)))
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
fn text(app: &dyn Handler, method: Method, target: &str) -> String {
    ask(app, method, target).text().expect("text")
}

#[track_caller]
fn gets(app: &dyn Handler, target: &str, expected: &str) {
    let response = ask(app, Method::GET, target);
    assert_eq!(response.status(), StatusCode::OK, "{target}");
    assert_eq!(response.text().expect("text"), expected, "{target}");
}

#[track_caller]
fn gets_each(app: &dyn Handler, answers: &[(&str, &str)]) {
    for (target, expected) in answers {
        gets(app, target, expected);
    }
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

#[track_caller]
fn moves(app: &dyn Handler, method: Method, target: &str, location: &str) {
    let response = ask(app, method, target);
    assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT, "{target}");
    assert_eq!(response.header("Location"), Some(location), "{target}");
}

#[test]
fn the_most_specific_route_answers_in_whatever_order() {
    let patterns = ["/{$}", "/users/me", "/users/{id}", "/users/{id}/{$}", "/users/{p...}", "/"];
    for app in [showing(patterns), showing(patterns.into_iter().rev())] {
        gets_each(
            &app,
            &[
                ("/", "/{$}"),
                ("/users/me", "/users/me"),
                ("/users/%6de?a=/", "/users/me"),
                ("/users/7", "/users/{id} id=7"),
                ("/users/7/", "/users/{id}/{$} id=7"),
                ("/users/7/a/b", "/users/{p...} p=7/a/b"),
                ("/users/", "/users/{p...} p="),
                ("/other", "/"),
                ("http://example.org", "/{$}"),
            ],
        );
    }
}

#[test]
fn a_way_that_leads_nowhere_is_left_again() {
    let app = showing([
        "GET /a/b/c",
        "GET /a/{x}/d/e",
        "GET /{x}/{y}/d/f",
        "GET /{x}/{p...}",
        "POST /{x}/b/c",
    ]);
    gets_each(
        &app,
        &[
            ("/a/b/c", "/a/b/c"),
            ("/a/b/d/e", "/a/{x}/d/e x=b"),
            ("/a/b/d/f", "/{x}/{y}/d/f x=a y=b"),
            ("/a/b/d/g", "/{x}/{p...} x=a p=b/d/g"),
        ],
    );
    assert_eq!(text(&app, Method::POST, "/a/b/c"), "/{x}/b/c x=a");
}

#[test]
fn a_method_without_a_route_is_told_which_there_are() {
    let app = showing(["GET /a", "DELETE /{x}", "PUT /a", "POST /post", "/any"]);
    refuses(&app, Method::POST, "/a", 405, "DELETE, GET, HEAD, OPTIONS, PUT");
    refuses(&app, Method::OPTIONS, "/a", 204, "DELETE, GET, HEAD, OPTIONS, PUT");
    refuses(&app, Method::GET, "/post", 405, "DELETE, OPTIONS, POST");
    refuses(&app, Method::HEAD, "/b", 405, "DELETE, OPTIONS");
    assert_eq!(ask(&app, Method::DELETE, "/a").status(), StatusCode::OK);
    assert_eq!(text(&app, Method::OPTIONS, "/any"), "/any");
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
        .route("HEAD /a", |_: &mut Request| "head")
        .any("/b", |_: &mut Request| "any"));
    let head = |target| text(&app, Method::HEAD, target);
    assert_eq!(head("/a"), "head");
    assert_eq!(head("/b"), "HEAD /b");
    assert_eq!(head("/c"), "HEAD /{x} x=c");
    assert_eq!(text(&app, Method::POST, "/b"), "any");
    assert_eq!(text(&app, Method::POST, "/a"), "POST /{x} x=a");
}

#[test]
fn a_mount_has_what_is_below_its_prefix() {
    let app = app(Router::builder()
        .mount("/static", place)
        .mount("/{tenant}/app", place)
        .get("/static/about", show)
        .get("/{page}", show));
    gets_each(
        &app,
        &[
            ("/static", "/static /static|"),
            ("/static/", "/static /static|/"),
            ("/st%61tic//a%2F/", "/static /st%61tic|//a%2F/"),
            ("/static/app/a", "/static /static|/app/a"),
            ("/static/about", "/static/about"),
            ("/acme/app/a", "/{tenant}/app tenant=acme /acme/app|/a"),
            ("/statical", "/{page} page=statical"),
        ],
    );
    is_missing(&app, "/acme/application");
    is_missing(&app, "/static/../acme/app/../a/b");
}

#[test]
fn a_mount_at_the_root_has_the_rest() {
    let app = app(Router::builder().mount("/", place).get("/a", show));
    gets_each(&app, &[("/a", "/a"), ("/", "- |/"), ("/a/b", "- |/a/b")]);
    assert_eq!(text(&app, Method::POST, "/a"), "- |/a");
    gets(&app, "//b//", "- |//b//");
    moves(&app, Method::PUT, "/../b//", "/b/");
}

#[test]
fn routers_are_mounted_in_routers() {
    let inner = Router::builder()
        .get("/{$}", place)
        .get("/{id}", place)
        .mount("/files", place)
        .get("/rest/{p...}", place);
    let api = app(Router::builder().mount("/users/{id}", app(inner)).fallback(place));
    let app = app(Router::builder().mount("/api/{version}", api));
    let prefix = "/api/{version}/users/{id}";
    for (target, expected) in [
        ("/api/1/users/2/3", "/{id} version=1 id=2 id=3 /api/1/users/2|/3"),
        ("/api/1/users/2/", "/{$} version=1 id=2 /api/1/users/2|/"),
        ("/api/1/users/2", "/{$} version=1 id=2 /api/1/users/2|"),
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
    gets_each(&app, &[("/a", "<>"), ("/a/", "<>"), ("/a/b/", "<b/>")]);
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
    gets_each(
        &app,
        &[("/number/7", "8"), ("/number/%37", "8"), ("/text/a%2Fb+c%20%C3%A4", "a/b+c ä")],
    );
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
    gets_each(
        &app,
        &[
            ("/a/c", "- |/a/c > /a/{b} b=c |/a/c"),
            ("/a/c/d", "- |/a/c/d > /a |/a/c/d"),
            ("/b", "- |/b > - |/b"),
        ],
    );
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
fn a_host_comes_before_the_path() {
    let api = app(Router::builder().get("/", show).get("/a/{b}", show));
    let app = app(Router::builder()
        .get("/{page}", show)
        .get("/a/{$}", show)
        .post("/only", show)
        .get("Api.example/{$}", show)
        .put("api.example/only", show)
        .mount("m.example/", api)
        .get("*.example/{page}", show)
        .get("*.b.example/", show));
    let server = Running::start(app);
    let get = |host: &str, target: &str| {
        let head = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        let stream = server.exchange(head.as_bytes());
        stream.split_once("\r\n\r\n").expect("a head").1.to_owned()
    };
    for (host, target, expected) in [
        ("api.example", "/", "Api.example/{$}"),
        ("API.Example.:8080", "/", "Api.example/{$}"),
        ("api.example", "/x", "*.example/{page} page=x"),
        ("api.example", "/a/", "/a/{$}"),
        ("api.example", "/a", "*.example/{page} page=a"),
        ("x.example", "/a/", "/a/{$}"),
        ("x.example", "/only", "*.example/{page} page=only"),
        ("x.b.example", "/only", "*.b.example/"),
        ("example", "/x", "/{page} page=x"),
        ("m.example", "/a/x", "m.example/a/{b} b=x"),
        ("m.example", "/x", "m.example/"),
    ] {
        let found = get(host, target);
        assert_eq!(found, expected, "{host}{target}");
    }
    let absolute = b"GET http://api.example/ HTTP/1.1\r\nHost: other.test\r\n\r\n";
    assert!(server.exchange(absolute).ends_with("Api.example/{$}"));
    let delete = b"DELETE /only HTTP/1.1\r\nHost: api.example\r\n\r\n";
    assert!(server.exchange(delete).contains("Allow: GET, HEAD, OPTIONS, POST, PUT\r\n"));
}

#[test]
fn a_path_that_lacks_its_slash_is_redirected() {
    let app = showing([
        "GET /",
        "GET /static/",
        "GET /docs/{$}",
        "GET /files/{id}/{path...}",
        "GET /both",
        "GET /both/",
        "POST /form/",
    ]);
    moves(&app, Method::GET, "/static", "/static/");
    moves(&app, Method::HEAD, "/static?a=b/c", "/static/?a=b/c");
    moves(&app, Method::GET, "/docs?", "/docs/?");
    moves(&app, Method::GET, "/files/a%2Fb", "/files/a%2Fb/");
    moves(&app, Method::POST, "/form", "/form/");
    gets_each(&app, &[("/both", "/both"), ("/files", "/"), ("/docs/a", "/"), ("/form", "/")]);
    refuses(&app, Method::PUT, "/form", 405, "GET, HEAD, OPTIONS, POST");
    refuses(&app, Method::OPTIONS, "/static", 204, "GET, HEAD, OPTIONS");
}

#[test]
fn a_path_that_is_not_clean_is_redirected_to_where_there_is_a_route() {
    let app = app(Router::builder()
        .get("/a/b", show)
        .get("/dir/", show)
        .get("/both", show)
        .get("/both/", show)
        .post("/post", show)
        .mount("/mount", place)
        .get("/mount/{$}", show)
        .get("/x/{y}/{z}", show));
    for (target, location) in [
        ("//a/b", "/a/b"),
        ("/a//b?c=//", "/a/b?c=//"),
        ("/./a/b", "/a/b"),
        ("/x/../a/b", "/a/b"),
        ("/%2e%2E/a/b", "/a/b"),
        ("/x//../a/b", "/x/a/b"),
        ("//dir", "/dir/"),
        ("/dir/./c/..", "/dir/"),
        ("/./mount/a//b", "/mount/a/b"),
        ("/mount/../a/b", "/a/b"),
        ("//both", "/both"),
        ("//both/", "/both/"),
        ("/x/../mount", "/mount"),
        ("http://example.org//a/b", "/a/b"),
    ] {
        moves(&app, Method::GET, target, location);
    }
    gets(&app, "/mount//a/", "/mount /mount|//a/");
    gets(&app, "/mount", "/mount /mount|");
    for target in ["//", "/a//", "/../c", "/a/../b", "/./post/x"] {
        is_missing(&app, target);
    }
    refuses(&app, Method::GET, "//post", 405, "OPTIONS, POST");
    moves(&app, Method::POST, "//post", "/post");
    assert_eq!(ask(&app, Method::CONNECT, "a:1").status(), StatusCode::NOT_FOUND);
}

#[test]
fn no_redirect_leads_to_another_host() {
    let routes = || Router::builder().get("/{a}/", show).get("/{a}/{b}/{c}/{d...}", show);
    let inner = || app(routes());
    let mounted = app(Router::builder().mount("/m/{x}", inner()));
    for (target, location) in [
        ("//evil.example", "/evil.example/"),
        ("///evil.example//", "/evil.example/"),
        ("/\\evil.example", "/%5Cevil.example/"),
        ("/\\evil.example//", "/%5Cevil.example/"),
        ("/%5cevil.example", "/%5cevil.example/"),
        ("/%2f%2fevil.example", "/%2f%2fevil.example/"),
        ("/.//evil.example", "/evil.example/"),
        ("/x/..//\\evil.example/..//evil.example", "/evil.example/"),
        ("/%09/evil.example/x", "/%09/evil.example/x/"),
        ("/http://evil.example/a/b", "/http:/evil.example/a/b"),
        ("/;@evil.example", "/;@evil.example/"),
    ] {
        moves(&inner(), Method::GET, target, location);
        if !target.contains("/.") {
            moves(
                &mounted,
                Method::GET,
                &format!("/m/\\\\{target}"),
                &format!("/m/%5C%5C{location}"),
            );
        }
    }
    moves(&app(Router::builder().mount("/{x}", inner())), Method::GET, "/\\evil//a", "/%5Cevil/a/");
}

#[test]
fn nested_routes_are_routes_like_others() {
    let users = Router::builder()
        .get("", place)
        .get("/{id}", place)
        .get("/{id}/files/", place)
        .mount("/{id}/m", place);
    let api = Router::builder().nest("/users", users).get("/{$}", place).mount("/", place);
    let app = app(Router::builder().nest("/api/{v}", api).post("/api/{v}/users", place));
    gets_each(
        &app,
        &[
            ("/api/1/users", "/api/{v}/users v=1 |/api/1/users"),
            ("/api/1/users/2", "/api/{v}/users/{id} v=1 id=2 |/api/1/users/2"),
            ("/api/1/users/2/m/x", "/api/{v}/users/{id}/m v=1 id=2 /api/1/users/2/m|/x"),
            (
                "/api/1/users/2/files/x",
                "/api/{v}/users/{id}/files/ v=1 id=2 |/api/1/users/2/files/x",
            ),
            ("/api/1/", "/api/{v}/{$} v=1 |/api/1/"),
            ("/api/1", "/api/{v} v=1 /api/1|"),
            ("/api/1/x", "/api/{v} v=1 /api/1|/x"),
        ],
    );
    let text = text(&app, Method::POST, "/api/1/users");
    assert_eq!(text, "/api/{v}/users v=1 |/api/1/users");
    let routes: Vec<_> = app.routes().map(|(_, pattern)| pattern).collect();
    assert_eq!(
        routes[..3],
        ["/api/{v}/users", "/api/{v}/users/{id}", "/api/{v}/users/{id}/files/"]
    );
}

#[test]
fn nested_routes_may_have_a_host_in_their_prefix() {
    let inner = || Router::builder().get("/a", show);
    let app = app(Router::builder()
        .nest("api.example/v1", inner())
        .nest("api.example/", inner())
        .nest("/", inner().get("b.example/", show)));
    assert!(app.routes().map(|(_, pattern)| pattern).eq([
        "api.example/v1/a",
        "api.example/a",
        "/a",
        "b.example/",
    ]));
}

#[test]
fn nested_routes_that_contradict_others_make_no_router() {
    for (prefix, nested, other, kind) in [
        ("/a", "/{x}", "/{y}/b", RouteErrorKind::Conflict),
        ("/a", "/b", "/a/b", RouteErrorKind::Duplicate),
        ("/{x}", "/{x}", "/", RouteErrorKind::Pattern),
        ("/a/", "/b", "/", RouteErrorKind::Pattern),
        ("GET /a", "/b", "/", RouteErrorKind::Pattern),
        ("/a", "b", "/", RouteErrorKind::Pattern),
        ("/a", "b/c", "/", RouteErrorKind::Pattern),
        ("/", "", "/", RouteErrorKind::Pattern),
    ] {
        let nested = Router::builder().get(nested, show);
        let error = Router::builder().get(other, show).nest(prefix, nested).build().unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
    }
}

/// Says that it was there, and which pattern it knew.
fn mark(name: &'static str) -> impl nethttp::server::Middleware {
    move |request: &mut Request, next: &dyn Handler| {
        let before = request.pattern().unwrap_or("-").to_owned();
        let mut response = next.handle(request);
        let trace = response.header("Trace").unwrap_or_default().to_owned();
        let trace = format!("{name}({before}{trace})");
        response.headers_mut().insert("Trace", trace).expect("a value");
        response
    }
}

#[test]
fn what_is_around_a_builder_is_around_each_of_its_routes() {
    let inner = Router::builder()
        .get("/{x}", show)
        .wrap(mark("first"))
        .wrap(mark("second"))
        .mount("/m", place)
        .fallback(|_: &mut Request| StatusCode::GONE);
    let middle = Router::builder().nest("/inner", inner).get("/b", show).wrap(mark("middle"));
    let app = app(Router::builder()
        .nest("/a", middle)
        .get("/static/", show)
        .wrap(mark("outer"))
        .get("/c", show));
    for (method, target, status, trace) in [
        (Method::GET, "/c", 200, "outer(-)"),
        (Method::GET, "/none", 404, "outer(-)"),
        (Method::PUT, "/c", 405, "outer(-)"),
        (Method::OPTIONS, "/c", 204, "outer(-)"),
        (Method::GET, "/static", 307, "outer(-)"),
        (Method::GET, "/a/b", 200, "outer(-middle(/a/b))"),
        (Method::PUT, "/a/b", 405, "outer(-)"),
        (
            Method::GET,
            "/a/inner/x",
            200,
            "outer(-middle(/a/inner/{x}second(/a/inner/{x}first(/a/inner/{x}))))",
        ),
        (
            Method::PUT,
            "/a/inner/m/x",
            200,
            "outer(-middle(/a/inner/msecond(/a/inner/mfirst(/a/inner/m))))",
        ),
        (Method::GET, "/a/inner/x/y", 410, "outer(-middle(-second(-first(-))))"),
        (Method::PUT, "/a/inner/x", 405, "outer(-)"),
        (Method::GET, "/a/other", 404, "outer(-)"),
    ] {
        let response = ask(&app, method, target);
        assert_eq!(response.status().as_u16(), status, "{method} {target}");
        assert_eq!(response.header("Trace"), Some(trace), "{method} {target}");
    }
}

#[test]
fn the_fallback_of_the_longest_prefix_answers() {
    let fallback = |name: &'static str| move |_: &mut Request| (StatusCode::NOT_FOUND, name);
    let inner = Router::builder().get("/x", show).fallback(fallback("inner"));
    let middle = Router::builder().nest("/inner", inner).fallback(fallback("middle"));
    let app = app(Router::builder().nest("/a", middle).fallback(fallback("outer")));
    for (target, expected) in [
        ("/", "outer"),
        ("/b/inner/c", "outer"),
        ("/a", "middle"),
        ("/a/b", "middle"),
        ("/a/inner", "inner"),
        ("/a/inner/", "inner"),
        ("/a/inner/y", "inner"),
        ("/a/innery", "middle"),
    ] {
        assert_eq!(text(&app, Method::GET, target), expected, "{target}");
    }
    assert_eq!(text(&app, Method::OPTIONS, "*"), "outer");
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
        ("/{x}/b/", "/a/", "/a/b/"),
        ("/{x}/{$}", "/a/", "/a/"),
        ("h.example/{x}/b", "H.example/a/", "/a/b"),
        ("/%20/{x}/c", "/{y}/b/{z}", "/%20/b/c"),
    ] {
        let error = Router::builder().get(first, show).get(second, show).build().unwrap_err();
        assert_eq!((error.kind(), error.example()), (RouteErrorKind::Conflict, Some(example)));
        assert!(Router::builder().get(first, show).post(second, show).build().is_ok());
        assert!(Router::builder().get(first, show).any(second, show).build().is_err());
        let head = Router::builder().get(first, show).route(&format!("HEAD {second}"), show);
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
fn files_are_served_under_a_prefix() {
    let scratch = Scratch::new();
    std::fs::create_dir(scratch.path().join("sub")).expect("a directory");
    std::fs::write(scratch.path().join("sub/a b.txt"), "0123456789").expect("a file");
    let files = FileServer::open(scratch.path()).expect("a directory").listing(true);
    let counted = |request: &mut Request, next: &dyn Handler| {
        let mut response = next.handle(request);
        let pattern = request.pattern().unwrap_or("-").to_owned();
        response.headers_mut().insert("Pattern", pattern).expect("a value");
        response
    };
    let nested = Router::builder().mount("/static", files);
    let routes = Router::builder().nest("/v1", nested).get("/{$}", show).wrap(counted);
    let server = Running::start(app(routes));
    let ask = |target: &str, fields: &str| {
        server.exchange(format!("GET {target} HTTP/1.1\r\nHost: a\r\n{fields}\r\n").as_bytes())
    };
    for (target, status, location) in [
        ("/v1/static", 301, Some("/v1/static/")),
        ("/v1/static?sort=name", 301, Some("/v1/static/?sort=name")),
        ("/v1/static/sub", 301, Some("/v1/static/sub/")),
        ("/v1/static//sub", 301, Some("/v1/static/sub/")),
        ("//v1/static/sub/", 307, Some("/v1/static/sub/")),
        ("/v1/static/sub/../sub/", 307, Some("/v1/static/sub/")),
        ("/v1/static/../../Cargo.toml", 404, None),
        ("/v1/static/..%2fCargo.toml", 404, None),
        ("/v1/static/sub//a%20b.txt", 200, None),
        ("/v1", 404, None),
        ("/v1/statics", 404, None),
    ] {
        let answer = ask(target, "");
        let found = answer.lines().find_map(|line| line.strip_prefix("Location: "));
        assert_eq!((statuses(&answer)[0], found), (status, location), "{target}");
        let is_mounted = matches!(status, 301 | 200) || target.contains("%2f");
        let pattern = if is_mounted { "Pattern: /v1/static\r\n" } else { "Pattern: -\r\n" };
        assert!(answer.contains(pattern), "{answer}");
    }
    let page = ask("/v1/static/sub/", "Accept: text/html\r\n");
    for link in ["href=\"../\"", "href=\"./a%20b.txt\""] {
        assert!(page.contains(link), "{link}: {page}");
    }
    let json = ask("/v1/static/", "Accept: application/json\r\n");
    assert!(json.contains("\"/v1/static/sub/\"") || json.contains("\"./sub/\""), "{json}");
    let part = ask("/v1/static/sub/a%20b.txt", "Range: bytes=2-4\r\n");
    assert!(statuses(&part) == [206] && part.ends_with("\r\n\r\n234"), "{part}");
    assert!(part.contains("Content-Range: bytes 2-4/10\r\n"), "{part}");
}

#[test]
fn many_routes_are_compared_in_little_time() {
    // Were each compared with each, this would take minutes.
    let count = 20_000;
    let routes = (0..count).fold(Router::builder(), |routes, index| {
        routes.get(&format!("/{}/{index}/{{id}}/x", index % 100), show)
    });
    let app = app(routes.get("/", show).mount("/m", show));
    assert_eq!(app.routes().count(), count + 2);
    gets(&app, "/99/19999/a/x", "/99/19999/{id}/x id=a");
}

#[test]
fn a_fallback_answers_what_no_pattern_matches() {
    let fallback = |request: &mut Request| (StatusCode::NOT_FOUND, place(request)).into_response();
    let app = app(Router::builder().get("/a", show).fallback(fallback));
    for target in ["/b", "/a/", "/./b", "/a/%2e%2e/b", "//"] {
        let response = ask(&app, Method::GET, target);
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(response.text().expect("text"), format!("- |{target}"));
    }
    refuses(&app, Method::POST, "/a", 405, "GET, HEAD, OPTIONS");
}
