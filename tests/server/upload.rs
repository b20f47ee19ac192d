//! Uploads to a directory: what is stored, what is refused, and that nothing is there by half.

use std::fs;

use nethttp::form::{FormPart, MultipartForm};
use nethttp::server::{FileServer, Handler, Uploads};
use nethttp::{Body, Method, Request, Response};

use super::{Running, statuses};
use crate::support::scratch::Scratch;

/// A directory `site` beside what may not be changed.
fn site() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("site/there.txt", "there");
    scratch.write("site/folder/file", "file");
    scratch.write("site/.hidden", "hidden");
    scratch.write("outside", "outside");
    fs::create_dir(scratch.path().join("site/empty")).unwrap();
    scratch
}

fn server(scratch: &Scratch, uploads: Uploads) -> FileServer {
    FileServer::open(scratch.path().join("site")).unwrap().listing(true).uploads(uploads)
}

fn ask(
    server: &FileServer,
    method: Method,
    target: &str,
    fields: &[(&str, &str)],
    body: impl Into<Body>,
) -> Response {
    let mut request = Request::new(method, target).unwrap();
    for (name, value) in fields {
        request.headers_mut().append(name, value).unwrap();
    }
    *request.body_mut() = body.into();
    server.handle(&mut request)
}

fn post(server: &FileServer, target: &str, form: MultipartForm) -> Response {
    let content_type = form.content_type();
    ask(server, Method::POST, target, &[("Content-Type", &content_type)], form)
}

fn file(name: &str, content: &str) -> FormPart {
    FormPart::bytes("file", content.to_owned()).file_name(name)
}

/// All names below the directory that is served, with their contents.
fn contents(scratch: &Scratch) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![scratch.path().join("site")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name =
                path.strip_prefix(scratch.path().join("site")).unwrap().display().to_string();
            if path.is_symlink() {
                found.push(format!("{name}@"));
            } else if path.is_dir() {
                found.push(format!("{name}/"));
                folders.push(path);
            } else {
                found.push(format!("{name}={}", String::from_utf8_lossy(&fs::read(path).unwrap())));
            }
        }
    }
    found.sort();
    found
}

#[track_caller]
fn is_unchanged(scratch: &Scratch) {
    let as_made = [".hidden=hidden", "empty/", "folder/", "folder/file=file", "there.txt=there"];
    assert_eq!(contents(scratch), as_made);
    assert_eq!(fs::read(scratch.path().join("outside")).unwrap(), b"outside");
}

#[track_caller]
fn refuses(response: Response, status: u16, expected: &str) {
    assert_eq!(response.status().as_u16(), status);
    let text = response.text().unwrap();
    assert!(text.contains(expected), "{text:?} has no {expected:?}");
}

#[test]
fn without_uploads_nothing_changes() {
    let scratch = site();
    let server = FileServer::open(scratch.path().join("site")).unwrap().listing(true);
    for method in [Method::PUT, Method::POST, Method::DELETE] {
        refuses(ask(&server, method, "/new", &[], "x"), 405, "");
    }
    is_unchanged(&scratch);
}

#[test]
fn put_stores_a_file_under_its_path() {
    let scratch = site();
    let server = server(&scratch, Uploads::DEFAULT);
    for (target, name) in [
        ("/new.txt", "new.txt"),
        ("/folder/Gr%C3%BC%C3%9Fe.txt", "folder/Grüße.txt"),
        ("/a%20b", "a b"),
    ] {
        let response = ask(&server, Method::PUT, target, &[], "content");
        assert_eq!(response.status().as_u16(), 201, "{target}");
        assert_eq!(fs::read(scratch.path().join("site").join(name)).unwrap(), b"content");
        let response = ask(&server, Method::GET, target, &[], "");
        assert_eq!(response.bytes().unwrap(), b"content");
    }
    assert_eq!(contents(&scratch).len(), 8);
}

#[test]
fn put_stays_in_the_directory_and_away_from_odd_names() {
    let scratch = site();
    let server = server(&scratch, Uploads::DEFAULT.overwrite(true));
    for (target, status) in [
        ("/../outside", 404),
        ("/%2e%2e/outside", 404),
        ("/..%2foutside", 404),
        ("/.hidden", 404),
        ("/.upload-1.tmp", 404),
        ("/.git/config", 404),
        ("/nothing/new", 404),
        ("/there.txt/new", 404),
        ("/a%00b", 400),
        ("/-rf", 400),
        ("/~root", 400),
        ("/nul.txt", 400),
        ("/a%3Ab", 400),
        ("/a.", 400),
        ("/photo%E2%80%AEgpj.exe", 400),
        ("/caf%E9", 400),
        ("/", 409),
        ("/new/", 409),
        ("/folder/", 409),
        ("/folder", 409),
        ("/there.txt/", 409),
    ] {
        refuses(ask(&server, Method::PUT, target, &[], "x"), status, "");
    }
    is_unchanged(&scratch);
}

#[test]
fn what_is_there_is_replaced_only_where_that_is_allowed() {
    let scratch = site();
    let strict = server(&scratch, Uploads::DEFAULT);
    let taken = "409 Conflict: expected a new name, found \"there.txt\" there\n";
    refuses(ask(&strict, Method::PUT, "/there.txt", &[], "x"), 409, taken);
    refuses(post(&strict, "/", MultipartForm::new().part(file("there.txt", "x"))), 409, taken);
    is_unchanged(&scratch);
    let lenient = server(&scratch, Uploads::DEFAULT.overwrite(true));
    let response = ask(&lenient, Method::PUT, "/there.txt", &[], "put");
    assert_eq!((response.status().as_u16(), response.body().len()), (204, Some(0)));
    assert!(contents(&scratch).contains(&"there.txt=put".to_owned()));
    let response = post(&lenient, "/", MultipartForm::new().part(file("there.txt", "posted")));
    assert_eq!(response.status().as_u16(), 303);
    assert!(contents(&scratch).contains(&"there.txt=posted".to_owned()));
    // A directory is not a file that could be replaced.
    refuses(post(&lenient, "/", MultipartForm::new().part(file("empty", "x"))), 409, "\"empty\"");
    refuses(post(&lenient, "/", MultipartForm::new().text("folder", "there.txt")), 409, "");
}

#[cfg(unix)]
#[test]
fn what_replaces_a_file_has_its_mode() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = site();
    let server = server(&scratch, Uploads::DEFAULT.overwrite(true));
    let path = scratch.path().join("site/there.txt");
    let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o7777;
    for (old, new) in [(0o640, 0o640), (0o600, 0o600), (0o755, 0o755), (0o6755, 0o755)] {
        fs::set_permissions(&path, fs::Permissions::from_mode(old)).unwrap();
        let response = ask(&server, Method::PUT, "/there.txt", &[], "put");
        assert_eq!((response.status().as_u16(), mode()), (204, new));
        fs::set_permissions(&path, fs::Permissions::from_mode(old)).unwrap();
        let form = MultipartForm::new().part(file("there.txt", "posted"));
        assert_eq!((post(&server, "/", form).status().as_u16(), mode()), (303, new));
    }
    // What is new has the mode that every new file has.
    fs::remove_file(&path).unwrap();
    assert_eq!(ask(&server, Method::PUT, "/there.txt", &[], "put").status().as_u16(), 201);
    let usual = fs::metadata(scratch.write("usual", "")).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode(), usual);
}

#[test]
fn what_is_there_is_not_replaced_by_what_stands_for_it() {
    let scratch = site();
    let gzip = [("Accept-Encoding", "gzip")];
    for (overwrite, expected) in [(false, "there"), (true, "forged")] {
        let uploads = Uploads::DEFAULT.overwrite(overwrite);
        let server = server(&scratch, uploads).precompressed(true);
        let put = ask(&server, Method::PUT, "/there.txt.gz", &[], "forged");
        assert!(put.status().is_success());
        let shown = ask(&server, Method::GET, "/there.txt", &gzip, "");
        assert_eq!(shown.text().unwrap(), expected);
    }
}

#[test]
fn conditions_hold_or_nothing_is_done() {
    let scratch = site();
    let server = server(&scratch, Uploads::DEFAULT.overwrite(true).delete(true));
    let file = fs::File::options().write(true).open(scratch.path().join("site/there.txt")).unwrap();
    file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(784_111_777)).unwrap();
    let tag = ask(&server, Method::GET, "/there.txt", &[], "").header("ETag").map(str::to_owned);
    let tag = tag.unwrap_or_else(|| "\"2ebc98a1-5\"".to_owned());
    for method in [Method::PUT, Method::DELETE] {
        for (name, value) in [
            ("If-None-Match", "*"),
            ("If-None-Match", &*tag),
            ("If-Match", "\"other\""),
            ("If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ] {
            refuses(ask(&server, method, "/there.txt", &[(name, value)], "x"), 412, "412");
        }
    }
    refuses(ask(&server, Method::PUT, "/new", &[("If-Match", "*")], "x"), 412, "");
    is_unchanged(&scratch);
    let put = |fields: &[(&str, &str)], target| ask(&server, Method::PUT, target, fields, "x");
    assert_eq!(put(&[("If-Match", &tag)], "/there.txt").status().as_u16(), 204);
    assert_eq!(put(&[("If-None-Match", "*")], "/new").status().as_u16(), 201);
    assert_eq!(put(&[("If-None-Match", "*")], "/new").status().as_u16(), 412);
}

#[test]
fn a_directory_is_there_for_conditions() {
    let scratch = site();
    let server = server(&scratch, Uploads::DEFAULT.delete(true));
    let typed = ("Content-Type", "multipart/form-data; boundary=b");
    for (name, value) in
        [("If-None-Match", "*"), ("If-Match", "\"other\""), ("If-Match", "malformed")]
    {
        let field = (name, value);
        refuses(ask(&server, Method::DELETE, "/empty/", &[field], ""), 412, "412");
        refuses(ask(&server, Method::POST, "/", &[field, typed], "x"), 412, "412");
    }
    is_unchanged(&scratch);
    // What would be refused without them is refused with them.
    let never = ("If-None-Match", "*");
    refuses(ask(&server, Method::POST, "/", &[never], "x"), 415, "");
    refuses(ask(&server, Method::PUT, "/empty/", &[never], "x"), 409, "");
    refuses(ask(&server, Method::PUT, "/empty", &[never], "x"), 409, "\"empty\"");
    refuses(ask(&server, Method::PUT, "/there.txt", &[never], "x"), 409, "\"there.txt\"");
    let range = ("Content-Range", "bytes 0-0/5");
    refuses(ask(&server, Method::PUT, "/new", &[("If-Match", "*"), range], "x"), 400, "");
    is_unchanged(&scratch);
    for (name, value) in [("If-Match", "*"), ("If-None-Match", "\"other\"")] {
        let form = MultipartForm::new().text("folder", "new");
        let typed = ("Content-Type", &*form.content_type());
        let response = ask(&server, Method::POST, "/empty/", &[(name, value), typed], form);
        assert_eq!(response.status().as_u16(), 303, "{name}: {value}");
        let response = ask(&server, Method::DELETE, "/empty/new/", &[(name, value)], "");
        assert_eq!(response.status().as_u16(), 204, "{name}: {value}");
    }
    is_unchanged(&scratch);
}

/// Content during which something happens.
struct During<F>(Option<F>);

impl<F: FnOnce()> std::io::Read for During<F> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let Some(happens) = self.0.take() else { return Ok(0) };
        happens();
        buf[..3].copy_from_slice(b"put");
        Ok(3)
    }
}

#[test]
fn what_changes_while_the_content_comes_counts() {
    let scratch = site();
    let server = server(&scratch, Uploads::DEFAULT.overwrite(true));
    let put = |name: &str, field: Option<(&str, &str)>, expected: u16, content: &str| {
        let path = scratch.path().join("site").join(name);
        let write = path.clone();
        let body = During(Some(move || fs::write(write, "other").unwrap()));
        let fields: Vec<_> = field.into_iter().collect();
        let body = Body::reader(body, Some(3));
        let response = ask(&server, Method::PUT, &format!("/{name}"), &fields, body);
        assert_eq!(response.status().as_u16(), expected, "{name} {field:?}");
        assert_eq!(fs::read(path).unwrap(), content.as_bytes());
    };
    put("new", None, 204, "put");
    put("newer", Some(("If-None-Match", "*")), 412, "other");
    let file = fs::File::options().write(true).open(scratch.path().join("site/there.txt")).unwrap();
    file.set_modified(std::time::UNIX_EPOCH).unwrap();
    let tag = ask(&server, Method::GET, "/there.txt", &[], "").header("ETag").map(str::to_owned);
    put("there.txt", Some(("If-Match", &tag.unwrap())), 412, "other");
}

#[test]
fn of_those_who_replace_the_same_state_one_does() {
    const CLIENTS: usize = 4;
    let scratch = site();
    let server = server(&scratch, Uploads::DEFAULT.overwrite(true));
    for _ in 0..25 {
        let path = scratch.write("site/there.txt", "there");
        let file = fs::File::options().write(true).open(path).unwrap();
        file.set_modified(std::time::UNIX_EPOCH).unwrap();
        let tag =
            ask(&server, Method::GET, "/there.txt", &[], "").header("ETag").map(str::to_owned);
        let field = ("If-Match", tag.unwrap());
        let all_have_begun = std::sync::Arc::new(std::sync::Barrier::new(CLIENTS));
        let mut statuses = std::thread::scope(|scope| {
            let clients: Vec<_> = (0..CLIENTS)
                .map(|_| {
                    let wait = all_have_begun.clone();
                    let begins = move || {
                        wait.wait();
                    };
                    let body = Body::reader(During(Some(begins)), Some(3));
                    let fields = [(field.0, &*field.1)];
                    let server = &server;
                    scope.spawn(move || {
                        ask(server, Method::PUT, "/there.txt", &fields, body).status().as_u16()
                    })
                })
                .collect();
            clients.into_iter().map(|it| it.join().unwrap()).collect::<Vec<_>>()
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 412, 412, 412]);
    }
}

#[test]
fn only_a_whole_file_as_it_is_can_be_put() {
    let scratch = site();
    let server = server(&scratch, Uploads::DEFAULT);
    let range = [("Content-Range", "bytes 0-0/5")];
    refuses(ask(&server, Method::PUT, "/new", &range, "x"), 400, "Content-Range");
    let coded = [("Content-Encoding", "gzip")];
    refuses(ask(&server, Method::PUT, "/new", &coded, "x"), 415, "Content-Encoding");
    is_unchanged(&scratch);
}

#[test]
fn a_form_stores_files_and_makes_directories() {
    let scratch = site();
    let server = server(&scratch, Uploads::DEFAULT);
    let form = MultipartForm::new()
        .part(file("a.txt", "a"))
        .text("folder", "new folder")
        .text("comment", "ignored")
        .part(file("C:\\fakepath\\b.txt", "b"))
        .part(file(".profile", "c"))
        .part(file("", ""));
    let response = post(&server, "/folder/", form);
    assert_eq!(response.status().as_u16(), 303);
    assert_eq!(response.header("Location"), Some("/folder/"));
    assert_eq!(response.text().unwrap(), "new folder\na.txt\nb.txt\n_profile\n");
    let expected = [
        ".hidden=hidden",
        "empty/",
        "folder/",
        "folder/_profile=c",
        "folder/a.txt=a",
        "folder/b.txt=b",
        "folder/file=file",
        "folder/new folder/",
        "there.txt=there",
    ];
    assert_eq!(contents(&scratch), expected);
    assert_eq!(fs::read(scratch.path().join("outside")).unwrap(), b"outside");
}

#[test]
fn of_a_form_that_is_refused_nothing_is_stored() {
    let scratch = site();
    let server = server(&scratch, Uploads::DEFAULT.bytes(2000));
    let new = || MultipartForm::new().text("folder", "new").part(file("a.txt", "a"));
    let long = "x".repeat(2000);
    for (form, status, expected) in [
        (MultipartForm::new(), 400, "expected a file or a field named folder"),
        (MultipartForm::new().part(file("", "")), 400, "expected a file or a field"),
        (new().part(file("there.txt", "x")), 409, "found \"there.txt\" there"),
        (new().part(file("a.txt", "x")), 409, "found \"a.txt\" there"),
        (new().part(file("new", "x")), 409, "found \"new\" there"),
        (new().text("folder", "empty"), 409, "found \"empty\" there"),
        (new().text("folder", ".."), 400, "found \"..\""),
        (new().part(file("../a", "x")), 400, "expected a file name that stays in its folder"),
        (new().part(file(".", "x")), 400, "found \".\""),
        (new().part(file("long", &long)), 413, ""),
    ] {
        refuses(post(&server, "/", form), status, expected);
        is_unchanged(&scratch);
    }
    refuses(post(&server, "/there.txt", new()), 409, "expected the path of a directory");
    refuses(post(&server, "/nothing/", new()), 404, "");
    refuses(ask(&server, Method::POST, "/", &[], "x"), 415, "");
    let torn = b"--b\r\nContent-Disposition: form-data; name=f; filename=a.txt\r\n\r\ncontent";
    let typed = [("Content-Type", "multipart/form-data; boundary=b")];
    refuses(ask(&server, Method::POST, "/", &typed, &torn[..]), 400, "");
    is_unchanged(&scratch);
}

#[test]
fn more_than_is_allowed_is_not_stored() {
    let scratch = site();
    let server = server(&scratch, Uploads::DEFAULT.bytes(4));
    refuses(ask(&server, Method::PUT, "/new", &[], "12345"), 413, "");
    // Whatever the conditions are (RFC 9110 §13.2.1).
    let exists = ("If-Match", "*");
    refuses(ask(&server, Method::PUT, "/new", &[exists], "12345"), 413, "at most 4 bytes");
    let never = ("If-None-Match", "*");
    let typed = ("Content-Type", "multipart/form-data; boundary=b");
    refuses(ask(&server, Method::POST, "/", &[never, typed], "12345"), 413, "at most 4 bytes");
    is_unchanged(&scratch);
    assert_eq!(ask(&server, Method::PUT, "/new", &[], "1234").status().as_u16(), 201);
}

#[test]
fn pages_of_other_origins_do_nothing_unless_they_may() {
    let scratch = site();
    let strict = server(&scratch, Uploads::DEFAULT.delete(true));
    let lenient = server(&scratch, Uploads::DEFAULT.delete(true).cross_origin(true));
    for fields in [
        &[("Sec-Fetch-Site", "cross-site")][..],
        &[("Host", "a.example"), ("Origin", "http://b.example")],
    ] {
        for method in [Method::PUT, Method::POST, Method::DELETE] {
            refuses(ask(&strict, method, "/there.txt", fields, "x"), 403, "of this origin");
        }
        is_unchanged(&scratch);
        let stored = ask(&lenient, Method::PUT, "/new", fields, "x");
        assert_eq!(stored.status().as_u16(), 201);
        let removed = ask(&lenient, Method::DELETE, "/new", fields, "");
        assert_eq!(removed.status().as_u16(), 204);
    }
    let own = [("Host", "a.example"), ("Origin", "http://a.example")];
    assert_eq!(ask(&strict, Method::PUT, "/new", &own, "x").status().as_u16(), 201);
}

#[test]
fn files_and_empty_directories_are_removed_where_that_is_allowed() {
    let scratch = site();
    let strict = server(&scratch, Uploads::DEFAULT);
    refuses(ask(&strict, Method::DELETE, "/there.txt", &[], ""), 405, "");
    is_unchanged(&scratch);
    let lenient = server(&scratch, Uploads::DEFAULT.delete(true));
    for (target, status) in [
        ("/", 403),
        ("/folder/", 409),
        ("/there.txt/", 404),
        ("/nothing", 404),
        ("/.hidden", 404),
        ("/../outside", 404),
    ] {
        refuses(ask(&lenient, Method::DELETE, target, &[], ""), status, "");
    }
    let full = "409 Conflict: expected an empty directory, found something in it\n";
    refuses(ask(&lenient, Method::DELETE, "/folder", &[], ""), 409, full);
    is_unchanged(&scratch);
    for target in ["/there.txt", "/empty/", "/folder/file", "/folder"] {
        assert_eq!(
            ask(&lenient, Method::DELETE, target, &[], "").status().as_u16(),
            204,
            "{target}"
        );
    }
    assert_eq!(contents(&scratch), [".hidden=hidden"]);
}

#[cfg(unix)]
#[test]
fn links_are_not_written_through() {
    let scratch = site();
    let link = |to: &str, name: &str| {
        std::os::unix::fs::symlink(to, scratch.path().join("site").join(name)).unwrap();
    };
    link("there.txt", "link");
    link("../outside", "leak");
    link("..", "up");
    link("nowhere", "dangling");
    let server = server(&scratch, Uploads::DEFAULT.overwrite(true).delete(true));
    for (target, status) in [("/link", 409), ("/leak", 409), ("/dangling", 409), ("/up/new", 404)] {
        refuses(ask(&server, Method::PUT, target, &[], "x"), status, "");
    }
    refuses(post(&server, "/", MultipartForm::new().part(file("leak", "x"))), 409, "");
    refuses(post(&server, "/up/", MultipartForm::new().part(file("new", "x"))), 404, "");
    for target in ["/leak", "/up/outside", "/up/", "/dangling"] {
        refuses(ask(&server, Method::DELETE, target, &[], ""), 404, "");
    }
    assert_eq!(fs::read(scratch.path().join("outside")).unwrap(), b"outside");
    // What is removed is the link, not what it leads to.
    assert_eq!(ask(&server, Method::DELETE, "/link", &[], "").status().as_u16(), 204);
    assert!(contents(&scratch).contains(&"there.txt=there".to_owned()));
}

#[test]
fn what_is_on_its_way_is_not_there_for_who_is_shown_hidden_names() {
    let scratch = site();
    let name = ".upload-0123456789abcdef0123456789abcdef.tmp";
    scratch.write(&format!("site/{name}"), "half");
    let server = server(&scratch, Uploads::DEFAULT.delete(true)).hidden(true);
    for method in [Method::GET, Method::DELETE] {
        refuses(ask(&server, method, &format!("/{name}"), &[], ""), 404, "");
    }
    let listing = ask(&server, Method::GET, "/", &[("Accept", "text/plain")], "");
    assert_eq!(listing.text().unwrap(), "empty/\nfolder/\n.hidden\nthere.txt\n");
}

#[test]
fn a_client_that_waits_is_told_before_it_sends() {
    let scratch = site();
    let running = Running::start(server(&scratch, Uploads::DEFAULT));
    let put = |name: &str| {
        format!(
            "PUT {name} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
        )
    };
    let mut client = running.connect();
    client.send(put("/there.txt").as_bytes());
    assert_eq!(statuses(&client.response()), [409]);
    let mut client = running.connect();
    client.send(put("/new").as_bytes());
    assert_eq!(statuses(&client.response()), [100]);
    client.send(b"new");
    assert_eq!(statuses(&client.response()), [201]);
    assert!(contents(&scratch).contains(&"new=new".to_owned()));
}

#[test]
fn an_upload_that_is_broken_off_leaves_nothing() {
    let scratch = site();
    let running = Running::start(server(&scratch, Uploads::DEFAULT));
    for request in [
        "PUT /new HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf",
        "PUT /new HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\
         Content-Type: multipart/form-data; boundary=b\r\n\r\n\
         --b\r\nContent-Disposition: form-data; name=f; filename=new\r\n\r\nhalf",
    ] {
        let answer = running.exchange(request.as_bytes());
        assert!(!answer.starts_with("HTTP/1.1 2") && !answer.starts_with("HTTP/1.1 3"), "{answer}");
        is_unchanged(&scratch);
    }
}
