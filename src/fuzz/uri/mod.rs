//! URIs, references, hosts and request targets.

mod fix_up;
mod normalize;
mod parse;
mod resolve;
mod target;

pub use fix_up::uri_fix_up;
pub use normalize::uri_normalize;
pub use parse::uri_parse;
pub use resolve::uri_resolve;

use crate::uri::{Authority, PctStr, Uri, UriError, UriRefView, UriView};

/// What RFC 3986 §5.3 puts together.
#[derive(Debug, PartialEq)]
struct Components<'a> {
    scheme: Option<&'a str>,
    /// With where its parts lie.
    authority: Option<Authority<'a>>,
    path: &'a str,
    query: Option<&'a str>,
    fragment: Option<&'a str>,
}

fn components<'a>(reference: impl Into<UriRefView<'a>>) -> Components<'a> {
    let reference = reference.into();
    Components {
        scheme: reference.scheme(),
        authority: reference.authority(),
        path: reference.path(),
        query: reference.query(),
        fragment: reference.fragment(),
    }
}

/// A URI that was made reads as what it was made of; returns it.
#[track_caller]
fn whole(made: Result<Uri, UriError>) -> Option<Uri> {
    assert_eq!(made.as_ref().err(), None);
    let uri = made.ok()?;
    assert_eq!(UriView::parse(uri.as_str()).map(components), Ok(components(&uri)));
    Some(uri)
}

/// The path as it is without an authority: `/.` keeps one that starts with `//` from being read as such.
fn unguarded_path<'a>(reference: impl Into<UriRefView<'a>>) -> &'a str {
    let reference = reference.into();
    let path = reference.path();
    match path.strip_prefix("/.") {
        Some(guarded) if guarded.starts_with("//") && reference.authority().is_none() => guarded,
        _ => path,
    }
}

fn has_dot_segments(path: &str) -> bool {
    path.split('/').any(|segment| is_here(segment) || is_up(segment))
}

fn is_here(segment: &str) -> bool {
    PctStr::new(segment).eq_decoded(".")
}

fn is_up(segment: &str) -> bool {
    PctStr::new(segment).eq_decoded("..")
}
