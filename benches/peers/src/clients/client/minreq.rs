//! minreq: its functions, which have a connection for every request, and its lazy response, since the other one has
//! the whole body in memory.

use std::error::Error;

use super::{Asked, Get, READ, read};

pub(super) fn open(asked: &Asked) -> Result<Get<'_>, Box<dyn Error>> {
    let mut buf = vec![0; READ];
    Ok(Box::new(move |sink| {
        let mut response = minreq::get(&asked.url).send_lazy()?;
        read(&mut response, &mut buf, sink)?;
        Ok(response.status_code)
    }))
}
