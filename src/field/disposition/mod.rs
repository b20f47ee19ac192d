//! Names of files that come with a message.
//!
//! ```
//! assert_eq!(nethttp::field::safe_file_name("../a.txt").as_deref(), Some("a.txt"));
//! ```

mod file_name;

pub use self::file_name::safe_file_name;
