//! Changing what is in a directory: files that come with PUT and with forms, directories, and removal.
//!
//! | request | does | answer |
//! |---|---|---|
//! | PUT of a file ([RFC 9110 §9.3.4](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.4)) | stores the content under that name | 201 if it is new, 204 if it has replaced one |
//! | POST of a form to a directory ([RFC 7578](https://www.rfc-editor.org/rfc/rfc7578)) | stores its files under their own names, made safe, and makes a directory of each field `folder` | 303 to the directory |
//! | DELETE of a file or an empty directory ([RFC 9110 §9.3.5](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.5)) | removes it | 204 |
//!
//! Nothing is ever there by half: what comes is written to a hidden file beside its place, and gets its name
//! when all of it is on the disk. A form is stored when it has ended well, and else leaves nothing behind.

mod post;
mod receive;
mod refusal;
mod single;

use super::path::FilePath;
use super::root::Root;
use crate::message::{IntoResponse, Request, Response};
use crate::method::Method;
use crate::server::CrossOriginProtection;
use crate::setters::setters;
use refusal::Refusal;

/// What clients may change in the directory of a [`FileServer`](super::FileServer).
///
/// There are three ways to change something, of which two are safe: what is there stays as it is unless it
/// [may be replaced](Self::overwrite) or [removed](Self::delete).
///
/// | request | does | answer |
/// |---|---|---|
/// | PUT to the path of a file | stores the content under that name | 201; 204 if it has replaced a file |
/// | POST of a multipart form to a directory | stores its files under their own names, made [safe](crate::field::safe_file_name), and makes a directory of each field `folder` | 303 to the directory |
/// | DELETE of a file or an empty directory | removes it | 204 |
/// | a file that is there, and may not be replaced | | 409 |
/// | a name that is not safe, or a part of a file (Content-Range) | | 400 |
/// | a condition, such as `If-None-Match: *`, that does not hold, where nothing else is wrong | | 412 |
/// | more than [`bytes`](Self::bytes) | | 413 |
/// | a disk that is full | | 507 |
/// | a request from a page of another origin | | 403, see [`cross_origin`](Self::cross_origin) |
///
/// A file is there as a whole or not at all, and of a form that is broken off there is nothing. What is answered with
/// success is on the disk: the content, and on Unix the name, or that it is gone, as far as the file system can tell.
/// A program that is killed in between leaves a hidden file `.upload-*.tmp`. A symbolic link is never written through.
///
/// On Unix a file that replaces another keeps its mode, but for the bits that let it run as somebody else, and its
/// group; the group loses its rights if the server may not give it the file. It belongs to whoever the server runs as,
/// like every new file, since only the superuser could give it back. Access lists and other attributes are lost.
///
/// A new file can stand before what was shown until then: an index before the listing of its directory, a page in
/// another [language](super::FileServer::languages) before the page.
///
/// Whoever can reach the server can use this: put a [`Guard`](crate::server::Guard) in front of it. What
/// strangers upload is served to others from this address, with the rights of its other pages: to serve it
/// from a host name of its own keeps scripts in it apart.
///
/// # Examples
///
/// ```
/// use nethttp::server::{FileServer, Handler, Uploads};
/// use nethttp::{Method, Request, StatusCode};
///
/// # let folder = std::env::temp_dir().join(format!("nethttp-uploads-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// let files = FileServer::open(&folder)?.uploads(Uploads::DEFAULT.bytes(1 << 20));
/// let mut request = Request::new(Method::PUT, "/hello.txt")?;
/// *request.body_mut() = "hello".into();
/// assert_eq!(files.handle(&mut request).status(), StatusCode::CREATED);
/// assert_eq!(std::fs::read(folder.join("hello.txt"))?, b"hello");
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Uploads {
    /// Bytes that one request may store.
    pub bytes: u64,
    /// Whether files may be replaced.
    pub overwrite: bool,
    /// Whether files and empty directories may be removed.
    pub delete: bool,
    /// Whether pages of other origins may do all this with the help of their visitors' browsers.
    pub cross_origin: bool,
}

impl Uploads {
    /// The defaults: 1 GiB a request, nothing is replaced or removed, and pages of other origins may do nothing.
    pub const DEFAULT: Self =
        Self { bytes: 1 << 30, overwrite: false, delete: false, cross_origin: false };

    setters! { "nethttp::server::Uploads":
        /// Sets how many bytes one request may store. It holds in place of
        /// [`Limits::body`](crate::server::Limits::body).
        bytes: u64 = "16 << 20";
        /// Sets whether files may be replaced: with PUT, or by a file of the same name in a form.
        overwrite: bool = "true";
        /// Sets whether files and empty directories may be removed with DELETE.
        delete: bool = "true";
        /// Sets whether requests of pages of other origins are answered.
        ///
        /// A browser sends a form wherever a page tells it to, with the password that the visitor has given it
        /// for that server, or into the network of a company that only the visitor can reach. So a request that
        /// a browser says comes from another origin is refused. It has to be let in where a page elsewhere is
        /// meant to upload here: then put a [`CrossOriginProtection`] around the server that trusts that one.
        cross_origin: bool = "true";
    }

    /// Refuses content that is announced to be longer than what one request may store.
    fn measure(&self, request: &Request) -> Result<(), Refusal> {
        match request.body().len() {
            Some(len) if len > self.bytes => Err(Refusal::too_long(self.bytes)),
            _ => Ok(()),
        }
    }

    /// Returns the methods that [`respond`] answers, for Allow.
    pub(super) const fn methods(&self) -> &'static [Method] {
        match self.delete {
            false => &[Method::POST, Method::PUT],
            true => &[Method::POST, Method::PUT, Method::DELETE],
        }
    }
}

impl Default for Uploads {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Answers one of the [methods](Uploads::methods). The path is decoded, and may be that of the root.
pub(super) fn respond(
    uploads: &Uploads,
    request: &mut Request,
    root: &Root,
    path: &FilePath,
) -> Response {
    let answer = match request.method() {
        _ if !uploads.cross_origin && !CrossOriginProtection::new().allows(request) => {
            Err(Refusal::cross_origin())
        }
        Method::PUT => single::put(uploads, request, root, path),
        Method::DELETE => single::delete(request, root, path),
        _ => post::post(uploads, request, root, path),
    };
    answer.unwrap_or_else(IntoResponse::into_response)
}
