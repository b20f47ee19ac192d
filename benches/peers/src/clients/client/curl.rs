//! libcurl: an `Easy` handle of the crate curl, built from source without TLS. It gives a body out as it comes, so that
//! its buffer is told the length of a read.

use std::error::Error;

use curl::easy::Easy;

use super::{Asked, Get, READ};

pub(super) fn open(asked: &Asked) -> Result<Get<'_>, Box<dyn Error>> {
    let mut easy = Easy::new();
    easy.buffer_size(READ)?;
    easy.accept_encoding("gzip")?;
    Ok(Box::new(move |sink| {
        easy.url(&asked.url)?;
        let mut transfer = easy.transfer();
        transfer.write_function(|piece| {
            sink(piece);
            Ok(piece.len())
        })?;
        transfer.perform()?;
        drop(transfer);
        Ok(u16::try_from(easy.response_code()?)?)
    }))
}
