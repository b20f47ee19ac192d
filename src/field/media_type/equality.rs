//! When two media types are the same.

use super::MediaType;
use crate::syntax::Parameter;

/// By meaning: type, subtype, names of parameters and charsets without regard to case, other values
/// exactly, parameters in any order.
impl PartialEq<MediaType<'_>> for MediaType<'_> {
    fn eq(&self, other: &MediaType<'_>) -> bool {
        self.is(other.essence()) && has_parameters_of(self, other) && has_parameters_of(other, self)
    }
}

impl Eq for MediaType<'_> {}

/// Returns whether each parameter of one that counts is one of the other.
fn has_parameters_of(media_type: &MediaType<'_>, other: &MediaType<'_>) -> bool {
    let mut parameters = other.raw_parameters();
    parameters.all(|parameter| {
        let found = |among: &MediaType<'_>| first_value_is(among, &parameter);
        found(media_type) || !found(other)
    })
}

/// Returns whether the first parameter of this one's name has this one's value.
fn first_value_is(media_type: &MediaType<'_>, parameter: &Parameter<'_>) -> bool {
    let is_charset = parameter.is_named("charset");
    let mut namesakes = media_type
        .raw_parameters()
        .filter(|other| other.name().eq_ignore_ascii_case(parameter.name()));
    namesakes.next().is_some_and(|first| {
        let (first, value) = (first.value(), parameter.value());
        if is_charset { first.eq_ignore_ascii_case(&value) } else { first == value }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn same(a: &str, b: &str, expected: bool) {
        let [a, b] = [a, b].map(|text| MediaType::parse(text.as_bytes()).unwrap());
        assert_eq!(a == b, expected);
        assert_eq!(b == a, expected);
    }

    #[test]
    fn names_have_no_case() {
        same("text/html", "TEXT/Html", true);
        same("text/html", "text/htm", false);
        same("a/b; Format=c", "a/b;FORMAT=c", true);
        same("a/b", "a/b ; ;", true);
    }

    #[test]
    fn values_have_case_and_charsets_have_none() {
        same("a/b;boundary=x", "a/b;boundary=X", false);
        same("a/b;charset=utf-8", "a/b;Charset=UTF-8", true);
        same("a/b;charset=utf-8", "a/b;charset=utf8", false);
    }

    #[test]
    fn quotes_mean_nothing() {
        same("a/b;c=d", "a/b;c=\"d\"", true);
        same("a/b;c=\"d\"", "a/b;c=\"\\d\"", true);
        same("a/b;c=\"d\"", "a/b;c=\"d \"", false);
    }

    #[test]
    fn order_means_nothing_and_the_first_of_a_name_counts() {
        same("a/b;c=1;d=2", "a/b;d=2;c=1", true);
        same("a/b;c=1", "a/b;c=1;d=2", false);
        same("a/b;c=1;c=2", "a/b;c=1", true);
        same("a/b;c=1;c=2", "a/b;c=2;c=1", false);
        same("a/b;c=1;d=2", "a/b;c=1;d=3", false);
        same("a/b;c=1", "a/b;d=1", false);
    }
}
