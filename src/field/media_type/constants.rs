//! The media types that everybody names.

use super::MediaType;

macro_rules! constants {
    ($($name:ident $text:literal)+) => {
        /// Media types by name, as in hyperium's `mime`.
        impl MediaType<'static> {
            $(
                #[doc = concat!("`", $text, "`")]
                pub const $name: Self = Self::from_static($text);
            )+
        }

        #[cfg(test)]
        const ALL: &[(&str, MediaType<'_>)] = &[$((stringify!($name), MediaType::$name)),+];
    };
}

constants! {
    APPLICATION_JSON "application/json"
    APPLICATION_OCTET_STREAM "application/octet-stream"
    APPLICATION_PDF "application/pdf"
    APPLICATION_PROBLEM_JSON "application/problem+json"
    APPLICATION_WASM "application/wasm"
    APPLICATION_WWW_FORM_URLENCODED "application/x-www-form-urlencoded"
    APPLICATION_XML "application/xml"
    IMAGE_GIF "image/gif"
    IMAGE_JPEG "image/jpeg"
    IMAGE_PNG "image/png"
    IMAGE_SVG "image/svg+xml"
    IMAGE_WEBP "image/webp"
    MULTIPART_BYTERANGES "multipart/byteranges"
    MULTIPART_FORM_DATA "multipart/form-data"
    TEXT_CSS "text/css"
    TEXT_CSS_UTF_8 "text/css; charset=utf-8"
    TEXT_CSV "text/csv"
    TEXT_EVENT_STREAM "text/event-stream"
    TEXT_HTML "text/html"
    TEXT_HTML_UTF_8 "text/html; charset=utf-8"
    TEXT_JAVASCRIPT "text/javascript"
    TEXT_PLAIN "text/plain"
    TEXT_PLAIN_UTF_8 "text/plain; charset=utf-8"
    TEXT_XML "text/xml"
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;

    /// `TEXT_HTML_UTF_8` is `text/html` and so on, but for the three that are shorter in speech.
    #[test]
    fn names_are_the_types() {
        for (name, media_type) in ALL {
            let words: String = media_type
                .as_str()
                .replace("; charset=", "_")
                .replace("x-www", "www")
                .replace("svg+xml", "svg")
                .to_ascii_uppercase()
                .replace(['/', '+', '-'], "_");
            assert_eq!(words, *name);
        }
    }
}
