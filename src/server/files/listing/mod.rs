//! What a directory answers that has no index: a list of what is in it.
//!
//! This is the pure half: names, lengths and dates in, a response out. Who may see which entry is decided
//! before they come here.
//!
//! | wanted ([RFC 9110 §12.5.1](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1)) | sent |
//! |---|---|
//! | `text/html`, or nothing that there is | a page for people, without scripts |
//! | `application/json` | an array of objects, as nginx and others make it |
//! | `text/plain` | a name a line, those of folders with a slash |
//!
//! The query says what is shown, and in what order: see [`View`].

mod html;
mod text;
mod view;

use super::entry::{Entry, EntryKind};
use super::path::{FilePath, encode_name};
use super::upload::Uploads;
use crate::field::conditional::Validators;
use crate::field::{ETag, Vary};
use crate::hash::{Sha256, hex};
use crate::header;
use crate::message::{Request, Response};
use crate::negotiate::Accept;
use crate::status::StatusCode;
use view::View;

/// What can be sent, by media type; the first is what is sent if nothing is preferred.
const OFFERS: [&str; 3] =
    ["text/html; charset=utf-8", "application/json", "text/plain; charset=utf-8"];

/// Answers GET or HEAD with what is in a directory. The path ends with a slash: the links of the page are
/// relative. The entries come in no order.
pub(super) fn respond(
    request: &Request,
    path: &FilePath,
    entries: Vec<Entry>,
    uploads: Option<&Uploads>,
) -> Response {
    let view = View::parse(request.query_pairs());
    let shown = view.show(entries);
    let accept = Accept::from_headers(request.headers());
    // A person who is shown a page gets further than with an error.
    let kind = accept.best(&OFFERS).map_or(0, |choice| choice.index());
    let content = match kind {
        1 => text::json(&shown.entries),
        2 => text::plain(&shown.entries),
        _ => html::page(request.subpath(), path.names(), &view, &shown, uploads),
    };
    let tag = tag_of(content.as_bytes());
    let mut response = Response::new(StatusCode::OK).with_body(content);
    let headers = response.headers_mut();
    // An empty map has room for a few short fields.
    let _ = headers.insert(header::CONTENT_TYPE, OFFERS.get(kind).unwrap_or(&""));
    let _ = headers.insert(header::CACHE_CONTROL, "no-cache");
    let _ = Vary::add(headers, "Accept");
    if kind == 0 {
        let _ = headers.insert(header::CONTENT_SECURITY_POLICY, html::POLICY);
        let _ = headers.insert(header::REFERRER_POLICY, "same-origin");
    }
    if let Some(link) = shown.link(&view) {
        let _ = headers.insert(header::LINK, link);
    }
    let current = tag.map_or_else(Validators::new, |tag| Validators::new().with_etag(tag));
    response.answering(request, &current)
}

/// Makes a tag of what is sent: whoever has it need not be sent the same again.
fn tag_of(content: &[u8]) -> Option<ETag<'static>> {
    let mut hash = Sha256::new();
    hash.update(content);
    let digest = hex(&hash.finish());
    ETag::strong(digest.as_bytes()).ok().map(ETag::into_owned)
}

impl Entry {
    fn is_directory(&self) -> bool {
        self.kind == EntryKind::Directory
    }

    /// Returns the length that is shown: that of a file.
    fn file_len(&self) -> u64 {
        if self.is_directory() { 0 } else { self.len }
    }

    /// Returns a reference from the directory to the entry. With `./` in front a name with a colon in it is
    /// not taken for a scheme.
    fn href(&self) -> String {
        let slash = if self.is_directory() { "/" } else { "" };
        format!("./{}{slash}", encode_name(&self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::method::Method;
    use std::time::{Duration, SystemTime};

    const HTML: &str = "text/html; charset=utf-8";
    const JSON: &str = "application/json";
    const TEXT: &str = "text/plain; charset=utf-8";

    fn entry(name: &str, kind: EntryKind, len: u64, seconds: Option<u64>) -> Entry {
        let modified = seconds.map(|it| SystemTime::UNIX_EPOCH + Duration::from_secs(it));
        Entry { name: name.into(), kind, len, modified }
    }

    fn entries() -> Vec<Entry> {
        vec![
            entry("a10.txt", EntryKind::File, 3, Some(784_111_777)),
            entry("B.RS", EntryKind::File, 2, Some(3)),
            entry("a2.txt", EntryKind::File, 1_234_567, Some(1)),
            entry("Grüße & <b>\"küsse\".txt", EntryKind::File, 2, None),
            entry("folder", EntryKind::Directory, 4096, Some(2)),
        ]
    }

    fn ask(target: &str, fields: &[(&str, &str)], entries: Vec<Entry>) -> Response {
        let mut request = Request::new(Method::GET, target).unwrap();
        for (name, value) in fields {
            request.headers_mut().append(name, value).unwrap();
        }
        let path = FilePath::parse(request.path(), false).unwrap();
        respond(&request, &path, entries, None)
    }

    fn page(target: &str) -> String {
        ask(target, &[], entries()).text().unwrap()
    }

    fn names(target: &str, entries: Vec<Entry>) -> String {
        let text = ask(target, &[("Accept", "text/plain")], entries).text().unwrap();
        text.lines().collect::<Vec<_>>().join(" ")
    }

    #[track_caller]
    fn is_ordered(page: &str, texts: &[&str]) {
        let at = |text: &&str| page.find(*text).unwrap_or_else(|| panic!("no {text} in {page}"));
        let order: Vec<_> = texts.iter().map(at).collect();
        assert!(order.is_sorted(), "{order:?} in {page}");
    }

    #[test]
    fn a_page_has_directories_first_and_escapes_names() {
        let page = page("/list/");
        is_ordered(
            &page,
            &[
                "<title>list</title>",
                "<h1><a href=\"../\">Home</a><span class=\"slash\">/</span><bdi>list</bdi></h1>",
                "<a href=\"../\"><svg",
                "<a href=\"./folder/\"><svg",
                "<bdi>folder</bdi>/",
                "<a href=\"./a2.txt\">",
                "title=\"1,234,567 bytes\">1.2 MB<",
                "<a href=\"./a10.txt\">",
                "<time datetime=\"1994-11-06T08:49:37Z\" title=\"Sun, 06 Nov 1994 08:49:37 GMT\">\
                 1994-11-06 08:49</time>",
                "<a href=\"./B.RS\">",
                "<a href=\"./Gr%C3%BC%C3%9Fe%20%26%20%3Cb%3E%22k%C3%BCsse%22.txt\">",
                "<bdi>Grüße &amp; &lt;b&gt;&quot;küsse&quot;.txt</bdi>",
                "<footer>1 folder, 4 files of 1.2 MB in total</footer>",
            ],
        );
        assert!(!page.contains("<form"), "{page}");
    }

    #[test]
    fn the_way_up_is_relative() {
        let root = ask("/", &[], Vec::new()).text().unwrap();
        is_ordered(&root, &["<title>Home</title>", "<h1>Home</h1>", "This folder is empty."]);
        assert!(!root.contains("href=\"../"), "{root}");
        let deep = ask("/a/b%3Ci%3E/c/", &[], Vec::new()).text().unwrap();
        is_ordered(
            &deep,
            &[
                "<a href=\"../../../\">Home</a>",
                "<a href=\"../../\"><bdi>a</bdi></a>",
                "<a href=\"../\"><bdi>b&lt;i&gt;</bdi></a>",
                "<bdi>c</bdi></h1>",
            ],
        );
        let wide = ask("/a//", &[], Vec::new()).text().unwrap();
        is_ordered(&wide, &["<a href=\"../../\">Home</a>", "<bdi>a</bdi></h1>", "\"../../\"><svg"]);
    }

    #[test]
    fn the_query_says_the_order() {
        for (query, expected) in [
            ("", "folder/ a2.txt a10.txt B.RS Grüße & <b>\"küsse\".txt"),
            ("?sort=name", "folder/ a2.txt a10.txt B.RS Grüße & <b>\"küsse\".txt"),
            ("?sort=-name", "folder/ Grüße & <b>\"küsse\".txt B.RS a10.txt a2.txt"),
            ("?sort=size", "folder/ B.RS Grüße & <b>\"küsse\".txt a10.txt a2.txt"),
            ("?sort=-size", "folder/ a2.txt a10.txt B.RS Grüße & <b>\"küsse\".txt"),
            ("?sort=modified", "folder/ Grüße & <b>\"küsse\".txt a2.txt B.RS a10.txt"),
            ("?sort=-modified", "folder/ a10.txt B.RS a2.txt Grüße & <b>\"küsse\".txt"),
            ("?sort=-nonsense", "folder/ a2.txt a10.txt B.RS Grüße & <b>\"küsse\".txt"),
            ("?q=TXT", "a2.txt a10.txt Grüße & <b>\"küsse\".txt"),
            ("?q=gr%C3%9C", "Grüße & <b>\"küsse\".txt"),
            ("?q=txt&sort=-name&offset=1", "a10.txt a2.txt"),
            ("?q=nothing", ""),
            ("?offset=4", "Grüße & <b>\"küsse\".txt"),
            ("?offset=9", ""),
            ("?offset=-1", "folder/ a2.txt a10.txt B.RS Grüße & <b>\"küsse\".txt"),
        ] {
            assert_eq!(names(&format!("/{query}"), entries()), expected, "{query}");
        }
    }

    #[test]
    fn headings_turn_the_order_round_and_keep_the_search() {
        let sorted = page("/?sort=size&q=a%26b");
        is_ordered(
            &sorted,
            &[
                "name=\"q\" value=\"a&amp;b\"",
                "<input type=\"hidden\" name=\"sort\" value=\"size\">",
                "<th scope=\"col\" class=\"name\"><a href=\"?q=a%26b\">",
                "<a href=\"?q=a%26b&amp;sort=modified\">",
                "aria-sort=\"ascending\"><a href=\"?q=a%26b&amp;sort=-size\">",
                "Nothing here is called “a&amp;b”.",
            ],
        );
        is_ordered(
            &page("/?sort=-size"),
            &["<a href=\"./\">Name", "aria-sort=\"descending\"><a href=\"?sort=size\">Size"],
        );
        is_ordered(&page("/"), &["aria-sort=\"ascending\"><a href=\"?sort=-name\">Name"]);
    }

    #[test]
    fn a_long_list_comes_in_pieces() {
        let many =
            || (0..20_001).map(|n| entry(&format!("f{n}"), EntryKind::File, 1, None)).collect();
        let link = |target: &str| {
            let response = ask(target, &[], many());
            response.header("Link").map(str::to_owned)
        };
        let next = "<?offset=10000>; rel=\"next\"";
        assert_eq!(link("/").as_deref(), Some(next));
        let both = "<?sort=size>; rel=\"prev\", <?sort=size&offset=20000>; rel=\"next\"";
        assert_eq!(link("/?sort=size&offset=10000").as_deref(), Some(both));
        assert_eq!(link("/?offset=20000").as_deref(), Some("<?offset=10000>; rel=\"prev\""));
        assert_eq!(link("/?q=f1999"), None);
        assert_eq!(names("/?offset=20000", many()), "f20000");
        let page = ask("/?offset=10000", &[], many()).text().unwrap();
        assert!(page.contains(
            "<footer>10,001 to 20,000 of 20,001 <a href=\"./\">Previous</a> \
             <a href=\"?offset=20000\">Next</a></footer>"
        ));
        let page = ask("/?offset=20001", &[], many()).text().unwrap();
        assert!(
            page.contains("<footer>0 of 20,001 <a href=\"?offset=10001\">Previous</a></footer>")
        );
    }

    #[test]
    fn programs_are_sent_json() {
        let json = ask("/", &[("Accept", "application/json")], entries()).text().unwrap();
        let expected = r#"[
{"name":"folder","type":"directory","mtime":"1970-01-01T00:00:02Z","url":"./folder/"},
{"name":"a2.txt","type":"file","mtime":"1970-01-01T00:00:01Z","size":1234567,"url":"./a2.txt"},
{"name":"a10.txt","type":"file","mtime":"1994-11-06T08:49:37Z","size":3,"url":"./a10.txt"},
{"name":"B.RS","type":"file","mtime":"1970-01-01T00:00:03Z","size":2,"url":"./B.RS"},
{"name":"Grüße & <b>\"küsse\".txt","type":"file","size":2,"url":"./Gr%C3%BC%C3%9Fe%20%26%20%3Cb%3E%22k%C3%BCsse%22.txt"}
]
"#;
        assert_eq!(json, expected);
        let empty = ask("/", &[("Accept", "application/json")], Vec::new()).text().unwrap();
        assert_eq!(empty, "[\n]\n");
    }

    #[test]
    fn the_format_is_the_one_that_is_accepted() {
        for (accept, expected) in [
            ("", HTML),
            ("*/*", HTML),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),
            ("application/json", JSON),
            ("application/json, text/plain, */*", JSON),
            ("text/plain", TEXT),
            ("text/*;q=0.5, application/json;q=0.4", HTML),
            ("image/png", HTML),
        ] {
            let response = ask("/", &[("Accept", accept)], entries());
            assert_eq!(response.header("Content-Type"), Some(expected), "{accept}");
            assert_eq!(response.header("Vary"), Some("Accept"));
            assert_eq!(response.header("Cache-Control"), Some("no-cache"));
            let policy = response.header("Content-Security-Policy");
            assert_eq!(
                policy.is_some_and(|it| it.starts_with("default-src 'none'")),
                expected == HTML
            );
        }
    }

    #[test]
    fn what_is_known_is_not_sent_again() {
        let first = ask("/", &[], entries());
        let tag = first.header("ETag").unwrap();
        let again = ask("/", &[("If-None-Match", tag)], entries());
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!((again.header("ETag"), again.header("Content-Type")), (Some(tag), None));
        assert!(again.body().is_empty());
        let mut changed = entries();
        changed.pop();
        assert_eq!(ask("/", &[("If-None-Match", tag)], changed).status(), StatusCode::OK);
        assert_eq!(
            ask("/?sort=size", &[("If-None-Match", tag)], entries()).status(),
            StatusCode::OK
        );
        let failed = ask("/", &[("If-Match", "\"x\"")], entries());
        assert_eq!(failed.status(), StatusCode::PRECONDITION_FAILED);
    }

    #[test]
    fn forms_are_for_who_may_upload() {
        let request = Request::default();
        let path = FilePath::parse("/", false).unwrap();
        let response = respond(&request, &path, entries(), Some(&Uploads::DEFAULT));
        let policy = response.header("Content-Security-Policy");
        assert!(policy.is_some_and(|it| it.contains("form-action 'self';")));
        let page = response.text().unwrap();
        assert_eq!(page.matches("enctype=\"multipart/form-data\"").count(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn a_name_need_not_be_unicode() {
        use std::os::unix::ffi::OsStringExt;
        let name = std::ffi::OsString::from_vec(b"caf\xe9".to_vec());
        let odd =
            || vec![Entry { name: name.clone(), kind: EntryKind::File, len: 1, modified: None }];
        let page = ask("/", &[], odd()).text().unwrap();
        assert!(page.contains("<a href=\"./caf%E9\">") && page.contains("<bdi>caf\u{fffd}</bdi>"));
        assert!(page.contains("title=\"1 byte\">1 B<") && page.contains("1 file of 1 B<"));
    }
}
