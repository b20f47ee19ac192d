//! nethttp: a `Client` as it comes, with its limits, deadlines and pool.

use std::error::Error;

use nethttp::Client;

use super::{Asked, Get, READ, read};

pub(super) fn open(asked: &Asked) -> Result<Get<'_>, Box<dyn Error>> {
    let (client, mut buf) = (Client::new(), vec![0; READ]);
    Ok(Box::new(move |sink| {
        let mut response = client.get(&asked.url).send()?;
        read(response.body_mut(), &mut buf, sink)?;
        Ok(response.status().as_u16())
    }))
}
