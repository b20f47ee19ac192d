//! The peers' half: httpdate for dates, http for maps of fields, negotiator for choices.

/// Dates.
pub mod dates {
    use std::fmt::Write;
    use std::time::{Duration, SystemTime};

    use httpdate::{Error, HttpDate};

    /// Returns the time that httpdate works on.
    #[inline]
    pub fn time(second: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(second)
    }

    /// Writes a date into bytes, without an allocation.
    #[inline]
    pub fn encode(time: SystemTime) -> [u8; 29] {
        let mut date = [0; 29];
        let mut rest = &mut date[..];
        std::io::Write::write_fmt(&mut rest, format_args!("{}", HttpDate::from(time)))
            .expect("29 bytes");
        date
    }

    /// Writes a date through `Display`, into memory that is there.
    #[inline]
    pub fn display(time: SystemTime, buf: &mut String) {
        buf.clear();
        write!(buf, "{}", HttpDate::from(time)).expect("a String takes everything");
    }

    /// Reads a date in any of the three formats.
    #[inline]
    pub fn parse(text: &str) -> Result<SystemTime, Error> {
        httpdate::parse_http_date(text)
    }
}

/// Maps of fields.
pub mod maps {
    use http::header::{HeaderMap, HeaderName, HeaderValue};
    use httparse::{Header, Request};
    use std::mem::MaybeUninit;

    use crate::SLOTS;

    /// A name and a value that have been checked.
    pub type Prepared = (HeaderName, HeaderValue);

    /// Returns the fields of the input, checked.
    pub fn prepared(fields: &[(&str, &str)]) -> Vec<Prepared> {
        let prepare = |&(name, value): &(&str, &str)| {
            (
                HeaderName::try_from(name).expect("a name"),
                HeaderValue::try_from(value).expect("a value"),
            )
        };
        fields.iter().map(prepare).collect()
    }

    /// Makes a map with `insert`.
    #[inline]
    pub fn insert_all(fields: &[Prepared]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in fields {
            map.insert(name.clone(), value.clone());
        }
        map
    }

    /// Makes a map with `append`.
    #[inline]
    pub fn append_all(fields: &[Prepared]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in fields {
            map.append(name.clone(), value.clone());
        }
        map
    }

    /// Makes a map of texts, which are checked.
    #[inline]
    pub fn append_texts(fields: &[(&str, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in fields {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
            map.append(name, HeaderValue::from_str(value).expect("a value"));
        }
        map
    }

    /// Parses a request head with httparse and makes a map of its fields.
    #[inline]
    pub fn parse_head(head: &[u8]) -> HeaderMap {
        let mut map = HeaderMap::new();
        reparse_head(head, &mut map);
        map
    }

    /// Parses a request head with httparse into a map that is there.
    #[inline]
    pub fn reparse_head(head: &[u8], map: &mut HeaderMap) {
        let mut slots = [const { MaybeUninit::uninit() }; SLOTS];
        let mut request = Request::new(&mut []);
        let status = request.parse_with_uninit_headers(head, &mut slots);
        assert!(status.is_ok_and(|status| status.is_complete()), "a valid head");
        fill(map, request.headers);
    }

    /// Makes a map of the fields of a parsed head.
    #[inline]
    pub fn map_of(fields: &[Header<'_>]) -> HeaderMap {
        let mut map = HeaderMap::new();
        fill(&mut map, fields);
        map
    }

    #[inline]
    fn fill(map: &mut HeaderMap, fields: &[Header<'_>]) {
        map.clear();
        map.reserve(fields.len());
        for field in fields {
            let name = HeaderName::from_bytes(field.name.as_bytes()).expect("a name");
            let value = HeaderValue::from_bytes(field.value).expect("a value");
            map.append(name, value);
        }
    }
}

/// Choices between offers.
pub mod choices {
    use http::header::{ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, HeaderMap, HeaderName};
    use negotiator::Negotiator;

    /// Chooses a representation by the value of Accept.
    #[inline]
    pub fn accept(value: &[u8], offers: &[&str]) -> Option<String> {
        Negotiator::new().accept(str::from_utf8(value).ok()?).media_type(Some(offers))
    }

    /// Chooses a language by the value of Accept-Language.
    #[inline]
    pub fn accept_language(value: &[u8], offers: &[&str]) -> Option<String> {
        Negotiator::new().accept_language(str::from_utf8(value).ok()?).language(Some(offers))
    }

    /// Chooses a coding by the value of Accept-Encoding.
    #[inline]
    pub fn accept_encoding(value: &[u8], offers: &[&str]) -> Option<String> {
        Negotiator::new().accept_encoding(str::from_utf8(value).ok()?).encoding(Some(offers), None)
    }

    fn value(map: &HeaderMap, name: HeaderName) -> Option<&[u8]> {
        map.get(name).map(|value| value.as_bytes())
    }

    /// Chooses a representation by the fields of a request.
    #[inline]
    pub fn accept_of(map: &HeaderMap, offers: &[&str]) -> Option<String> {
        accept(value(map, ACCEPT)?, offers)
    }

    /// Chooses a language by the fields of a request.
    #[inline]
    pub fn accept_language_of(map: &HeaderMap, offers: &[&str]) -> Option<String> {
        accept_language(value(map, ACCEPT_LANGUAGE)?, offers)
    }

    /// Chooses a coding by the fields of a request.
    #[inline]
    pub fn accept_encoding_of(map: &HeaderMap, offers: &[&str]) -> Option<String> {
        accept_encoding(value(map, ACCEPT_ENCODING)?, offers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::{inputs, ours};

    #[test]
    fn dates_are_the_same_to_both() {
        let seconds = inputs::dates();
        for (second, text) in seconds.iter().zip(inputs::imf_fixdates(&seconds)) {
            assert_eq!(dates::encode(dates::time(*second)), text.as_bytes());
            let (mut ours, mut theirs) = (String::new(), String::new());
            ours::display(ours::date(*second), &mut ours);
            dates::display(dates::time(*second), &mut theirs);
            assert_eq!((ours, theirs), (text.clone(), text));
        }
        for texts in [inputs::imf_fixdates, inputs::rfc850_dates, inputs::asctime_dates] {
            for (second, text) in seconds.iter().zip(texts(&seconds)) {
                assert_eq!(ours::parse(&text).ok(), Some(ours::date(*second)), "{text}");
                assert_eq!(dates::parse(&text).ok(), Some(dates::time(*second)), "{text}");
            }
        }
    }

    #[test]
    fn maps_are_the_same_to_both() {
        let fields = inputs::fields();
        let (ours_in, theirs_in) = (ours::prepared(&fields), maps::prepared(&fields));
        let (head, slots) = (inputs::HEAD, &mut crate::ours::slots());
        for (ours, theirs) in [
            (ours::insert_all(&ours_in), maps::insert_all(&theirs_in)),
            (ours::append_all(&ours_in), maps::append_all(&theirs_in)),
            (ours::append_texts(&fields), maps::append_texts(&fields)),
            (ours::parse_head(head, slots), maps::parse_head(head)),
        ] {
            assert_eq!((ours.len(), theirs.len()), (12, 12));
            for (name, value) in &fields {
                assert_eq!(ours.get(name), Some(value.as_bytes()));
                assert_eq!(theirs.get(*name).map(|value| value.as_bytes()), ours.get(name));
            }
        }
    }
    #[test]
    fn choices_are_those_of_the_table() {
        let (image, languages) = (inputs::ACCEPT_IMAGE.as_bytes(), inputs::LANGUAGES.as_bytes());
        let codings = inputs::CODINGS.as_bytes();
        assert_eq!(ours::accept(image, &inputs::IMAGES), Some("image/webp"));
        assert_eq!(choices::accept(image, &inputs::IMAGES).as_deref(), Some("image/avif"));
        assert_eq!(ours::accept_language(languages, &inputs::TAGS), Some("en"));
        let theirs = choices::accept_language(languages, &inputs::TAGS);
        assert_eq!(theirs.as_deref(), Some("en"));
        assert_eq!(ours::accept_encoding(codings, &inputs::CODED), Some("br"));
        let theirs = choices::accept_encoding(codings, &inputs::CODED);
        assert_eq!(theirs.as_deref(), Some("gzip"));
    }

    #[test]
    fn choices_are_wanted_as_much() {
        use nethttp::negotiate::Accept;

        for value in inputs::accepts() {
            let accept = Accept::parse(value.as_bytes()).expect("well-formed");
            let ours = ours::accept(value.as_bytes(), &inputs::TYPES).expect("one is wanted");
            let theirs = choices::accept(value.as_bytes(), &inputs::TYPES).expect("one is wanted");
            assert_eq!(accept.quality(ours), accept.quality(&theirs), "{value}");
        }
    }
}
