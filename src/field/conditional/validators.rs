//! What the server knows of the current representation.

use crate::field::{ETag, HttpDate};
use crate::header::{self, HeaderError, HeaderMap};

/// The validators of the current representation: its entity tag, the date of its last change, or both,
/// [RFC 9110 §8.8](https://www.rfc-editor.org/rfc/rfc9110#section-8.8).
///
/// They must be those that the response to the request is going to carry; with
/// [`write`](Self::write) they are.
///
/// # Examples
///
/// ```
/// use nethttp::HeaderMap;
/// use nethttp::field::conditional::Validators;
/// use nethttp::field::{ETag, HttpDate};
///
/// let now = HttpDate::from_unix(1_700_000_000);
/// let current = Validators::new()
///     .with_etag(ETag::strong(b"v1")?)
///     .with_last_modified(HttpDate::from_unix(now.unix() - 60), now);
///
/// let mut response = HeaderMap::new();
/// current.write(&mut response)?;
/// assert_eq!(response.text("ETag"), Some("\"v1\""));
/// assert_eq!(response.text("Last-Modified"), Some("Tue, 14 Nov 2023 22:12:20 GMT"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators<'a> {
    etag: Option<ETag<'a>>,
    modified: Option<Modified>,
}

/// A date of last change and the time at which it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Modified {
    pub(super) date: HttpDate,
    /// Whether the second of the date is over. A client that was given the date while it ran must not use it
    /// in `If-Range`.
    pub(super) strong: bool,
    pub(super) now: HttpDate,
}

impl<'a> Validators<'a> {
    /// Returns a representation without validators.
    ///
    /// ```
    /// use nethttp::field::conditional::Validators;
    ///
    /// assert!(Validators::new().etag().is_none());
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { etag: None, modified: None }
    }

    /// Returns the validators with the given entity tag.
    ///
    /// ```
    /// use nethttp::field::ETag;
    /// use nethttp::field::conditional::Validators;
    ///
    /// let current = Validators::new().with_etag(ETag::weak(b"v1")?);
    /// assert!(current.etag().is_some_and(ETag::is_weak));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn with_etag(mut self, etag: ETag<'a>) -> Self {
        self.etag = Some(etag);
        self
    }

    /// Returns the validators with the given date of last change; `now` is the present.
    ///
    /// A date in the future becomes the present, as a server must send it
    /// ([RFC 9110 §8.8.2.1](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.2.1)). The date is a
    /// strong validator, one that `If-Range` can be met with, when it is at least one second old:
    /// before that the representation may change and keep its date
    /// ([§8.8.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.2.2)). A client has to look at that
    /// too, by the `Date` of the response that it got: only a tag tells two versions of one second apart
    /// for sure.
    ///
    /// ```
    /// use nethttp::field::HttpDate;
    /// use nethttp::field::conditional::Validators;
    ///
    /// let current = Validators::new().with_last_modified(HttpDate::from_unix(2_000), HttpDate::from_unix(1_000));
    /// assert_eq!(current.last_modified(), Some(HttpDate::from_unix(1_000)));
    /// ```
    #[must_use]
    pub fn with_last_modified(mut self, modified: HttpDate, now: HttpDate) -> Self {
        let strong = modified < now;
        self.modified = Some(Modified { date: modified.min(now), strong, now });
        self
    }

    /// Returns the validators of a file: the tag of [`ETag::from_metadata`] and the date of its last
    /// change.
    ///
    /// # Errors
    ///
    /// The error of [`Metadata::modified`](std::fs::Metadata::modified) on a platform whose files have
    /// no time.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::conditional::Validators;
    /// use std::time::SystemTime;
    ///
    /// let metadata = std::fs::metadata("Cargo.toml")?;
    /// let current = Validators::from_metadata(&metadata, SystemTime::now())?;
    /// assert!(current.etag().is_some() && current.last_modified().is_some());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[cfg(feature = "std")]
    pub fn from_metadata(
        metadata: &std::fs::Metadata,
        now: std::time::SystemTime,
    ) -> std::io::Result<Self> {
        let modified = metadata.modified()?;
        let etag = ETag::from_metadata(metadata.len(), nanos(modified), nanos(now));
        let (modified, now) = (HttpDate::from(modified), HttpDate::from(now));
        Ok(Self::new().with_etag(etag).with_last_modified(modified, now))
    }

    /// Returns the entity tag.
    ///
    /// ```
    /// use nethttp::field::conditional::Validators;
    ///
    /// assert_eq!(Validators::new().etag(), None);
    /// ```
    #[must_use]
    pub const fn etag(&self) -> Option<&ETag<'a>> {
        self.etag.as_ref()
    }

    /// Returns the date of last change, which is never in the future.
    ///
    /// ```
    /// use nethttp::field::conditional::Validators;
    ///
    /// assert_eq!(Validators::new().last_modified(), None);
    /// ```
    #[must_use]
    pub fn last_modified(&self) -> Option<HttpDate> {
        self.modified.map(|modified| modified.date)
    }

    pub(super) const fn modified(&self) -> Option<Modified> {
        self.modified
    }

    /// Sets `ETag` and `Last-Modified` of a response; a field without a validator is left as it is.
    ///
    /// # Errors
    ///
    /// Returns an error when a limit of the map is reached.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::HeaderMap;
    /// use nethttp::field::ETag;
    /// use nethttp::field::conditional::Validators;
    ///
    /// let mut headers = HeaderMap::new();
    /// Validators::new().with_etag(ETag::strong(b"v1")?).write(&mut headers)?;
    /// assert_eq!(headers.text("ETag"), Some("\"v1\""));
    /// assert_eq!(headers.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn write(&self, headers: &mut HeaderMap) -> Result<(), HeaderError> {
        if let Some(etag) = &self.etag {
            headers.insert(header::ETAG, etag)?;
        }
        if let Some(modified) = self.modified {
            headers.insert(header::LAST_MODIFIED, modified.date.encode())?;
        }
        Ok(())
    }
}

/// Returns a time as nanoseconds since 1970-01-01T00:00:00Z.
#[cfg(feature = "std")]
fn nanos(time: std::time::SystemTime) -> i128 {
    let nanos =
        |distance: core::time::Duration| i128::try_from(distance.as_nanos()).unwrap_or(i128::MAX);
    match time.duration_since(std::time::SystemTime::UNIX_EPOCH) {
        Ok(after) => nanos(after),
        Err(before) => -nanos(before.duration()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn dated(modified: i64, now: i64, date: i64, strong: bool) {
        let now = HttpDate::from_unix(now);
        let current = Validators::new().with_last_modified(HttpDate::from_unix(modified), now);
        let date = HttpDate::from_unix(date);
        assert_eq!(current.modified(), Some(Modified { date, strong, now }));
    }

    #[test]
    fn a_date_is_capped_and_strong_after_a_second() {
        dated(1_000, 1_001, 1_000, true);
        dated(1_000, 1_000, 1_000, false);
        dated(1_001, 1_000, 1_000, false);
        dated(-1, 0, -1, true);
        dated(HttpDate::MAX.unix(), i64::MAX, HttpDate::MAX.unix(), false);
    }

    #[cfg(feature = "std")]
    #[test]
    fn times_of_the_system_are_exact() {
        use std::time::{Duration, SystemTime};
        let distance = Duration::new(5, 7);
        assert_eq!(nanos(SystemTime::UNIX_EPOCH + distance), 5_000_000_007);
        assert_eq!(nanos(SystemTime::UNIX_EPOCH - distance), -5_000_000_007);
    }
}
