//! Forwarded: what stands on the left never hides what stands on the right.

use alloc::string::ToString;
use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{is_text, lines, message};
use crate::field::forwarded::{Element, Forwarded, Node, TrustedProxies};
use crate::header::HeaderMap;

const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
/// Who made the request to the peer.
const BEFORE: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

pub(super) fn forwarded(data: &[u8]) {
    reads_back!(Node of data, read => read.to_string());
    let strict = reads_back!(Forwarded of data, read => read.to_string());
    let lines = lines(data);
    let Some(headers) = message("Forwarded", &lines) else {
        return;
    };
    let Some(found) = Forwarded::from_headers(&headers) else {
        return;
    };
    if let Some(strict) = strict
        && lines.len() == 1
    {
        assert_eq!(found, strict);
    }
    assert!(found.elements().len() <= Forwarded::MAX_ELEMENTS);
    is_text(found.to_string().as_bytes());
    if !found.elements().is_empty() {
        let again = Forwarded::parse(found.to_string().as_bytes()).map(|all| all.to_string());
        assert_eq!(again, Ok(found.to_string()));
    }
    callers(&headers, &found);
    what_is_added_is_found(&lines);
    x_forwarded(&lines);
}

/// Each hop more leads to the element before.
fn callers(headers: &HeaderMap, found: &Forwarded<'_>) {
    for (passed, element) in found.elements().iter().rev().enumerate() {
        let caller = TrustedProxies::hops(passed + 1).caller(PEER, headers);
        let node = element.for_node().unwrap_or(Node::UNKNOWN);
        assert_eq!(caller.ip(), node.ip().map(|ip| ip.to_canonical()));
        assert_eq!((caller.proto(), caller.host()), (element.proto(), element.host()));
    }
    assert_eq!(TrustedProxies::hops(0).caller(PEER, headers).ip(), Some(PEER));
}

/// A proxy adds its element, to the last line or on one of its own, and is understood.
fn what_is_added_is_found(lines: &[&[u8]]) {
    let element = Element::new().with_for(&Node::from(BEFORE));
    let Ok(element) = element.with_host("a:80") else {
        return;
    };
    let added = element.to_string();
    let Some((last, first)) = lines.split_last() else {
        return;
    };
    let longer = [last, &b","[..], added.as_bytes()].concat();
    let joined: Vec<&[u8]> = first.iter().copied().chain([&longer[..]]).collect();
    let beside: Vec<&[u8]> = lines.iter().copied().chain([added.as_bytes()]).collect();
    for lines in [joined, beside] {
        let Some(headers) = message("Forwarded", &lines) else {
            return;
        };
        let caller = TrustedProxies::hops(1).caller(PEER, &headers);
        assert_eq!((caller.ip(), caller.host()), (Some(BEFORE), Some("a:80")));
        let found =
            Forwarded::from_headers(&headers).and_then(|all| all.elements().last().cloned());
        assert_eq!(found, Some(element.clone()));
    }
}

/// The same for X-Forwarded-For, whose quotes mean nothing unless they are in pairs.
fn x_forwarded(lines: &[&[u8]]) {
    let lines: Vec<&[u8]> = lines.iter().copied().chain([&b"::1"[..]]).collect();
    if let Some(headers) = message("X-Forwarded-For", &lines) {
        let caller = TrustedProxies::hops(1).x_forwarded_for().caller(PEER, &headers);
        assert_eq!(caller.ip(), Some(BEFORE));
        let caller = TrustedProxies::hops(1).caller(PEER, &headers);
        assert_eq!(caller.ip(), Some(PEER));
    }
}
