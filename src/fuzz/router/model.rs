//! A slow model of routes: texts that are split at their slashes, and a scan of all of them.

use std::collections::BTreeSet;

use crate::method::Method;
use crate::syntax::percent_decode_lossy;

/// A route as it is written.
#[derive(Clone, Debug)]
pub(super) struct Route {
    /// `None` is every method.
    pub(super) method: Option<Method>,
    /// With its host.
    pub(super) pattern: String,
    pub(super) host: Option<String>,
    /// The root, as a mount, has none. `{$}` is nothing, and a slash at the end a rest without a name.
    segments: Vec<String>,
    pub(super) is_mount: bool,
}

/// What is asked for.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) method: Method,
    pub(super) host: Option<&'a str>,
    pub(super) path: &'a str,
    pub(super) query: Option<&'a str>,
}

/// What there is.
pub(super) enum Outcome {
    Route(usize),
    Elsewhere(String),
    /// What stands in Allow.
    Nothing(String),
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
    /// `None` for a host of a kind that the model does not know.
    pub(super) fn new(method: Option<Method>, pattern: &str, is_mount: bool) -> Option<Self> {
        let (host, path) = pattern.split_at(pattern.find('/')?);
        let is_known = host.is_empty() || is_name(host.strip_prefix("*.").unwrap_or(host));
        let host = Some(host.to_ascii_lowercase()).filter(|host| !host.is_empty());
        let mut segments: Vec<String> = path.split('/').skip(1).map(str::to_owned).collect();
        let last = segments.pop()?;
        match &*last {
            "" if is_mount => {}
            "" => segments.push("{...}".to_owned()),
            "{$}" => segments.push(String::new()),
            _ => segments.push(last),
        }
        let pattern = pattern.to_owned();
        is_known.then_some(Self { method, pattern, host, segments, is_mount })
    }

    /// The same below a prefix of two segments.
    pub(super) fn nested(&self, first: &str, second: &str) -> Self {
        let prefix = [first.to_owned(), second.to_owned()];
        let segments = prefix.into_iter().chain(self.segments.iter().cloned()).collect();
        Self { segments, ..self.clone() }
    }

    fn segments(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    /// How specific the host is, if it is one of these: the less the more.
    fn host_rank(&self, host: Option<&str>) -> Option<usize> {
        let Some(own) = &self.host else {
            return Some(usize::MAX);
        };
        let host = host?.split(':').next()?.to_ascii_lowercase();
        match own.strip_prefix('*') {
            Some(parent) => host.ends_with(parent).then(|| usize::MAX - parent.len()),
            None => (*own == host).then_some(0),
        }
    }

    fn has_rest(&self) -> bool {
        self.segments.last().is_some_and(|last| last.ends_with("...}"))
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
                if !name.is_empty() {
                    params.push((name, rest.clone()));
                }
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
        let segments = self.segments.iter().take(len).cloned().collect();
        Self { segments, is_mount: false, ..self.clone() }
    }

    /// Whether each of two routes is more specific somewhere, and a request that both take has to be answered.
    pub(super) fn crosses(&self, other: &Self) -> bool {
        if self.host != other.host {
            return false;
        }
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
        let kind = |route: &Self| (route.method, route.is_mount, route.host.clone());
        let is_alike = kind(self) == kind(other);
        is_alike && self.is_within(other) && other.is_within(self)
    }
}

fn means_the_same(one: &str, other: &str) -> bool {
    percent_decode_lossy(one.as_bytes()) == percent_decode_lossy(other.as_bytes())
}

/// Letters and dots.
fn is_name(host: &str) -> bool {
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|octet| octet.is_ascii_alphabetic());
    host.len() < 40 && host.split('.').all(is_label)
}

/// Whether a host is of a kind that the model knows.
pub(super) fn is_host(host: &str) -> bool {
    let (name, port) = host.split_once(':').unwrap_or((host, ""));
    is_name(name) && port.bytes().all(|octet| octet.is_ascii_digit())
}

/// The best of all routes for a path.
pub(super) fn choose(routes: &[Route], asked: &Asked<'_>, path: &str) -> Option<usize> {
    let takes = |route: &Route| route.takes(asked.method) && route.find(path).is_some();
    let all = routes.iter().enumerate().filter(|(_, route)| takes(route));
    let ranked = all.filter_map(|(index, route)| {
        Some((route.host_rank(asked.host)?, route.rank(asked.method), index))
    });
    ranked.min().map(|(.., index)| index)
}

/// What there is, step by step as the documentation of a router says.
pub(super) fn find(routes: &[Route], asked: &Asked<'_>) -> Outcome {
    let raw = choose(routes, asked, asked.path);
    if let Some(index) = raw.filter(|&index| routes[index].is_mount) {
        return Outcome::Route(index);
    }
    if !asked.path.starts_with('/') || asked.method == Method::CONNECT {
        return raw.map_or(Outcome::Nothing(String::new()), Outcome::Route);
    }
    let clean = clean(asked.path);
    let best = choose(routes, asked, &clean);
    let with_slash = Some(clean.clone() + "/").filter(|_| !clean.ends_with('/'));
    if let Some(path) = &with_slash
        && best.is_none_or(|index| routes[index].has_rest())
        && let Some(route) = choose(routes, asked, path).map(|index| &routes[index])
        && !route.is_mount
        && route.find(path).is_some_and(|found| found.rest.is_empty())
    {
        return Outcome::Elsewhere(path.clone());
    }
    match best {
        Some(index) if clean == asked.path => Outcome::Route(index),
        Some(_) => Outcome::Elsewhere(clean),
        None => Outcome::Nothing(allowed(routes, asked.host, &[Some(clean), with_slash])),
    }
}

/// A path without dots and without empty segments, in two passes.
fn clean(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut is_open = false;
    for segment in path.split('/').skip(1) {
        let decoded = percent_decode_lossy(segment.as_bytes());
        is_open = [&b"."[..], b"..", b""].contains(&&*decoded);
        match &*decoded {
            b"." => {}
            b".." => drop(kept.pop()),
            _ => kept.push(segment),
        }
    }
    kept.retain(|segment| !segment.is_empty());
    let path: String = kept.iter().map(|segment| format!("/{segment}")).collect();
    if is_open { path + "/" } else { path }
}

/// A path as it stands in a URI.
pub(super) fn location(path: &str) -> String {
    let escape = |char: char| match char {
        char if char.is_ascii_alphanumeric() || "/%-._~!$&'()*+,;=:@".contains(char) => {
            char.to_string()
        }
        char => char.to_string().bytes().map(|octet| format!("%{octet:02X}")).collect(),
    };
    path.chars().map(escape).collect()
}

/// What stands in Allow, where no route takes the method.
fn allowed(routes: &[Route], host: Option<&str>, paths: &[Option<String>]) -> String {
    let takes = |route: &&Route| {
        let finds = |path: &String| route.find(path).is_some();
        route.host_rank(host).is_some() && paths.iter().flatten().any(finds)
    };
    let found = routes.iter().filter(takes);
    let mut methods: BTreeSet<Method> = found.filter_map(|route| route.method).collect();
    if methods.contains(&Method::GET) {
        methods.insert(Method::HEAD);
    }
    if !methods.is_empty() {
        methods.insert(Method::OPTIONS);
    }
    methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ")
}
