//! What the query of a listing asks for: which entries, and in what order.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::fmt::Write;

use super::Entry;
use crate::uri::{Pairs, QueryBuilder};

/// The most entries that one response lists. What comes behind is linked to.
const MOST: usize = 10_000;

/// A column that entries are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Name,
    Modified,
    Size,
}

impl Column {
    pub(super) const ALL: [Self; 3] = [Self::Name, Self::Modified, Self::Size];

    const fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Modified => "modified",
            Self::Size => "size",
        }
    }
}

/// What is shown of a directory.
///
/// | in the query | |
/// |---|---|
/// | `sort=name`, `sort=modified`, `sort=size` | in this order: by name if nothing is said |
/// | `sort=-size` | in the other direction |
/// | `q=text` | the entries whose name has the text in it, in any case |
/// | `offset=10000` | what comes behind that many |
///
/// What is malformed is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct View {
    pub(super) column: Column,
    pub(super) is_descending: bool,
    pub(super) search: String,
    offset: usize,
}

/// The entries that are shown.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) entries: Vec<Entry>,
    /// How many come before.
    pub(super) before: usize,
    /// How many there are in all.
    pub(super) total: usize,
}

impl View {
    pub(super) fn parse(query: Pairs<'_>) -> Self {
        let sort = query.get("sort").unwrap_or_default();
        let column = |column: &Column| column.key() == sort.trim_start_matches('-');
        let column = Column::ALL.into_iter().find(column);
        Self {
            column: column.unwrap_or(Column::Name),
            is_descending: column.is_some() && sort.starts_with('-'),
            search: query.get("q").map(Cow::into_owned).unwrap_or_default(),
            offset: query.get("offset").and_then(|it| it.parse().ok()).unwrap_or_default(),
        }
    }

    /// Returns the value of `sort`, and nothing if it need not be said.
    pub(super) fn sort(&self) -> String {
        match (self.column, self.is_descending) {
            (Column::Name, false) => String::new(),
            (column, false) => column.key().to_owned(),
            (column, true) => format!("-{}", column.key()),
        }
    }

    /// Returns a reference that leads to this view of the directory from any other.
    pub(super) fn href(&self) -> String {
        let mut query = QueryBuilder::new();
        if !self.search.is_empty() {
            query = query.append("q", &self.search);
        }
        if !self.sort().is_empty() {
            query = query.append("sort", self.sort());
        }
        if self.offset > 0 {
            query = query.append("offset", self.offset.to_string());
        }
        // "?" alone would do, but a reference without it is what people would write.
        if query.as_str().is_empty() { "./".to_owned() } else { format!("?{query}") }
    }

    /// Returns the view that a click on the heading of a column leads to: sorted by it, or, if it is that
    /// already, the other way round.
    pub(super) fn sorted_by(&self, column: Column) -> Self {
        let is_descending = self.column == column && !self.is_descending;
        Self { column, is_descending, offset: 0, search: self.search.clone() }
    }

    fn at(&self, offset: usize) -> Self {
        Self { offset, ..self.clone() }
    }

    /// Chooses among the entries of a directory and sorts them. Directories come first, whatever the order; what
    /// is equal goes by name.
    pub(super) fn show(&self, mut entries: Vec<Entry>) -> Shown {
        let search = self.search.to_lowercase();
        if !search.is_empty() {
            entries.retain(|it| it.name.to_string_lossy().to_lowercase().contains(&search));
        }
        let by_name = |entry: &Entry| (natural(&entry.name.to_string_lossy()), entry.name.clone());
        entries.sort_by_cached_key(by_name);
        if self.is_descending && self.column == Column::Name {
            entries.reverse();
        }
        // Sorting is stable: what is equal stays in the order of its names.
        match (self.column, self.is_descending) {
            (Column::Name, _) => {}
            (Column::Modified, false) => entries.sort_by_key(|it| it.modified),
            (Column::Modified, true) => entries.sort_by_key(|it| Reverse(it.modified)),
            (Column::Size, false) => entries.sort_by_key(Entry::file_len),
            (Column::Size, true) => entries.sort_by_key(|it| Reverse(it.file_len())),
        }
        entries.sort_by_key(|it| !it.is_directory());
        let total = entries.len();
        let before = self.offset.min(total);
        drop(entries.drain(..before));
        entries.truncate(MOST);
        Shown { entries, before, total }
    }
}

impl Shown {
    /// Returns the view of what comes before, if something does.
    pub(super) fn previous(&self, view: &View) -> Option<View> {
        (self.before > 0).then(|| view.at(self.before.saturating_sub(MOST)))
    }

    /// Returns the view of what comes behind, if something does.
    pub(super) fn next(&self, view: &View) -> Option<View> {
        let end = self.before + self.entries.len();
        (end < self.total).then(|| view.at(end))
    }

    /// Returns the value of a Link field ([RFC 8288](https://www.rfc-editor.org/rfc/rfc8288)) for who has no
    /// page to click on.
    pub(super) fn link(&self, view: &View) -> Option<String> {
        let mut link = String::new();
        for (relation, other) in [("prev", self.previous(view)), ("next", self.next(view))] {
            if let Some(other) = other {
                let comma = if link.is_empty() { "" } else { ", " };
                let _ = write!(link, "{comma}<{}>; rel=\"{relation}\"", other.href());
            }
        }
        (!link.is_empty()).then_some(link)
    }
}

/// Returns what names are compared by, so that they come in the order that people expect: `a2` before `B1`
/// and `a10`. Case does not count, and a number counts by its value: how many digits it has is put in front
/// of them.
fn natural(name: &str) -> String {
    let mut key = String::with_capacity(name.len() + 8);
    let lower = name.to_lowercase();
    let mut rest = &*lower;
    while let Some(first) = rest.chars().next() {
        let is_other = |c: char| c.is_ascii_digit() != first.is_ascii_digit();
        let (run, behind) =
            rest.split_at_checked(rest.find(is_other).unwrap_or(rest.len())).unwrap_or((rest, ""));
        if first.is_ascii_digit() {
            let digits = run.trim_start_matches('0');
            let len = u32::try_from(digits.len()).ok().and_then(char::from_u32);
            key.extend(['0', len.unwrap_or(char::MAX)]);
            key.push_str(digits);
        } else {
            key.push_str(run);
        }
        rest = behind;
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_count_by_their_value() {
        let order = [
            "", "0", "1", "2b", "10", "10a", "a", "a 1", "a1", "a01x", "a2", "A10", "a10b", "b",
            "ä",
        ];
        let keys = order.map(natural);
        assert!(keys.is_sorted(), "{keys:?}");
        assert_eq!(natural("A007"), natural("a7"));
        assert!(natural(&"9".repeat(300)) < natural(&"1".repeat(301)));
    }
}
