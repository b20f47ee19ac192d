//! Laws of Cache-Control: what is written is read back, and no neighbour changes what a member says.

use core::time::Duration;
use nethttp::field::CacheControl;
use nethttp::header::{HeaderMap, HeaderName};
use proptest::prelude::*;

type Step = fn(CacheControl<'static>, Duration) -> CacheControl<'static>;

const STEPS: [Step; 16] = [
    |cache, _| cache.with_public(),
    |cache, _| cache.with_private(),
    |cache, _| cache.with_no_cache(),
    |cache, _| cache.with_no_store(),
    |cache, _| cache.with_no_transform(),
    |cache, _| cache.with_must_revalidate(),
    |cache, _| cache.with_proxy_revalidate(),
    |cache, _| cache.with_must_understand(),
    |cache, _| cache.with_only_if_cached(),
    |cache, _| cache.with_immutable(),
    CacheControl::with_max_age,
    CacheControl::with_s_maxage,
    CacheControl::with_max_stale,
    CacheControl::with_min_fresh,
    CacheControl::with_stale_while_revalidate,
    CacheControl::with_stale_if_error,
];

fn duration() -> impl Strategy<Value = Duration> {
    prop_oneof![
        any::<u64>().prop_map(Duration::from_secs),
        (0..=CacheControl::MAX_SECONDS).prop_map(Duration::from_secs),
        any::<u32>().prop_map(|millis| Duration::from_millis(millis.into())),
        Just(Duration::MAX),
    ]
}

fn value() -> impl Strategy<Value = CacheControl<'static>> {
    let steps = prop::collection::vec((prop::sample::select(&STEPS[..]), duration()), 0..8);
    let names = prop::collection::vec("[A-Za-z-]{1,8}", 0..4);
    let extensions = prop::collection::vec(("x[a-z!#]{0,6}", prop::option::of("\\PC{0,8}")), 0..4);
    (steps, names.clone(), names, extensions).prop_map(|(steps, no_cache, private, extensions)| {
        let names = |names: Vec<String>| {
            names.into_iter().map(|name| HeaderName::parse(name.as_bytes()).unwrap())
        };
        let mut cache = steps
            .into_iter()
            .fold(CacheControl::new(), |cache, (step, time)| step(cache, time))
            .with_no_cache_fields(names(no_cache))
            .unwrap()
            .with_private_fields(names(private))
            .unwrap();
        for (name, argument) in &extensions {
            let more = cache.clone().with_extension(name, argument.as_deref()).unwrap();
            cache = more.into_owned();
        }
        cache
    })
}

fn recovered(line: &str) -> String {
    let mut headers = HeaderMap::new();
    headers.append("Cache-Control", line.trim()).unwrap();
    CacheControl::from_headers(&headers).to_string()
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(cache in value()) {
        let written = cache.to_string();
        prop_assert_eq!(&CacheControl::parse(written.as_bytes()).unwrap(), &cache);
        prop_assert_eq!(recovered(&written), written);
    }

    #[test]
    fn recovery_changes_nothing_where_the_value_is_right(line in "[a-c=\", \\\\;]{0,24}") {
        if let Ok(cache) = CacheControl::parse(line.as_bytes()) {
            prop_assert_eq!(recovered(&line), cache.to_string());
        }
    }

    /// However broken the neighbours are.
    #[test]
    fn no_store_is_found_among_anything(before in "[ -~]{0,24}", after in "[ -~]{0,24}") {
        let text_around = before.contains('"');
        let line = format!("{before},no-store,{after}");
        if !text_around {
            let written = recovered(&line);
            prop_assert!(written.split(", ").any(|member| member == "no-store"), "{}", written);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(line in prop::collection::vec(any::<u8>(), 0..60)) {
        if let Err(error) = CacheControl::parse(&line) {
            prop_assert!(error.offset() <= line.len());
        }
    }
}

#[test]
fn open_quotes_are_recovered_from_in_linear_time() {
    let line = "\"\\\",".repeat(200_000) + "no-store";
    let mut headers = HeaderMap::new();
    headers.append("Cache-Control", line).unwrap();
    assert!(CacheControl::from_headers(&headers).no_store());
}

#[test]
fn a_long_max_stale_is_a_time_and_only_the_longest_is_any() {
    let most = CacheControl::MAX_SECONDS;
    for (seconds, written) in [
        (most - 1, "max-stale=2147483647"),
        (most, "max-stale=2147483648"),
        (most + 1, "max-stale=2147483648"),
        (u64::MAX - 1, "max-stale=2147483648"),
        (u64::MAX, "max-stale"),
    ] {
        let cache = CacheControl::new().with_max_stale(Duration::from_secs(seconds));
        assert_eq!(cache.to_string(), written);
    }
}
