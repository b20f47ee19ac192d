//! Values that travel with a request, told apart by their type.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::any::{Any, TypeId};
use core::fmt;

/// Values that travel with a [`Request`](super::Request), at most one of each type: what a middleware has found out and a
/// handler behind it wants to know.
///
/// Give what you put here a type of its own, so that nobody else's `String` takes its place.
///
/// # Examples
///
/// ```
/// use nethttp::Request;
///
/// struct Tenant(String);
///
/// let mut request = Request::default();
/// request.extensions_mut().insert(Tenant("acme".into()));
/// assert!(request.extensions().get::<Tenant>().is_some_and(|tenant| tenant.0 == "acme"));
/// ```
#[derive(Default)]
pub struct Extensions {
    // A few at most, so looking through them is faster than any map.
    values: Vec<(TypeId, Box<dyn Any + Send + Sync>)>,
}

impl Extensions {
    /// Creates an empty collection, which takes no memory.
    ///
    /// ```
    /// use nethttp::message::Extensions;
    ///
    /// assert!(Extensions::new().get::<u32>().is_none());
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { values: Vec::new() }
    }

    /// Adds a value and returns the one of its type that was there before.
    ///
    /// ```
    /// use nethttp::message::Extensions;
    ///
    /// let mut extensions = Extensions::new();
    /// assert_eq!(extensions.insert(1_u32), None);
    /// assert_eq!(extensions.insert(2_u32), Some(1));
    /// ```
    pub fn insert<T: Any + Send + Sync>(&mut self, value: T) -> Option<T> {
        let before = self.remove();
        self.values.push((TypeId::of::<T>(), Box::new(value)));
        before
    }

    /// Returns the value of a type.
    ///
    /// ```
    /// use nethttp::message::Extensions;
    ///
    /// let mut extensions = Extensions::new();
    /// extensions.insert("text");
    /// assert_eq!(extensions.get::<&str>(), Some(&"text"));
    /// ```
    #[must_use]
    pub fn get<T: Any + Send + Sync>(&self) -> Option<&T> {
        let (_, value) = self.values.iter().find(|(id, _)| *id == TypeId::of::<T>())?;
        value.downcast_ref()
    }

    /// Returns the value of a type for changes.
    ///
    /// ```
    /// use nethttp::message::Extensions;
    ///
    /// let mut extensions = Extensions::new();
    /// extensions.insert(1_u32);
    /// extensions.get_mut::<u32>().into_iter().for_each(|count| *count += 1);
    /// assert_eq!(extensions.get(), Some(&2_u32));
    /// ```
    #[must_use]
    pub fn get_mut<T: Any + Send + Sync>(&mut self) -> Option<&mut T> {
        let (_, value) = self.values.iter_mut().find(|(id, _)| *id == TypeId::of::<T>())?;
        value.downcast_mut()
    }

    /// Takes out the value of a type.
    ///
    /// ```
    /// use nethttp::message::Extensions;
    ///
    /// let mut extensions = Extensions::new();
    /// extensions.insert(1_u32);
    /// assert_eq!(extensions.remove::<u32>(), Some(1));
    /// assert_eq!(extensions.remove::<u32>(), None);
    /// ```
    pub fn remove<T: Any + Send + Sync>(&mut self) -> Option<T> {
        let at = self.values.iter().position(|(id, _)| *id == TypeId::of::<T>())?;
        self.values.swap_remove(at).1.downcast().ok().map(|value| *value)
    }

    #[cfg(feature = "server")]
    pub(super) fn clear(&mut self) {
        self.values.clear();
    }
}

impl fmt::Debug for Extensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extensions").field("len", &self.values.len()).finish_non_exhaustive()
    }
}
