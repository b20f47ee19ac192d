//! Going on with a download behind what is there already: `-C`.

use std::fs;
use std::path::Path;

use nethttp::field::{ContentRange, ETag};
use nethttp::{Response, StatusCode};

use crate::failure::{Failure, Status};
use crate::options::Resume;

/// What there is of a download.
#[derive(Debug)]
pub(crate) struct Part {
    from: u64,
    /// What the server has called the content when it sent the first part, if it was this program that asked.
    validator: Option<String>,
}

/// What is to be done with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Placement {
    /// It goes behind what there is.
    Behind,
    /// It is all of something else.
    Anew,
    /// There is no more.
    Complete,
}

impl Part {
    /// Returns what there is; none if all is wanted. What is not there has nothing in it.
    pub(crate) fn there(resume: Option<Resume>, path: Option<&Path>) -> Option<Self> {
        let from = match resume? {
            Resume::At(from) => from,
            Resume::Behind => path.map_or(0, len),
        };
        (from > 0).then_some(Self { from, validator: None })
    }

    /// Returns what there is after a transfer that broke off.
    pub(crate) fn received(path: &Path, response: &Response) -> Option<Self> {
        let is_strong = |tag: &&str| ETag::parse(tag.as_bytes()).is_ok_and(|tag| !tag.is_weak());
        let validator = response.header("ETag").filter(is_strong).map(str::to_owned);
        Some(len(path)).filter(|from| *from > 0).map(|from| Self { from, validator })
    }

    pub(crate) const fn from(&self) -> u64 {
        self.from
    }

    /// Returns the fields that ask for the rest, or for all of it if it has changed.
    pub(crate) fn fields(&self) -> Vec<(&'static str, String)> {
        let range = ("Range", format!("bytes={}-", self.from));
        let validator = self.validator.clone().map(|validator| ("If-Range", validator));
        [range].into_iter().chain(validator).collect()
    }

    /// Looks at the answer.
    pub(crate) fn place(&self, response: &Response) -> Result<Placement, Failure> {
        let from = self.from;
        let range = ContentRange::from_headers(response.headers()).ok().flatten();
        match response.status() {
            StatusCode::PARTIAL_CONTENT => {
                let start = range.and_then(|range| range.range()).map(|range| range.start);
                if start == Some(from) {
                    return Ok(Placement::Behind);
                }
                let text = format!("expected content from byte {from} on, found another part");
                Err(Failure::new(Status::Range, text))
            }
            StatusCode::RANGE_NOT_SATISFIABLE => {
                match range.and_then(|range| range.complete_len()) {
                    Some(len) if len != from => {
                        let text = format!("expected more than {from} bytes, found {len}");
                        Err(Failure::new(Status::Range, text))
                    }
                    _ => Ok(Placement::Complete),
                }
            }
            // The content has changed since this program has asked for it first.
            status if status.is_success() && self.validator.is_some() => Ok(Placement::Anew),
            // Whoever knows no ranges says at least how much there is.
            status if status.is_success() && response.body().len() == Some(from) => {
                Ok(Placement::Complete)
            }
            status if status.is_success() => {
                let text = format!("expected content from byte {from} on, found all of it");
                Err(Failure::new(Status::Range, text))
            }
            // What went wrong is no part of the file.
            status => Err(Failure::new(Status::Range, format!("the server answers {status}"))),
        }
    }
}

fn len(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |there| there.len())
}
