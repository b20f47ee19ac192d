//! Laws of Vary: what is written is read back, adding is safe, and matching is an equivalence.

use nethttp::field::Vary;
use nethttp::header::HeaderMap;
use proptest::prelude::*;

fn headers(name: &str, lines: &[String]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(name, line.trim_matches([' ', '\t'])).unwrap();
    }
    headers
}

/// The members of a list, each with what stands in front of it: whitespace, and whether a line begins.
fn spaced() -> impl Strategy<Value = Vec<(String, String, bool)>> {
    prop::collection::vec(("[12]{0,2}|\"[1, ]{0,3}\"", "[ \t]{0,2}", any::<bool>()), 1..5)
}

fn lines(members: &[(String, String, bool)]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (member, space, begins) in members {
        match lines.last_mut() {
            Some(line) if !begins => *line = format!("{line}{space},{space}{member}"),
            _ => lines.push(member.clone()),
        }
    }
    lines
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(names in prop::collection::vec("[a-cA-C*-]{1,2}", 0..8)) {
        let line = names.join(" ,");
        let vary = Vary::parse(line.as_bytes()).unwrap();
        prop_assert_eq!(vary.is_any(), names.iter().any(|name| name == "*"));
        let written = vary.to_string();
        prop_assert_eq!(&Vary::parse(written.as_bytes()).unwrap(), &vary);
        prop_assert!(names.iter().all(|name| vary.contains(name)));
        let built = names.iter().try_fold(Vary::new(), |vary, name| vary.with_name(name));
        prop_assert_eq!(built.unwrap().to_string(), written);
    }

    /// Whatever stands there already, the name is found afterwards, and twice is as good as once.
    #[test]
    fn a_name_that_is_added_is_there(
        lines in prop::collection::vec("[a-c*, \"]{0,8}", 0..3),
        name in "[a-c]{1,2}",
    ) {
        let mut headers = headers("Vary", &lines);
        Vary::add(&mut headers, &name).unwrap();
        let once = headers.clone();
        prop_assert!(Vary::from_headers(&once).contains(&name));
        Vary::add(&mut headers, &name).unwrap();
        if !lines.iter().any(|line| line.contains('"')) {
            prop_assert_eq!(headers, once);
        }
    }

    #[test]
    fn merging_contains_both(a in "[a-d*](,[a-d]){0,3}", b in "[a-d*](,[a-d]){0,3}") {
        let [left, right] = [&a, &b].map(|line| Vary::parse(line.as_bytes()).unwrap());
        let merged = left.clone().merge(right.clone());
        prop_assert_eq!(&merged, &right.clone().merge(left.clone()));
        for name in ["a", "b", "c", "d", "e"] {
            let in_either = left.contains(name) || right.contains(name);
            prop_assert_eq!(merged.contains(name), in_either);
        }
    }

    /// However the list is spaced and broken into lines, its members decide.
    #[test]
    fn requests_match_when_their_members_do(a in spaced(), b in spaced()) {
        let vary = Vary::parse(b"accept").unwrap();
        let matches = |a: &[_], b: &[_]| {
            vary.matches(&headers("Accept", &lines(a)), &headers("accept", &lines(b)))
        };
        let members = |list: &[(String, String, bool)]| {
            list.iter().map(|(member, ..)| member.clone()).collect::<Vec<_>>()
        };
        prop_assert_eq!(matches(&a, &b), members(&a) == members(&b));
        let with_members_of_a = |(member, (_, space, begins)): (&(String, _, _), &(_, String, bool))| {
            (member.0.clone(), space.clone(), *begins)
        };
        let respaced: Vec<_> = a.iter().zip(b.iter().cycle()).map(with_members_of_a).collect();
        prop_assert!(matches(&a, &respaced), "{:?} {:?}", lines(&a), lines(&respaced));
        prop_assert!(!vary.matches(&headers("Accept", &lines(&a)), &HeaderMap::new()));
    }

    #[test]
    fn every_byte_outside_of_separators_counts(line in "[a-c\"\\\\, ]{1,12}", at in any::<prop::sample::Index>()) {
        let line = line.trim().to_owned();
        prop_assume!(!line.is_empty());
        let at = at.index(line.len());
        let changed = format!("{}x{}", &line[..at], &line[at..]);
        let vary = Vary::parse(b"Accept").unwrap();
        prop_assert!(!vary.matches(&headers("Accept", &[line]), &headers("Accept", &[changed])));
    }

    #[test]
    fn no_bytes_make_it_panic(line in prop::collection::vec(any::<u8>(), 0..60)) {
        if let Err(error) = Vary::parse(&line) {
            prop_assert!(error.offset() <= line.len());
        }
    }
}
