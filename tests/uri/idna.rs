//! Laws of internationalised host names.

use std::borrow::Cow;

use nethttp::uri::{UriErrorKind, domain_to_ascii, domain_to_unicode};
use proptest::prelude::*;

/// Text that is often an internationalised domain: labels of one script, joined with some that are
/// not, in any case.
fn domain() -> impl Strategy<Value = String> {
    let label = prop_oneof![
        4 => "[a-zA-Z0-9_-]{1,8}",
        2 => "[a-zà-öø-ÿÀ-Ö0-9-]{1,12}",
        2 => "[α-ωΑ-Ρά-ώ]{1,12}",
        2 => "[а-яА-Я0-9-]{1,12}",
        2 => "[א-ת0-9-]{1,12}",
        2 => "[ؠ-غف-ي0-9]{1,12}",
        2 => "[क-हा-्]{1,12}",
        2 => "[ก-ะา-ฺเ-ํ]{1,12}",
        2 => "[ぁ-ゖァ-ヺ一-龥ー]{1,12}",
        2 => "[가-힣]{1,12}",
        1 => "[^\\x00-\\x7f]{1,3}",
        1 => "xn--[a-z0-9-]{0,12}",
        1 => "[a-zü\u{300}ａﬁ\u{200d}。]{1,4}",
        1 => Just("xn--bcher-kva".to_owned()),
        1 => Just(String::new()),
    ];
    prop::collection::vec(label, 1..5).prop_map(|labels| labels.join("."))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn the_form_that_is_sent_is_ascii_in_lower_case_and_stays(domain in domain()) {
        if let Ok(ascii) = domain_to_ascii(&domain) {
            prop_assert!(ascii.bytes().all(|octet| octet.is_ascii() && !octet.is_ascii_uppercase()));
            let again = domain_to_ascii(&ascii);
            prop_assert!(matches!(&again, Ok(Cow::Borrowed(same)) if *same == ascii), "{:?}", again);
            let labels = (domain.split('.').count(), ascii.split('.').count());
            prop_assert_eq!(labels.0, labels.1);
        }
    }

    #[test]
    fn decoding_undoes_encoding(domain in domain()) {
        let Ok(ascii) = domain_to_ascii(&domain) else {
            return Ok(());
        };
        let unicode = domain_to_unicode(&ascii);
        if !domain.contains("xn--") {
            prop_assert!(!unicode.contains("xn--"), "{}", unicode);
            prop_assert_eq!(unicode.chars().count(), domain.chars().count());
        }
        // A label of which nothing is known stays, and can then stand beside none that was decoded.
        match domain_to_ascii(&unicode) {
            Ok(again) => prop_assert_eq!(&again, &ascii),
            Err(error) => prop_assert_eq!(error.kind(), UriErrorKind::UnsupportedIdn),
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,80}|(xn--|[.a-z0-9-]){0,40}") {
        let _ = domain_to_unicode(&text);
        if let Err(error) = domain_to_ascii(&text) {
            prop_assert!(text.is_char_boundary(error.offset()), "{}", error);
        }
    }
}

/// A quadratic encoder does not come back from these.
#[test]
fn a_megabyte_is_refused_in_linear_time() {
    let many = 1 << 20;
    let a = "a".repeat(many);
    for domain in [
        "ü".repeat(many),
        "日本".repeat(many),
        format!("{a}ü"),
        format!("ü{a}"),
        format!("ü.{a}"),
        "ü.".repeat(many),
        format!("{}ü", "a.".repeat(many)),
        format!("{}ü", ".".repeat(many)),
        format!("xn--{a}"),
        format!("xn--{a}-a"),
        format!("xn--{}", "-".repeat(many)),
        format!("xn--{}", "9".repeat(many)),
        "xn--".repeat(many),
        "xn--tda.".repeat(many / 16),
        "xn--ls8h.".repeat(many / 16),
    ] {
        let error = domain_to_ascii(&domain).unwrap_err();
        assert_eq!(error.kind(), UriErrorKind::InvalidIdn);
        assert!(domain_to_unicode(&domain).len() <= domain.len());
    }
    assert!(domain_to_ascii(&a.to_ascii_uppercase()).is_ok());
    let (encoded, decoded) = ("xn--tda.".repeat(many / 16), "ü.".repeat(many / 16));
    assert_eq!(domain_to_unicode(&encoded), decoded);
}
