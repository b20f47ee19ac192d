//! How long caches may keep a file, by its path.

use std::ffi::OsString;
use std::{iter, mem};

use crate::field::CacheControl;

/// What is said of every file for which there is no rule: who changes a file and reloads wants to see the
/// change, and to ask whether there is one is cheap.
pub(super) const DEFAULT: &str = "no-cache";

/// Patterns, and what Cache-Control says for a path that fits one. The first that fits counts.
#[derive(Clone, Debug, Default)]
pub(super) struct CacheRules(Vec<(Pattern, String)>);

impl CacheRules {
    pub(super) fn push(&mut self, pattern: &str, control: &CacheControl<'_>) {
        self.0.push((Pattern::new(pattern), control.to_string()));
    }

    /// Returns the value of Cache-Control for a file, by its names from the root down. It is empty if
    /// nothing is to be said.
    pub(super) fn control(&self, names: &[OsString]) -> &str {
        let rule = self.0.iter().find(|(pattern, _)| pattern.fits(names));
        rule.map_or(DEFAULT, |(_, control)| control)
    }
}

/// A path with holes.
///
/// ```abnf
/// pattern = name / path          ; a path has a slash, and counts from the root
/// name    = 1*( "*" / octet )    ; "*" is any run of octets without a slash
/// path    = 1*( "**" / "*" / octet )  ; "**" is any run of octets
/// ```
#[derive(Clone, Debug)]
struct Pattern {
    pieces: Vec<Piece>,
    is_path: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Octet(u8),
    /// Any run without a slash.
    Run,
    /// Any run.
    Path,
}

impl Pattern {
    fn new(text: &str) -> Self {
        let is_path = text.contains('/');
        let mut pieces = Vec::new();
        for octet in text.strip_prefix('/').unwrap_or(text).bytes() {
            match (octet, pieces.last_mut()) {
                (b'*', Some(last @ (Piece::Run | Piece::Path))) => *last = Piece::Path,
                (b'*', _) => pieces.push(Piece::Run),
                (octet, _) => pieces.push(Piece::Octet(octet)),
            }
        }
        Self { pieces, is_path }
    }

    fn fits(&self, names: &[OsString]) -> bool {
        let mut names = names.iter().map(|name| name.as_encoded_bytes());
        if self.is_path {
            self.matches(&names.collect::<Vec<_>>().join(&b'/'))
        } else {
            names.next_back().is_some_and(|name| self.matches(name))
        }
    }

    /// Follows all ways through the pattern at once, so that no path makes it slow: `reached` says of every
    /// position in the path whether the pieces so far can end there.
    fn matches(&self, path: &[u8]) -> bool {
        let mut reached = vec![false; path.len() + 1];
        reached.first_mut().into_iter().for_each(|start| *start = true);
        for piece in &self.pieces {
            // Whether the position before can be left over the octet between the two.
            let mut comes = false;
            let octets = iter::once(None).chain(path.iter().map(Some));
            for (here, octet) in reached.iter_mut().zip(octets) {
                let arrives = comes && octet.is_some_and(|&octet| piece.takes(octet));
                match piece {
                    Piece::Octet(_) => comes = mem::replace(here, arrives),
                    Piece::Run | Piece::Path => {
                        *here |= arrives;
                        comes = *here;
                    }
                }
            }
        }
        reached.last().copied().unwrap_or_default()
    }
}

impl Piece {
    const fn takes(self, octet: u8) -> bool {
        match self {
            Self::Octet(own) => own == octet,
            Self::Run => octet != b'/',
            Self::Path => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(path: &str) -> Vec<OsString> {
        path.split('/').map(OsString::from).collect()
    }

    #[track_caller]
    fn fits(pattern: &str, path: &str) {
        assert!(Pattern::new(pattern).fits(&names(path)), "{pattern} and {path}");
    }

    #[track_caller]
    fn differs(pattern: &str, path: &str) {
        assert!(!Pattern::new(pattern).fits(&names(path)), "{pattern} and {path}");
    }

    #[test]
    fn a_pattern_without_a_slash_is_for_names() {
        fits("*.css", "a.css");
        fits("*.css", "b/c/a.css");
        fits("*.css", ".css");
        differs("*.css", "a.css.txt");
        differs("*.css", "a.CSS");
        differs("b", "b/a");
        fits("a", "b/a");
        fits("*", "any/thing");
        fits("**", "any/thing");
        fits("a*b*c", "abbc");
        differs("a*b*c", "acb");
        differs("", "a");
    }

    #[test]
    fn a_pattern_with_a_slash_is_for_paths_from_the_root() {
        fits("/a.css", "a.css");
        differs("/a.css", "b/a.css");
        fits("/assets/*", "assets/a");
        differs("/assets/*", "assets/b/a");
        differs("/assets/*", "old/assets/a");
        fits("/assets/**", "assets/b/a");
        fits("assets/**", "assets/b/a");
        differs("/assets/**", "assets");
        fits("**/a", "b/c/a");
        differs("**/a", "a");
        fits("/**.js", "a/b.js");
        fits("/*/x", "a/x");
        differs("/*/x", "a/b/x");
    }

    #[test]
    fn the_first_rule_that_fits_counts() {
        let day = std::time::Duration::from_secs(86_400);
        let mut rules = CacheRules::default();
        assert_eq!(rules.control(&names("a.css")), "no-cache");
        rules.push("*.css", &CacheControl::new().with_max_age(day));
        rules.push("/assets/**", &CacheControl::new().with_public());
        rules.push("/silent/**", &CacheControl::new());
        assert_eq!(rules.control(&names("assets/a.css")), "max-age=86400");
        assert_eq!(rules.control(&names("assets/a.js")), "public");
        assert_eq!(rules.control(&names("silent/a.js")), "");
        assert_eq!(rules.control(&names("a.js")), "no-cache");
    }

    /// The same by trying every length of every run.
    fn naive(pieces: &[Piece], path: &[u8]) -> bool {
        match pieces {
            [] => path.is_empty(),
            [Piece::Octet(own), rest @ ..] => path.first() == Some(own) && naive(rest, &path[1..]),
            [run, rest @ ..] => (0..=path.len())
                .take_while(|&len| len == 0 || run.takes(path[len - 1]))
                .any(|len| naive(rest, &path[len..])),
        }
    }

    proptest! {
        #[test]
        fn matches_what_a_naive_matcher_does(pattern in "[ab/*]{0,8}", path in "[ab/]{0,10}") {
            let pattern = Pattern::new(&pattern);
            prop_assert_eq!(pattern.matches(path.as_bytes()), naive(&pattern.pieces, path.as_bytes()));
        }
    }
}
