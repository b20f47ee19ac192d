//! Routes, and what they lead to.

mod model;

use std::string::String;
use std::vec::Vec;

use crate::message::{Request, Response};
use crate::method::Method;
use crate::server::{Handler, Pattern, RouteErrorKind, Router, RouterBuilder};
use crate::uri::first_dot_segment;
use model::{Asked, Outcome, Route};

/// Routes and requests, a line each with an empty one between: routes go together when a slow model sees no two of which
/// each is more specific somewhere, every request is answered as by a scan of all routes, a router answers the
/// same wherever it is mounted or nested, and where a redirect leads there is a route of this host.
pub fn router(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (routes, requests) = text.split_once("\n\n").unwrap_or((&text, ""));
    let mut kept: Vec<Route> = Vec::new();
    for route in routes.lines().take(24).filter_map(read).filter(is_well_formed) {
        kept.push(route);
        if !go_together(&kept) {
            kept.pop();
        }
    }
    let app = build(&kept).build().expect("each has been tried");
    let outer = Router::builder().mount("/m/{outer}", build(&kept).build().expect("as before"));
    let outer = outer.build().expect("a mount");
    // Names may be taken, and hosts belong before the prefix.
    let nested = Router::builder().nest("/m/{outer}", build(&kept)).build().ok();
    let below: Vec<Route> = kept.iter().map(|route| route.nested("m", "{outer}")).collect();
    for line in requests.lines().take(24) {
        let (method, target) = line.split_once(' ').unwrap_or(("GET", line));
        let Ok(method) = Method::parse(method.as_bytes()) else {
            continue;
        };
        let Ok(request) = Request::new(method, target) else {
            continue;
        };
        let (path, host) = (request.path(), request.host());
        if !host.is_none_or(model::is_host) {
            continue;
        }
        let asked = Asked { method, host, path, query: request.query() };
        is_answered(&app, &asked, &expect(&kept, &asked, "", &[]));
        let chosen = model::choose(&kept, &asked, path).map(|index| kept[index].pattern.as_str());
        let address = String::from(host.unwrap_or_default()) + path;
        assert_eq!(app.find(method, &address), chosen.filter(|_| path.starts_with('/')));
        if !path.starts_with('/') {
            continue;
        }
        let longer = String::from("/m/o") + path;
        let behind = Asked { path: &longer, ..asked };
        if first_dot_segment(path).is_none() {
            let outside = [("outer", "o".to_owned())];
            is_answered(&outer, &behind, &expect(&kept, &asked, "/m/o", &outside));
        }
        if let Some(nested) = &nested {
            is_answered(nested, &behind, &expect(&below, &behind, "", &[]));
        }
    }
}

/// Asks, and follows a redirect, which leads to a route.
#[track_caller]
fn is_answered(app: &Router, asked: &Asked<'_>, expected: &str) {
    let target = asked.query.map(|query| format!("{}?{query}", asked.path));
    let target = target.as_deref().unwrap_or(asked.path);
    let Some(mut request) = make(asked, target) else {
        return;
    };
    let response = app.handle(&mut request);
    let location = response.header("Location").map(str::to_owned);
    assert_eq!(shown(response), expected, "{} {target}", asked.method);
    assert_eq!((request.mount_path(), request.subpath()), ("", request.path()));
    if let Some(location) = location {
        assert!(!location.starts_with("//") && !location.contains('\\') && location != target);
        let mut request = make(asked, &location).expect("a target");
        assert_eq!(app.handle(&mut request).status().as_u16(), 200, "{location}");
    }
}

fn make(asked: &Asked<'_>, target: &str) -> Option<Request> {
    let mut request = Request::new(asked.method, target).ok()?;
    if let Some(host) = asked.host {
        request.headers_mut().append("Host", host).ok()?;
    }
    Some(request)
}

/// Reads `GET /pattern`, `* /pattern` for every method, and `+ /prefix` for a mount.
fn read(line: &str) -> Option<Route> {
    if let Err(error) = Pattern::parse(line) {
        assert!(error.offset() <= line.len());
    }
    let (method, pattern) = line.split_once(' ')?;
    let is_mount = method == "+";
    let method = match method {
        "*" | "+" => None,
        method => Some(Method::parse(method.as_bytes()).ok()?),
    };
    Route::new(method, pattern, is_mount)
}

fn is_well_formed(route: &Route) -> bool {
    build(core::slice::from_ref(route)).build().is_ok()
}

/// Whether the last route goes together with the others, of which the model says the same.
fn go_together(routes: &[Route]) -> bool {
    let Some((last, others)) = routes.split_last() else {
        return true;
    };
    let crosses = others.iter().any(|other| last.crosses(other));
    let is_same = others.iter().any(|other| last.is_same(other));
    let Err(error) = build(routes).build() else {
        assert!(!crosses && !is_same, "{routes:?}");
        return true;
    };
    match error.kind() {
        RouteErrorKind::Duplicate => assert!(is_same, "{error}"),
        kind => {
            assert_eq!((kind, crosses), (RouteErrorKind::Conflict, true), "{error}");
            let path = error.example().expect("a path");
            let proves = |other: &Route| other.crosses(last) && other.find(path).is_some();
            assert!(last.find(path).is_some() && others.iter().any(proves), "{error}");
        }
    }
    false
}

/// Routes that answer with what they were given.
fn build(routes: &[Route]) -> RouterBuilder {
    routes.iter().enumerate().fold(Router::builder(), |builder, (index, route)| {
        let handler = move |request: &mut Request| {
            let params: Vec<_> =
                request.params().map(|(name, value)| (name, value.as_str().to_owned())).collect();
            format!("{index} {params:?} {:?} {:?}", request.mount_path(), request.subpath())
        };
        match route.method {
            Some(method) => builder.route(&format!("{method} {}", route.pattern), handler),
            None if route.is_mount => builder.mount(&route.pattern, handler),
            None => builder.any(&route.pattern, handler),
        }
    })
}

fn shown(response: Response) -> String {
    let status = response.status().as_u16();
    let field = response.header("Allow").or(response.header("Location")).map(str::to_owned);
    match status {
        200 => response.text().expect("text"),
        _ => format!("{status} {}", field.unwrap_or_default()),
    }
}

/// What the model answers behind a mount.
fn expect(routes: &[Route], asked: &Asked<'_>, mount: &str, outside: &[(&str, String)]) -> String {
    let index = match model::find(routes, asked) {
        Outcome::Route(index) => index,
        Outcome::Elsewhere(path) => {
            let location = model::location(&(mount.to_owned() + &path));
            let query = asked.query.map(|query| format!("?{query}"));
            return format!("307 {location}{}", query.unwrap_or_default());
        }
        Outcome::Nothing(allowed) if allowed.is_empty() => return "404 ".to_owned(),
        Outcome::Nothing(allowed) if asked.method == Method::OPTIONS => {
            return format!("204 {allowed}");
        }
        Outcome::Nothing(allowed) => return format!("405 {allowed}"),
    };
    let route = &routes[index];
    let found = route.find(asked.path).expect("it was chosen");
    let params: Vec<_> = outside.iter().cloned().chain(found.params).collect();
    let (mount, rest) = if route.is_mount {
        (mount.to_owned() + &found.mount, found.rest)
    } else {
        (mount.to_owned(), asked.path.to_owned())
    };
    format!("{index} {params:?} {mount:?} {rest:?}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    fn segments(last: &'static str) -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec!["a", "b", "%61", "{p}", "{p}"]);
        let last = prop::sample::select(last.split(' ').collect::<Vec<_>>());
        (prop::collection::vec(piece, 0..4), last).prop_map(|(pieces, last)| {
            let mut text = String::new();
            for (index, piece) in pieces.iter().enumerate() {
                text = text + "/" + &piece.replace('p', &format!("p{index}"));
            }
            text + last
        })
    }

    fn host() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec!["", "", "", "a.b", "*.b", "*.a.b"])
    }

    fn route() -> impl Strategy<Value = String> {
        let methods = prop::sample::select(vec!["GET", "GET", "HEAD", "POST", "*"]);
        prop_oneof![
            4 => (methods, host(), segments("/ / /{$} /a /b /{r} /{r...}"))
                .prop_map(|(method, host, pattern)| format!("{method} {host}{pattern}\n")),
            1 => (host(), segments("/a /b /{r}"))
                .prop_map(|(host, prefix)| format!("+ {host}{prefix}\n")),
            1 => host().prop_map(|host| format!("+ {host}/\n")),
        ]
    }

    fn request() -> impl Strategy<Value = String> {
        let methods = prop::sample::select(vec!["GET", "HEAD", "POST", "OPTIONS", "PUT"]);
        let hosts = vec!["", "", "", "http://a.b", "http://x.A.b:80", "http://x.b", "http://c"];
        let hosts = prop::sample::select(hosts);
        let pieces =
            vec!["a", "a", "a", "b", "b", "b", "c", "%61", "", "", "a%2Fb", "\\", "..", "."];
        let pieces = prop::collection::vec(prop::sample::select(pieces), 1..6);
        let ends = prop::sample::select(vec!["", "", "/", "?q=/"]);
        (methods, hosts, pieces, ends).prop_map(|(method, host, pieces, end)| {
            format!("{method} {host}/{}{end}\n", pieces.join("/"))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1024))]

        #[test]
        fn a_router_answers_as_a_scan_of_its_routes(
            routes in prop::collection::vec(route(), 0..10),
            requests in prop::collection::vec(request(), 1..12),
        ) {
            let text = routes.concat() + "\n" + &requests.concat();
            super::router(text.as_bytes());
        }
    }
}
