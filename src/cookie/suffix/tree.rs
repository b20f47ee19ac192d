//! The rules of a list as a tree of labels, the last label of a domain first.

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::ops::Range;

use super::rule::{Role, Rule};

/// What stands between the labels of a key: less than any octet of a label, so that keys are in the
/// order of their labels.
const SEPARATOR: u8 = 0;

/// A rule: its domain, the last label first, and what it says of it.
type Keyed<'k> = (&'k [u8], Role);

/// Rules under way to a [`Tree`].
#[derive(Default)]
pub(super) struct Rules {
    /// The keys of the rules: `uk`, separator, `co`.
    keys: Vec<u8>,
    entries: Vec<(Range<u32>, Role)>,
}

impl Rules {
    pub(super) const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn push(&mut self, rule: &Rule<'_>) {
        let start = count(self.keys.len());
        let mut labels = rule.domain.rsplit('.');
        self.keys.extend_from_slice(labels.next().unwrap_or_default().as_bytes());
        for label in labels {
            self.keys.push(SEPARATOR);
            self.keys.extend_from_slice(label.as_bytes());
        }
        self.entries.push((start..count(self.keys.len()), rule.role));
    }

    /// Returns each rule once, in the order of the labels of its domain.
    fn sorted(&self) -> Vec<Keyed<'_>> {
        let key = |range: &Range<u32>| {
            let range = position(range.start)..position(range.end);
            self.keys.get(range).unwrap_or_default()
        };
        let mut rules: Vec<_> =
            self.entries.iter().map(|(range, role)| (key(range), *role)).collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }
}

/// A label, what rules say of the domain that it makes with the labels above, and the labels below.
#[derive(Clone, Debug)]
struct Node {
    /// The first octets of the label, which mostly tell it from its neighbours.
    head: u32,
    /// Where the label starts in [`Tree::labels`].
    label: u32,
    /// Its first child. The last one stands in front of the first child of the next node.
    first: u32,
    label_len: u8,
    is_suffix: bool,
    is_wildcard: bool,
    is_exception: bool,
}

impl Node {
    fn new(labels: &mut Vec<u8>, label: &[u8]) -> Self {
        let start = count(labels.len());
        labels.extend_from_slice(label);
        Self {
            head: head(label),
            label: start,
            first: 0,
            label_len: u8::try_from(label.len()).unwrap_or(u8::MAX),
            is_suffix: false,
            is_wildcard: false,
            is_exception: false,
        }
    }

    const fn add(&mut self, role: Role) {
        match role {
            Role::Suffix => self.is_suffix = true,
            Role::Wildcard => self.is_wildcard = true,
            Role::Exception => self.is_exception = true,
        }
    }
}

/// The rules of a list.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    /// Level by level from the root, the children of a node side by side and in order. The last node is
    /// none: it says where the children of the one before end.
    nodes: Vec<Node>,
    /// The labels of the nodes, in their order.
    labels: Vec<u8>,
    rules: usize,
}

impl Tree {
    /// Grows the tree level by level: each node takes the run of sorted rules that share its labels.
    pub(super) fn new(rules: &Rules) -> Self {
        let rules = rules.sorted();
        let mut labels = Vec::new();
        let mut root = Node::new(&mut labels, b"");
        // Where no rule matches, the rule is `*`; it makes no difference if the list has it.
        root.add(Role::Wildcard);
        let named = rules.partition_point(|(key, _)| key.is_empty());
        let named = rules.get(named..).unwrap_or_default();
        let mut nodes = Vec::from([root]);
        // What is to become the children of each node: its rules, and how much of their keys is read.
        let mut todo = VecDeque::from([(named, 0)]);
        let mut at = 0;
        while let Some((mut rest, read)) = todo.pop_front() {
            let first = count(nodes.len());
            if let Some(node) = nodes.get_mut(at) {
                node.first = first;
            }
            at += 1;
            while let Some((label, run, after)) = split_run(rest, read) {
                rest = after;
                let mut node = Node::new(&mut labels, label);
                let read = read + label.len();
                let whole = run.iter().take_while(|(key, _)| key.len() == read);
                let deeper = whole.map(|(_, role)| node.add(*role)).count();
                nodes.push(node);
                todo.push_back((run.get(deeper..).unwrap_or_default(), read + 1));
            }
        }
        let mut end = Node::new(&mut labels, b"");
        end.first = count(nodes.len());
        nodes.push(end);
        nodes.shrink_to_fit();
        labels.shrink_to_fit();
        Self { nodes, labels, rules: rules.len() }
    }

    /// Returns how many different rules there are.
    pub(super) const fn rules(&self) -> usize {
        self.rules
    }

    /// Returns where the public suffix of a domain starts.
    ///
    /// This is the algorithm of the list in one walk from the last label to the first: the rules that
    /// match are met from the shortest to the longest.
    pub(super) fn suffix_start(&self, domain: &str) -> usize {
        let mut longest = domain.len();
        let mut excepted = None;
        let mut above = domain.len();
        let mut at = 0;
        let mut unread = Some(domain);
        while let Some(text) = unread {
            let (before, label) = match text.rsplit_once('.') {
                Some((before, label)) => (Some(before), label),
                None => (None, text),
            };
            let start = text.len() - label.len();
            if self.nodes.get(at).is_some_and(|node| node.is_wildcard) {
                longest = start;
            }
            let Some((child, node)) = self.child(at, label.as_bytes()) else {
                break;
            };
            if node.is_suffix {
                longest = start;
            }
            if node.is_exception {
                excepted = Some(above);
            }
            (above, at, unread) = (start, child, before);
        }
        // An exception wins over any other rule, however long, and stands for itself without its first
        // label.
        excepted.unwrap_or(longest)
    }

    fn child(&self, parent: usize, label: &[u8]) -> Option<(usize, &Node)> {
        let [parent, next] = self.nodes.get(parent..)?.first_chunk()?;
        let first = position(parent.first);
        let children = self.nodes.get(first..position(next.first))?;
        let wanted = head(label);
        let found = children.binary_search_by(|node| match node.head.cmp(&wanted) {
            Ordering::Equal => self.label(node).cmp(label),
            order => order,
        });
        let index = found.ok()?;
        Some((first + index, children.get(index)?))
    }

    fn label(&self, node: &Node) -> &[u8] {
        let start = position(node.label);
        self.labels.get(start..start + usize::from(node.label_len)).unwrap_or_default()
    }
}

/// Splits the rules whose keys go on with the same label as that of the first; `read` is how much all of
/// them share.
fn split_run<'r, 'k>(
    rules: &'r [Keyed<'k>],
    read: usize,
) -> Option<(&'k [u8], &'r [Keyed<'k>], &'r [Keyed<'k>])> {
    let unread = |key: &'k [u8]| {
        let unread = key.get(read..).unwrap_or_default();
        unread.split(|octet| *octet == SEPARATOR).next().unwrap_or_default()
    };
    let label = unread(rules.first()?.0);
    let len = rules.iter().take_while(|(key, _)| unread(key) == label).count();
    let (run, after) = rules.split_at_checked(len)?;
    Some((label, run, after))
}

/// Returns the first octets of a label as a number that has their order.
fn head(label: &[u8]) -> u32 {
    let mut head = [0; 4];
    for (to, from) in head.iter_mut().zip(label) {
        *to = *from;
    }
    u32::from_be_bytes(head)
}

/// A list is short enough that everything in it is counted in 32 bits.
fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

fn position(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
