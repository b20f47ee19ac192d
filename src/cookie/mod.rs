//! Cookies: the `Cookie` and `Set-Cookie` fields and the jar that lies between them,
//! [RFC 6265](https://www.rfc-editor.org/rfc/rfc6265) and the text that obsoletes it,
//! [6265bis](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22).
