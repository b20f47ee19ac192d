//! HMAC, [RFC 2104](https://www.rfc-editor.org/rfc/rfc2104): a hash that only who has a key can make.

use super::Sha256;

/// Returns the HMAC of a message that stands in pieces, under SHA-256.
pub(crate) fn hmac_sha256(key: &[u8; 32], pieces: &[&[u8]]) -> [u8; 32] {
    let mut inner = keyed(key, 0x36);
    pieces.iter().for_each(|piece| inner.update(piece));
    let mut outer = keyed(key, 0x5c);
    outer.update(&inner.finish());
    outer.finish()
}

/// Begins with a block of the key, padded.
fn keyed(key: &[u8; 32], pad: u8) -> Sha256 {
    let mut hash = Sha256::new();
    hash.update(&key.map(|octet| octet ^ pad));
    hash.update(&[pad; 32]);
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::hex;

    /// Keys shorter than 32 bytes are those of RFC 4231 §4.2 to §4.4 with zeros behind, which HMAC
    /// appends itself.
    #[track_caller]
    fn hmac_is(key: &[u8], message: &[u8], expected: &str) {
        let mut whole = [0; 32];
        whole[..key.len()].copy_from_slice(key);
        let (a, b) = message.split_at(message.len() / 2);
        assert_eq!(hex(&hmac_sha256(&whole, &[a, b])), expected);
    }

    #[test]
    fn knows_the_vectors() {
        let first = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";
        hmac_is(&[0x0b; 20], b"Hi There", first);
        let second = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        hmac_is(b"Jefe", b"what do ya want for nothing?", second);
        let third = "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe";
        hmac_is(&[0xaa; 20], &[0xdd; 50], third);
    }
}
