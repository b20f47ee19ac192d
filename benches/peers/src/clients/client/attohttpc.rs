//! attohttpc: its functions, which have a connection for every request.

use std::error::Error;

use super::{Asked, Get, READ, read};

pub(super) fn open(asked: &Asked) -> Result<Get<'_>, Box<dyn Error>> {
    let mut buf = vec![0; READ];
    Ok(Box::new(move |sink| {
        let (status, _, mut body) = attohttpc::get(&asked.url).send()?.split();
        read(&mut body, &mut buf, sink)?;
        Ok(status.as_u16())
    }))
}
