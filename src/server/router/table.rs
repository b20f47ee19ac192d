//! From a host, a method and a path to a route.
//!
//! The patterns of each host stand in a tree, one level a segment. A path is looked up from the left, the more specific way first, and
//! comes back to the other one where the first leads nowhere. No node is entered twice, so that a path cannot make
//! more work than there are nodes.

use std::collections::{BTreeMap, BTreeSet};

use super::error::RouteError;
use super::hosts::Hosts;
use super::order::{Order, common_path, compare};
use super::pattern::{End, Pattern, Segment, decode, first_segment};
use crate::method::Method;
use crate::uri::first_dot_segment;

/// A route: which requests, and what they lead to.
pub(super) struct Route<T> {
    pub(super) pattern: Pattern,
    pub(super) value: T,
}

impl<T> Route<T> {
    /// Returns whether the handler is mounted, and looks after the paths below it.
    pub(super) fn is_mount(&self) -> bool {
        self.pattern.end == End::Below
    }

    /// Returns whether there is a method that both take. Who takes GET takes HEAD.
    fn shares_method(&self, other: &Self) -> bool {
        match (self.pattern.method, other.pattern.method) {
            (Some(Method::GET), Some(Method::HEAD)) | (Some(Method::HEAD), Some(Method::GET)) => {
                true
            }
            (Some(one), Some(other)) => one == other,
            _ => true,
        }
    }

    fn name(&self) -> String {
        self.pattern.as_str().to_owned()
    }

    /// Compares it with one that was added before.
    fn check(&self, earlier: &Self) -> Result<(), RouteError> {
        match compare(&earlier.pattern, &self.pattern) {
            Order::Same if self.pattern.method == earlier.pattern.method => {
                Err(RouteError::duplicate(self.name()))
            }
            Order::Crossing if self.shares_method(earlier) => {
                let example = common_path(&earlier.pattern, &self.pattern);
                Err(RouteError::conflict([earlier.name(), self.name()], example))
            }
            _ => Ok(()),
        }
    }
}

/// Routes, none of which contradicts another.
pub(super) struct Table<T> {
    routes: Vec<Route<T>>,
    roots: Hosts<Node>,
}

impl<T> Table<T> {
    /// # Errors
    ///
    /// Two routes for the same requests, or of which neither is more specific.
    pub(super) fn new(routes: Vec<Route<T>>) -> Result<Self, RouteError> {
        let mut roots = Hosts::<Node>::default();
        let mut rivals = Vec::new();
        for (index, route) in routes.iter().enumerate() {
            let root = roots.entry(route.pattern.host.as_ref());
            root.rivals(&route.pattern.segments, &route.pattern.end, &mut rivals);
            rivals.sort_unstable();
            for earlier in rivals.drain(..).filter_map(|index| routes.get(index)) {
                route.check(earlier)?;
            }
            root.insert(&route.pattern, index);
        }
        Ok(Self { routes, roots })
    }

    /// Returns the routes that a host has a part in.
    pub(super) fn at(&self, host: Option<&str>) -> Site<'_, T> {
        Site { routes: &self.routes, named: self.roots.named(host), any: self.roots.any() }
    }

    pub(super) fn routes(&self) -> &[Route<T>] {
        &self.routes
    }
}

/// The routes that a host has a part in.
pub(super) struct Site<'a, T> {
    routes: &'a [Route<T>],
    /// Those of the host, the more specific before; where there are hosts.
    named: Vec<&'a Node>,
    any: &'a Node,
}

impl<'a, T> Site<'a, T> {
    fn roots(&self) -> impl Iterator<Item = &'a Node> {
        self.named.iter().copied().chain([self.any])
    }

    /// Returns the most specific route for a request. Any route of a host is more specific than those for all.
    pub(super) fn find(&self, method: Method, path: Path<'_>) -> Option<&'a Route<T>> {
        self.routes.get(self.roots().find_map(|root| root.find(method, path))?)
    }

    /// Adds the methods of all routes for a path.
    pub(super) fn methods(&self, path: Path<'_>, methods: &mut BTreeSet<Method>) {
        self.roots().for_each(|root| root.methods(path, methods));
    }
}

/// A path that is looked up, or what is left of it.
#[derive(Clone, Copy)]
pub(super) struct Path<'a> {
    /// Without the slash before the first one.
    segments: &'a str,
    has_escapes: bool,
    /// Whether a slash follows that is not in the text.
    has_slash_behind: bool,
}

impl<'a> Path<'a> {
    /// `None` for what no pattern matches.
    pub(super) fn new(path: &'a str) -> Option<Self> {
        let segments = path.strip_prefix('/')?;
        // All bytes are looked at, which takes less time than to stop early.
        let has = |wanted: u8| path.bytes().fold(false, |found, octet| found | (octet == wanted));
        let has_escapes = has(b'%');
        let may_have_dots = has_escapes || has(b'.');
        if may_have_dots && first_dot_segment(path).is_some() {
            return None;
        }
        Some(Self { segments, has_escapes, has_slash_behind: false })
    }

    /// Adds a slash to the end.
    pub(super) const fn with_slash(self) -> Self {
        Self { has_slash_behind: true, ..self }
    }

    fn split(self) -> (&'a str, Option<Self>) {
        let (segment, after) = first_segment(self.segments);
        let after = match after {
            Some(segments) => Some(Self { segments, ..self }),
            None if self.has_slash_behind => {
                Some(Self { segments: "", has_slash_behind: false, ..self })
            }
            None => None,
        };
        (segment, after)
    }
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
    fn insert(&mut self, pattern: &Pattern, index: usize) {
        let mut node = self;
        for segment in &pattern.segments {
            node = node.child(segment);
        }
        let leaf = match pattern.end {
            End::Here => &mut node.here,
            End::Rest(_) => &mut node.rest,
            End::Below => &mut node.below,
        };
        leaf.0.push((pattern.method, index));
    }

    /// Adds all routes that have a path in common with what is left of a pattern, and perhaps a few more. What is
    /// somewhere else in the tree is not looked at, so that thousands of routes can be compared with each other.
    fn rivals(&self, segments: &[Segment], end: &End, found: &mut Vec<usize>) {
        match segments.split_first() {
            None if *end != End::Here => return self.all(found),
            None => found.extend(self.here.routes()),
            Some((Segment::Literal(text), segments)) => {
                let nodes = self.literals.get(text).into_iter().chain(self.parameter.as_deref());
                nodes.for_each(|node| node.rivals(segments, end, found));
            }
            Some((Segment::Parameter(_), segments)) => {
                self.children().for_each(|node| node.rivals(segments, end, found));
            }
        }
        found.extend(self.rest.routes().chain(self.below.routes()));
    }

    /// Adds all routes from here on.
    fn all(&self, found: &mut Vec<usize>) {
        found.extend([&self.here, &self.rest, &self.below].into_iter().flat_map(Leaf::routes));
        self.children().for_each(|node| node.all(found));
    }

    fn children(&self) -> impl Iterator<Item = &Self> {
        self.literals.values().chain(self.parameter.as_deref())
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
    fn methods(&self, path: Path<'_>, methods: &mut BTreeSet<Method>) {
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

    fn routes(&self) -> impl Iterator<Item = usize> {
        self.0.iter().map(|(_, index)| *index)
    }

    fn methods(&self) -> impl Iterator<Item = Method> {
        self.0.iter().filter_map(|(method, _)| *method)
    }
}
