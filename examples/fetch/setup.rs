//! The client that the options ask for.

use std::env;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use nethttp::client::{Hop, Proxies, Proxy, Redirects, Timeouts};
use nethttp::syntax::Class;
use nethttp::uri::encode;
use nethttp::{Client, CookieJar, StatusCode};

use crate::failure::{Failure, Status};
use crate::journal::{Journal, Tap};
use crate::options::{Family, Login, Options};
use crate::request::{leaves_out, netrc};

/// What the client says of itself.
const USER_AGENT: &str = concat!("fetch/", env!("CARGO_PKG_VERSION"));

/// As many redirects as curl follows.
const MOST_REDIRECTS: u32 = 50;

/// How long curl waits for a connection.
const CONNECT: Duration = Duration::from_secs(300);

/// Makes the client.
pub(crate) fn client(
    options: &Options,
    proxies: Proxies,
    journal: &Arc<Journal>,
    jar: Option<Arc<Mutex<CookieJar>>>,
) -> Result<Client, Failure> {
    let connect = options.connect_timeout.or(Some(CONNECT));
    // Whoever waits for long has reasons; curl does so too.
    let patient = Timeouts::DEFAULT.send(None).first_byte(None).idle(None);
    let patient = match options.expect_timeout {
        None => patient,
        wait => patient.expect_continue(wait),
    };
    let timeouts = patient.resolve(connect).connect(connect).total(options.max_time);
    let user_agent = options.user_agent.as_deref().filter(|name| !name.is_empty());
    let mut builder = Client::builder()
        .user_agent(user_agent.unwrap_or(USER_AGENT))
        // A file that is to go on has the bytes that a range counts.
        .decode(options.compressed && options.resume.is_none())
        .timeouts(timeouts)
        .proxies(proxies)
        .redirects(redirects(options, journal))
        .layer(Tap(Arc::clone(journal)));
    if let Some(jar) = jar {
        builder = builder.cookie_jar(jar);
    }
    if options.netrc && !options.digest && options.user.is_none() {
        builder = builder.netrc(netrc(options)?);
    }
    for fixed in &options.resolve {
        builder = builder.resolve(&fixed.host, Some(fixed.port), fixed.addresses.iter().copied());
    }
    if let Some(family) = options.family {
        builder = builder.resolver(move |host: &str, port: u16| {
            let addresses = (host, port).to_socket_addrs()?;
            let is_meant = |it: &SocketAddr| it.is_ipv4() == (family == Family::V4);
            Ok(addresses.filter(is_meant).collect::<Vec<_>>())
        });
    }
    if let Some(address) = options.interface {
        builder = builder.local_address(address);
    }
    if let Some(path) = &options.unix_socket {
        builder = builder.unix_socket(path);
    }
    builder.build().map_err(|error| Failure::of_exchange(&error))
}

/// Returns how many redirects are followed.
pub(crate) fn most_redirects(options: &Options) -> u32 {
    match options.max_redirs {
        None => MOST_REDIRECTS,
        // curl takes -1 for no limit.
        Some(most) => u32::try_from(most).unwrap_or(u32::MAX),
    }
}

/// The client's own rules, but for what the user has chosen: a method stays, whatever becomes of the content.
fn redirects(options: &Options, journal: &Arc<Journal>) -> Redirects {
    if !options.location {
        return Redirects::none();
    }
    let kept = options.post_stays.clone();
    let statuses = kept.iter().filter_map(|status| StatusCode::from_u16(*status).ok());
    let auto_referer = options.auto_referer && !leaves_out(options, "Referer");
    let journal = Arc::clone(journal);
    let (keeps_method, posts) = (options.method.is_some(), options.has_data());
    let rules = Redirects::limit(most_redirects(options)).keep_method(statuses);
    rules.on_hop(move |hop: &mut Hop<'_>| {
        let status = hop.status().as_u16();
        if keeps_method {
            hop.set_method(hop.previous_method());
            let drops = if posts { matches!(status, 301..=303) } else { status == 303 };
            if drops && !kept.contains(&status) {
                hop.drop_content();
            }
        }
        if auto_referer {
            let referer = hop.previous_url().without_fragment();
            let _ = hop.headers_mut().insert("Referer", referer.as_str());
        }
        journal.redirected(hop);
    })
}

/// Returns the proxies: one that is named, or those of the environment, but not for whom it says to leave out.
pub(crate) fn proxies(options: &Options) -> Result<Proxies, Failure> {
    let proxies = match options.proxy.as_deref() {
        None => from_env(options.proxy_user.as_ref()),
        Some("") => Proxies::none(),
        Some(address) => {
            let proxy = proxy(address, options)?;
            Proxies::from_env().http(proxy.clone()).https(proxy)
        }
    };
    Ok(match &options.noproxy {
        Some(list) => proxies.no_proxy(list),
        None => proxies,
    })
}

fn proxy(address: &str, options: &Options) -> Result<Proxy, Failure> {
    let wrong = |error: nethttp::Error| Failure::new(Status::ResolveProxy, error.to_string());
    let (scheme, rest) = address.split_once("://").unwrap_or(("http", address));
    let host = rest.trim_end_matches('/').rsplit('@').next().unwrap_or_default();
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| !port.ends_with(']'));
    // Nobody but curl has proxies there.
    let port = if has_port || scheme == "https" { "" } else { ":1080" };
    let proxy =
        Proxy::parse(format!("{scheme}://{}{port}", rest.trim_end_matches('/'))).map_err(wrong)?;
    match &options.proxy_user {
        // Who logs in in the address does so, as with curl.
        Some((user, password)) if !rest.contains('@') => {
            proxy.credentials(user, password).map_err(wrong)
        }
        _ => Ok(proxy),
    }
}

/// Returns the proxies of the environment, which are logged in to unless their addresses say how.
fn from_env(login: Option<&Login>) -> Proxies {
    let Some((user, password)) = login else { return Proxies::from_env() };
    let [user, password] = [user, password].map(|it| encode(it, Class::UNRESERVED).to_string());
    Proxies::from_vars(|name| {
        let value = env::var_os(name)?.to_string_lossy().into_owned();
        let is_address = name.to_ascii_lowercase().ends_with("_proxy")
            && !name.eq_ignore_ascii_case("no_proxy")
            && !value.is_empty()
            && !value.contains('@');
        if !is_address {
            return Some(value);
        }
        let (scheme, rest) = value.split_once("://").unwrap_or(("http", &value));
        Some(format!("{scheme}://{user}:{password}@{rest}"))
    })
}
