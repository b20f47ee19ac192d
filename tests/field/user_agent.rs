//! Laws of User-Agent: what is built is read back, and the parts are all there is.

use nethttp::field::{Comment, UserAgent, UserAgentPart, UserAgentParts};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Product(String),
    Comment(String),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        "[a-zA-Z!.-]{1,6}(/[0-9.]{1,6})?".prop_map(Step::Product),
        "\\PC{0,10}|[()\\\\ ]{0,8}".prop_map(Step::Comment),
    ]
}

proptest! {
    #[test]
    fn what_is_built_is_read_back(steps in prop::collection::vec(step(), 0..6)) {
        let built = steps.iter().try_fold(UserAgent::new("first/1").unwrap(), |agent, step| match step {
            Step::Product(text) => agent.with_product(text),
            Step::Comment(text) => agent.with_comment(text),
        });
        let built = built.unwrap();
        let parsed = UserAgent::parse(built.as_bytes());
        prop_assert_eq!(parsed.as_ref(), Ok(&built));
        let mut parts = built.parts().skip(1);
        for step in &steps {
            match (step, parts.next()) {
                (Step::Product(text), Some(UserAgentPart::Product(product))) => {
                    let version = product.version().map(|version| format!("/{version}"));
                    prop_assert_eq!(text, &format!("{}{}", product.name(), version.unwrap_or_default()));
                }
                (Step::Comment(text), Some(UserAgentPart::Comment(comment))) => {
                    prop_assert_eq!(&*comment.text(), text.as_bytes());
                }
                (step, part) => prop_assert!(false, "{step:?} became {part:?}"),
            }
        }
        prop_assert_eq!(parts.next(), None);
    }

    /// Whitespace and parentheses aside, no byte is lost or made up.
    #[test]
    fn the_parts_hold_every_byte(value in prop::collection::vec(any::<u8>(), 0..40)) {
        let mut parts = Vec::new();
        for part in UserAgentParts::new(&value) {
            match part {
                UserAgentPart::Product(product) => {
                    parts.extend_from_slice(product.name().as_bytes());
                    if let Some(version) = product.version() {
                        parts.push(b'/');
                        parts.extend_from_slice(version.as_bytes());
                    }
                }
                UserAgentPart::Comment(comment) => parts.extend_from_slice(comment.raw()),
                UserAgentPart::Other(word) => parts.extend_from_slice(word),
            }
        }
        let visible = |bytes: &[u8]| {
            bytes.iter().copied().filter(|b| !b" \t()".contains(b)).collect::<Vec<u8>>()
        };
        prop_assert_eq!(visible(&parts), visible(&value));
    }

    #[test]
    fn what_is_to_the_letter_has_no_other_parts(value in "[ab/ ()\\\\]{0,16}") {
        if let Ok(agent) = UserAgent::parse(value.as_bytes()) {
            let other = |part| matches!(part, UserAgentPart::Other(_));
            prop_assert!(!agent.parts().any(other));
            let open = |comment: Comment<'_>| {
                UserAgent::parse(format!("a ({})", comment.raw().escape_ascii()).as_bytes()).is_err()
            };
            prop_assert!(value.contains('\\') || !agent.comments().any(open));
        }
    }
}
