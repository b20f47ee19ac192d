//! The fields of `-F`, which curl reads in the same way: one text or one file each.

use nethttp::MediaType;
use nethttp::form::{FormPart, MultipartForm};

use crate::data::{cannot_read, read};
use crate::failure::Failure;

/// A field of a form, before its file is opened: a redirect may want it twice.
pub(crate) struct FormField {
    name: String,
    source: Source,
    file_name: Option<String>,
    media_type: Option<MediaType<'static>>,
}

enum Source {
    Text(String),
    /// A file that is sent as one.
    File(String),
    /// A file whose content is sent as text.
    Content(String),
    /// The standard input, which is sent as a file.
    Stdin(Vec<u8>),
    /// The standard input, which is sent as text.
    StdinContent(Vec<u8>),
}

impl FormField {
    /// Reads `name=text`, whatever the text begins with.
    pub(crate) fn literal(text: &str) -> Result<Self, Failure> {
        let (name, value) = split(text, "--form-string")?;
        Ok(Self::new(name, Source::Text(value.to_owned())))
    }

    /// Reads `name=text`, `name=@file` or `name=<file`, and `;type=` and `;filename=` behind it.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let (name, value) = split(text, "-F")?;
        let kind = value.chars().next().filter(|first| matches!(first, '@' | '<'));
        let (content, mut rest) = word(&value[kind.map_or(0, char::len_utf8)..], kind.is_some());
        // It comes once, and may have to be sent again; so it is kept in memory, as curl does it.
        let stdin = || read("-".as_ref());
        let source = match kind {
            Some('@') if content == "-" => Source::Stdin(stdin()?),
            Some('@') => Source::File(content),
            Some(_) if content == "-" => Source::StdinContent(stdin()?),
            Some(_) => Source::Content(content),
            None => Source::Text(content),
        };
        let mut field = Self::new(name, source);
        let mut media_type: Option<String> = None;
        let mut in_type = false;
        while let Some(parameter) = rest.strip_prefix(';') {
            let (name, value) = split(parameter.trim_start(), "';'")?;
            let (value, behind) = word(value, true);
            let whole = &rest[..rest.len() - behind.len()];
            match (name, &mut media_type) {
                ("filename", _) => field.file_name = Some(value),
                ("type", _) => media_type = Some(value),
                // A type has parameters of its own.
                (_, Some(media_type)) if in_type => media_type.push_str(whole.trim_end()),
                _ => {
                    let text = format!("expected type or filename after ';', found {name:?}");
                    return Err(Failure::usage(text));
                }
            }
            in_type = name != "filename";
            rest = behind;
        }
        if let Some(text) = media_type {
            let media_type = MediaType::parse(text.as_bytes())
                .map_err(|error| Failure::usage(error.to_string()))?;
            field.media_type = Some(media_type.into_owned());
        }
        Ok(field)
    }

    fn new(name: &str, source: Source) -> Self {
        Self { name: name.to_owned(), source, file_name: None, media_type: None }
    }

    /// Returns the type that the name of the file tells, where the one that it is sent under tells none.
    fn type_of_path(&self) -> Option<MediaType<'static>> {
        let name = self.file_name.as_ref()?;
        match &self.source {
            Source::File(path) => MediaType::from_path(name).or_else(|| MediaType::from_path(path)),
            Source::Stdin(_) => MediaType::from_path(name),
            _ => None,
        }
    }

    fn part(&self) -> Result<FormPart, Failure> {
        let name = &*self.name;
        let mut part = match &self.source {
            Source::Text(text) => FormPart::text(name, text.as_str()),
            Source::Content(path) => FormPart::bytes(name, read(path.as_ref())?),
            Source::StdinContent(bytes) => FormPart::bytes(name, bytes.as_slice()),
            Source::Stdin(bytes) => FormPart::bytes(name, bytes.as_slice()).file_name("-"),
            Source::File(path) => {
                FormPart::file(name, path).map_err(|error| cannot_read(path.as_ref(), &error))?
            }
        };
        if let Some(file_name) = &self.file_name {
            part = part.file_name(file_name.as_str());
        }
        if let Some(media_type) = self.media_type.clone().or_else(|| self.type_of_path()) {
            part = part.media_type(&media_type);
        }
        Ok(part)
    }
}

/// Makes the form that is sent.
pub(crate) fn form(fields: &[FormField]) -> Result<MultipartForm, Failure> {
    fields.iter().try_fold(MultipartForm::new(), |form, field| Ok(form.part(field.part()?)))
}

/// Splits at the first `=`.
fn split<'a>(text: &'a str, option: &str) -> Result<(&'a str, &'a str), Failure> {
    let wrong = || format!("expected name=value after {option}, found {text:?}");
    text.split_once('=').ok_or_else(|| Failure::usage(wrong()))
}

/// Splits off what is in quotes, or stands before the next `;`; returns it and the rest. A text is cut
/// only where a parameter follows: it may hold semicolons of its own.
fn word(text: &str, cuts: bool) -> (String, &str) {
    if let Some(quoted) = text.strip_prefix('"') {
        let mut content = String::new();
        let mut chars = quoted.char_indices();
        while let Some((at, char)) = chars.next() {
            match char {
                '"' if matches!(quoted.as_bytes().get(at + 1), None | Some(b';')) => {
                    return (content, &quoted[at + 1..]);
                }
                '"' => break,
                '\\' if quoted[at + 1..].starts_with(['"', '\\']) => {
                    content.extend(chars.next().map(|(_, char)| char));
                }
                _ => content.push(char),
            }
        }
    }
    let ends = |&(at, _): &(usize, &str)| {
        let parameter = text[at + 1..].trim_start();
        cuts || parameter.starts_with("type=") || parameter.starts_with("filename=")
    };
    let end = text.match_indices(';').find(ends).map_or(text.len(), |(at, _)| at);
    (text[..end].to_owned(), &text[end..])
}
