//! rouille: `start_server_with_pool`, with the number of threads that it has by default.

use std::error::Error;
use std::net::Ipv4Addr;
use std::path::Path;

use rouille::{Request, Response, ResponseBody, start_server_with_pool};

use crate::servers::contract::{self, HELLO, Route};

pub(super) fn serve(port: u16, root: &Path) -> Result<(), Box<dyn Error>> {
    let root = root.to_owned();
    start_server_with_pool((Ipv4Addr::LOCALHOST, port), None, move |request| answer(request, &root))
}

fn answer(request: &Request, root: &Path) -> Response {
    match Route::of(&request.url()) {
        Route::Hello => Response::text(HELLO),
        Route::Pieces => unsized_body(ResponseBody::from_reader(contract::pieces())),
        Route::Stream => unsized_body(ResponseBody::from_reader(contract::stream())),
        Route::Upload => match request.data().map(contract::count) {
            Some(Ok(len)) => Response::text(len.to_string()),
            _ => Response::empty_400(),
        },
        Route::File(name) => match contract::open(root, name) {
            Ok((file, _)) => Response::from_file("application/octet-stream", file),
            Err(_) => Response::empty_404(),
        },
        Route::Unknown => Response::empty_404(),
    }
}

fn unsized_body(data: ResponseBody) -> Response {
    Response { data, ..Response::text("") }
}
