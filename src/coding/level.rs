//! How hard the encoder tries.

/// How much work goes into making data small: 0 for none, 1 for little, 9 for much.
///
/// # Examples
///
/// ```
/// use nethttp::coding::{Format, Level, encode};
///
/// let text = b"so much to say, so much to say, so much to say".repeat(100);
/// let [stored, fast, best] =
///     [Level::STORED, Level::FAST, Level::BEST].map(|level| encode(Format::Gzip, &text, level).len());
/// assert!(stored > text.len() && fast < text.len() / 20 && best <= fast);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level(u8);

impl Level {
    /// Nothing is compressed, only framed: level 0.
    ///
    /// ```
    /// assert_eq!(nethttp::coding::Level::STORED.as_u8(), 0);
    /// ```
    pub const STORED: Self = Self(0);
    /// The fastest that still compresses: level 1. For what is made anew for each request.
    ///
    /// ```
    /// assert_eq!(nethttp::coding::Level::FAST.as_u8(), 1);
    /// ```
    pub const FAST: Self = Self(1);
    /// A good use of time: level 6.
    ///
    /// ```
    /// assert_eq!(nethttp::coding::Level::DEFAULT.as_u8(), 6);
    /// ```
    pub const DEFAULT: Self = Self(6);
    /// The smallest: level 9. For what is compressed once and sent often.
    ///
    /// ```
    /// assert_eq!(nethttp::coding::Level::BEST.as_u8(), 9);
    /// ```
    pub const BEST: Self = Self(9);

    /// Creates a level from 0 to 9.
    ///
    /// ```
    /// use nethttp::coding::Level;
    ///
    /// assert_eq!(Level::new(6), Some(Level::DEFAULT));
    /// assert_eq!(Level::new(10), None);
    /// ```
    #[must_use]
    pub const fn new(level: u8) -> Option<Self> {
        if level <= 9 { Some(Self(level)) } else { None }
    }

    /// Returns the level as a number from 0 to 9.
    ///
    /// ```
    /// assert_eq!(nethttp::coding::Level::default().as_u8(), 6);
    /// ```
    #[must_use]
    pub const fn as_u8(self) -> u8 {
        self.0
    }
}

impl Default for Level {
    fn default() -> Self {
        Self::DEFAULT
    }
}
