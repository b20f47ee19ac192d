//! The manifest keeps its promises: no dependency, two development dependencies, the oldest Rust, no
//! `unsafe`, and no build script.

use crate::source::{assert_none, read, root};

/// The manifest as (table, key, value), one line each.
fn entries(manifest: &str) -> Vec<(&str, &str, &str)> {
    let mut table = "";
    let mut entries = Vec::new();
    for line in manifest.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[') {
            table = name.trim_start_matches('[').trim_end_matches(']');
            entries.push((table, "", ""));
        } else if let Some((key, value)) = line.split_once('=')
            && !line.starts_with('#')
        {
            entries.push((table, key.trim(), value.trim()));
        }
    }
    entries
}

fn check(manifest: &str) -> Vec<String> {
    let entries = entries(manifest);
    let mut wrong = Vec::new();
    let required = [
        ("package", "rust-version", "\"1.88\""),
        ("lints.rust", "unsafe_code", "\"forbid\""),
        ("lints.rust", "missing_docs", "\"deny\""),
    ];
    for (table, key, value) in required {
        if !entries.contains(&(table, key, value)) {
            wrong.push(format!("[{table}] lacks {key} = {value}"));
        }
    }
    for (table, key, _) in entries {
        let Some((kind, inline)) = dependency_table(table) else {
            if table == "package" && key == "build" {
                wrong.push("a build script".to_owned());
            }
            continue;
        };
        let name = if inline.is_empty() { key } else { inline };
        let allowed = kind == "dev-dependencies" && matches!(name, "criterion" | "proptest");
        if !name.is_empty() && !allowed {
            wrong.push(format!("{name} in [{table}]"));
        }
    }
    wrong
}

/// Splits `target.'cfg(..)'.dev-dependencies.name` into its kind and the name, if there is one.
fn dependency_table(table: &str) -> Option<(&str, &str)> {
    let at = table.find("dependencies")?;
    let start = table[..at].rfind('.').map_or(0, |dot| dot + 1);
    let end = at + "dependencies".len();
    let name = table[end..].trim_start_matches('.');
    Some((&table[start..end], name))
}

#[test]
fn the_manifest_keeps_its_promises() {
    assert_none("Cargo.toml", &check(&read("Cargo.toml")));
    assert!(!root().join("build.rs").exists(), "a build script");
}

const GOOD: &str = "[package]\nrust-version = \"1.88\"\n[dependencies]\n[dev-dependencies]\n\
    criterion = \"0\"\nproptest = { version = \"1\" }\n[lints.rust]\nunsafe_code = \"forbid\"\n\
    missing_docs = \"deny\"\n";

#[track_caller]
fn refuses(from: &str, to: &str, expected: &str) {
    assert_eq!(check(&GOOD.replace(from, to)), [expected]);
}

#[test]
fn accepts_the_two_development_dependencies() {
    assert_none("a good manifest", &check(GOOD));
}

#[test]
fn refuses_every_other_dependency() {
    let libc = "[dependencies]\nlibc = \"0\"\n";
    refuses("[dependencies]\n", libc, "libc in [dependencies]");
    let table = "[dependencies.libc]\nversion = \"0\"\n";
    let wrong = check(&GOOD.replace("[dependencies]\n", table));
    assert!(wrong.contains(&"libc in [dependencies.libc]".to_owned()));
    refuses("proptest", "quickcheck", "quickcheck in [dev-dependencies]");
    let unix = "[target.'cfg(unix)'.dependencies]\nproptest = \"1\"\n";
    let expected = "proptest in [target.'cfg(unix)'.dependencies]";
    refuses("[dependencies]\n", unix, expected);
    let build = "[build-dependencies]\ncriterion = \"0\"\n";
    refuses("[dependencies]\n", build, "criterion in [build-dependencies]");
}

#[test]
fn refuses_a_weaker_promise() {
    refuses("1.88", "1.89", "[package] lacks rust-version = \"1.88\"");
    refuses("forbid", "deny", "[lints.rust] lacks unsafe_code = \"forbid\"");
    refuses("[package]\n", "[package]\nbuild = \"b.rs\"\n", "a build script");
}
