//! How much a multipart form may hold.

use crate::setters::setters;

/// How much a multipart form may hold before it is refused.
///
/// | limit | default |
/// |---|--:|
/// | [`total`](Self::total): bytes of the form, with all that stands between the contents | 64 MiB |
/// | [`parts`](Self::parts) | 1,000 |
/// | [`fields`](Self::fields): header fields of a part | 32 |
/// | [`header`](Self::header): bytes of the header of a part | 8 KiB |
/// | [`text`](Self::text): bytes of the content of a part that is no file | 1 MiB |
/// | [`file`](Self::file): bytes of the content of a file | 64 MiB |
/// | [`preamble`](Self::preamble): bytes before the first boundary | 8 KiB |
/// | [`epilogue`](Self::epilogue): bytes behind the last boundary | 8 KiB |
///
/// The largest value of the type is no limit. A server's own limit for bodies is raised to `total` by
/// `Request::multipart`.
///
/// # Examples
///
/// ```
/// use nethttp::form::MultipartLimits;
///
/// // One film of 4 GiB, with its title.
/// const FILM: MultipartLimits =
///     MultipartLimits::DEFAULT.parts(2).text(1024).file(4 << 30).total((4 << 30) + 4096);
/// assert_eq!(FILM.fields, 32);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MultipartLimits {
    /// Bytes of the form, with all that stands between the contents.
    pub total: u64,
    /// Parts.
    pub parts: usize,
    /// Header fields of a part.
    pub fields: usize,
    /// Bytes of the header of a part.
    pub header: usize,
    /// Bytes of the content of a part that is no file.
    pub text: u64,
    /// Bytes of the content of a file.
    pub file: u64,
    /// Bytes before the first boundary.
    pub preamble: u64,
    /// Bytes behind the last boundary.
    pub epilogue: u64,
}

impl MultipartLimits {
    /// The defaults of the table above.
    pub const DEFAULT: Self = Self {
        total: 64 << 20,
        parts: 1_000,
        fields: 32,
        header: 8 << 10,
        text: 1 << 20,
        file: 64 << 20,
        preamble: 8 << 10,
        epilogue: 8 << 10,
    };

    setters! { "nethttp::form::MultipartLimits":
        /// Sets the bytes of the form.
        total: u64 = "1 << 30";
        /// Sets the number of parts.
        parts: usize = "10";
        /// Sets the number of header fields of a part.
        fields: usize = "4";
        /// Sets the bytes of the header of a part.
        header: usize = "1024";
        /// Sets the bytes of the content of a part that is no file.
        text: u64 = "1024";
        /// Sets the bytes of the content of a file.
        file: u64 = "1 << 30";
        /// Sets the bytes before the first boundary.
        preamble: u64 = "0";
        /// Sets the bytes behind the last boundary.
        epilogue: u64 = "2";
    }
}

impl Default for MultipartLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
