//! The pages.

use std::fmt::Write;

use nethttp::{Response, StatusCode};

use crate::options::Options;
use crate::page::{escaped, page};
use crate::upload::{Received, Saved};

const HOME: &str = include_str!("home.html");

const LOGINS: &str = "<p>Two pages ask for a name and a password: <a href=\"/basic\">one with Basic</a>, \
    and <a href=\"/private\">one with Digest</a>, where the password does not travel.</p>";

const NO_LOGINS: &str = "<p>Nobody can log in before there is somebody: start the program with \
    <code>--user ada:secret</code>.</p>";

/// The page with the forms.
pub(crate) fn home(options: &Options) -> Response {
    let kept = if options.folder.is_some() { "kept" } else { "counted, and not kept" };
    let limits = format!(
        "Files of up to {}, {} in all. They are {kept}.",
        human(options.limits.file),
        human(options.limits.total)
    );
    let logins = if options.users.is_empty() { NO_LOGINS } else { LOGINS };
    let content = HOME.replace("{limits}", &limits).replace("{logins}", logins);
    page(StatusCode::OK, "Forms and logins", &content)
}

/// The page that says what has arrived.
pub(crate) fn received(received: &Received) -> Response {
    let heading = match &received.files[..] {
        [] => "No file has arrived".to_owned(),
        [_] => "One file has arrived".to_owned(),
        files => format!("{} files have arrived", files.len()),
    };
    let mut html = format!("<main>\n<h1>{heading}</h1>\n");
    if !received.files.is_empty() {
        html.push_str(
            "<div class=\"card table\">\n<table>\n<thead><tr><th>Name</th><th>Field</th>\
             <th class=\"number\">Bytes</th><th class=\"number\">CRC-32</th></tr></thead>\n<tbody>\n",
        );
        received.files.iter().for_each(|file| row(file, &mut html));
        html.push_str("</tbody>\n</table>\n</div>\n");
    }
    if !received.texts.is_empty() {
        html.push_str("<dl class=\"card\">\n");
        for (name, value) in &received.texts {
            let (name, value) = (escaped(name), escaped(value));
            // A `String` takes everything.
            let _ = writeln!(html, "<div><dt>{name}</dt><dd>{value}</dd></div>");
        }
        html.push_str("</dl>\n");
    }
    let note = match received.files.first() {
        Some(file) if file.is_kept => "Kept under these names. ",
        Some(_) => "Counted and thrown away. ",
        None => "",
    };
    let _ = writeln!(html, "<footer>{note}<a href=\"/\">Send more</a></footer>\n</main>");
    page(StatusCode::OK, &heading, &html)
}

fn row(file: &Saved, html: &mut String) {
    let Saved { field, name, len, crc, .. } = file;
    let (field, name, len) = (escaped(field), escaped(name), grouped(*len));
    let _ = writeln!(
        html,
        "<tr><td class=\"name\">{name}</td><td>{field}</td><td class=\"number len\">{len}</td>\
         <td class=\"number\"><code>{crc:08x}</code></td></tr>"
    );
}

/// The page behind a login.
pub(crate) fn welcome(name: &str) -> Response {
    hello(name, "This page is for those who have logged in.")
}

/// The page for somebody whose name stands in the path.
pub(crate) fn greeting(name: &str) -> Response {
    hello(name, "The name is a part of the path.")
}

fn hello(name: &str, words: &str) -> Response {
    let name = escaped(name);
    let content = format!(
        "<main class=\"error\">\n<p class=\"code\">\u{2713}</p>\n<h1>Hello, {name}</h1>\n\
         <p>{words}</p>\n<p><a href=\"/\">Back to the forms</a></p>\n</main>\n"
    );
    page(StatusCode::OK, "Hello", &content)
}

/// `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A size in the largest unit that goes into it without a rest.
fn human(size: u64) -> String {
    match size {
        u64::MAX => "any size".to_owned(),
        0 => "0 bytes".to_owned(),
        _ if size.is_multiple_of(1 << 30) => format!("{} GiB", size >> 30),
        _ if size.is_multiple_of(1 << 20) => format!("{} MiB", size >> 20),
        _ if size.is_multiple_of(1 << 10) => format!("{} KiB", size >> 10),
        _ => format!("{} bytes", grouped(size)),
    }
}
