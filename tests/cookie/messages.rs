//! Cookies in requests and responses.

use nethttp::cookie::SetCookie;
use nethttp::{Request, Response, StatusCode, header};

#[test]
fn a_response_takes_a_cookie() {
    let cookie: SetCookie<'static> = SetCookie::builder("sid", "31d4").secure().build().unwrap();
    let response = Response::new(StatusCode::OK)
        .with_header(header::SET_COOKIE, &cookie)
        .and_then(|it| it.with_header(header::SET_COOKIE, cookie.removal()))
        .unwrap();
    assert_eq!(response.headers().get_all("Set-Cookie").count(), 2);
}

#[test]
fn a_request_shows_its_cookies() {
    let mut request = Request::default();
    assert_eq!(request.cookies().count(), 0);
    request.headers_mut().append("Cookie", "a=1; sid=31d4; sid=2").unwrap();
    request.headers_mut().append("Cookie", b"b=\xff; q=\"x\"; token").unwrap();
    assert_eq!(request.cookie("sid"), Some("31d4"));
    assert_eq!(request.cookie("SID"), None);
    assert_eq!(request.cookie("b"), None);
    assert_eq!(request.cookie("q"), Some("\"x\""));
    assert_eq!(request.cookie(""), Some("token"));
    assert_eq!(request.cookies().count(), 6);
}
