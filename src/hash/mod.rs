//! Cryptographic hash functions, for authentication and for handshakes: MD5 and SHA-1, which are broken and
//! still spoken, and SHA-2. None of them is public: who needs a hash for its own sake has better crates.
