//! What a cookie says of itself that its other attributes have to keep: one list for what a server sets,
//! what a jar takes and what a file holds.

use super::jar::Attributes;
use super::{Prefix, SameSite};

/// What a cookie says of itself and is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Promise {
    /// `SameSite=None` without `Secure`.
    SameSite,
    /// `Partitioned` without `Secure`.
    Partitioned,
    /// A prefix, and not all that it asks; or one where there is no name.
    Prefix(Prefix),
}

impl Promise {
    /// Returns the first promise that a cookie breaks.
    pub(super) fn broken(
        (name, value): (&[u8], &[u8]),
        attributes: Attributes,
        has_root_path: bool,
    ) -> Option<Self> {
        if !attributes.is_secure && attributes.same_site == Some(SameSite::None) {
            return Some(Self::SameSite);
        }
        if !attributes.is_secure && attributes.is_partitioned {
            return Some(Self::Partitioned);
        }
        // A cookie without a name never has a prefix, it only looks like one that does.
        let is_kept =
            |prefix: &Prefix| !name.is_empty() && prefix.allows(attributes, has_root_path);
        Prefix::of_pair(name, value).filter(|prefix| !is_kept(prefix)).map(Self::Prefix)
    }
}
