//! Dispositions that a program makes.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt::Write;

use super::ContentDisposition;
use super::grammar::{Parameter, parameters};
use crate::field::ExtValue;
use crate::syntax::hex_digit;

impl ContentDisposition<'static> {
    /// `inline`: the content is to be shown, as it is without the field.
    ///
    /// ```
    /// use nethttp::field::ContentDisposition;
    ///
    /// let disposition = ContentDisposition::INLINE.with_file_name("plan.pdf");
    /// assert_eq!(disposition.as_str(), "inline; filename=\"plan.pdf\"");
    /// ```
    pub const INLINE: Self = Self { text: Cow::Borrowed("inline"), type_len: 6 };

    /// `attachment`: the content is to be saved, as what the recipient makes of the URL.
    ///
    /// ```
    /// use nethttp::field::ContentDisposition;
    ///
    /// assert!(ContentDisposition::ATTACHMENT.is_attachment());
    /// ```
    pub const ATTACHMENT: Self = Self { text: Cow::Borrowed("attachment"), type_len: 10 };

    /// Returns the disposition of content that is to be saved under this name, as
    /// [`with_file_name`](ContentDisposition::with_file_name) writes it.
    ///
    /// ```
    /// use nethttp::field::ContentDisposition;
    /// use nethttp::header::{self, HeaderMap};
    ///
    /// let mut headers = HeaderMap::new();
    /// let disposition = ContentDisposition::attachment("plan.pdf");
    /// headers.append(header::CONTENT_DISPOSITION, &disposition)?;
    /// let written = headers.get(header::CONTENT_DISPOSITION);
    /// assert_eq!(written, Some(&b"attachment; filename=\"plan.pdf\""[..]));
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    #[must_use]
    pub fn attachment(file_name: &str) -> Self {
        Self::ATTACHMENT.with_file_name(file_name)
    }
}

impl ContentDisposition<'_> {
    /// Returns the disposition with this file name in the place of the one it has.
    ///
    /// Any text can be a name, and [`file_name`](Self::file_name) gives it back. It is written as
    /// [RFC 6266 appendix D](https://www.rfc-editor.org/rfc/rfc6266#appendix-D) advises: in `filename`, always
    /// in quotes, stand ASCII and nothing that any program could take for an escape. Where that is not the
    /// whole name, it stands in `filename*`, and in `filename` is `_` for each other character: what is not
    /// ASCII, controls, `"`, `\`, and `%` with two hexadecimal digits behind it.
    ///
    /// The name comes first, behind the type. The other parameters follow as they were written; of 63 or more
    /// those are dropped for which there is no room.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::ContentDisposition;
    ///
    /// for (name, value) in [
    ///     ("annual report.pdf", "attachment; filename=\"annual report.pdf\""),
    ///     ("100%.txt", "attachment; filename=\"100%.txt\""),
    ///     ("€.txt", "attachment; filename=\"_.txt\"; filename*=UTF-8''%E2%82%AC.txt"),
    ///     ("%41.txt", "attachment; filename=\"_41.txt\"; filename*=UTF-8''%2541.txt"),
    ///     ("\"a\".txt", "attachment; filename=\"_a_.txt\"; filename*=UTF-8''%22a%22.txt"),
    /// ] {
    ///     assert_eq!(ContentDisposition::attachment(name).as_str(), value);
    /// }
    /// ```
    #[must_use]
    pub fn with_file_name(&self, file_name: &str) -> ContentDisposition<'static> {
        let (type_, behind) = self.split();
        let mut text = String::from(type_);
        let fallback = fallback(file_name);
        // Writing to a string does not fail.
        let _ = write!(text, "; filename=\"{fallback}\"");
        let mut room = Self::MAX_PARAMETERS - 1;
        if fallback != file_name {
            let _ = write!(text, "; filename*={}", ExtValue::new(file_name));
            room -= 1;
        }
        let is_other = |parameter: &Parameter<'_>| {
            let is = |name| parameter.name.eq_ignore_ascii_case(name);
            !is("filename") && !is("filename*")
        };
        text.extend(parameters(behind).filter(is_other).take(room).map(|it| it.written));
        ContentDisposition { text: Cow::Owned(text), type_len: self.type_len }
    }
}

/// Returns the name with `_` in the place of every character that some program misreads in quotes.
fn fallback(name: &str) -> Cow<'_, str> {
    let is_escape = |percent: usize| {
        let digits = name.as_bytes().get(percent + 1..percent + 3);
        digits.is_some_and(|digits| digits.iter().all(|&octet| hex_digit(octet).is_some()))
    };
    let stays = |(at, c): (usize, char)| match c {
        '"' | '\\' => false,
        '%' => !is_escape(at),
        _ => matches!(c, ' '..='~'),
    };
    if name.char_indices().all(stays) {
        return Cow::Borrowed(name);
    }
    name.char_indices().map(|(at, c)| if stays((at, c)) { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[track_caller]
    fn writes(name: &str, expected: &str) {
        let found = ContentDisposition::attachment(name);
        assert_eq!(found.as_str(), format!("attachment; {expected}"));
        assert_eq!(found.file_name().as_deref(), Some(name));
        assert_eq!(ContentDisposition::parse(found.as_str().as_bytes()).as_ref(), Ok(&found));
    }

    #[test]
    fn plain_names_stand_in_quotes() {
        writes("plans.pdf", "filename=\"plans.pdf\"");
        writes("", "filename=\"\"");
        writes(" the plans; '(1)'.pdf ", "filename=\" the plans; '(1)'.pdf \"");
        writes("50%.html", "filename=\"50%.html\"");
        writes("%4", "filename=\"%4\"");
        writes("%%%g1", "filename=\"%%%g1\"");
        writes("../a", "filename=\"../a\"");
    }

    #[test]
    fn other_names_have_a_fallback() {
        writes("€ rates.pdf", "filename=\"_ rates.pdf\"; filename*=UTF-8''%E2%82%AC%20rates.pdf");
        writes("ÿ", "filename=\"_\"; filename*=UTF-8''%C3%BF");
        writes("план", "filename=\"____\"; filename*=UTF-8''%D0%BF%D0%BB%D0%B0%D0%BD");
        writes("a\r\nb: c", "filename=\"a__b: c\"; filename*=UTF-8''a%0D%0Ab%3A%20c");
        writes("\t\0\x7f", "filename=\"___\"; filename*=UTF-8''%09%00%7F");
        writes("the \"plans\"", "filename=\"the _plans_\"; filename*=UTF-8''the%20%22plans%22");
        writes("a\\b", "filename=\"a_b\"; filename*=UTF-8''a%5Cb");
    }

    #[test]
    fn nothing_looks_like_an_escape() {
        writes("%20", "filename=\"_20\"; filename*=UTF-8''%2520");
        writes("%%41", "filename=\"%_41\"; filename*=UTF-8''%25%2541");
        writes("a%Ff%fG", "filename=\"a_Ff%fG\"; filename*=UTF-8''a%25Ff%25fG");
    }

    #[track_caller]
    fn replaces(value: &str, name: &str, expected: &str) {
        let disposition = ContentDisposition::parse(value.as_bytes()).unwrap();
        assert_eq!(disposition.with_file_name(name).as_str(), expected);
    }

    #[test]
    fn a_name_replaces_another_and_nothing_else() {
        replaces("INLINE", "a", "INLINE; filename=\"a\"");
        replaces("x;b=\"\\c\" ; FileName=d", "a", "x; filename=\"a\";b=\"\\c\"");
        replaces(
            "x; filename*=UTF-8''b; size = 7 ;filename=\"b\";c*=utf-8''d",
            "a",
            "x; filename=\"a\"; size = 7;c*=utf-8''d",
        );
    }

    #[test]
    fn parameters_without_room_are_dropped() {
        let most = ContentDisposition::MAX_PARAMETERS;
        let parameters: String = (0..most).map(|n| format!("; p{n}=q")).collect();
        let full = format!("x{parameters}").parse::<ContentDisposition<'static>>().unwrap();
        for (name, last) in [("a", "p62"), ("ä", "p61")] {
            let found = full.with_file_name(name);
            assert_eq!(found.parameters().count(), most);
            assert_eq!(found.parameters().last().map(|(name, _)| name), Some(last));
            assert_eq!(ContentDisposition::parse(found.as_str().as_bytes()).as_ref(), Ok(&found));
        }
    }
}
