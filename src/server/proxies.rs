//! Who made a request, beside it.

use super::{Handler, Middleware};
use crate::field::forwarded::{Caller, Node, TrustedProxies};
use crate::message::{Request, Response};

/// Puts the [`Caller`] into the [extensions](Request::extensions) of each request. The peer of the
/// connection stays what it is.
impl Middleware for TrustedProxies {
    fn handle(&self, request: &mut Request, next: &dyn Handler) -> Response {
        let peer = request.peer().map_or(Node::UNKNOWN, Node::from);
        let caller: Caller = self.caller(peer, request.headers());
        request.extensions_mut().insert(caller);
        next.handle(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handlers_are_told_who_called() {
        let app = |request: &mut Request| {
            let caller = request.extensions().get::<Caller>();
            caller.map(|caller| format!("{} {}", caller.node(), caller.is_secure()))
        };
        let app = app.wrap(TrustedProxies::networks(["192.0.2.1"]).expect("a network"));
        for (peer, told) in
            [("192.0.2.1:80", "203.0.113.9 true"), ("192.0.2.2:80", "192.0.2.2:80 false")]
        {
            let mut request = Request::default();
            let peer = peer.parse().expect("an address");
            request.set_connection(std::sync::Arc::new(()), Some(peer));
            let field = "for=203.0.113.9;proto=https";
            request.headers_mut().append("Forwarded", field).expect("a field");
            assert_eq!(app.handle(&mut request).text().expect("text"), told);
        }
        assert_eq!(app.handle(&mut Request::default()).text().expect("text"), "unknown false");
    }
}
