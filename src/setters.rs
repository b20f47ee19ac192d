//! The setters of limits and timeouts: written once, so that all of them read alike.
//!
//! Each takes the value, sets the field of that name and gives the value back, in `const`; its example
//! shows that it does.

/// Defines a setter for each field named: `setters! { "path::Type": /// Doc. field: type = "example"; }`,
/// where the type has a constant `DEFAULT`.
macro_rules! setters {
    ($owner:literal: $($(#[doc = $doc:literal])* $name:ident: $type:ty = $example:literal;)*) => {$(
        $(#[doc = $doc])*
        ///
        /// ```
        #[doc = concat!("let value = ", $example, ";")]
        #[doc = concat!("let with = ", $owner, "::DEFAULT.", stringify!($name), "(value);")]
        #[doc = concat!("assert_eq!(with.", stringify!($name), ", value);")]
        /// ```
        #[must_use]
        pub const fn $name(mut self, $name: $type) -> Self {
            self.$name = $name;
            self
        }
    )*};
}

pub(crate) use setters;
