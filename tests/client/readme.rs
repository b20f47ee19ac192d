//! What the README says of the client compiles.

use std::time::Duration;

use nethttp::client::{Proxies, Proxy, Redirects, Retry};
use nethttp::form::MultipartForm;
use nethttp::{Body, Client, Response};

/// In the place of the crate of that name.
mod serde_json {
    pub(super) fn to_vec(order: &&str) -> Result<Vec<u8>, std::fmt::Error> {
        Ok(order.as_bytes().to_vec())
    }

    pub(super) fn from_slice(bytes: &[u8]) -> Result<String, std::string::FromUtf8Error> {
        String::from_utf8(bytes.to_vec())
    }
}

/// Everything between backquotes, blanks left out.
fn readme() -> String {
    include_str!("../../README.md").replace("\\|", "|").split_whitespace().collect()
}

/// Runs each expression never, and looks for it in the README.
macro_rules! stands_in_the_readme {
    ($($code:expr;)*) => {{
        let readme = readme();
        $(
            let code: String = stringify!($code).split_whitespace().collect();
            assert!(readme.contains(&format!("`{code}`")), "{code}");
            if false {
                let _ = $code;
            }
        )*
    }};
}

#[test]
#[expect(
    clippy::redundant_closure,
    clippy::redundant_closure_for_method_calls,
    reason = "it is what a reader would write"
)]
fn every_task_of_the_readme_is_code() -> Result<(), Box<dyn std::error::Error>> {
    let (url, key, proxy) = ("http://127.0.0.1/", "key", "127.0.0.1:3128");
    let (order, client) = ("{}", Client::new());
    let response = || Response::new(nethttp::StatusCode::OK);
    {
        let response = response();
        stands_in_the_readme! {
            response.history().iter().map(|hop| hop.url());
        }
    }
    {
        let response = response();
        stands_in_the_readme! {
            response.error_for_status()?;
        }
    }
    {
        let response = response();
        stands_in_the_readme! {
            response.json_with(|bytes| serde_json::from_slice(bytes))?;
        }
    }
    stands_in_the_readme! {
        nethttp::get(url).send()?.text()?;
        nethttp::get(url).query("q", "a b").query("page", 2).send()?;
        nethttp::get(url).header("X-Key", key).send()?;
        nethttp::post(url).form([("user", "ada")]).send()?;
        nethttp::post(url).multipart(MultipartForm::new().file("photo", "sea.jpg")?).send()?;
        nethttp::put(url).body(Body::open("sea.jpg")?).send()?;
        nethttp::post(url).json(serde_json::to_vec(&order)?).send()?;
        nethttp::get(url).digest_auth("ada", "secret").send()?;
        nethttp::get(url).timeout(Duration::from_secs(5)).send()?;
        nethttp::get(url).redirects(Redirects::none()).send()?;
        Client::builder().retry(Retry::idempotent(3)).build()?;
        nethttp::get(url).proxies(Proxies::all(Proxy::parse(proxy)?)).send()?;
        client.download(url).to("big.iso").resume(true).send()?;
    }
    if false {
        for line in nethttp::get(url).send()?.lines() {
            line?;
        }
    }
    let client = Client::builder().cookies(true).build()?;
    assert!(client.cookie_jar().is_some());
    Ok(())
}
