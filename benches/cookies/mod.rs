//! The fields and the sites that libraries are measured on.

use nethttp::field::HttpDate;

use crate::random::Random;

/// How many fields a mix has, so that the branch predictor cannot learn them.
pub const MIX_LEN: usize = 512;

/// How many requests take turns at a jar.
pub const REQUESTS_LEN: usize = 4096;

/// The time that is passed to the jar that does not read the clock.
pub const NOW: i64 = 1_780_000_000;

const SEED: u64 = 0x6e65_7468_7474_7036;

/// A session as a server sets it: 79 bytes.
pub const SESSION: &str =
    "sid=31d4d96e407aad; Path=/; Domain=example.org; Max-Age=86400; Secure; HttpOnly";

/// A cookie with a date in the form that RFC 9110 prefers.
pub const IMF: &str =
    "lang=en-GB; Path=/; Expires=Wed, 09 Jun 2032 10:18:14 GMT; SameSite=Lax; Secure";

/// A cookie with a date in the form of Netscape's first proposal.
pub const NETSCAPE: &str = "NID=511%3Dq7rT0vXw; expires=Wed, 09-Jun-2032 10:18:14 GMT; path=/; \
    domain=.example.org; HttpOnly";

/// The shortest cookie that has a name and a value.
pub const BARE: &str = "a=b";

/// Returns a token of 1.5 KB, with what a careful server adds to it.
pub fn long() -> String {
    let mut random = Random::new(SEED);
    let token = text(&mut random, BASE64, 1450);
    format!("__Host-token={token}; Path=/; Secure; HttpOnly; SameSite=Strict")
}

const HEX: &[u8] = b"0123456789abcdef";
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz";

const NAMES: [&str; 12] = [
    "sid",
    "_ga",
    "_gid",
    "csrftoken",
    "PHPSESSID",
    "JSESSIONID",
    "theme",
    "__cf_bm",
    "locale",
    "cart_id",
    "remember_user_token",
    "ab",
];

fn text(random: &mut Random, letters: &[u8], len: usize) -> String {
    (0..len).map(|_| char::from(random.pick(letters))).collect()
}

fn pair(random: &mut Random) -> String {
    let (name, letters) = (random.pick(&NAMES), random.pick(&[HEX, BASE64, LETTERS]));
    let longest = random.pick(&[8, 32, 64]);
    let len = 1 + random.below(longest);
    format!("{name}={}", text(random, letters, len))
}

/// Returns `Set-Cookie` fields with any attributes in any order.
pub fn set_cookies() -> Vec<String> {
    let mut random = Random::new(SEED);
    let mut field = || {
        let mut field = pair(&mut random);
        for _ in 0..random.below(7) {
            field += random.pick(&["; ", "; ", "; ", ";"]);
            field += &attribute(&mut random);
        }
        field
    };
    (0..MIX_LEN).map(|_| field()).collect()
}

fn attribute(random: &mut Random) -> String {
    match random.below(9) {
        0 => random.pick(&["Path=/", "path=/", "Path=/docs", "Path=/a/b/c"]).to_owned(),
        1 => random.pick(&["Domain=example.org", "domain=www.example.org"]).to_owned(),
        2 => format!("Max-Age={}", 1 + random.below(40_000_000)),
        3 | 4 => format!("{}={}", random.pick(&["Expires", "expires"]), date(random)),
        5 => random.pick(&["Secure", "secure"]).to_owned(),
        6 => random.pick(&["HttpOnly", "httponly"]).to_owned(),
        7 => random.pick(&["SameSite=Lax", "SameSite=None", "SameSite=Strict"]).to_owned(),
        _ => random.pick(&["Partitioned", "Priority=High"]).to_owned(),
    }
}

/// A date as RFC 9110 prefers it or with the hyphens of Netscape.
fn date(random: &mut Random) -> String {
    let second = NOW + i64::try_from(random.below(1 << 30)).expect("30 bits");
    let imf = HttpDate::from_unix(second).to_string();
    if random.chance(50) { imf } else { format!("{}-{}-{}", &imf[..7], &imf[8..11], &imf[12..]) }
}

/// Returns a `Cookie` field with so many pairs.
pub fn cookie(pairs: usize) -> String {
    cookie_of(&mut Random::new(SEED), pairs)
}

/// Returns `Cookie` fields of one to sixteen pairs.
pub fn cookies() -> Vec<String> {
    let mut random = Random::new(SEED);
    let mut field = || {
        let pairs = 1 + random.below(16);
        cookie_of(&mut random, pairs)
    };
    (0..MIX_LEN).map(|_| field()).collect()
}

fn cookie_of(random: &mut Random, pairs: usize) -> String {
    (0..pairs).map(|_| pair(random)).collect::<Vec<_>>().join("; ")
}

/// A site: the address of one of its pages, and the cookies that it sets.
#[derive(Clone, Debug)]
pub struct Site {
    /// The address of a page.
    pub page: String,
    /// `Set-Cookie` fields.
    pub fields: Vec<String>,
}

/// Returns so many sites with unlike hosts. Each sets three cookies, and one in four another one for the
/// domain above its host.
pub fn sites(count: usize) -> Vec<Site> {
    let mut random = Random::new(SEED);
    (0..count).map(|index| site(&mut random, index)).collect()
}

fn site(random: &mut Random, index: usize) -> Site {
    let len = 3 + random.below(10);
    let label = text(random, LETTERS, len);
    let domain = format!("{label}{index}.{}", random.pick(&["com", "org", "net", "de", "co.uk"]));
    let host = random.pick(&["www", "shop", "app", "login.eu"]);
    let id = text(random, HEX, 32);
    let mut fields = vec![
        format!("sid={id}; Path=/; Secure; HttpOnly"),
        format!("lang=en; Path={}; Max-Age=31536000", random.pick(&["/", "/docs"])),
        format!("view=list; Path={}", random.pick(&["/docs/", "/admin"])),
    ];
    if random.chance(25) {
        fields.push(format!("_ga=GA1.2.{index}; Domain={domain}; Path=/; Max-Age=31536000"));
    }
    Site { page: format!("https://{host}.{domain}/docs/index.html"), fields }
}

/// Returns the requests that take turns at the jar of the sites: any page, again and again.
pub fn requests(sites: &[Site]) -> Vec<&str> {
    let mut random = Random::new(SEED);
    (0..REQUESTS_LEN).map(|_| sites[random.below(sites.len())].page.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_the_table() {
        assert_eq!(SESSION.len(), 79);
        assert_eq!(long().len(), 1506);
        assert_eq!(cookie(8).split("; ").count(), 8);
        assert_eq!(set_cookies().len(), MIX_LEN);
    }

    #[test]
    fn no_two_sites_have_the_same_host() {
        let mut pages: Vec<_> = sites(2000).into_iter().map(|site| site.page).collect();
        pages.sort();
        pages.dedup();
        assert_eq!(pages.len(), 2000);
    }
}
