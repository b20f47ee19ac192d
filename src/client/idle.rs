//! How long a connection may wait for its next request.

use std::time::Duration;

use crate::syntax::{members, parse_decimal};

/// Returns how long a connection may be idle: what the client permits, or one second less than the
/// server says that it waits.
///
/// ```abnf
/// Keep-Alive           = 1#keepalive-param             ; RFC 2068 §19.7.1.1
/// keepalive-param      = param-name "=" value
/// ```
pub(super) fn idle_time(keep_alive: Option<&[u8]>, most: Duration) -> Duration {
    let announced = keep_alive.and_then(|value| {
        members(value).find_map(|member| {
            let (name, rest) = member.split_at_checked("timeout".len())?;
            let value = rest.strip_prefix(b"=")?;
            name.eq_ignore_ascii_case(b"timeout").then(|| parse_decimal(value).ok())?
        })
    });
    let announced = announced.map(|seconds| Duration::from_secs(seconds.saturating_sub(1)));
    announced.map_or(most, |announced| announced.min(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_waits_a_second_less_than_the_server() {
        for (value, expected) in [
            (None, 15),
            (Some("timeout=5"), 4),
            (Some("timeout=5, max=100"), 4),
            (Some("max=100,Timeout=5"), 4),
            (Some("timeout=1"), 0),
            (Some("timeout=0"), 0),
            (Some("timeout=100"), 15),
            (Some("timeout=99999999999999999999"), 15),
            (Some("timeout = 5"), 15),
            (Some("timeout=x"), 15),
            (Some("timeout"), 15),
            (Some("max=1"), 15),
            (Some(""), 15),
        ] {
            let found = idle_time(value.map(str::as_bytes), Duration::from_secs(15));
            assert_eq!(found.as_secs(), expected, "{value:?}");
        }
    }
}
