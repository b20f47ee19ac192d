//! What stands around the handlers of a router.

use std::sync::Arc;

use crate::message::{Request, Response};
use crate::server::{Handler, Middleware};

/// Middlewares, each around those before it.
#[derive(Default)]
pub(super) struct Layers(Vec<Arc<dyn Middleware>>);

impl Layers {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn push(&mut self, outermost: Arc<dyn Middleware>) {
        self.0.push(outermost);
    }

    /// Puts others around them.
    pub(super) fn extend(&mut self, others: &Self) {
        self.0.extend(others.0.iter().cloned());
    }

    /// Answers a request, with a handler in the middle.
    pub(super) fn handle(&self, handler: &dyn Handler, request: &mut Request) -> Response {
        Around { layers: &self.0, handler }.handle(request)
    }
}

/// A handler with middlewares around it.
struct Around<'a> {
    layers: &'a [Arc<dyn Middleware>],
    handler: &'a dyn Handler,
}

impl Handler for Around<'_> {
    fn handle(&self, request: &mut Request) -> Response {
        match self.layers.split_last() {
            Some((outermost, layers)) => {
                outermost.handle(request, &Around { layers, handler: self.handler })
            }
            None => self.handler.handle(request),
        }
    }
}
