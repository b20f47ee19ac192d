//! Products and comments.

use alloc::string::String;
use alloc::vec::Vec;

use super::{is_text, lines, message};
use crate::field::{UserAgent, UserAgentPart, UserAgentParts};

pub(super) fn user_agent(data: &[u8]) {
    let strict = reads_back!(UserAgent of data, read => read.as_bytes());
    if let Some(agent) = &strict {
        assert!(!agent.parts().any(|part| matches!(part, UserAgentPart::Other(_))));
        let products = agent.products().count();
        assert!(products > 0 && products + agent.comments().count() == agent.parts().count());
        assert!(depth(data) <= UserAgent::MAX_DEPTH);
        grows(agent, data);
    }
    hold_every_byte(data);
    let lines = lines(data);
    let Some(headers) = message("User-Agent", &lines) else {
        return;
    };
    let found = UserAgent::from_headers(&headers);
    let first = lines.first().copied().filter(|line| !line.is_empty());
    assert_eq!(found.as_ref().map(UserAgent::as_bytes), first);
    let Some(agent) = found else {
        return;
    };
    for product in agent.products().take(4) {
        let first = agent.product(&product.name().to_ascii_uppercase());
        assert!(first.is_some_and(|first| first.name().eq_ignore_ascii_case(product.name())));
    }
}

/// How deep comments stand in one another.
fn depth(data: &[u8]) -> usize {
    let (mut depth, mut most) = (0, 0_usize);
    let mut octets = data.iter();
    while let Some(octet) = octets.next() {
        match octet {
            b'(' => depth += 1,
            b')' => depth -= 1,
            b'\\' => drop(octets.next()),
            _ => {}
        }
        most = most.max(depth);
    }
    most
}

/// A comment of any text can be added, and is read as that text.
fn grows(agent: &UserAgent<'_>, data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Ok(grown) = agent.clone().with_comment(&text) else {
        return assert!(text.contains(|it: char| it.is_ascii_control()));
    };
    is_text(grown.as_bytes());
    assert_eq!(UserAgent::parse(grown.as_bytes()).as_ref(), Ok(&grown));
    let comment = grown.comments().last().map(|comment| comment.text().into_owned());
    assert_eq!(comment.as_deref(), Some(text.as_bytes()));
    if let Ok(grown) = agent.clone().with_product(&text) {
        assert_eq!(UserAgent::parse(grown.as_bytes()).as_ref(), Ok(&grown));
    }
}

/// Whitespace and parentheses aside, the parts of any value hold all its bytes.
fn hold_every_byte(data: &[u8]) {
    let mut found = Vec::new();
    for part in UserAgentParts::new(data) {
        match part {
            UserAgentPart::Product(product) => {
                found.extend_from_slice(product.name().as_bytes());
                if let Some(version) = product.version() {
                    found.push(b'/');
                    found.extend_from_slice(version.as_bytes());
                }
            }
            UserAgentPart::Comment(comment) => found.extend_from_slice(comment.raw()),
            UserAgentPart::Other(word) => found.extend_from_slice(word),
        }
    }
    let visible = |octet: &&u8| !b" \t()".contains(octet);
    assert!(found.iter().filter(visible).eq(data.iter().filter(visible)));
}
