//! The calls that the four fields have in common, written once.

/// Defines the calls of one field. The type holds `Entries` and has `fn judge(&self, offer: &str) -> Verdict`;
/// `$read` reads a range, `$width` says how narrow one is, and `$first` and `$second` are two values for
/// the examples.
macro_rules! calls {
    (
        $name:ident, $field:literal, $constant:path, $range:ident, $read:path, $width:path,
        $first:literal, $second:literal
    ) => {
        impl<'a> $name<'a> {
            /// Creates a value without ranges, as if the request had no such field.
            ///
            /// ```
            #[doc = concat!("use nethttp::negotiate::", stringify!($name), ";")]
            ///
            #[doc = concat!("assert_eq!(", stringify!($name), "::new().ranges().count(), 0);")]
            /// ```
            #[must_use]
            pub const fn new() -> Self {
                Self(Entries::EMPTY)
            }

            /// Reads a field's value as the grammar has it.
            ///
            /// # Errors
            ///
            /// The value is malformed, or it has more than [`MAX_RANGES`](super::MAX_RANGES) members
            /// ([`TooManyMembers`](crate::field::FieldErrorKind::TooManyMembers)).
            ///
            /// ```
            #[doc = concat!("use nethttp::negotiate::", stringify!($name), ";")]
            ///
            #[doc = concat!("let accept = ", stringify!($name), "::parse(b\"", $first, ", ", $second, ";q=0.5\")?;")]
            #[doc = concat!("assert_eq!(accept.quality(\"", $second, "\"), 500);")]
            #[doc = concat!("assert!(", stringify!($name), "::parse(b\"", $first, ";q=2\").is_err());")]
            /// # Ok::<(), nethttp::field::FieldError>(())
            /// ```
            pub fn parse(value: &'a [u8]) -> Result<Self, FieldError> {
                Entries::parse(value, $read).map(Self)
            }

            /// Reads the field of a request, of any number of lines.
            ///
            /// A preference is advice, so what cannot be read is skipped, one member at a time, and the others
            /// count ([RFC 9110 §12.1](https://www.rfc-editor.org/rfc/rfc9110#section-12.1)). What comes
            /// after [`MAX_RANGES`](super::MAX_RANGES) members is not read.
            ///
            /// # Deviations
            ///
            /// A weight may begin with its dot, as in `q=.2`, which Java's `HttpURLConnection` sends, and
            /// decimals behind the third are cut off, which programs send that print a floating-point number.
            ///
            /// ```
            #[doc = concat!("use nethttp::{HeaderMap, negotiate::", stringify!($name), "};")]
            ///
            /// let mut headers = HeaderMap::new();
            #[doc = concat!("headers.append(\"", $field, "\", \"", $first, ", =, ", $second, ";q=.2\")?;")]
            #[doc = concat!("let accept = ", stringify!($name), "::from_headers(&headers);")]
            #[doc = concat!("assert_eq!(accept.to_string(), \"", $first, ", ", $second, ";q=0.2\");")]
            /// # Ok::<(), nethttp::header::HeaderError>(())
            /// ```
            #[must_use]
            pub fn from_headers(headers: &'a HeaderMap) -> Self {
                Self(Entries::of_lines(headers.get_all($constant), $read))
            }

            /// Adds a range with a weight in thousandths, 0 to 1000.
            ///
            /// # Errors
            ///
            /// The text is not one range, the weight is above 1000, or there are
            /// [`MAX_RANGES`](super::MAX_RANGES) already.
            ///
            /// ```
            #[doc = concat!("use nethttp::negotiate::", stringify!($name), ";")]
            ///
            #[doc = concat!("let accept = ", stringify!($name), "::new().with(\"", $first, "\", 1000)?.with(\"", $second, "\", 50)?;")]
            #[doc = concat!("assert_eq!(accept.to_string(), \"", $first, ", ", $second, ";q=0.05\");")]
            /// # Ok::<(), nethttp::field::FieldError>(())
            /// ```
            pub fn with(self, range: &'a str, weight: u16) -> Result<Self, FieldError> {
                self.0.with(range, weight, $read).map(Self)
            }

            /// Returns how much an offer is wanted, in thousandths; 0 is a refusal.
            ///
            /// ```
            #[doc = concat!("use nethttp::negotiate::", stringify!($name), ";")]
            ///
            #[doc = concat!("let accept = ", stringify!($name), "::parse(b\"", $first, ", ", $second, ";q=0\")?;")]
            #[doc = concat!("assert_eq!(accept.quality(\"", $first, "\"), 1000);")]
            #[doc = concat!("assert_eq!(accept.quality(\"", $second, "\"), 0);")]
            /// # Ok::<(), nethttp::field::FieldError>(())
            /// ```
            #[must_use]
            pub fn quality(&self, offer: &str) -> u16 {
                self.judge(offer).quality
            }

            /// Returns the range that decides about an offer, if one does.
            ///
            /// ```
            #[doc = concat!("use nethttp::negotiate::", stringify!($name), ";")]
            ///
            #[doc = concat!("let accept = ", stringify!($name), "::parse(b\"", $first, ";q=0.5\")?;")]
            #[doc = concat!("let range = accept.deciding(\"", $first, "\").map(|range| range.to_string());")]
            #[doc = concat!("assert_eq!(range.as_deref(), Some(\"", $first, ";q=0.5\"));")]
            #[doc = concat!("assert_eq!(accept.deciding(\"", $second, "\"), None);")]
            /// # Ok::<(), nethttp::field::FieldError>(())
            /// ```
            #[must_use]
            pub fn deciding(&self, offer: &str) -> Option<$range<'a>> {
                self.0.as_slice().get(self.judge(offer).place?).copied().map($range)
            }

            /// Chooses the offer that is wanted most. Of offers that are wanted as much it is the one whose
            /// range fits it more closely, and then the first: ties go to the server.
            ///
            /// # Errors
            ///
            /// No offer is acceptable.
            ///
            /// ```
            #[doc = concat!("use nethttp::negotiate::", stringify!($name), ";")]
            ///
            #[doc = concat!("let offers = [\"", $second, "\", \"", $first, "\"];")]
            #[doc = concat!("let accept = ", stringify!($name), "::parse(b\"", $first, ", ", $second, "\")?;")]
            #[doc = concat!("assert_eq!(accept.best(&offers)?.offer(), \"", $second, "\");")]
            #[doc = concat!("let accept = ", stringify!($name), "::parse(b\"", $first, ", ", $second, ";q=0.9\")?;")]
            #[doc = concat!("assert_eq!(accept.best(&offers)?.offer(), \"", $first, "\");")]
            /// # Ok::<(), Box<dyn std::error::Error>>(())
            /// ```
            pub fn best<'o>(&self, offers: &[&'o str]) -> Result<Choice<'o>, NotAcceptable> {
                choose($field, offers, Order::Server, |offer| self.judge(offer))
            }

            /// Chooses the offer that is wanted most. Of offers that are wanted as much it is the one whose
            /// range fits it more closely, and then the one whose range the client named first.
            ///
            /// # Errors
            ///
            /// No offer is acceptable.
            ///
            /// ```
            #[doc = concat!("use nethttp::negotiate::", stringify!($name), ";")]
            ///
            #[doc = concat!("let offers = [\"", $second, "\", \"", $first, "\"];")]
            #[doc = concat!("let accept = ", stringify!($name), "::parse(b\"", $first, ", ", $second, "\")?;")]
            #[doc = concat!("assert_eq!(accept.best_in_client_order(&offers)?.offer(), \"", $first, "\");")]
            /// # Ok::<(), Box<dyn std::error::Error>>(())
            /// ```
            pub fn best_in_client_order<'o>(
                &self,
                offers: &[&'o str],
            ) -> Result<Choice<'o>, NotAcceptable> {
                choose($field, offers, Order::Client, |offer| self.judge(offer))
            }

            /// Returns the ranges in the order of the field.
            ///
            /// ```
            #[doc = concat!("use nethttp::negotiate::", stringify!($name), ";")]
            ///
            #[doc = concat!("let accept = ", stringify!($name), "::parse(b\"", $first, ";q=0.5, ", $second, "\")?;")]
            /// assert!(accept.ranges().map(|range| range.weight()).eq([500, 1000]));
            /// # Ok::<(), nethttp::field::FieldError>(())
            /// ```
            pub fn ranges(&self) -> impl Iterator<Item = $range<'a>> {
                self.0.as_slice().iter().copied().map($range)
            }

            /// Returns the ranges, the most wanted first; of ranges that are wanted as much, the narrowest.
            ///
            /// ```
            #[doc = concat!("use nethttp::negotiate::", stringify!($name), ";")]
            ///
            #[doc = concat!("let accept = ", stringify!($name), "::parse(b\"", $first, ";q=0.5, ", $second, "\")?;")]
            /// assert!(accept.ranked().map(|range| range.weight()).eq([1000, 500]));
            /// # Ok::<(), nethttp::field::FieldError>(())
            /// ```
            pub fn ranked(&self) -> impl Iterator<Item = $range<'a>> {
                self.0.ranked($width).map($range)
            }
        }

        impl PartialEq for $name<'_> {
            fn eq(&self, other: &Self) -> bool {
                self.ranges().eq(other.ranges())
            }
        }

        impl Eq for $name<'_> {}

        impl fmt::Display for $name<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                crate::syntax::write_list(f, self.ranges())
            }
        }

        impl fmt::Debug for $name<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    };
}

pub(super) use calls;
