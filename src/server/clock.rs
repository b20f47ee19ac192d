//! The Date of responses, formatted once a second.

use std::time::SystemTime;

use crate::field::HttpDate;

/// A date and its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct DateCache {
    second: i64,
    text: [u8; 29],
}

impl DateCache {
    pub(super) fn new() -> Self {
        let epoch = HttpDate::from_unix(0);
        Self { second: epoch.unix(), text: epoch.encode() }
    }

    /// Returns the text of the current second.
    pub(super) fn now(&mut self) -> &[u8; 29] {
        let now = HttpDate::from(SystemTime::now());
        if now.unix() != self.second {
            *self = Self { second: now.unix(), text: now.encode() };
        }
        &self.text
    }
}
