//! What the front pages promise is there: the targets of their commands, and the files they link to.

use std::path::Path;

use crate::source::{assert_none, read, root};

const PAGES: [&str; 6] =
    ["README.md", "DESIGN.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "BENCHMARKS.md"];

/// The commands that a reader of the first page is told to run.
const FIRST_COMMANDS: [&str; 2] = ["cargo run --release --example serve", "cargo test"];

/// Returns the lines of a page with the language of the code block they are in.
fn lines(page: &str) -> Vec<(Option<&str>, &str)> {
    let mut block = None;
    let mut found = Vec::new();
    for line in page.lines() {
        match line.trim().strip_prefix("```") {
            Some(language) if block.is_none() => block = Some(language.trim()),
            Some(_) => block = None,
            None => found.push((block, line)),
        }
    }
    found
}

/// Returns the commands of the shell blocks, comments aside.
fn commands(page: &str) -> Vec<&str> {
    lines(page)
        .into_iter()
        .filter(|(block, _)| matches!(block, Some("sh" | "bash" | "console")))
        .map(|(_, line)| line.split(" #").next().unwrap_or(line))
        .map(|line| line.trim().trim_start_matches("$ "))
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

/// Returns what is wrong with a command, judged by the files below `root`.
fn check_command(command: &str, root: &Path) -> Option<String> {
    let words: Vec<&str> = command.split_whitespace().collect();
    let own = words.split(|&word| word == "--").next().unwrap_or_default();
    let [program, arguments @ ..] = own else {
        return None;
    };
    if program.contains('/') {
        return (!root.join(program).is_file()).then(|| format!("{command}: no {program}"));
    }
    if *program != "cargo" {
        return None;
    }
    let value = |option: &str| {
        let at = arguments.iter().position(|&word| word == option)?;
        arguments.get(at + 1).copied()
    };
    let manifest = value("--manifest-path").unwrap_or("Cargo.toml");
    let Some(package) = Path::new(manifest).parent() else {
        return Some(format!("{command}: no package"));
    };
    if !root.join(manifest).is_file() {
        return Some(format!("{command}: no {manifest}"));
    }
    let folders = [
        ("--example", "examples"),
        ("--test", "tests"),
        ("--bench", "benches"),
        ("--bin", "src/bin"),
    ];
    let mut targets =
        folders.iter().filter_map(|(option, folder)| Some((value(option)?, *folder))).peekable();
    if arguments.first() == Some(&"run") && targets.peek().is_none() {
        let main = package.join("src/main.rs");
        return (!root.join(main).is_file()).then(|| format!("{command}: nothing to run"));
    }
    targets.find_map(|(name, folder)| {
        let folder = root.join(package).join(folder);
        let found = folder.join(format!("{name}.rs")).is_file()
            || folder.join(name).join("main.rs").is_file();
        (!found).then(|| format!("{command}: no {name}"))
    })
}

/// Returns the targets of the links of a page that are not on the network.
fn links(page: &str) -> Vec<&str> {
    let outside = lines(page).into_iter().filter(|(block, _)| block.is_none());
    outside
        .flat_map(|(_, line)| {
            let inline = line.split("](").skip(1);
            let inline = inline.filter_map(|tail| tail.split([')', ' ']).next());
            let reference = line.strip_prefix('[').and_then(|tail| tail.split_once("]: "));
            inline.chain(reference.map(|(_, target)| target.trim()))
        })
        .filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
        .map(|target| target.split('#').next().unwrap_or(target))
        .filter(|target| !target.is_empty())
        .collect()
}

#[test]
fn commands_have_their_targets() {
    let pages = PAGES.map(read);
    let wrong: Vec<String> = pages
        .iter()
        .flat_map(|page| commands(page))
        .filter_map(|command| check_command(command, &root()))
        .collect();
    assert_none("a command of the front pages has its target", &wrong);
}

#[test]
fn the_first_page_says_what_to_run() {
    let page = read("README.md");
    let commands = commands(&page);
    for command in FIRST_COMMANDS {
        assert!(commands.contains(&command), "README.md lacks {command}");
    }
}

#[test]
fn links_point_to_files() {
    let mut wrong = Vec::new();
    for name in PAGES {
        for target in links(&read(name)) {
            if !root().join(target).exists() {
                wrong.push(format!("{name}: {target}"));
            }
        }
    }
    assert_none("a relative link points to a file", &wrong);
}

#[test]
fn finds_the_commands_of_shell_blocks() {
    let page =
        "```sh\n# why\ncargo test   # all\n\n$ .ci/run\n```\n```rust\ncargo run\n```\ncargo run\n";
    assert_eq!(commands(page), ["cargo test", ".ci/run"]);
}

#[test]
fn finds_the_links_that_are_files() {
    let page =
        "[a](b.md#c) and [d](https://e/) [f](#g)\n[h]: i/j.md\n```text\n[k](l)\n```\n![m](n.png)";
    assert_eq!(links(page), ["b.md", "i/j.md", "n.png"]);
}

#[test]
fn refuses_commands_without_target() {
    let check = |command: &str| check_command(command, &root());
    assert_eq!(check("cargo test --test house -- --nocapture"), None);
    assert_eq!(check("cargo test"), None);
    assert_eq!(check("curl -v http://localhost:8000/"), None);
    assert_eq!(check(".ci/run"), None);
    let refused = |command: &str, what: &str| {
        assert_eq!(check(command), Some(format!("{command}: {what}")));
    };
    refused("cargo run --release --example nowhere", "no nowhere");
    refused("cargo bench --bench nowhere", "no nowhere");
    refused("cargo run --release", "nothing to run");
    refused("cargo run --manifest-path a/Cargo.toml", "no a/Cargo.toml");
    refused("tools/nowhere", "no tools/nowhere");
}
