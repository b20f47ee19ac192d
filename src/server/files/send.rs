//! What a file that was found is sent as: one of its forms, with the fields that go with it.

use std::fs::Metadata;
use std::time::SystemTime;

use super::FileServer;
use super::caching::DEFAULT;
use super::path::FilePath;
use super::root::{Found, OpenFile};
use super::variants;
use crate::field::conditional::Validators;
use crate::field::{LanguageTag, Vary};
use crate::header::{self, HeaderName};
use crate::message::{Body, Request, Response};
use crate::negotiate::{AcceptEncoding, AcceptLanguage};
use crate::status::StatusCode;

/// A file, or another form of what it holds, on its way to be a response.
struct Form {
    path: FilePath,
    file: OpenFile,
    /// What tells the form from others: a language, a coding, or both.
    form: Vec<String>,
    response: Response,
}

impl FileServer {
    /// Answers with a file, a part of it, or the news that it has not changed.
    pub(super) fn send(&self, request: &Request, path: &FilePath, file: OpenFile) -> Response {
        let form = self.form(request, path, file);
        let current = form.validators();
        form.into_response().answering(request, &current)
    }

    /// Answers with a file that stands for what is not there, whatever the conditions. How long the file may be
    /// kept says nothing of how long there will be nothing.
    pub(super) fn send_as(
        &self,
        request: &Request,
        path: &FilePath,
        file: OpenFile,
        status: StatusCode,
    ) -> Response {
        let mut form = self.form(request, path, file);
        form.set(header::CACHE_CONTROL, DEFAULT);
        form.into_response().with_status(status)
    }

    /// Chooses the form, and says what it is.
    fn form(&self, request: &Request, path: &FilePath, file: OpenFile) -> Form {
        let media_type = self.types.of(path.name());
        let control = self.caching.control(path.names());
        let response = Response::new(StatusCode::OK);
        let mut form = Form { path: path.clone(), file, form: Vec::new(), response };
        form.set(header::CONTENT_TYPE, &media_type);
        if !control.is_empty() {
            form.set(header::CACHE_CONTROL, control);
        }
        if variants::is_page(&media_type) {
            self.choose_language(request, &mut form);
        }
        if self.trusts_sidecars() && media_type.compressible() {
            self.choose_coding(request, &mut form);
        }
        form
    }

    /// Returns whether a file beside another one says what that says: not where whoever may not replace the one
    /// may add the other.
    fn trusts_sidecars(&self) -> bool {
        self.precompressed && self.uploads.is_none_or(|uploads| uploads.overwrite)
    }

    fn choose_language(&self, request: &Request, form: &mut Form) {
        let Some(first) = self.languages.first().map(LanguageTag::as_str) else {
            return;
        };
        if let Some(language) = variants::language_of(&self.languages, form.path.name()) {
            return form.set(header::CONTENT_LANGUAGE, language);
        }
        form.varies_by(&header::ACCEPT_LANGUAGE);
        let accept = AcceptLanguage::from_headers(request.headers());
        let chosen = variants::language(&accept, &self.languages, form.path.name(), |name| {
            let path = form.path.sibling(name);
            self.open_file(&path).map(|found| (path, found))
        });
        form.set(header::CONTENT_LANGUAGE, chosen.as_ref().map_or(first, |(it, _)| it));
        if let Some((language, (path, found))) = chosen {
            form.set(header::CONTENT_LOCATION, path.file_url(request.mount_path()));
            form.path = path;
            form.replace(found, language);
        }
    }

    fn choose_coding(&self, request: &Request, form: &mut Form) {
        form.varies_by(&header::ACCEPT_ENCODING);
        let accept = AcceptEncoding::from_headers(request.headers());
        let chosen = variants::coding(&accept, form.path.name(), |name| {
            let sidecar = self.open_file(&form.path.sibling(name))?;
            is_as_new(&sidecar.data, &form.file.data).then_some(sidecar)
        });
        if let Some((coding, found)) = chosen {
            form.set(header::CONTENT_ENCODING, coding);
            form.replace(found, coding);
        }
    }

    /// Opens what stands beside a file, if it may be seen.
    fn open_file(&self, path: &FilePath) -> Option<OpenFile> {
        match self.root.find(path) {
            Ok(Found::File(file)) => Some(file),
            _ => None,
        }
    }
}

/// Returns whether a sidecar has been made since the file was changed. One that has not holds what was there
/// before.
fn is_as_new(sidecar: &Metadata, file: &Metadata) -> bool {
    match (sidecar.modified(), file.modified()) {
        (Ok(sidecar), Ok(file)) => sidecar >= file,
        _ => false,
    }
}

impl Form {
    /// Sets a field, which is well-formed and has room: the map was empty, and a name has an end.
    fn set(&mut self, name: HeaderName, value: impl AsRef<[u8]>) {
        let _ = self.response.headers_mut().insert(name, value);
    }

    fn varies_by(&mut self, name: &HeaderName) {
        let _ = Vary::add(self.response.headers_mut(), name);
    }

    fn replace(&mut self, file: OpenFile, form: &str) {
        self.file = file;
        self.form.push(form.to_owned());
    }

    /// Returns what tells this state of this form from all others. A system whose files have no times has no
    /// tags either.
    fn validators(&self) -> Validators<'static> {
        let current =
            Validators::from_metadata(&self.file.data, SystemTime::now()).unwrap_or_default();
        match &*self.form.join("-") {
            "" => current,
            form => variants::of_variant(&current, form),
        }
    }

    fn into_response(self) -> Response {
        let OpenFile { file, data } = self.file;
        self.response.with_body(Body::file(file, 0..data.len()))
    }
}
