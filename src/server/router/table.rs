//! From a method and a path to a route.
//!
//! The patterns stand in a tree, one level a segment. A path is looked up from the left, the more specific way first, and
//! comes back to the other one where the first leads nowhere. No node is entered twice, so that a path cannot make
//! more work than there are nodes.

use std::collections::BTreeMap;

use super::error::RouteError;
use super::order::{Order, common_path, compare};
use super::pattern::{End, Pattern, Segment, decode, first_segment};
use crate::method::Method;
use crate::uri::first_dot_segment;

/// A route: which requests, and what they lead to.
pub(super) struct Route<T> {
    /// `None` is every method.
    pub(super) method: Option<Method>,
    pub(super) pattern: Pattern,
    pub(super) value: T,
}

impl<T> Route<T> {
    /// Returns whether there is a method that both take. Who takes GET takes HEAD.
    fn shares_method(&self, other: &Self) -> bool {
        match (self.method, other.method) {
            (Some(Method::GET), Some(Method::HEAD)) | (Some(Method::HEAD), Some(Method::GET)) => {
                true
            }
            (Some(one), Some(other)) => one == other,
            _ => true,
        }
    }

    /// Returns the route for people: `GET /users/{id}`.
    fn name(&self) -> String {
        name(self.method, self.pattern.as_str())
    }
}

/// Returns a route for people.
pub(super) fn name(method: Option<Method>, pattern: &str) -> String {
    method.map_or_else(|| pattern.to_owned(), |method| format!("{method} {pattern}"))
}

/// Routes, none of which contradicts another.
pub(super) struct Table<T> {
    routes: Vec<Route<T>>,
    root: Node,
}

impl<T> Table<T> {
    /// # Errors
    ///
    /// Two routes for the same requests, or of which neither is more specific.
    pub(super) fn new(routes: Vec<Route<T>>) -> Result<Self, RouteError> {
        check(&routes)?;
        let mut root = Node::default();
        for (index, route) in routes.iter().enumerate() {
            root.insert(&route.pattern, route.method, index);
        }
        Ok(Self { routes, root })
    }

    /// Returns the most specific route for a request.
    pub(super) fn find(&self, method: Method, path: &str) -> Option<&Route<T>> {
        self.routes.get(self.root.find(method, Path::new(path)?)?)
    }

    /// Returns the methods of all routes for a path, in their order and each once; those that are answered
    /// without a route of their own are among them. None means that there is no route.
    pub(super) fn methods(&self, path: &str) -> Vec<Method> {
        let mut methods = Vec::new();
        if let Some(path) = Path::new(path) {
            self.root.methods(path, &mut methods);
        }
        if methods.contains(&Method::GET) {
            methods.push(Method::HEAD);
        }
        if !methods.is_empty() {
            methods.push(Method::OPTIONS);
        }
        methods.sort_unstable();
        methods.dedup();
        methods
    }

    pub(super) fn routes(&self) -> &[Route<T>] {
        &self.routes
    }
}

/// A path that is looked up, or what is left of it.
#[derive(Clone, Copy)]
struct Path<'a> {
    /// Without the slash before the first one.
    segments: &'a str,
    has_escapes: bool,
}

impl<'a> Path<'a> {
    /// `None` for what no pattern matches.
    fn new(path: &'a str) -> Option<Self> {
        let segments = path.strip_prefix('/')?;
        // All bytes are looked at, which takes less time than to stop early.
        let has = |wanted: u8| path.bytes().fold(false, |found, octet| found | (octet == wanted));
        let has_escapes = has(b'%');
        let may_have_dots = has_escapes || has(b'.');
        if may_have_dots && first_dot_segment(path).is_some() {
            return None;
        }
        Some(Self { segments, has_escapes })
    }

    fn split(self) -> (&'a str, Option<Self>) {
        let (segment, after) = first_segment(self.segments);
        (segment, after.map(|segments| Self { segments, ..self }))
    }
}

/// Compares every route with every other.
fn check<T>(routes: &[Route<T>]) -> Result<(), RouteError> {
    for (index, route) in routes.iter().enumerate() {
        for other in routes.get(index + 1..).unwrap_or_default() {
            match compare(&route.pattern, &other.pattern) {
                Order::Same if route.method == other.method => {
                    return Err(RouteError::duplicate(other.name()));
                }
                Order::Crossing if route.shares_method(other) => {
                    let example = common_path(&route.pattern, &other.pattern);
                    return Err(RouteError::conflict([route.name(), other.name()], example));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// Where one gets by some segments.
#[derive(Default)]
struct Node {
    /// By what the next segment means.
    literals: BTreeMap<Box<[u8]>, Self>,
    parameter: Option<Box<Node>>,
    here: Leaf,
    rest: Leaf,
    below: Leaf,
}

impl Node {
    fn insert(&mut self, pattern: &Pattern, method: Option<Method>, index: usize) {
        let mut node = self;
        for segment in &pattern.segments {
            node = node.child(segment);
        }
        let leaf = match pattern.end {
            End::Here => &mut node.here,
            End::Rest(_) => &mut node.rest,
            End::Below => &mut node.below,
        };
        leaf.0.push((method, index));
    }

    fn child(&mut self, segment: &Segment) -> &mut Self {
        match segment {
            Segment::Literal(text) => self.literals.entry(text.clone()).or_default(),
            Segment::Parameter(_) => self.parameter.get_or_insert_default(),
        }
    }

    /// Returns the nodes behind the first segment of a path, the more specific one first, and what follows it.
    #[inline]
    fn behind<'p>(&self, path: Path<'p>) -> (impl Iterator<Item = &Self>, Option<Path<'p>>) {
        let (segment, after) = path.split();
        let literal = if self.literals.is_empty() {
            None
        } else if path.has_escapes {
            self.literals.get(&*decode(segment))
        } else {
            self.literals.get(segment.as_bytes())
        };
        let parameter = self.parameter.as_deref().filter(|_| !segment.is_empty());
        (literal.into_iter().chain(parameter), after)
    }

    fn find(&self, method: Method, path: Path<'_>) -> Option<usize> {
        let (mut nodes, after) = self.behind(path);
        nodes
            .find_map(|node| match after {
                Some(after) => node.find(method, after),
                None => node.here.find(method).or_else(|| node.below.find(method)),
            })
            .or_else(|| self.rest.find(method))
            .or_else(|| self.below.find(method))
    }

    /// Adds the methods of all leaves that a path leads to. Mounts have none of their own.
    fn methods(&self, path: Path<'_>, methods: &mut Vec<Method>) {
        let (nodes, after) = self.behind(path);
        for node in nodes {
            match after {
                Some(after) => node.methods(after, methods),
                None => methods.extend(node.here.methods()),
            }
        }
        methods.extend(self.rest.methods());
    }
}

/// What patterns of one shape lead to, by the method.
#[derive(Default)]
struct Leaf(Vec<(Option<Method>, usize)>);

impl Leaf {
    /// A method of its own is better than GET for HEAD, and that is better than every method.
    fn find(&self, method: Method) -> Option<usize> {
        let get = |wanted: Option<Method>| {
            self.0.iter().find(|(method, _)| *method == wanted).map(|(_, index)| *index)
        };
        if self.0.is_empty() {
            return None;
        }
        let head = || if method == Method::HEAD { get(Some(Method::GET)) } else { None };
        get(Some(method)).or_else(head).or_else(|| get(None))
    }

    fn methods(&self) -> impl Iterator<Item = Method> {
        self.0.iter().filter_map(|(method, _)| *method)
    }
}
