//! The reference that leads from one URI to another: [RFC 3986 §5.2] backwards.
//!
//! [RFC 3986 §5.2]: https://www.rfc-editor.org/rfc/rfc3986#section-5.2

use alloc::string::String;

use super::absolute::{Uri, UriView};
use super::components::for_uris;
use super::compose::Composer;
use super::dots::first_dot_segment;
use super::parts::Split;
use super::reference::UriRef;

for_uris! {
    /// Returns a short reference that means this URI where the other is the base; it is never longer than
    /// this URI.
    ///
    /// It resolves back: `base.resolve(&uri.relative_to(&base))` is this URI, byte for byte. (Dot segments
    /// are the exception, since resolution removes them: `http://a/./b` comes back as `http://a/b`.)
    ///
    /// Where the two have the scheme and the authority in common, compared byte for byte, it is a fragment,
    /// a query, a relative path, or an absolute path where that is shorter. Else it is the whole of this
    /// URI, as it is where a path cannot say it.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Uri;
    ///
    /// let base = Uri::parse("http://example.org/docs/guide/start.html")?;
    /// let to = |text| Uri::parse(text).map(|uri| uri.relative_to(&base));
    /// assert_eq!(to("http://example.org/docs/guide/next.html")?, "next.html");
    /// assert_eq!(to("http://example.org/docs/img/a.png")?, "../img/a.png");
    /// assert_eq!(to("http://example.org/")?, "/");
    /// assert_eq!(to("http://example.org/docs/guide/start.html#top")?, "#top");
    /// assert_eq!(to("http://example.net/")?, "http://example.net/");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn relative_to<'b>(&self, base: impl Into<UriView<'b>>) -> UriRef {
        relative(self.split(), base.into().split())
    }
}

fn relative(target: Split<'_>, base: Split<'_>) -> UriRef {
    let whole = || Uri::from(UriView(target)).into();
    let Some(way) = Way::between(target, base) else {
        return whole();
    };
    let mut composer = Composer::with_capacity(target.text.len() + base.text.len());
    composer.start_path();
    let with_query = way.write_path(&mut composer.text);
    composer.end_path();
    if with_query {
        composer.text.push_str(target.query_with_mark());
    }
    composer.end_query();
    composer.text.push_str(target.fragment_with_mark());
    composer.finish().map_or_else(|_| whole(), |(text, parts)| UriRef { text, parts })
}

/// What a reference needs of the target's path and query, its fragment aside.
#[derive(Debug, PartialEq, Eq)]
enum Way<'a> {
    /// Nothing: path and query are those of the base.
    Same,
    /// The query.
    Query,
    /// So many steps up, the rest of the path, and the query.
    Path { up: usize, down: &'a str },
    /// The path as it is, and the query.
    Absolute(&'a str),
}

impl<'a> Way<'a> {
    /// `None` where only the whole target says it.
    fn between(target: Split<'a>, base: Split<'_>) -> Option<Self> {
        if target.before_path() != base.before_path() {
            return None;
        }
        let (to, from) = (target.path(), base.path());
        if to == from {
            if target.query() == base.query() {
                return Some(Self::Same);
            }
            if target.query().is_some() {
                return Some(Self::Query);
            }
        }
        // A path without a slash has no directory to start from. Without an authority, `//` needs its
        // `/.`, which resolution takes away and puts back.
        let plain = |path: &str| path.starts_with('/') && first_dot_segment(path).is_none();
        let has_authority = target.parts.authority_start > 0;
        let root_follows = has_authority && from.is_empty();
        if !plain(to) || !(plain(from) || root_follows) || !has_authority && to.contains("//") {
            return None;
        }
        let directory = from.rsplit_once('/').map_or("", |(directory, _)| directory);
        let common = common_directory(to, directory);
        let up = directory.get(common..).unwrap_or_default().matches('/').count();
        let down = to.get(common + 1..).unwrap_or_default();
        let climb = up * "../".len();
        // `//` would be an authority.
        if climb > common + 1 && !to.starts_with("//") {
            return Some(Self::Absolute(to));
        }
        let is_short = climb + down.len() <= target.before_path().len() + to.len();
        is_short.then_some(Self::Path { up, down })
    }

    /// Returns whether the query of the target belongs to the reference.
    fn write_path(&self, text: &mut String) -> bool {
        let (up, down) = match self {
            Self::Same => return false,
            Self::Query => return true,
            Self::Absolute(path) => {
                text.push_str(path);
                return true;
            }
            Self::Path { up, down } => (up, down),
        };
        text.extend(core::iter::repeat_n("../", *up));
        let first = down.split('/').next().unwrap_or_default();
        if *up == 0 && (first.is_empty() || first.contains(':')) {
            // Else it would be no path, an absolute one, or a scheme.
            text.push_str("./");
        }
        text.push_str(down);
        true
    }
}

/// Returns how many bytes of the directory are directories of the path too. The directory has no slash
/// at its end.
fn common_directory(path: &str, directory: &str) -> usize {
    let same = path.bytes().zip(directory.bytes()).take_while(|(a, b)| a == b).count();
    let is_end = |text: &str| matches!(text.as_bytes().get(same), None | Some(b'/'));
    // The path goes on with a slash wherever it is as long as the directory: it has a segment more.
    if is_end(path) && is_end(directory) && path.len() > same {
        return same;
    }
    path.get(..same).and_then(|same| same.rfind('/')).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uri::parts::{Rule, parse};

    #[track_caller]
    fn leads(base: &str, target: &str, expected: &str) {
        let [base, target] = [base, target].map(|text| Uri::parse(text).unwrap());
        let reference = target.relative_to(&base);
        assert_eq!(reference, expected, "from {base} to {target}");
        assert_eq!(parse(expected.as_bytes(), Rule::Reference), Ok(reference.parts), "offsets");
        let resolved = base.resolve(&reference).unwrap();
        let without_dots = base.resolve(&target).unwrap();
        assert!(resolved == target || resolved == without_dots, "{reference} from {base}");
    }

    #[test]
    fn the_same_document_needs_no_path() {
        leads("http://a/b?c#d", "http://a/b?c", "");
        leads("http://a/b?c", "http://a/b?c#e", "#e");
        leads("http://a/b?c", "http://a/b?d#e", "?d#e");
        leads("http://a/b", "http://a/b?", "?");
        leads("http://a/b?c", "http://a/b", "b");
        leads("http://a/b/?c", "http://a/b/", "./");
        leads("http://a?c", "http://a", "http://a");
        leads("http://a?c", "http://a?d", "?d");
        leads("urn:a:b", "urn:a:b#c", "#c");
        leads("urn:a:b", "urn:a:b?c", "?c");
        leads("urn:a:b?c", "urn:a:b", "urn:a:b");
        leads("http://a/b/../c?d", "http://a/b/../c?e", "?e");
    }

    #[test]
    fn paths_lead_down_and_up() {
        leads("http://a/b", "http://a/c", "c");
        leads("http://a/b", "http://a/c/d", "c/d");
        leads("http://a/b/", "http://a/b/c", "c");
        leads("http://a/b/c", "http://a/b/", "./");
        leads("http://a/bcd/c/d", "http://a/bcd/e", "../e");
        leads("http://a/b/c/d", "http://a/b/", "../");
        leads("http://a/bcd/e/f", "http://a/bcd/x/y", "../x/y");
        leads("http://a/bcd/e", "http://a/bcd", "/bcd");
        leads("http://a/b/cd/e", "http://a/b/c/e", "../c/e");
        leads("http://a/b/c/e", "http://a/b/cd/e", "../cd/e");
        leads("http://a", "http://a/b", "b");
        leads("http://a", "http://a/", "./");
        leads("http://a/b", "http://a", "http://a");
        leads("http://a/b/c?d", "http://a/b/e?f#g", "e?f#g");
        leads("file:/a/b", "file:/a/c", "c");
        leads("file:///a/b", "file:///a/c", "c");
    }

    #[test]
    fn an_absolute_path_is_taken_where_it_is_shorter() {
        leads("http://a/b/c/d", "http://a/", "/");
        leads("http://a/b/c/d", "http://a/x/y", "/x/y");
        leads("http://a/b/c", "http://a/b", "/b");
        leads("http://a/b/c/d/e", "http://a/b/x?y", "/b/x?y");
        leads("http://a/b/c", "http://a/d:e", "/d:e");
        leads("http://a/b/c/d", "http://a//e", "../..//e");
        leads("s://h/////", "s://h/", "/");
    }

    #[test]
    fn what_could_be_misread_gets_a_dot() {
        leads("http://a/b", "http://a/c:d", "./c:d");
        leads("http://a/bcd/c/d", "http://a/bcd/e:f", "../e:f");
        leads("http://a/b", "http://a//c", ".//c");
        leads("http://a/b/c", "http://a/b//", ".//");
        leads("http://a/bcd//c", "http://a/bcd/d", "../d");
        leads("http://a//b", "http://a//c", "c");
        leads("http://a//b/c", "http://a//d", "../d");
    }

    #[test]
    fn else_it_is_the_whole_target() {
        leads("http://a/b", "https://a/b", "https://a/b");
        leads("http://a/b", "HTTP://a/b", "HTTP://a/b");
        leads("http://a/b", "http://A/b", "http://A/b");
        leads("http://a/b", "http://a:80/b", "http://a:80/b");
        leads("http://a/b", "http://a/c/../d", "http://a/c/../d");
        leads("http://a/b/../c", "http://a/d", "http://a/d");
        leads("urn:a:b", "urn:a:c", "urn:a:c");
        leads("x:/a/b", "x:/.//c", "x:/.//c");
        leads("x:/a", "x:/b//c", "x:/b//c");
        leads("x:a/b", "x:a/c", "x:a/c");
        leads("http://a/b", "http:/b", "http:/b");
        leads("s://a/b/c/d/e/f", "s://a//g", "s://a//g");
        leads("http:/b", "http://a/b", "http://a/b");
    }
}
