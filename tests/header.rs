//! The map against a naive model: a list of owned pairs.

use nethttp::header::{HeaderMap, HeaderName, HeaderValue, Limits};
use proptest::prelude::*;

type Model = Vec<(String, Vec<u8>)>;

#[derive(Clone, Debug)]
enum Step {
    Append(String, Vec<u8>),
    Insert(String, Vec<u8>),
    Remove(String),
    RetainShort(usize),
    AppendSelf,
    Clear,
}

/// Few letters, so that names collide, in either case.
fn name() -> impl Strategy<Value = String> {
    "[abAB-]{1,3}"
}

/// Bytes that are mostly, but not always, a value.
fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => "[a-z ,]{0,20}".prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (name(), value()).prop_map(|(name, value)| Step::Append(name, value)),
        4 => (name(), value()).prop_map(|(name, value)| Step::Insert(name, value)),
        2 => name().prop_map(Step::Remove),
        1 => (0..20_usize).prop_map(Step::RetainShort),
        1 => Just(Step::AppendSelf),
        1 => Just(Step::Clear),
    ]
}

fn is_value(value: &[u8]) -> bool {
    let is_space = |octet: Option<&u8>| octet.is_some_and(|octet| b" \t".contains(octet));
    !is_space(value.first())
        && !is_space(value.last())
        && value.iter().all(|&octet| octet == b'\t' || (octet >= b' ' && octet != 0x7f))
}

fn size(model: &Model) -> usize {
    model.iter().map(|(name, value)| name.len() + value.len()).sum()
}

/// Returns the model after the step, or `None` when the step has to fail.
fn expected(model: &Model, step: &Step, limits: Limits) -> Option<Model> {
    let mut after = model.clone();
    match step {
        Step::Append(name, value) => after.push((name.clone(), value.clone())),
        Step::Insert(name, value) => {
            match after.iter().position(|field| field.0.eq_ignore_ascii_case(name)) {
                None => after.push((name.clone(), value.clone())),
                Some(first) => {
                    after[first].1.clone_from(value);
                    let mut index = 0;
                    after.retain(|field| {
                        index += 1;
                        index <= first + 1 || !field.0.eq_ignore_ascii_case(name)
                    });
                }
            }
        }
        Step::Remove(name) => after.retain(|field| !field.0.eq_ignore_ascii_case(name)),
        Step::RetainShort(max) => after.retain(|field| field.1.len() <= *max),
        Step::AppendSelf => after.extend(model.iter().cloned()),
        Step::Clear => after.clear(),
    }
    let valid = match step {
        Step::Append(_, value) | Step::Insert(_, value) => is_value(value),
        _ => true,
    };
    let fits = after.len() <= limits.fields && size(&after) <= limits.bytes;
    (valid && fits).then_some(after)
}

/// Takes the step and returns whether it was accepted.
fn take(map: &mut HeaderMap, step: &Step) -> bool {
    match step {
        Step::Append(name, value) => map.append(name, value).is_ok(),
        Step::Insert(name, value) => map.insert(name, value).is_ok(),
        Step::Remove(name) => {
            let count = map.get_all(name).count();
            map.remove(name) == count
        }
        Step::RetainShort(max) => {
            map.retain(|_, value| value.len() <= *max);
            true
        }
        Step::AppendSelf => {
            let copy = map.clone();
            map.append_all(&copy).is_ok()
        }
        Step::Clear => {
            map.clear();
            true
        }
    }
}

fn same(map: &HeaderMap, model: &Model) -> bool {
    map.len() == model.len()
        && map.is_empty() == model.is_empty()
        && map.iter().eq(model.iter().map(|(name, value)| (name.as_str(), value.as_slice())))
}

proptest! {
    #[test]
    fn the_map_does_what_a_list_does(steps in prop::collection::vec(step(), 0..60)) {
        let limits = Limits::DEFAULT.fields(12).bytes(120);
        let mut map = HeaderMap::with_limits(limits);
        let mut model = Model::new();
        for step in &steps {
            let after = expected(&model, step, limits);
            prop_assert_eq!(take(&mut map, step), after.is_some(), "{:?}", step);
            model = after.unwrap_or(model);
            prop_assert!(same(&map, &model), "after {:?}: {:?} is not {:?}", step, map, model);
        }
    }

    #[test]
    fn lookups_find_what_a_list_has(
        fields in prop::collection::vec((name(), "[a-z]{0,5}"), 0..20),
        wanted in name(),
    ) {
        let mut map = HeaderMap::new();
        for (name, value) in &fields {
            map.append(name, value).unwrap();
        }
        let found: Vec<&[u8]> = fields
            .iter()
            .filter(|field| field.0.eq_ignore_ascii_case(&wanted))
            .map(|field| field.1.as_bytes())
            .collect();
        let name = HeaderName::parse(wanted.as_bytes()).unwrap();
        prop_assert_eq!(map.get_all(&name).collect::<Vec<_>>(), found.clone());
        prop_assert_eq!(map.get(wanted.as_str()), found.first().copied());
        prop_assert_eq!(map.text(name).map(str::as_bytes), found.first().copied());
        prop_assert_eq!(map.contains_key(&wanted), !found.is_empty());
    }

    #[test]
    fn names_and_values_keep_their_bytes(name in name(), value in value()) {
        let parsed = HeaderName::parse(name.as_bytes()).unwrap();
        prop_assert_eq!(parsed.as_str(), &name);
        let parsed = HeaderValue::parse(&value);
        prop_assert_eq!(parsed.is_ok(), is_value(&value));
        if let Ok(parsed) = parsed {
            prop_assert_eq!(parsed.as_bytes(), &value);
        }
    }
}
