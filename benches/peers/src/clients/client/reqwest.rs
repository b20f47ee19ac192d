//! reqwest: its blocking `Client`, which hands its requests to a thread with a runtime; that thread counts.

use std::error::Error;

use reqwest::blocking::Client;

use super::{Asked, Get, READ, read};

pub(super) fn open(asked: &Asked) -> Result<Get<'_>, Box<dyn Error>> {
    let (client, mut buf) = (Client::new(), vec![0; READ]);
    Ok(Box::new(move |sink| {
        let mut response = client.get(&asked.url).send()?;
        read(&mut response, &mut buf, sink)?;
        Ok(response.status().as_u16())
    }))
}
