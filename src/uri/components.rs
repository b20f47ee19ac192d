//! The accessors that a URI and a reference have in common, owned or borrowed: written once.

/// Defines them for a type with a `split()`. `$lifetime` is that of the texts they return.
macro_rules! components {
    ($name:ident, $lifetime:lifetime $(, $constant:ident)?) => {
        /// Returns the whole text.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("let uri = nethttp::uri::", stringify!($name), "::parse(\"HTTP://Example.org\")?;")]
        /// assert_eq!(uri.as_str(), "HTTP://Example.org");
        /// # Ok::<(), nethttp::uri::UriError>(())
        /// ```
        #[must_use]
        pub $($constant)? fn as_str(&self) -> &$lifetime str {
            self.split().text
        }

        /// Returns the authority, or `None` where no `//` stands in its place.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("use nethttp::uri::", stringify!($name), ";")]
        ///
        #[doc = concat!("let uri = ", stringify!($name), "::parse(\"http://example.org:8080/\")?;")]
        /// assert_eq!(uri.authority().and_then(|authority| authority.port()), Some("8080"));
        #[doc = concat!("assert!(", stringify!($name), "::parse(\"mailto:a@example.org\")?.authority().is_none());")]
        /// # Ok::<(), nethttp::uri::UriError>(())
        /// ```
        #[must_use]
        pub $($constant)? fn authority(&self) -> Option<Authority<$lifetime>> {
            self.split().authority()
        }

        /// Returns the host by its kind, or `None` without an authority.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("use nethttp::uri::{Host, ", stringify!($name), "};")]
        ///
        #[doc = concat!("let uri = ", stringify!($name), "::parse(\"http://127.0.0.1:8080/\")?;")]
        /// assert_eq!(uri.host(), Some(Host::Ipv4([127, 0, 0, 1].into())));
        /// # Ok::<(), nethttp::uri::UriError>(())
        /// ```
        #[must_use]
        pub fn host(&self) -> Option<Host<$lifetime>> {
            self.split().authority().map(|authority| authority.host())
        }

        /// Returns the host as it was written, with the brackets of an IP literal, or `None` without an
        /// authority.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("let uri = nethttp::uri::", stringify!($name), "::parse(\"http://Example.org:8080/\")?;")]
        /// assert_eq!(uri.host_str(), Some("Example.org"));
        /// # Ok::<(), nethttp::uri::UriError>(())
        /// ```
        #[must_use]
        pub $($constant)? fn host_str(&self) -> Option<&$lifetime str> {
            match self.split().authority() {
                Some(authority) => Some(authority.host_str()),
                None => None,
            }
        }

        /// Returns the path, escapes included, perhaps empty.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("use nethttp::uri::", stringify!($name), ";")]
        ///
        #[doc = concat!("assert_eq!(", stringify!($name), "::parse(\"http://example.org/a%2Fb?c\")?.path(), \"/a%2Fb\");")]
        #[doc = concat!("assert_eq!(", stringify!($name), "::parse(\"http://example.org\")?.path(), \"\");")]
        /// # Ok::<(), nethttp::uri::UriError>(())
        /// ```
        #[must_use]
        pub $($constant)? fn path(&self) -> &$lifetime str {
            self.split().path()
        }

        /// Returns the segments of the path, each with its escapes: what stands between its slashes.
        ///
        /// An empty path has none, `/` has one that is empty.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("let uri = nethttp::uri::", stringify!($name), "::parse(\"http://example.org/a%2Fb/c\")?;")]
        /// let mut segments = uri.segments();
        /// assert_eq!(segments.next().map(|segment| segment.decode_lossy()), Some("a/b".into()));
        /// assert_eq!(segments.next().map(|segment| segment.as_str()), Some("c"));
        /// assert!(segments.next().is_none());
        /// # Ok::<(), nethttp::uri::UriError>(())
        /// ```
        pub $($constant)? fn segments(&self) -> Segments<$lifetime> {
            Segments::new(self.split().path())
        }

        /// Returns what stands between the `?` and the fragment, or `None` without a `?`.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("use nethttp::uri::", stringify!($name), ";")]
        ///
        #[doc = concat!("assert_eq!(", stringify!($name), "::parse(\"http://a/?b=c#d\")?.query(), Some(\"b=c\"));")]
        #[doc = concat!("assert_eq!(", stringify!($name), "::parse(\"http://a/?\")?.query(), Some(\"\"));")]
        #[doc = concat!("assert_eq!(", stringify!($name), "::parse(\"http://a/\")?.query(), None);")]
        /// # Ok::<(), nethttp::uri::UriError>(())
        /// ```
        #[must_use]
        pub $($constant)? fn query(&self) -> Option<&$lifetime str> {
            self.split().query()
        }

        /// Returns the query as pairs of names and values, none without a query.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("let uri = nethttp::uri::", stringify!($name), "::parse(\"http://a/?q=a+b&page=2\")?;")]
        /// assert_eq!(uri.query_pairs().get("q"), Some("a b".into()));
        /// for (name, value) in uri.query_pairs() {
        ///     println!("{name} is {value}");
        /// }
        /// # Ok::<(), nethttp::uri::UriError>(())
        /// ```
        #[must_use]
        pub $($constant)? fn query_pairs(&self) -> Pairs<$lifetime> {
            match self.split().query() {
                Some(query) => Pairs::new(query),
                None => Pairs::new(""),
            }
        }

        /// Returns what stands after the `#`, or `None` without one.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("let uri = nethttp::uri::", stringify!($name), "::parse(\"http://a/#b\")?;")]
        /// assert_eq!(uri.fragment(), Some("b"));
        /// # Ok::<(), nethttp::uri::UriError>(())
        /// ```
        #[must_use]
        pub $($constant)? fn fragment(&self) -> Option<&$lifetime str> {
            self.split().fragment()
        }

        /// Returns the path and the query with its `?`, as they were written.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("let uri = nethttp::uri::", stringify!($name), "::parse(\"http://a/b?c#d\")?;")]
        /// assert_eq!(uri.path_and_query(), "/b?c");
        /// # Ok::<(), nethttp::uri::UriError>(())
        /// ```
        #[must_use]
        pub $($constant)? fn path_and_query(&self) -> &$lifetime str {
            self.split().path_and_query()
        }
    };
}

pub(super) use components;

/// Defines the same methods for [`Uri`](super::Uri) and [`UriView`](super::UriView), both of which
/// have a `split()`.
macro_rules! for_uris {
    ($($item:tt)*) => {
        impl Uri { $($item)* }
        impl UriView<'_> { $($item)* }
    };
}

pub(super) use for_uris;
