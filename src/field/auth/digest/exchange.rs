//! What is hashed, [RFC 7616 §3.4](https://www.rfc-editor.org/rfc/rfc7616#section-3.4), over plain text.
//!
//! Realms, names and nonces are hashed as they are meant, without the backslashes that stand in front of
//! quotes: so do curl, Requests and urllib, and `unq(X)` of the RFC can be read so.

use alloc::string::String;
use alloc::vec::Vec;

use super::{DigestAlgorithm, DigestQop};

/// What both sides know of a request, the password aside.
#[derive(Clone, Copy)]
pub(super) struct Exchange<'a> {
    pub(super) algorithm: DigestAlgorithm,
    pub(super) nonce: &'a [u8],
    /// As none stands there where the server is of the time before [RFC 2617]: no quality of protection,
    /// no count, no nonce of the client's.
    ///
    /// [RFC 2617]: https://www.rfc-editor.org/rfc/rfc2617
    pub(super) qop: Option<DigestQop>,
    pub(super) nc: &'a [u8],
    pub(super) cnonce: &'a [u8],
    pub(super) uri: &'a [u8],
}

impl Exchange<'_> {
    /// Returns what stands for the password, from `H(unq(username) ":" unq(realm) ":" passwd)`.
    ///
    /// ```abnf
    /// A1 = unq(username) ":" unq(realm) ":" passwd
    /// A1 = H( unq(username) ":" unq(realm) ":" passwd ) ":" unq(nonce) ":" unq(cnonce)   ; -sess
    /// ```
    pub(super) fn key(&self, ha1: &str) -> String {
        if self.algorithm.is_session() {
            return self.algorithm.hash(&[ha1.as_bytes(), self.nonce, self.cnonce]);
        }
        String::from(ha1)
    }

    /// Returns the digest that the client sends, or with an empty method the one that the server answers
    /// with; nothing if the body is hashed too and is not known.
    ///
    /// ```abnf
    /// response = KD( H(A1), unq(nonce) ":" nc ":" unq(cnonce) ":" unq(qop) ":" H(A2) )
    /// response = KD( H(A1), unq(nonce) ":" H(A2) )       ; without qop, RFC 2069
    /// KD       = H( secret ":" data )
    /// A2       = Method ":" request-uri                  ; qop=auth
    /// A2       = Method ":" request-uri ":" H(body)      ; qop=auth-int
    /// ```
    pub(super) fn digest(&self, key: &str, method: &str, body: Option<&[u8]>) -> Option<String> {
        let (hash, method) = (|pieces: &[&[u8]]| self.algorithm.hash(pieces), method.as_bytes());
        let ha2 = match self.qop {
            Some(DigestQop::AuthInt) => hash(&[method, self.uri, hash(&[body?]).as_bytes()]),
            _ => hash(&[method, self.uri]),
        };
        let (key, ha2) = (key.as_bytes(), ha2.as_bytes());
        Some(match self.qop {
            Some(qop) => {
                let qop = qop.as_str().as_bytes();
                hash(&[key, self.nonce, self.nc, self.cnonce, qop, ha2])
            }
            None => hash(&[key, self.nonce, ha2]),
        })
    }
}

/// What was sent, to make or to check the answer of the server.
#[derive(Clone)]
pub(super) struct Sent {
    pub(super) algorithm: DigestAlgorithm,
    pub(super) qop: Option<DigestQop>,
    pub(super) nonce: Vec<u8>,
    pub(super) nc: Vec<u8>,
    pub(super) cnonce: Vec<u8>,
    pub(super) uri: Vec<u8>,
    /// What stands for the password, [`Exchange::key`].
    pub(super) key: String,
}

impl Sent {
    /// Copies what both sides know; the key is empty yet.
    pub(super) fn of(exchange: &Exchange<'_>) -> Self {
        Self {
            algorithm: exchange.algorithm,
            qop: exchange.qop,
            nonce: exchange.nonce.to_vec(),
            nc: exchange.nc.to_vec(),
            cnonce: exchange.cnonce.to_vec(),
            uri: exchange.uri.to_vec(),
            key: String::new(),
        }
    }

    pub(super) fn exchange(&self) -> Exchange<'_> {
        Exchange {
            algorithm: self.algorithm,
            nonce: &self.nonce,
            qop: self.qop,
            nc: &self.nc,
            cnonce: &self.cnonce,
            uri: &self.uri,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use DigestAlgorithm as Algorithm;

    #[track_caller]
    fn gives(
        algorithm: Algorithm,
        qop: Option<DigestQop>,
        [user, realm, password]: [&[u8]; 3],
        [nonce, cnonce, uri]: [&[u8]; 3],
        body: Option<&[u8]>,
        expected: &str,
    ) {
        let exchange = Exchange { algorithm, nonce, qop, nc: b"00000001", cnonce, uri };
        let key = exchange.key(&algorithm.hash(&[user, realm, password]));
        assert_eq!(exchange.digest(&key, "GET", body).as_deref(), Some(expected));
    }

    /// [RFC 7616 §3.9.1](https://www.rfc-editor.org/rfc/rfc7616#section-3.9.1).
    const MUFASA: [&[u8]; 3] = [b"Mufasa", b"http-auth@example.org", b"Circle of Life"];
    const NONCES: [&[u8]; 3] = [
        b"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        b"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
        b"/dir/index.html",
    ];
    const AUTH: Option<DigestQop> = Some(DigestQop::Auth);
    const AUTH_INT: Option<DigestQop> = Some(DigestQop::AuthInt);

    #[test]
    fn knows_the_examples_of_rfc_7616() {
        let md5 = "8ca523f5e9506fed4657c9700eebdbec";
        gives(Algorithm::Md5, AUTH, MUFASA, NONCES, None, md5);
        let sha256 = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1";
        gives(Algorithm::Sha256, AUTH, MUFASA, NONCES, None, sha256);
    }

    /// The text of the RFC has other digests, which are not those of SHA-512/256;
    /// [its errata](https://www.rfc-editor.org/errata/eid4897) have these.
    #[test]
    fn knows_the_example_of_rfc_7616_with_sha_512_256() {
        let user = "Jäsøn Doe".as_bytes();
        let secret: [&[u8]; 3] = [user, b"api@example.org", b"Secret, or not?"];
        let nonces: [&[u8]; 3] = [
            b"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK",
            b"NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v",
            b"/doe.json",
        ];
        let response = "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5";
        gives(Algorithm::Sha512_256, AUTH, secret, nonces, None, response);
        let hashed = Algorithm::Sha512_256.hash(&[user, b"api@example.org"]);
        assert_eq!(hashed, "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b");
    }

    #[test]
    fn knows_the_examples_of_rfc_2617_and_2069() {
        let secret: [&[u8]; 3] = [b"Mufasa", b"testrealm@host.com", b"Circle Of Life"];
        let nonces: [&[u8]; 3] =
            [b"dcd98b7102dd2f0e8b11d0f600bfb0c093", b"0a4f113b", b"/dir/index.html"];
        gives(Algorithm::Md5, AUTH, secret, nonces, None, "6629fae49393a05397450978507c4ef1");
        // As corrected by the errata of RFC 2069 (749).
        let secret: [&[u8]; 3] = [b"Mufasa", b"testrealm@host.com", b"CircleOfLife"];
        gives(Algorithm::Md5, None, secret, nonces, None, "1949323746fe6a43ef61f9606e7febea");
    }

    /// What Python's hashlib makes of the rules of the RFC.
    #[test]
    fn hashes_bodies_and_sessions() {
        for (algorithm, qop, expected) in [
            (Algorithm::Md5Sess, AUTH, "e783283f46242139c486a698fec7211d"),
            (Algorithm::Md5, AUTH_INT, "2608bb40de3dc781da0931d1075a6d6b"),
            (Algorithm::Md5Sess, AUTH_INT, "e92b5071292fc73ed2873f8c32d72bc6"),
            (
                Algorithm::Sha256Sess,
                AUTH,
                "2fd51b3a77ad75bad6afad6003e818d767133c46d9e2749e7f5232ae1ea3efd7",
            ),
            (
                Algorithm::Sha256,
                AUTH_INT,
                "0d90c8b2a9f3e16e396d479bcd9359453406acfc108b9c6aa3ae9b2186166dd4",
            ),
            (
                Algorithm::Sha256Sess,
                AUTH_INT,
                "b19afe829df49d2222ee41e6cc291ec06e3347ac9f4fdfb65b01bdaa46b04ad1",
            ),
            (
                Algorithm::Sha512_256,
                AUTH,
                "430d05014cecc49cab6fbe03176d41a1da86cbfe24a16580e22aaad928d960d0",
            ),
            (
                Algorithm::Sha512_256Sess,
                AUTH,
                "3f2a34f923c38b0fb26dce2fdfc2ce326c23cecf86fbb1444f3e51fbbc2cb92e",
            ),
            (
                Algorithm::Sha512_256,
                AUTH_INT,
                "e5f105b8539557ce828ef5f126a694622d643e706384679dccaed5e34d90c6e6",
            ),
            (
                Algorithm::Sha512_256Sess,
                AUTH_INT,
                "4cb8cd941e1a2ba6e55066660746ba9905e6dd4d06d2b2e71468961022207eab",
            ),
        ] {
            gives(algorithm, qop, MUFASA, NONCES, Some(b"a body"), expected);
        }
    }

    #[test]
    fn gives_no_answer_without_the_body_that_is_hashed() {
        let [nonce, cnonce, uri] = NONCES;
        let (algorithm, nc) = (Algorithm::Md5, &b"00000001"[..]);
        let exchange = Exchange { algorithm, nonce, qop: AUTH_INT, nc, cnonce, uri };
        assert_eq!(exchange.digest("", "GET", None), None);
    }
}
