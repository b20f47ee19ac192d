//! Cryptographic hash functions, for authentication and for handshakes: MD5 and SHA-1, which are broken and
//! still spoken, and SHA-2. None of them is public: who needs a hash for its own sake has better crates.
//!
//! All four cut a message into blocks and mix these, one by one, into a state of a few words; they differ in
//! how. What they have in common, the block that is not full yet and the padding of the last one, stands in
//! [`Blocks`] ([RFC 6234 §4](https://www.rfc-editor.org/rfc/rfc6234#section-4)).
//!
//! The words of a block and of the state stand in arrays that are taken apart and put together again,
//! shifted by one: the compiler names registers anew instead.

use alloc::string::String;

mod blocks;
mod hmac;
mod md5;
#[cfg_attr(not(test), expect(dead_code, reason = "for the handshake of WebSocket, to come"))]
mod sha1;
mod sha2;
mod sha256;
mod sha512;

use blocks::Blocks;
pub(crate) use hmac::hmac_sha256;
pub(crate) use md5::Md5;
pub(crate) use sha256::Sha256;
pub(crate) use sha512::Sha512Slash256;

/// Returns whether two texts are the same, in a time that does not depend on where they differ, only on
/// how long they are.
pub(crate) fn eq(a: &[u8], b: &[u8]) -> bool {
    let differences = a.iter().zip(b).fold(0, |found, (a, b)| core::hint::black_box(found | a ^ b));
    a.len() == b.len() && differences == 0
}

/// Writes bytes in lower-case hexadecimal, two digits a byte.
pub(crate) fn hex(octets: &[u8]) -> String {
    let digit = |bits: u8| char::from(bits + if bits < 10 { b'0' } else { b'a' - 10 });
    octets.iter().flat_map(|octet| [digit(octet >> 4), digit(octet & 15)]).collect()
}

/// Puts the bytes of a state in a row, as many as the digest has.
fn row<const WIDTH: usize, const LEN: usize>(words: &[[u8; WIDTH]]) -> [u8; LEN] {
    let mut row = [0; LEN];
    for (octet, from) in row.iter_mut().zip(words.as_flattened()) {
        *octet = *from;
    }
    row
}

#[cfg(test)]
mod tests {
    use super::sha1::Sha1;
    use super::*;
    use alloc::vec::Vec;

    /// What every hash function must do, written once for the four of them.
    macro_rules! checks {
        ($($hash:ident: $name:ident, $of_all:literal, [$(($message:expr, $digest:literal),)*];)*) => {$(
            #[test]
            fn $name() {
                fn digest(message: &[u8]) -> String {
                    let mut hash = $hash::new();
                    hash.update(message);
                    hex(&hash.finish())
                }
                for (message, expected) in [$((&$message[..], $digest)),*] {
                    assert_eq!(digest(message), expected, "{}", message.len());
                }
                // Lengths on both sides of every edge of a block and of its padding.
                let message: Vec<u8> = (0..301).map(|i: u32| (i * 7 + i / 256) as u8).collect();
                let mut of_all = $hash::new();
                for len in 0..message.len() {
                    of_all.update(digest(&message[..len]).as_bytes());
                }
                assert_eq!(hex(&of_all.finish()), $of_all, "as Python's hashlib has it");
                // In pieces.
                let whole = digest(&message);
                for size in (1..=130).chain([200, 300]) {
                    let mut hash = $hash::new();
                    message.chunks(size).for_each(|piece| hash.update(piece));
                    assert_eq!(hex(&hash.finish()), whole, "in pieces of {size}");
                }
            }
        )*};
    }

    const MILLION: &[u8] = &[b'a'; 1_000_000];
    /// The messages of two blocks of FIPS 180-4's examples.
    const TWO_BLOCKS: &[u8] = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    const TWO_LONG_BLOCKS: &[u8] = b"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn\
        hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu";
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const DIGITS: &[u8; 80] = b"1234567890123456789012345678901234567890\
        1234567890123456789012345678901234567890";

    checks! {
        // RFC 1321, A.5.
        Md5: md5, "d3887b8a78bb438ce7a730875bc441fd", [
            (b"", "d41d8cd98f00b204e9800998ecf8427e"),
            (b"a", "0cc175b9c0f1b6a831c399e269772661"),
            (b"abc", "900150983cd24fb0d6963f7d28e17f72"),
            (b"message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
            (b"abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
            (LETTERS, "d174ab98d277d9f5a5611c2c9f419d9f"),
            (DIGITS, "57edf4a22be3c955ac49da2e2107b67a"),
            (MILLION, "7707d6ae4e027c70eea2a935c2296f21"),
        ];
        // RFC 3174, 7.3.
        Sha1: sha1, "ee2f56c016fb13056481487fbb3818dcee7e541c", [
            (b"", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            (b"abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (TWO_BLOCKS, "84983e441c3bd26ebaae4aa1f95129e5e54670f1"),
            (TWO_LONG_BLOCKS, "a49b2446a02c645bf419f995b67091253a04a259"),
            (MILLION, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"),
        ];
        // FIPS 180-4 and RFC 6234, 8.5.
        Sha256: sha256, "b4b7a922ddba815d5f1dcfb46bb2c8939adeb26fc05e1ff46834483dcd123b5c", [
            (b"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (TWO_BLOCKS, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
            (TWO_LONG_BLOCKS, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"),
            (MILLION, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        ];
        Sha512Slash256: sha512_256, "4d113f6fb4ce64a6bed8f90091000d22d5a90f6a4d9ede4b953a151443f69c3c", [
            (b"", "c672b8d1ef56ed28ab87c3622c5114069bdd3ad7b8f9737498d0c01ecef0967a"),
            (b"abc", "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"),
            (TWO_BLOCKS, "bde8e1f9f19bb9fd3406c90ec6bc47bd36d8ada9f11880dbc8a22a7078b6a461"),
            (TWO_LONG_BLOCKS, "3928e184fb8690f840da3988121d31be65cb9d3ef83ee6146feac861e19b563a"),
            (MILLION, "9a59a052930187a97038cae692f30708aa6491923ef5194394dc68d56c74fb21"),
        ];
    }

    #[test]
    fn compares_every_byte_and_the_length() {
        assert!(eq(b"", b"") && eq(b"secret", b"secret"));
        for other in [&b""[..], b"secre", b"secrets", b"Secret", b"secreT", b"\0\0\0\0\0\0"] {
            assert!(!eq(b"secret", other) && !eq(other, b"secret"));
        }
    }
}
