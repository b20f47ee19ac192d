//! What is meant for one server or one proxy, and nobody else: in all the ways in which a call can be led elsewhere.

use nethttp::Client;

#[test]
fn a_password_in_a_base_url_is_not_shown() {
    let builder = Client::builder().base_url("http://ada:sesame@a.example/");
    let shown = format!("{builder:?}");
    assert!(!shown.contains("sesame"), "{shown}");
    let client = builder.build().unwrap();
    let request = client.get("b").header("Cookie", "sid=sesame").basic_auth("ada", "sesame");
    let shown = format!("{client:?} {request:?}");
    assert!(!shown.contains("sesame"), "{shown}");
    let shown = format!("{:?}", request.build().unwrap());
    assert!(!shown.contains("sesame"), "{shown}");
}
