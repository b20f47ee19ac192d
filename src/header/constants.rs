//! The names of fields, as constants.
//!
//! First every name that the [registry](https://www.iana.org/assignments/http-fields) has as
//! permanent, and the deprecated ones that are still met (`Accept-Charset`, `Pragma`, `Warning`);
//! left out are `*` and `Close`, which are reserved so that nobody uses them. Then names that are
//! in wide use without a permanent registration. They are spelled as their specifications spell
//! them.

use super::HeaderName;

/// Constant, name, title of the specification, address of the specification.
macro_rules! names {
    ($($constant:ident $name:literal $title:literal $address:literal;)+) => {
        $(
            #[doc = concat!("`", $name, "`, [", $title, "](", $address, ").")]
            pub const $constant: HeaderName = HeaderName::from_static($name);
        )+

        #[cfg(test)]
        const ALL: &[(&str, &str)] = &[$((stringify!($constant), $name)),+];
    };
}

names! {
    A_IM "A-IM" "RFC 3229 §10.5.3" "https://www.rfc-editor.org/rfc/rfc3229#section-10.5.3";
    ACCEPT "Accept" "RFC 9110 §12.5.1" "https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1";
    ACCEPT_ADDITIONS "Accept-Additions" "RFC 2324 §2.2.2.1" "https://www.rfc-editor.org/rfc/rfc2324#section-2.2.2.1";
    ACCEPT_CH "Accept-CH" "RFC 8942 §3.1" "https://www.rfc-editor.org/rfc/rfc8942#section-3.1";
    ACCEPT_CHARSET "Accept-Charset" "RFC 9110 §12.5.2" "https://www.rfc-editor.org/rfc/rfc9110#section-12.5.2";
    ACCEPT_DATETIME "Accept-Datetime" "RFC 7089 §2.1.1" "https://www.rfc-editor.org/rfc/rfc7089#section-2.1.1";
    ACCEPT_ENCODING "Accept-Encoding" "RFC 9110 §12.5.3" "https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3";
    ACCEPT_FEATURES "Accept-Features" "RFC 2295 §8.2" "https://www.rfc-editor.org/rfc/rfc2295#section-8.2";
    ACCEPT_LANGUAGE "Accept-Language" "RFC 9110 §12.5.4" "https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4";
    ACCEPT_PATCH "Accept-Patch" "RFC 5789 §3.1" "https://www.rfc-editor.org/rfc/rfc5789#section-3.1";
    ACCEPT_POST "Accept-Post" "Linked Data Platform" "https://www.w3.org/TR/ldp/";
    ACCEPT_RANGES "Accept-Ranges" "RFC 9110 §14.3" "https://www.rfc-editor.org/rfc/rfc9110#section-14.3";
    ACCEPT_SIGNATURE "Accept-Signature" "RFC 9421 §5.1" "https://www.rfc-editor.org/rfc/rfc9421#section-5.1";
    ACCESS_CONTROL_ALLOW_CREDENTIALS "Access-Control-Allow-Credentials" "Fetch" "https://fetch.spec.whatwg.org/";
    ACCESS_CONTROL_ALLOW_HEADERS "Access-Control-Allow-Headers" "Fetch" "https://fetch.spec.whatwg.org/";
    ACCESS_CONTROL_ALLOW_METHODS "Access-Control-Allow-Methods" "Fetch" "https://fetch.spec.whatwg.org/";
    ACCESS_CONTROL_ALLOW_ORIGIN "Access-Control-Allow-Origin" "Fetch" "https://fetch.spec.whatwg.org/";
    ACCESS_CONTROL_EXPOSE_HEADERS "Access-Control-Expose-Headers" "Fetch" "https://fetch.spec.whatwg.org/";
    ACCESS_CONTROL_MAX_AGE "Access-Control-Max-Age" "Fetch" "https://fetch.spec.whatwg.org/";
    ACCESS_CONTROL_REQUEST_HEADERS "Access-Control-Request-Headers" "Fetch" "https://fetch.spec.whatwg.org/";
    ACCESS_CONTROL_REQUEST_METHOD "Access-Control-Request-Method" "Fetch" "https://fetch.spec.whatwg.org/";
    AGE "Age" "RFC 9111 §5.1" "https://www.rfc-editor.org/rfc/rfc9111#section-5.1";
    ALLOW "Allow" "RFC 9110 §10.2.1" "https://www.rfc-editor.org/rfc/rfc9110#section-10.2.1";
    ALPN "ALPN" "RFC 7639 §2" "https://www.rfc-editor.org/rfc/rfc7639#section-2";
    ALT_SVC "Alt-Svc" "RFC 7838 §3" "https://www.rfc-editor.org/rfc/rfc7838#section-3";
    ALT_USED "Alt-Used" "RFC 7838 §5" "https://www.rfc-editor.org/rfc/rfc7838#section-5";
    ALTERNATES "Alternates" "RFC 2295 §8.3" "https://www.rfc-editor.org/rfc/rfc2295#section-8.3";
    APPLY_TO_REDIRECT_REF "Apply-To-Redirect-Ref" "RFC 4437 §12.2" "https://www.rfc-editor.org/rfc/rfc4437#section-12.2";
    AUTHENTICATION_CONTROL "Authentication-Control" "RFC 8053 §4" "https://www.rfc-editor.org/rfc/rfc8053#section-4";
    AUTHENTICATION_INFO "Authentication-Info" "RFC 9110 §11.6.3" "https://www.rfc-editor.org/rfc/rfc9110#section-11.6.3";
    AUTHORIZATION "Authorization" "RFC 9110 §11.6.2" "https://www.rfc-editor.org/rfc/rfc9110#section-11.6.2";
    AVAILABLE_DICTIONARY "Available-Dictionary" "RFC 9842 §2.2" "https://www.rfc-editor.org/rfc/rfc9842#section-2.2";
    CACHE_CONTROL "Cache-Control" "RFC 9111 §5.2" "https://www.rfc-editor.org/rfc/rfc9111#section-5.2";
    CACHE_STATUS "Cache-Status" "RFC 9211 §2" "https://www.rfc-editor.org/rfc/rfc9211#section-2";
    CAL_MANAGED_ID "Cal-Managed-ID" "RFC 8607 §5.1" "https://www.rfc-editor.org/rfc/rfc8607#section-5.1";
    CALDAV_TIMEZONES "CalDAV-Timezones" "RFC 7809 §7.1" "https://www.rfc-editor.org/rfc/rfc7809#section-7.1";
    CAPSULE_PROTOCOL "Capsule-Protocol" "RFC 9297 §3.4" "https://www.rfc-editor.org/rfc/rfc9297#section-3.4";
    CDN_CACHE_CONTROL "CDN-Cache-Control" "RFC 9213 §3" "https://www.rfc-editor.org/rfc/rfc9213#section-3";
    CDN_LOOP "CDN-Loop" "RFC 8586 §2" "https://www.rfc-editor.org/rfc/rfc8586#section-2";
    CERT_NOT_AFTER "Cert-Not-After" "RFC 8739 §3.3" "https://www.rfc-editor.org/rfc/rfc8739#section-3.3";
    CERT_NOT_BEFORE "Cert-Not-Before" "RFC 8739 §3.3" "https://www.rfc-editor.org/rfc/rfc8739#section-3.3";
    CLEAR_SITE_DATA "Clear-Site-Data" "Clear Site Data" "https://www.w3.org/TR/clear-site-data/";
    CLIENT_CERT "Client-Cert" "RFC 9440 §2.2" "https://www.rfc-editor.org/rfc/rfc9440#section-2.2";
    CLIENT_CERT_CHAIN "Client-Cert-Chain" "RFC 9440 §2.3" "https://www.rfc-editor.org/rfc/rfc9440#section-2.3";
    CONCEALED_AUTH_EXPORT "Concealed-Auth-Export" "RFC 9729" "https://www.rfc-editor.org/rfc/rfc9729";
    CONNECTION "Connection" "RFC 9110 §7.6.1" "https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1";
    CONTENT_DIGEST "Content-Digest" "RFC 9530 §2" "https://www.rfc-editor.org/rfc/rfc9530#section-2";
    CONTENT_DISPOSITION "Content-Disposition" "RFC 6266 §4" "https://www.rfc-editor.org/rfc/rfc6266#section-4";
    CONTENT_ENCODING "Content-Encoding" "RFC 9110 §8.4" "https://www.rfc-editor.org/rfc/rfc9110#section-8.4";
    CONTENT_LANGUAGE "Content-Language" "RFC 9110 §8.5" "https://www.rfc-editor.org/rfc/rfc9110#section-8.5";
    CONTENT_LENGTH "Content-Length" "RFC 9110 §8.6" "https://www.rfc-editor.org/rfc/rfc9110#section-8.6";
    CONTENT_LOCATION "Content-Location" "RFC 9110 §8.7" "https://www.rfc-editor.org/rfc/rfc9110#section-8.7";
    CONTENT_RANGE "Content-Range" "RFC 9110 §14.4" "https://www.rfc-editor.org/rfc/rfc9110#section-14.4";
    CONTENT_SECURITY_POLICY "Content-Security-Policy" "Content Security Policy Level 3" "https://www.w3.org/TR/CSP3/";
    CONTENT_SECURITY_POLICY_REPORT_ONLY "Content-Security-Policy-Report-Only" "Content Security Policy Level 3" "https://www.w3.org/TR/CSP3/";
    CONTENT_TYPE "Content-Type" "RFC 9110 §8.3" "https://www.rfc-editor.org/rfc/rfc9110#section-8.3";
    COOKIE "Cookie" "RFC 6265 §4.2" "https://www.rfc-editor.org/rfc/rfc6265#section-4.2";
    CROSS_ORIGIN_EMBEDDER_POLICY "Cross-Origin-Embedder-Policy" "HTML" "https://html.spec.whatwg.org/multipage/";
    CROSS_ORIGIN_EMBEDDER_POLICY_REPORT_ONLY "Cross-Origin-Embedder-Policy-Report-Only" "HTML" "https://html.spec.whatwg.org/multipage/";
    CROSS_ORIGIN_OPENER_POLICY "Cross-Origin-Opener-Policy" "HTML" "https://html.spec.whatwg.org/multipage/";
    CROSS_ORIGIN_OPENER_POLICY_REPORT_ONLY "Cross-Origin-Opener-Policy-Report-Only" "HTML" "https://html.spec.whatwg.org/multipage/";
    CROSS_ORIGIN_RESOURCE_POLICY "Cross-Origin-Resource-Policy" "Fetch" "https://fetch.spec.whatwg.org/";
    DASL "DASL" "RFC 5323 §3.2" "https://www.rfc-editor.org/rfc/rfc5323#section-3.2";
    DATE "Date" "RFC 9110 §6.6.1" "https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1";
    DAV "DAV" "RFC 4918 §10.1" "https://www.rfc-editor.org/rfc/rfc4918#section-10.1";
    DELTA_BASE "Delta-Base" "RFC 3229 §10.5.1" "https://www.rfc-editor.org/rfc/rfc3229#section-10.5.1";
    DEPRECATION "Deprecation" "RFC 9745 §2" "https://www.rfc-editor.org/rfc/rfc9745#section-2";
    DEPTH "Depth" "RFC 4918 §10.2" "https://www.rfc-editor.org/rfc/rfc4918#section-10.2";
    DESTINATION "Destination" "RFC 4918 §10.3" "https://www.rfc-editor.org/rfc/rfc4918#section-10.3";
    DETACHED_JWS "Detached-JWS" "RFC 9635 §7.3.3" "https://www.rfc-editor.org/rfc/rfc9635#section-7.3.3";
    DICTIONARY_ID "Dictionary-ID" "RFC 9842 §2.3" "https://www.rfc-editor.org/rfc/rfc9842#section-2.3";
    DPOP "DPoP" "RFC 9449 §4.1" "https://www.rfc-editor.org/rfc/rfc9449#section-4.1";
    DPOP_NONCE "DPoP-Nonce" "RFC 9449 §8" "https://www.rfc-editor.org/rfc/rfc9449#section-8";
    EARLY_DATA "Early-Data" "RFC 8470 §5.1" "https://www.rfc-editor.org/rfc/rfc8470#section-5.1";
    ETAG "ETag" "RFC 9110 §8.8.3" "https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3";
    EXPECT "Expect" "RFC 9110 §10.1.1" "https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1";
    EXPIRES "Expires" "RFC 9111 §5.3" "https://www.rfc-editor.org/rfc/rfc9111#section-5.3";
    FORWARDED "Forwarded" "RFC 7239 §4" "https://www.rfc-editor.org/rfc/rfc7239#section-4";
    FROM "From" "RFC 9110 §10.1.2" "https://www.rfc-editor.org/rfc/rfc9110#section-10.1.2";
    HOBAREG "Hobareg" "RFC 7486 §6.1.1" "https://www.rfc-editor.org/rfc/rfc7486#section-6.1.1";
    HOST "Host" "RFC 9110 §7.2" "https://www.rfc-editor.org/rfc/rfc9110#section-7.2";
    IF "If" "RFC 4918 §10.4" "https://www.rfc-editor.org/rfc/rfc4918#section-10.4";
    IF_MATCH "If-Match" "RFC 9110 §13.1.1" "https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1";
    IF_MODIFIED_SINCE "If-Modified-Since" "RFC 9110 §13.1.3" "https://www.rfc-editor.org/rfc/rfc9110#section-13.1.3";
    IF_NONE_MATCH "If-None-Match" "RFC 9110 §13.1.2" "https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2";
    IF_RANGE "If-Range" "RFC 9110 §13.1.5" "https://www.rfc-editor.org/rfc/rfc9110#section-13.1.5";
    IF_SCHEDULE_TAG_MATCH "If-Schedule-Tag-Match" "RFC 6638 §8.3" "https://www.rfc-editor.org/rfc/rfc6638#section-8.3";
    IF_UNMODIFIED_SINCE "If-Unmodified-Since" "RFC 9110 §13.1.4" "https://www.rfc-editor.org/rfc/rfc9110#section-13.1.4";
    IM "IM" "RFC 3229 §10.5.2" "https://www.rfc-editor.org/rfc/rfc3229#section-10.5.2";
    INCLUDE_REFERRED_TOKEN_BINDING_ID "Include-Referred-Token-Binding-ID" "RFC 8473" "https://www.rfc-editor.org/rfc/rfc8473";
    KEEP_ALIVE "Keep-Alive" "RFC 2068 §19.7.1.1" "https://www.rfc-editor.org/rfc/rfc2068#section-19.7.1.1";
    LABEL "Label" "RFC 3253 §8.3" "https://www.rfc-editor.org/rfc/rfc3253#section-8.3";
    LAST_EVENT_ID "Last-Event-ID" "HTML" "https://html.spec.whatwg.org/multipage/";
    LAST_MODIFIED "Last-Modified" "RFC 9110 §8.8.2" "https://www.rfc-editor.org/rfc/rfc9110#section-8.8.2";
    LINK "Link" "RFC 8288 §3" "https://www.rfc-editor.org/rfc/rfc8288#section-3";
    LINK_TEMPLATE "Link-Template" "RFC 9652 §2" "https://www.rfc-editor.org/rfc/rfc9652#section-2";
    LOCATION "Location" "RFC 9110 §10.2.2" "https://www.rfc-editor.org/rfc/rfc9110#section-10.2.2";
    LOCK_TOKEN "Lock-Token" "RFC 4918 §10.5" "https://www.rfc-editor.org/rfc/rfc4918#section-10.5";
    MAX_FORWARDS "Max-Forwards" "RFC 9110 §7.6.2" "https://www.rfc-editor.org/rfc/rfc9110#section-7.6.2";
    MEMENTO_DATETIME "Memento-Datetime" "RFC 7089 §2.1.1" "https://www.rfc-editor.org/rfc/rfc7089#section-2.1.1";
    METER "Meter" "RFC 2227" "https://www.rfc-editor.org/rfc/rfc2227";
    MIME_VERSION "MIME-Version" "RFC 9112 §B.1" "https://www.rfc-editor.org/rfc/rfc9112#appendix-B.1";
    NEGOTIATE "Negotiate" "RFC 2295 §8.4" "https://www.rfc-editor.org/rfc/rfc2295#section-8.4";
    NEL "NEL" "Network Error Logging" "https://www.w3.org/TR/network-error-logging/";
    ODATA_ENTITYID "OData-EntityId" "OData 4.01" "https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html";
    ODATA_ISOLATION "OData-Isolation" "OData 4.01" "https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html";
    ODATA_MAXVERSION "OData-MaxVersion" "OData 4.01" "https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html";
    ODATA_VERSION "OData-Version" "OData 4.01" "https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html";
    OPTIONAL_WWW_AUTHENTICATE "Optional-WWW-Authenticate" "RFC 8053 §3" "https://www.rfc-editor.org/rfc/rfc8053#section-3";
    ORDERING_TYPE "Ordering-Type" "RFC 3648" "https://www.rfc-editor.org/rfc/rfc3648";
    ORIGIN "Origin" "RFC 6454 §7" "https://www.rfc-editor.org/rfc/rfc6454#section-7";
    ORIGIN_AGENT_CLUSTER "Origin-Agent-Cluster" "HTML" "https://html.spec.whatwg.org/multipage/";
    OSCORE "OSCORE" "RFC 8613 §11.1" "https://www.rfc-editor.org/rfc/rfc8613#section-11.1";
    OSLC_CORE_VERSION "OSLC-Core-Version" "OSLC Core 3.0" "https://docs.oasis-open-projects.org/oslc-op/core/v3.0/oslc-core.html";
    OVERWRITE "Overwrite" "RFC 4918 §10.6" "https://www.rfc-editor.org/rfc/rfc4918#section-10.6";
    PING_FROM "Ping-From" "HTML" "https://html.spec.whatwg.org/multipage/";
    PING_TO "Ping-To" "HTML" "https://html.spec.whatwg.org/multipage/";
    POSITION "Position" "RFC 3648" "https://www.rfc-editor.org/rfc/rfc3648";
    PRAGMA "Pragma" "RFC 9111 §5.4" "https://www.rfc-editor.org/rfc/rfc9111#section-5.4";
    PREFER "Prefer" "RFC 7240 §2" "https://www.rfc-editor.org/rfc/rfc7240#section-2";
    PREFERENCE_APPLIED "Preference-Applied" "RFC 7240 §3" "https://www.rfc-editor.org/rfc/rfc7240#section-3";
    PRIORITY "Priority" "RFC 9218 §5" "https://www.rfc-editor.org/rfc/rfc9218#section-5";
    PROXY_AUTHENTICATE "Proxy-Authenticate" "RFC 9110 §11.7.1" "https://www.rfc-editor.org/rfc/rfc9110#section-11.7.1";
    PROXY_AUTHENTICATION_INFO "Proxy-Authentication-Info" "RFC 9110 §11.7.3" "https://www.rfc-editor.org/rfc/rfc9110#section-11.7.3";
    PROXY_AUTHORIZATION "Proxy-Authorization" "RFC 9110 §11.7.2" "https://www.rfc-editor.org/rfc/rfc9110#section-11.7.2";
    PROXY_STATUS "Proxy-Status" "RFC 9209 §2" "https://www.rfc-editor.org/rfc/rfc9209#section-2";
    PUBLIC_KEY_PINS "Public-Key-Pins" "RFC 7469 §2.1" "https://www.rfc-editor.org/rfc/rfc7469#section-2.1";
    PUBLIC_KEY_PINS_REPORT_ONLY "Public-Key-Pins-Report-Only" "RFC 7469 §2.1" "https://www.rfc-editor.org/rfc/rfc7469#section-2.1";
    RANGE "Range" "RFC 9110 §14.2" "https://www.rfc-editor.org/rfc/rfc9110#section-14.2";
    REDIRECT_REF "Redirect-Ref" "RFC 4437 §12.1" "https://www.rfc-editor.org/rfc/rfc4437#section-12.1";
    REFERER "Referer" "RFC 9110 §10.1.3" "https://www.rfc-editor.org/rfc/rfc9110#section-10.1.3";
    REFERRER_POLICY "Referrer-Policy" "Referrer Policy" "https://www.w3.org/TR/referrer-policy/";
    REFRESH "Refresh" "HTML" "https://html.spec.whatwg.org/multipage/";
    REPLAY_NONCE "Replay-Nonce" "RFC 8555 §6.5.1" "https://www.rfc-editor.org/rfc/rfc8555#section-6.5.1";
    REPR_DIGEST "Repr-Digest" "RFC 9530 §3" "https://www.rfc-editor.org/rfc/rfc9530#section-3";
    RETRY_AFTER "Retry-After" "RFC 9110 §10.2.3" "https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3";
    SCHEDULE_REPLY "Schedule-Reply" "RFC 6638 §8.1" "https://www.rfc-editor.org/rfc/rfc6638#section-8.1";
    SCHEDULE_TAG "Schedule-Tag" "RFC 6638 §8.2" "https://www.rfc-editor.org/rfc/rfc6638#section-8.2";
    SEC_PURPOSE "Sec-Purpose" "Fetch" "https://fetch.spec.whatwg.org/";
    SEC_TOKEN_BINDING "Sec-Token-Binding" "RFC 8473 §2" "https://www.rfc-editor.org/rfc/rfc8473#section-2";
    SEC_WEBSOCKET_ACCEPT "Sec-WebSocket-Accept" "RFC 6455 §11.3.3" "https://www.rfc-editor.org/rfc/rfc6455#section-11.3.3";
    SEC_WEBSOCKET_EXTENSIONS "Sec-WebSocket-Extensions" "RFC 6455 §11.3.2" "https://www.rfc-editor.org/rfc/rfc6455#section-11.3.2";
    SEC_WEBSOCKET_KEY "Sec-WebSocket-Key" "RFC 6455 §11.3.1" "https://www.rfc-editor.org/rfc/rfc6455#section-11.3.1";
    SEC_WEBSOCKET_PROTOCOL "Sec-WebSocket-Protocol" "RFC 6455 §11.3.4" "https://www.rfc-editor.org/rfc/rfc6455#section-11.3.4";
    SEC_WEBSOCKET_VERSION "Sec-WebSocket-Version" "RFC 6455 §11.3.5" "https://www.rfc-editor.org/rfc/rfc6455#section-11.3.5";
    SERVER "Server" "RFC 9110 §10.2.4" "https://www.rfc-editor.org/rfc/rfc9110#section-10.2.4";
    SERVER_TIMING "Server-Timing" "Server Timing" "https://www.w3.org/TR/server-timing/";
    SET_COOKIE "Set-Cookie" "RFC 6265 §4.1" "https://www.rfc-editor.org/rfc/rfc6265#section-4.1";
    SIGNATURE "Signature" "RFC 9421 §4.2" "https://www.rfc-editor.org/rfc/rfc9421#section-4.2";
    SIGNATURE_INPUT "Signature-Input" "RFC 9421 §4.1" "https://www.rfc-editor.org/rfc/rfc9421#section-4.1";
    SLUG "SLUG" "RFC 5023 §9.7" "https://www.rfc-editor.org/rfc/rfc5023#section-9.7";
    SOAPACTION "SOAPAction" "SOAP 1.1" "https://www.w3.org/TR/2000/NOTE-SOAP-20000508/";
    STATUS_URI "Status-URI" "RFC 2518 §9.7" "https://www.rfc-editor.org/rfc/rfc2518#section-9.7";
    STRICT_TRANSPORT_SECURITY "Strict-Transport-Security" "RFC 6797 §6.1" "https://www.rfc-editor.org/rfc/rfc6797#section-6.1";
    SUNSET "Sunset" "RFC 8594 §3" "https://www.rfc-editor.org/rfc/rfc8594#section-3";
    TCN "TCN" "RFC 2295 §8.5" "https://www.rfc-editor.org/rfc/rfc2295#section-8.5";
    TE "TE" "RFC 9110 §10.1.4" "https://www.rfc-editor.org/rfc/rfc9110#section-10.1.4";
    TIMEOUT "Timeout" "RFC 4918 §10.7" "https://www.rfc-editor.org/rfc/rfc4918#section-10.7";
    TOPIC "Topic" "RFC 8030 §5.4" "https://www.rfc-editor.org/rfc/rfc8030#section-5.4";
    TRACEPARENT "Traceparent" "Trace Context" "https://www.w3.org/TR/trace-context/";
    TRACESTATE "Tracestate" "Trace Context" "https://www.w3.org/TR/trace-context/";
    TRAILER "Trailer" "RFC 9110 §6.6.2" "https://www.rfc-editor.org/rfc/rfc9110#section-6.6.2";
    TRANSFER_ENCODING "Transfer-Encoding" "RFC 9112 §6.1" "https://www.rfc-editor.org/rfc/rfc9112#section-6.1";
    TTL "TTL" "RFC 8030 §5.2" "https://www.rfc-editor.org/rfc/rfc8030#section-5.2";
    UPGRADE "Upgrade" "RFC 9110 §7.8" "https://www.rfc-editor.org/rfc/rfc9110#section-7.8";
    URGENCY "Urgency" "RFC 8030 §5.3" "https://www.rfc-editor.org/rfc/rfc8030#section-5.3";
    USE_AS_DICTIONARY "Use-As-Dictionary" "RFC 9842 §2.1" "https://www.rfc-editor.org/rfc/rfc9842#section-2.1";
    USER_AGENT "User-Agent" "RFC 9110 §10.1.5" "https://www.rfc-editor.org/rfc/rfc9110#section-10.1.5";
    VARIANT_VARY "Variant-Vary" "RFC 2295 §8.6" "https://www.rfc-editor.org/rfc/rfc2295#section-8.6";
    VARY "Vary" "RFC 9110 §12.5.5" "https://www.rfc-editor.org/rfc/rfc9110#section-12.5.5";
    VIA "Via" "RFC 9110 §7.6.3" "https://www.rfc-editor.org/rfc/rfc9110#section-7.6.3";
    WANT_CONTENT_DIGEST "Want-Content-Digest" "RFC 9530 §4" "https://www.rfc-editor.org/rfc/rfc9530#section-4";
    WANT_REPR_DIGEST "Want-Repr-Digest" "RFC 9530 §4" "https://www.rfc-editor.org/rfc/rfc9530#section-4";
    WARNING "Warning" "RFC 9111 §5.5" "https://www.rfc-editor.org/rfc/rfc9111#section-5.5";
    WWW_AUTHENTICATE "WWW-Authenticate" "RFC 9110 §11.6.1" "https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1";
    X_CONTENT_TYPE_OPTIONS "X-Content-Type-Options" "Fetch" "https://fetch.spec.whatwg.org/";
    X_FRAME_OPTIONS "X-Frame-Options" "HTML" "https://html.spec.whatwg.org/multipage/";

    DNT "DNT" "Tracking Preference Expression" "https://www.w3.org/TR/tracking-dnt/";
    PERMISSIONS_POLICY "Permissions-Policy" "Permissions Policy" "https://www.w3.org/TR/permissions-policy/";
    SEC_FETCH_DEST "Sec-Fetch-Dest" "Fetch Metadata" "https://www.w3.org/TR/fetch-metadata/";
    SEC_FETCH_MODE "Sec-Fetch-Mode" "Fetch Metadata" "https://www.w3.org/TR/fetch-metadata/";
    SEC_FETCH_SITE "Sec-Fetch-Site" "Fetch Metadata" "https://www.w3.org/TR/fetch-metadata/";
    SEC_FETCH_USER "Sec-Fetch-User" "Fetch Metadata" "https://www.w3.org/TR/fetch-metadata/";
    UPGRADE_INSECURE_REQUESTS "Upgrade-Insecure-Requests" "Upgrade Insecure Requests" "https://www.w3.org/TR/upgrade-insecure-requests/";
    X_DNS_PREFETCH_CONTROL "X-DNS-Prefetch-Control" "MDN" "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-DNS-Prefetch-Control";
    X_FORWARDED_FOR "X-Forwarded-For" "MDN" "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-For";
    X_FORWARDED_HOST "X-Forwarded-Host" "MDN" "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-Host";
    X_FORWARDED_PROTO "X-Forwarded-Proto" "MDN" "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-Proto";
    X_XSS_PROTECTION "X-XSS-Protection" "MDN" "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-XSS-Protection";
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn a_constant_is_called_as_its_name() {
        for (constant, name) in ALL {
            assert_eq!(*constant, name.to_ascii_uppercase().replace('-', "_"));
        }
    }

    #[test]
    fn no_name_stands_twice() {
        for (index, (_, name)) in ALL.iter().enumerate() {
            let mut others = ALL[index + 1..].iter();
            assert!(!others.any(|(_, other)| other.eq_ignore_ascii_case(name)), "{name}");
        }
    }
}
