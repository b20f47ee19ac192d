//! How directives are written.

use core::fmt;
use core::time::Duration;

use super::parse::{DIRECTIVES, Rule};
use super::{CacheControl, CacheScope};

/// Writes the directives in a fixed order, those that are not known behind the others, as `name`,
/// `name=token` or `name="text"`. No directives give an empty text.
impl fmt::Display for CacheControl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        let (mut flags, mut times) = (self.flags, self.times);
        for (name, rule) in DIRECTIVES {
            let written = match rule {
                Rule::Restricts(flag) | Rule::Frees(flag) => *flag(&mut flags),
                Rule::Lifetime(slot) | Rule::Time(slot) => slot(&mut times).is_some(),
                Rule::MaxStale => times.max_stale.is_some(),
                Rule::NoCache => self.no_cache().is_some(),
                Rule::Private => self.private().is_some(),
            };
            if !written {
                continue;
            }
            write!(f, "{separator}{name}")?;
            separator = ", ";
            match rule {
                Rule::Restricts(_) | Rule::Frees(_) => {}
                Rule::Lifetime(slot) | Rule::Time(slot) => time(f, *slot(&mut times))?,
                Rule::MaxStale => time(f, times.max_stale)?,
                Rule::NoCache => scope(f, self.no_cache())?,
                Rule::Private => scope(f, self.private())?,
            }
        }
        for directive in self.extensions() {
            write!(f, "{separator}{directive}")?;
            separator = ", ";
        }
        Ok(())
    }
}

fn time(f: &mut fmt::Formatter<'_>, time: Option<Duration>) -> fmt::Result {
    match time {
        None | Some(Duration::MAX) => Ok(()),
        Some(time) => write!(f, "={}", time.as_secs()),
    }
}

/// The names are quoted, as senders should have it even if there is one,
/// [RFC 9111 §5.2.2.4](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.4).
fn scope(f: &mut fmt::Formatter<'_>, scope: Option<CacheScope<'_>>) -> fmt::Result {
    let Some(CacheScope::Fields(names)) = scope else {
        return Ok(());
    };
    let mut separator = "=\"";
    for name in names {
        write!(f, "{separator}{name}")?;
        separator = ", ";
    }
    f.write_str("\"")
}
