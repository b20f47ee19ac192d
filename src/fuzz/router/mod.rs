//! Routes, and what they lead to.

mod model;

use std::string::String;
use std::vec::Vec;

use crate::message::{Request, Response};
use crate::method::Method;
use crate::server::{Handler, Pattern, RouteErrorKind, Router, RouterBuilder};
use model::Route;

/// Routes and requests, a line each with an empty one between: routes go together when a slow model sees no two of which
/// each is more specific somewhere, every request is answered as by a scan of all routes, and a router answers the
/// same wherever it is mounted.
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
    let Ok(app) = build(&kept).build() else {
        return;
    };
    let outer =
        Router::builder().mount("/m/{outer}", build(&kept).build().expect("as before")).build();
    let outer = outer.expect("a mount");
    for line in requests.lines().take(24) {
        let (method, target) = line.split_once(' ').unwrap_or(("GET", line));
        let Ok(method) = Method::parse(method.as_bytes()) else {
            continue;
        };
        let Ok(mut request) = Request::new(method, target) else {
            continue;
        };
        let path = request.path().to_owned();
        let expected = expect(&kept, method, &path, "", &[]);
        assert_eq!(shown(app.handle(&mut request)), expected, "{method} {path}");
        let chosen = model::choose(&kept, method, &path).map(|index| kept[index].pattern.as_str());
        assert_eq!(app.find(method, &path), chosen);
        if let Ok(mut request) = Request::new(method, format!("/m/o{path}"))
            && path.starts_with('/')
        {
            let outside = [("outer", "o".to_owned())];
            let expected = expect(&kept, method, &path, "/m/o", &outside);
            assert_eq!(shown(outer.handle(&mut request)), expected, "{method} /m/o{path}");
            assert_eq!((request.mount_path(), request.subpath()), ("", request.path()));
        }
    }
}

/// Reads `GET /pattern`, `* /pattern` for every method, and `+ /prefix` for a mount.
fn read(line: &str) -> Option<Route> {
    let (method, pattern) = line.split_once(' ')?;
    let is_mount = method == "+";
    let method = match method {
        "*" | "+" => None,
        method => Some(Method::parse(method.as_bytes()).ok()?),
    };
    Some(Route { method, pattern: pattern.to_owned(), is_mount })
}

fn is_well_formed(route: &Route) -> bool {
    if let Err(error) = Pattern::parse(&route.pattern) {
        assert!(error.offset() <= route.pattern.len());
    }
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
            Some(method) => builder.route(method, &route.pattern, handler),
            None if route.is_mount => builder.mount(&route.pattern, handler),
            None => builder.any(&route.pattern, handler),
        }
    })
}

fn shown(response: Response) -> String {
    let (status, allow) = (response.status().as_u16(), response.header("Allow").map(str::to_owned));
    match status {
        200 => response.text().expect("text"),
        _ => format!("{status} {}", allow.unwrap_or_default()),
    }
}

/// What the model answers behind a mount.
fn expect(
    routes: &[Route],
    method: Method,
    path: &str,
    mount: &str,
    outside: &[(&str, String)],
) -> String {
    let Some(index) = model::choose(routes, method, path) else {
        let allowed = model::allowed(routes, path);
        return match method {
            _ if allowed.is_empty() => "404 ".to_owned(),
            Method::OPTIONS => format!("204 {allowed}"),
            _ => format!("405 {allowed}"),
        };
    };
    let route = &routes[index];
    let found = route.find(path).expect("it was chosen");
    let params: Vec<_> = outside.iter().cloned().chain(found.params).collect();
    let (mount, rest) = if route.is_mount {
        (mount.to_owned() + &found.mount, found.rest)
    } else {
        (mount.to_owned(), path.to_owned())
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

    fn route() -> impl Strategy<Value = String> {
        let methods = prop::sample::select(vec!["GET", "GET", "HEAD", "POST", "*"]);
        prop_oneof![
            4 => (methods, segments("/ /a /b /{r} /{r...} /{r...}"))
                .prop_map(|(method, pattern)| format!("{method} {pattern}\n")),
            1 => segments("/ /a /b /{r}").prop_map(|prefix| format!("+ {prefix}\n")),
        ]
    }

    fn request() -> impl Strategy<Value = String> {
        let methods = prop::sample::select(vec!["GET", "HEAD", "POST", "OPTIONS", "PUT"]);
        let piece = prop::sample::select(vec!["a", "a", "b", "b", "c", "%61", "", "a%2Fb", ".."]);
        (methods, prop::collection::vec(piece, 1..6))
            .prop_map(|(method, pieces)| format!("{method} /{}\n", pieces.join("/")))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

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
