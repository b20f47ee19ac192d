//! What people and programs are shown when a handler says no more than that it did not work.

use std::borrow::Cow;
use std::fmt;
use std::panic::{self, AssertUnwindSafe};

use crate::error::Error;
use crate::field::Vary;
use crate::header::{self, HeaderError, HeaderMap, HeaderValue};
use crate::message::{Body, IntoResponse, Request, Response};
use crate::negotiate::Accept;
use crate::server::escape::{HtmlText, JsonText};
use crate::server::{Handler, Middleware};
use crate::status::StatusCode;
use crate::syntax::members;

const TEXT: &str = "text/plain; charset=utf-8";
/// The first is for who accepts all of them alike. The last is for who knows nothing of the type before it.
const OFFERS: [&str; 4] = [TEXT, "text/html", "application/problem+json", "application/json"];

/// Gives responses that report an error and say nothing about it a page: a [`Middleware`].
///
/// Those are the responses with a status from 400 on that are empty and have no Content-Type, and those with the line of
/// text that a [`StatusCode`] [becomes](crate::message::IntoResponse): what is answered for `None`, by a
/// [`Guard`](super::Guard), or where nothing is. An [`Error`] becomes such a line, too; what it tells the client stands on
/// the page that is built in. What a handler has worded itself stays as it is. Status and fields stay,
/// except for those that describe the content. A handler that panics gives the page of 500, and the connection is closed.
///
/// Unless there is a [`page`](Self::page) or a [function](Self::render) for it, the page is the status and its reason, in
/// the form that the client accepts: `text/html` for browsers, `application/problem+json`
/// ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)) for programs, and else text. Nothing of the request is in it.
///
/// # Examples
///
/// ```
/// use nethttp::server::{ErrorPages, Handler};
/// use nethttp::{Request, StatusCode};
///
/// let pages = ErrorPages::new()
///     .page(StatusCode::NOT_FOUND, "text/html; charset=utf-8", "<title>Lost?</title><p>Start <a href=/>here</a>.")?;
/// let app = (|request: &mut Request| match request.path() {
///     "/private" => StatusCode::FORBIDDEN,
///     _ => StatusCode::NOT_FOUND,
/// })
/// .wrap(pages);
///
/// let page = app.handle(&mut Request::default());
/// assert!(page.text()?.contains("Start <a href=/>here</a>."));
///
/// let mut request = Request::new(nethttp::Method::GET, "/private")?;
/// request.headers_mut().append("Accept", "application/json")?;
/// let page = app.handle(&mut request);
/// assert_eq!(page.text()?, r#"{"type":"about:blank","title":"Forbidden","status":403}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct ErrorPages {
    pages: Vec<Page>,
    render: Option<Box<Render>>,
}

struct Page {
    status: StatusCode,
    content_type: HeaderValue,
    content: Cow<'static, [u8]>,
}

type Render = dyn Fn(&Request, StatusCode) -> Option<Response> + Send + Sync;

impl ErrorPages {
    /// Creates the pages that are made of status and reason.
    ///
    /// ```
    /// use nethttp::server::{ErrorPages, Handler};
    /// use nethttp::{Request, StatusCode};
    ///
    /// let app = (|_: &mut Request| StatusCode::NOT_FOUND).wrap(ErrorPages::new());
    /// let mut request = Request::default();
    /// request.headers_mut().append("Accept", "text/html")?;
    /// assert!(app.handle(&mut request).text()?.contains("<h1>404 Not Found</h1>"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the page of one status, for all clients alike.
    ///
    /// # Errors
    ///
    /// A Content-Type that cannot stand on a field line.
    ///
    /// ```
    /// use nethttp::StatusCode;
    /// use nethttp::server::ErrorPages;
    ///
    /// let html = "text/html; charset=utf-8";
    /// let pages = ErrorPages::new().page(StatusCode::NOT_FOUND, html, "<h1>Nothing here</h1>")?;
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    pub fn page(
        mut self,
        status: StatusCode,
        content_type: &str,
        content: impl Into<Cow<'static, str>>,
    ) -> Result<Self, HeaderError> {
        let content = match content.into() {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        };
        let content_type = HeaderValue::parse(content_type.as_bytes())?;
        self.pages.retain(|page| page.status != status);
        self.pages.push(Page { status, content_type, content });
        Ok(self)
    }

    /// Has a function make the pages of which there is none. The fields of the response that it makes are added, in place of
    /// those of the same names, but to what is in Vary; its status does not matter. `None` leaves the choice to what is built in.
    ///
    /// What it puts in from the request it has to escape, and what it chooses by has to be in its Vary.
    ///
    /// ```
    /// use nethttp::message::IntoResponse;
    /// use nethttp::server::{ErrorPages, Handler, RequestId};
    /// use nethttp::{Request, StatusCode};
    ///
    /// let pages = ErrorPages::new().render(|request, status| {
    ///     let id = request.extensions().get::<RequestId>()?;
    ///     status.is_server_error().then(|| format!("Write to us about {id}.\n").into_response())
    /// });
    /// let app = (|_: &mut Request| StatusCode::NOT_FOUND).wrap(pages);
    /// ```
    #[must_use]
    pub fn render(
        mut self,
        render: impl Fn(&Request, StatusCode) -> Option<Response> + Send + Sync + 'static,
    ) -> Self {
        self.render = Some(Box::new(render));
        self
    }

    fn dress(&self, request: &Request, response: &mut Response, detail: Option<&str>) {
        let status = response.status();
        if let Some(page) = self.pages.iter().find(|page| page.status == status) {
            return set_content(response, page.content_type.as_bytes(), page.content.clone());
        }
        if let Some(page) = self.render.as_ref().and_then(|render| render(request, status)) {
            return set_page(response, page);
        }
        let offer = Accept::from_headers(request.headers())
            .best(&OFFERS)
            .map_or(TEXT, |choice| choice.offer());
        let content = match (offer, detail) {
            ("text/html", _) => html(status, detail),
            (TEXT, None) => text(status),
            (TEXT, Some(detail)) => format!("{detail}\n"),
            _ => problem(status, detail),
        };
        let content_type = if offer == "text/html" { "text/html; charset=utf-8" } else { offer };
        set_content(response, content_type.as_bytes(), Cow::Owned(content.into_bytes()));
        // A map without room is that of a handler that counts on no cache.
        let _ = Vary::add(response.headers_mut(), header::ACCEPT);
    }
}

impl Middleware for ErrorPages {
    fn handle(&self, request: &mut Request, next: &dyn Handler) -> Response {
        let handled = panic::catch_unwind(AssertUnwindSafe(|| next.handle(request)));
        let mut response = handled.unwrap_or_else(|_| {
            let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
            // Nobody knows what was read of the request. The name and the value are good.
            let _ = response.headers_mut().insert(header::CONNECTION, "close");
            response
        });
        let detail = told_by_error(&response);
        if detail.is_some() || says_only_its_status(&response) {
            self.dress(request, &mut response, detail.as_deref());
        }
        response
    }
}

fn says_only_its_status(response: &Response) -> bool {
    let (status, headers) = (response.status(), response.headers());
    let Some(content) = response.body().as_bytes() else { return false };
    if !(status.is_client_error() || status.is_server_error())
        || headers.contains_key(header::CONTENT_ENCODING)
        // The answer to HEAD may have the fields of what it leaves out.
        || headers.get(header::CONTENT_LENGTH).is_some_and(|len| content.is_empty() && len != b"0")
    {
        return false;
    }
    match response.header(header::CONTENT_TYPE) {
        None => content.is_empty() && !headers.contains_key(header::CONTENT_TYPE),
        Some(content_type) => content_type == TEXT && content == text(status).as_bytes(),
    }
}

/// Returns what an error of the client's says, if that is all that the response does.
fn told_by_error(response: &Response) -> Option<String> {
    let detail = response.cause()?.downcast_ref::<Error>()?.to_string();
    let content = response.body().as_bytes()?.strip_suffix(b"\n")?;
    let is_all =
        content == detail.as_bytes() && response.header(header::CONTENT_TYPE) == Some(TEXT);
    (is_all && response.status().is_client_error()).then_some(detail)
}

fn set_content(response: &mut Response, content_type: &[u8], content: Cow<'static, [u8]>) {
    response.headers_mut().remove(header::CONTENT_LENGTH);
    if response.headers_mut().insert(header::CONTENT_TYPE, content_type).is_ok() {
        *response.body_mut() = match content {
            Cow::Borrowed(bytes) => Body::from(bytes),
            Cow::Owned(bytes) => Body::from(bytes),
        };
    }
}

fn set_page(response: &mut Response, mut page: Response) {
    let mut headers = response.headers().clone();
    headers.remove(header::CONTENT_LENGTH);
    headers.remove(header::CONTENT_TYPE);
    if replace_fields(&mut headers, page.headers()).is_ok() {
        *response.headers_mut() = headers;
        *response.body_mut() = page.body_mut().take();
    }
}

/// Puts fields in the place of those of the same names. What had a part in choosing the response has one in its page, too.
fn replace_fields(headers: &mut HeaderMap, fields: &HeaderMap) -> Result<(), HeaderError> {
    let is_vary = |name: &str| header::VARY == *name;
    headers.retain(|name, _| is_vary(name) || !fields.contains_key(name));
    for (name, value) in fields {
        if is_vary(name) {
            members(value).try_for_each(|member| Vary::add(headers, member))?;
        } else {
            headers.append(name, value)?;
        }
    }
    Ok(())
}

fn reason(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("Error")
}

/// The line that a [`StatusCode`] becomes.
fn text(status: StatusCode) -> String {
    format!("{} {}\n", status.as_u16(), reason(status))
}

fn html(status: StatusCode, detail: Option<&str>) -> String {
    let title = format!("{} {}", status.as_u16(), reason(status));
    let detail = detail.map(|detail| format!("<p>{}\n", HtmlText(detail))).unwrap_or_default();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
        <meta name=\"viewport\" content=\"width=device-width\">\n\
        <meta name=\"color-scheme\" content=\"light dark\">\n\
        <title>{title}</title>\n<h1>{title}</h1>\n{detail}"
    )
}

/// A problem of no type in particular has the reason as its title,
/// [RFC 9457 §4.2.1](https://www.rfc-editor.org/rfc/rfc9457#section-4.2.1).
fn problem(status: StatusCode, detail: Option<&str>) -> String {
    let (code, title) = (status.as_u16(), reason(status));
    let detail = detail.map(|detail| format!(",\"detail\":{}", JsonText(detail)));
    let detail = detail.unwrap_or_default();
    format!("{{\"type\":\"about:blank\",\"title\":\"{title}\",\"status\":{code}{detail}}}")
}

impl fmt::Debug for ErrorPages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let statuses: Vec<_> = self.pages.iter().map(|page| page.status).collect();
        f.debug_struct("ErrorPages").field("pages", &statuses).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(pages: ErrorPages, accept: &str, answer: fn() -> Response) -> Response {
        let mut request = Request::default();
        request.headers_mut().append("Accept", accept).unwrap();
        (move |_: &mut Request| answer()).wrap(pages).handle(&mut request)
    }

    #[track_caller]
    fn gets(accept: &str, content_type: &str, content: &str) {
        let response = answered(ErrorPages::new(), accept, || {
            let response = StatusCode::METHOD_NOT_ALLOWED.into_response();
            response.with_header("Allow", "GET").unwrap()
        });
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(response.header("Content-Type"), Some(content_type), "{accept}");
        assert_eq!(response.header("Allow"), Some("GET"));
        assert_eq!(response.header("Vary"), Some("Accept"));
        assert_eq!(response.headers().len(), 3);
        let text = response.text().unwrap();
        assert!(text.contains(content), "{text}");
    }

    #[test]
    fn the_page_is_what_the_client_accepts() {
        let html = "text/html; charset=utf-8";
        let heading = "<h1>405 Method Not Allowed</h1>";
        gets("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", html, heading);
        gets("*/*", TEXT, "405 Method Not Allowed\n");
        gets("image/png", TEXT, "405 Method Not Allowed\n");
        let problem = r#"{"type":"about:blank","title":"Method Not Allowed","status":405}"#;
        gets("application/problem+json", "application/problem+json", problem);
        gets("application/json, */*;q=0.1", "application/json", problem);
        gets("application/*", "application/problem+json", problem);
    }

    #[test]
    fn what_an_error_tells_stands_on_the_page() {
        use crate::field::MediaType;
        let fails = || Error::from(MediaType::parse(b"a/b; c = d").unwrap_err()).into_response();
        let told = fails().text().unwrap();
        let detail = told.trim_end();
        assert!(detail.contains("'='"), "it has something to be escaped: {detail}");
        for (accept, expected) in [
            ("text/html", format!("<h1>400 Bad Request</h1>\n<p>{}\n", HtmlText(detail))),
            ("application/json", format!(",\"status\":400,\"detail\":{}}}", JsonText(detail))),
            ("text/plain", told.clone()),
        ] {
            let text = answered(ErrorPages::new(), accept, fails).text().unwrap();
            assert!(text.ends_with(&expected), "{text}");
        }
        let html = "text/html";
        let pages = ErrorPages::new().page(StatusCode::BAD_REQUEST, html, "mine").unwrap();
        assert_eq!(answered(pages, "*/*", fails).text().unwrap(), "mine");
        // What goes wrong inside is told nowhere, and what a handler has worded itself stays.
        let inside = || Error::from(std::io::Error::other("secret")).into_response();
        let text = answered(ErrorPages::new(), html, inside).text().unwrap();
        assert!(text.ends_with("<h1>500 Internal Server Error</h1>\n"), "{text}");
        stays(|| {
            let error = Error::from(MediaType::parse(b"text").unwrap_err());
            (StatusCode::BAD_REQUEST, "mine\n").into_response().with_cause(error)
        });
    }

    #[track_caller]
    fn stays(answer: fn() -> Response) {
        let (before, after) = (answer(), answered(ErrorPages::new(), "text/html", answer));
        assert_eq!(after.headers(), before.headers());
        assert_eq!(after.body().len(), before.body().len());
    }

    #[test]
    fn what_a_handler_has_to_say_stays() {
        stays(|| StatusCode::OK.into_response());
        stays(|| (StatusCode::NOT_FOUND, "no such item\n").into_response());
        stays(|| (StatusCode::NOT_FOUND, "404 Not Found").into_response());
        stays(|| (StatusCode::BAD_REQUEST, "404 Not Found\n").into_response());
        let typed = |body: &'static str, content_type| {
            let response = Response::new(StatusCode::NOT_FOUND).with_body(body);
            response.with_header("Content-Type", content_type).unwrap()
        };
        stays(typed_in_json);
        fn typed_in_json() -> Response {
            let response = Response::new(StatusCode::NOT_FOUND).with_body("{}");
            response.with_header("Content-Type", "application/json").unwrap()
        }
        assert!(!says_only_its_status(&typed("", "text/html")));
        assert!(!says_only_its_status(&typed("", "\u{e9}")));
        let response = Response::new(StatusCode::NOT_FOUND);
        assert!(says_only_its_status(&response));
        for (name, value) in [("Content-Length", "9"), ("Content-Encoding", "gzip")] {
            let response = Response::new(StatusCode::NOT_FOUND).with_header(name, value).unwrap();
            assert!(!says_only_its_status(&response));
        }
        let reader = Body::reader(std::io::empty(), Some(0));
        assert!(!says_only_its_status(&response.with_body(reader)));
    }

    #[test]
    fn every_status_says_what_its_line_says() {
        for code in 400..600 {
            let status = StatusCode::from_u16(code).unwrap();
            assert!(says_only_its_status(&status.into_response()), "{code}");
        }
    }

    #[test]
    fn pages_of_ones_own_come_first() {
        let pages = || {
            let pages = ErrorPages::new().page(StatusCode::NOT_FOUND, "text/x", "old").unwrap();
            let pages = pages.page(StatusCode::NOT_FOUND, "text/x", String::from("own")).unwrap();
            pages.render(|_, status| {
                let page = format!("made for {status}").into_response();
                let page = page.with_header("X-Made", "1").unwrap();
                (status != StatusCode::GONE).then_some(page)
            })
        };
        let page = answered(pages(), "*/*", || StatusCode::NOT_FOUND.into_response());
        assert_eq!(page.header("Content-Type"), Some("text/x"));
        assert_eq!(page.header("X-Made"), None);
        assert_eq!(page.text().unwrap(), "own");

        let page = answered(pages(), "*/*", || {
            let refusal = StatusCode::FORBIDDEN.into_response();
            refusal.with_header("X-Made", "0").unwrap().with_header("X-Kept", "1").unwrap()
        });
        assert_eq!((page.header("X-Made"), page.header("X-Kept")), (Some("1"), Some("1")));
        assert_eq!(page.status(), StatusCode::FORBIDDEN);
        assert!(page.text().unwrap().starts_with("made for 403"));

        let page = answered(pages(), "*/*", || StatusCode::GONE.into_response());
        assert_eq!(page.text().unwrap(), "410 Gone\n");
        let wrong = ErrorPages::new().page(StatusCode::NOT_FOUND, "text/x\r\n", "");
        assert!(wrong.is_err());
    }

    #[test]
    fn a_page_has_the_fields_of_no_other_content() {
        let answer = || {
            let response = StatusCode::GONE.into_response();
            response.with_header("Content-Length", "9").unwrap()
        };
        let made = |_: &Request, _| Some(Response::new(StatusCode::OK).with_body("made"));
        let page = answered(ErrorPages::new(), "text/html", answer);
        assert_eq!(page.header("Content-Length"), None);
        let page = answered(ErrorPages::new().render(made), "text/html", answer);
        assert_eq!((page.status(), page.headers().len()), (StatusCode::GONE, 0));
    }

    /// What Vary says of a page, where the handler and a function for pages have said these.
    #[track_caller]
    fn varies(by_handler: &'static [&'static str], by_page: Option<&'static str>, expected: &str) {
        let pages = ErrorPages::new().render(move |_, _| {
            by_page.map(|vary| "made".into_response().with_header("Vary", vary).unwrap())
        });
        let app = move |_: &mut Request| {
            let gone = StatusCode::GONE.into_response();
            by_handler.iter().fold(gone, |gone, vary| gone.with_header("Vary", vary).unwrap())
        };
        let page = app.wrap(pages).handle(&mut Request::default());
        let lines: Vec<_> = page.headers().get_all("Vary").collect();
        assert_eq!(lines.join(&b" + "[..]), expected.as_bytes(), "{by_handler:?} {by_page:?}");
        assert_eq!(page.text().unwrap(), if by_page.is_some() { "made" } else { "410 Gone\n" });
    }

    #[test]
    fn a_page_says_all_that_it_was_chosen_by() {
        varies(&[], None, "Accept");
        varies(&["Origin"], None, "Origin, Accept");
        varies(&["Origin", "cookie"], None, "Origin, cookie, Accept");
        varies(&["accept, Origin"], None, "accept, Origin");
        varies(&["*"], None, "*");
        varies(&["Origin, *"], None, "Origin, *");
        varies(&[], Some("Accept-Language"), "Accept-Language");
        varies(&["Origin"], Some("Accept-Language, origin"), "Origin, Accept-Language");
        varies(&["Origin", "Cookie"], Some("cookie"), "Origin + Cookie");
        varies(&["*"], Some("Accept-Language"), "*");
        varies(&["Origin"], Some("*"), "*");
    }

    #[test]
    fn a_page_for_all_clients_alike_was_not_chosen() {
        let pages = ErrorPages::new().page(StatusCode::GONE, "text/x", "own").unwrap();
        let page = answered(pages, "text/html", || {
            StatusCode::GONE.into_response().with_header("Vary", "Origin").unwrap()
        });
        assert_eq!(page.header("Vary"), Some("Origin"));
    }

    #[test]
    fn a_panic_has_a_page_too() {
        let page = answered(ErrorPages::new(), "text/html", || panic!("on purpose"));
        assert_eq!(page.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(page.header("Connection"), Some("close"));
        assert!(page.text().unwrap().contains("500 Internal Server Error"));
    }
}
