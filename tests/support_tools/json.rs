//! The reader reads what the data holds and refuses the rest.

use crate::support::json::Json;

#[test]
fn reads_every_kind_of_value() {
    let value = Json::parse(r#" {"a": [1, -20, true, false, null, []], "b": {"c": ""}, "d": {}} "#);
    let items = value.member("a").as_array();
    assert_eq!(items[0].as_int(), 1);
    assert_eq!(items[1].as_int(), -20);
    assert!(items[2].as_bool() && !items[3].as_bool());
    assert_eq!(items[4], Json::Null);
    assert!(items[5].as_array().is_empty());
    assert_eq!(value.member("b").member("c").as_str(), "");
    assert_eq!(*value.member("d"), Json::Object(Vec::new()));
}

#[test]
fn reads_every_escape() {
    let value = Json::parse(r#""\"\\\/\b\f\n\r\t\u0000\u00fF\ud83d\ude00 \u20ac""#);
    assert_eq!(value.as_str(), "\"\\/\u{8}\u{c}\n\r\t\0\u{ff}\u{1f600} \u{20ac}");
}

#[test]
fn reads_one_value_a_line() {
    let values: Vec<Json> = Json::lines("1\n\n[2]\r\n").collect();
    assert_eq!(values, [Json::Int(1), Json::Array(vec![Json::Int(2)])]);
}

#[test]
fn refuses_what_is_not_json() {
    let rows = [
        "",
        "{",
        "[1 2]",
        "[1,]",
        "{\"a\" 1}",
        "{a:1}",
        "\"\n\"",
        "\"a",
        "tru",
        "1 2",
        "1.5",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800\\u0041\"",
    ];
    for row in rows {
        let outcome = std::panic::catch_unwind(|| Json::parse(row));
        assert!(outcome.is_err(), "{row} was read as {outcome:?}");
    }
}
