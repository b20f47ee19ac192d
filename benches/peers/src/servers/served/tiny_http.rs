//! tiny_http: several threads that receive from one server.

use std::error::Error;
use std::net::Ipv4Addr;
use std::path::Path;
use std::thread;

use tiny_http::{Request, Response, ResponseBox, Server};

use crate::servers::contract::{self, HELLO, Route};

const THREADS: usize = 8;

pub(super) fn serve(port: u16, root: &Path) -> Result<(), Box<dyn Error>> {
    let server = Server::http((Ipv4Addr::LOCALHOST, port)).map_err(|error| error.to_string())?;
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for mut request in server.incoming_requests() {
                    let response = answer(&mut request, root);
                    let _ = request.respond(response);
                }
            });
        }
    });
    Ok(())
}

fn answer(request: &mut Request, root: &Path) -> ResponseBox {
    let path = request.url().to_owned();
    match Route::of(&path) {
        Route::Hello => Response::from_string(HELLO).boxed(),
        Route::Pieces => {
            Response::new(200.into(), Vec::new(), contract::pieces(), None, None).boxed()
        }
        Route::Stream => {
            Response::new(200.into(), Vec::new(), contract::stream(), None, None).boxed()
        }
        Route::Upload => match contract::count(request.as_reader()) {
            Ok(len) => Response::from_string(len.to_string()).boxed(),
            Err(_) => Response::empty(400).boxed(),
        },
        Route::File(name) => match contract::open(root, name) {
            Ok((file, _)) => Response::from_file(file).boxed(),
            Err(_) => Response::empty(404).boxed(),
        },
        Route::Unknown => Response::empty(404).boxed(),
    }
}
