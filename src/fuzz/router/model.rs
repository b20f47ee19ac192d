//! A slow model of routes: texts that are split at their slashes, and a scan of all of them.

use std::collections::BTreeSet;

use crate::method::Method;
use crate::syntax::percent_decode_lossy;

/// A route as it is written.
#[derive(Clone, Debug)]
pub(super) struct Route {
    /// `None` is every method.
    pub(super) method: Option<Method>,
    pub(super) pattern: String,
    pub(super) is_mount: bool,
}

/// What a route has found in a path.
pub(super) struct Found<'a> {
    /// Names and values.
    pub(super) params: Vec<(&'a str, String)>,
    /// The segments that the pattern names one by one.
    pub(super) mount: String,
    pub(super) rest: String,
}

/// A text that is the segment of no pattern.
const FRESH: &str = "%01%02%03";

impl Route {
    /// The pattern's segments. The root, as a mount, has none.
    fn segments(&self) -> Vec<&str> {
        let is_root_mount = self.is_mount && self.pattern == "/";
        self.pattern.split('/').skip(if is_root_mount { 2 } else { 1 }).collect()
    }

    pub(super) fn takes(&self, method: Method) -> bool {
        let is_head = self.method == Some(Method::GET) && method == Method::HEAD;
        self.method.is_none_or(|own| own == method) || is_head
    }

    pub(super) fn find(&self, path: &str) -> Option<Found<'_>> {
        let mut segments: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        let is_dots =
            |text: &&str| [&b"."[..], b".."].contains(&&*percent_decode_lossy(text.as_bytes()));
        if segments.iter().any(is_dots) {
            return None;
        }
        let (mut params, mut mount) = (Vec::new(), String::new());
        for segment in self.segments() {
            let name = segment.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
            if let Some(name) = name.and_then(|name| name.strip_suffix("...")) {
                let rest = segments.join("/");
                params.push((name, rest.clone()));
                return (!segments.is_empty()).then_some(Found { params, mount, rest });
            }
            if segments.is_empty() {
                return None;
            }
            let text = segments.remove(0);
            match name {
                Some(_) if text.is_empty() => return None,
                Some(name) => params.push((name, text.to_owned())),
                None if !means_the_same(segment, text) => return None,
                None => {}
            }
            mount = mount + "/" + text;
        }
        let rest = segments.iter().map(|segment| format!("/{segment}")).collect::<String>();
        (self.is_mount || rest.is_empty()).then_some(Found { params, mount, rest })
    }

    /// The less, the more specific among those that find something in one path.
    pub(super) fn rank(&self, method: Method) -> (Vec<u8>, u8) {
        let rank = |segment: &str| match segment {
            _ if segment.ends_with("...}") => 2,
            _ if segment.starts_with('{') => 1,
            _ => 0,
        };
        let mut ranks: Vec<u8> = self.segments().into_iter().map(rank).collect();
        if self.is_mount {
            ranks.push(3);
        }
        (ranks, if self.method == Some(method) { 0 } else { self.method.map_or(2, |_| 1) })
    }

    /// Paths of all lengths that matter, each with nothing in common with another pattern but what both say.
    fn samples(&self, longest: usize) -> Vec<String> {
        let mut path = String::new();
        for segment in self.segments() {
            if segment.ends_with("...}") {
                let more = |count: usize| format!("{path}/{}", vec![FRESH; count].join("/"));
                let open = |count: usize| more(count) + "/";
                return (0..=longest).map(more).chain((1..=longest).map(open)).collect();
            }
            path.push('/');
            path.push_str(if segment.starts_with('{') { FRESH } else { segment });
        }
        vec![if path.is_empty() { "/".to_owned() } else { path }]
    }

    fn is_within(&self, other: &Self) -> bool {
        let longest = self.segments().len().max(other.segments().len()) + 1;
        self.samples(longest).iter().all(|path| other.find(path).is_some())
    }

    /// Paths, one of which both match if there is one that both match.
    fn merged(&self, other: &Self) -> [String; 2] {
        let (own, others) = (self.segments(), other.segments());
        let mut path = String::new();
        for index in 0..own.len().max(others.len()) {
            let (own, other) = (own.get(index), others.get(index));
            if [own, other].into_iter().flatten().any(|segment| segment.ends_with("...}")) {
                // What is left of the one that is longer.
                let is_open =
                    |segment: Option<&&str>| segment.is_none_or(|it| it.ends_with("...}"));
                if is_open(own) && is_open(other) {
                    break;
                }
            }
            let literal = |segment: &&&str| !segment.starts_with('{');
            let segment = own.filter(literal).or(other.filter(literal));
            path = path + "/" + segment.map_or(FRESH, |segment| segment);
        }
        [path.clone() + "/", path]
    }

    /// The first segments alone, to the letter.
    fn cut(&self, len: usize) -> Self {
        let segments = self.segments();
        let pattern = match segments.get(..len) {
            Some(segments) => "/".to_owned() + &segments.join("/"),
            None => self.pattern.clone(),
        };
        Self { method: self.method, pattern, is_mount: false }
    }

    /// Whether each of two routes is more specific somewhere, and a request that both take has to be answered.
    pub(super) fn crosses(&self, other: &Self) -> bool {
        let mounts = [self, other].into_iter().filter(|route| route.is_mount);
        match mounts.map(|route| route.segments().len()).min() {
            Some(0) => false,
            Some(len) => self.cut(len).crosses(&other.cut(len)),
            None => {
                let overlaps =
                    |path: &String| self.find(path).is_some() && other.find(path).is_some();
                self.shares_method(other)
                    && self.merged(other).iter().any(overlaps)
                    && !self.is_within(other)
                    && !other.is_within(self)
            }
        }
    }

    pub(super) fn shares_method(&self, other: &Self) -> bool {
        let methods = [self.method, other.method, Some(Method::HEAD)];
        methods.into_iter().flatten().any(|method| self.takes(method) && other.takes(method))
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        let is_alike = self.method == other.method && self.is_mount == other.is_mount;
        is_alike && self.is_within(other) && other.is_within(self)
    }
}

fn means_the_same(one: &str, other: &str) -> bool {
    percent_decode_lossy(one.as_bytes()) == percent_decode_lossy(other.as_bytes())
}

/// The best of all routes.
pub(super) fn choose(routes: &[Route], method: Method, path: &str) -> Option<usize> {
    let takes = |route: &Route| route.takes(method) && route.find(path).is_some();
    let all = routes.iter().enumerate().filter(|(_, route)| takes(route));
    all.min_by_key(|(_, route)| route.rank(method)).map(|(index, _)| index)
}

/// What stands in Allow, where no route takes the method.
pub(super) fn allowed(routes: &[Route], path: &str) -> String {
    let found = routes.iter().filter(|route| route.find(path).is_some());
    let mut methods: BTreeSet<Method> = found.filter_map(|route| route.method).collect();
    if methods.contains(&Method::GET) {
        methods.insert(Method::HEAD);
    }
    if !methods.is_empty() {
        methods.insert(Method::OPTIONS);
    }
    methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ")
}
