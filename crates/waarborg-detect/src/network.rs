//! Addresses of the network: e-mail, web pages of a person, IP and hardware addresses.

use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::ops::Range;

use memchr::{memchr, memchr_iter, memmem};

use crate::finding::Why;
use crate::kind::Kind;
use crate::lexicon::Lexicon;
use crate::reading::{Hit, Reading};
use crate::tokens::Shape;
use crate::validation::holds;
use crate::vocabulary::role;
use crate::words;

/// Finds them all.
pub(crate) fn find(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    for place in reading.landmarks.iter().copied() {
        let Some(token) = reading.token(place) else {
            break;
        };
        match token.shape {
            Shape::Mark('@') => {
                hits.extend(email(reading.text, token.start));
                hits.extend(handle(reading, place));
            }
            Shape::Mark('\\') => hits.extend(domain_user(reading, place)),
            Shape::Number if reading.is_mark(place + 1, '.') => hits.extend(ipv4(reading, place)),
            _ => {}
        }
    }
    if !may_hold_address(reading.text.as_bytes()) {
        return;
    }
    for chunk in chunks(reading) {
        let text = reading.slice(chunk.clone());
        let bytes = text.as_bytes();
        if memchr_iter(b':', bytes).count() >= 2 || memchr_iter(b'-', bytes).count() == 5 {
            hits.extend(hardware(text, &chunk));
        }
        if memchr(b'/', bytes).is_some() || text.starts_with("www.") {
            hits.extend(page(text, &chunk));
        }
    }
}

/// Whether a text has the marks of a web page or of a hardware address at all; most have not.
fn may_hold_address(text: &[u8]) -> bool {
    memchr(b'/', text).is_some()
        || memchr_iter(b':', text).take(2).count() == 2
        || memchr_iter(b'-', text).take(5).count() == 5
        || memmem::find(text, b"www.").is_some()
}

/// Runs without white space, quotes, brackets, commas or equals signs that hold a mark of a web page or of a hardware address.
fn chunks<'r>(reading: &'r Reading<'_>) -> impl Iterator<Item = Range<usize>> + 'r {
    let mut done = 0;
    let tokens = reading.tokens.iter().enumerate();
    tokens.filter_map(move |(place, token)| {
        let is_marked = match token.shape {
            Shape::Mark(mark) => matches!(mark, '/' | ':' | '-'),
            Shape::Lower => token.n_chars == 3 && reading.word(place) == "www",
            _ => false,
        };
        if !is_marked || token.start < done {
            return None;
        }
        let chunk = chunk_around(reading.text, token.start);
        done = chunk.end;
        Some(chunk)
    })
}

fn chunk_around(text: &str, at: usize) -> Range<usize> {
    let (before, behind) = text.split_at_checked(at).unwrap_or_default();
    let is_part = |character: &char| !ends_chunk(*character);
    let len = |part: &mut dyn Iterator<Item = char>| -> usize {
        part.take_while(is_part).map(char::len_utf8).sum()
    };
    at - len(&mut before.chars().rev())..at + len(&mut behind.chars())
}

fn ends_chunk(character: char) -> bool {
    matches!(
        character,
        '"' | '\'' | '<' | '>' | '(' | ')' | '[' | ']' | '{' | '}' | ',' | ';' | '|' | '`'
    ) || character.is_whitespace()
}

/// The address around an at-sign.
fn email(text: &str, at: usize) -> Option<Hit> {
    let is_local = |character: &char| {
        character.is_alphanumeric() || matches!(character, '.' | '_' | '%' | '+' | '-' | '\'')
    };
    let before: usize = text
        .get(..at)?
        .chars()
        .rev()
        .take(64)
        .take_while(is_local)
        .map(char::len_utf8)
        .sum();
    let local = text
        .get(at - before..at)?
        .trim_start_matches(['.', '-', '\'', '+', '%']);
    let domain_len: usize = text
        .get(at + 1..)?
        .chars()
        .take(190)
        .take_while(|character| character.is_alphanumeric() || matches!(character, '.' | '-'))
        .map(char::len_utf8)
        .sum();
    let domain = text
        .get(at + 1..at + 1 + domain_len)?
        .trim_end_matches(['.', '-']);
    let last = domain.rsplit('.').next()?;
    let is_domain = domain.contains('.')
        && !domain.contains("..")
        && last.chars().count() >= 2
        && last.chars().all(char::is_alphabetic);
    let fits = holds("email-mailbox", !local.is_empty()) && holds("email-domain", is_domain);
    fits.then(|| {
        Hit::new(
            at - local.len()..at + 1 + domain.len(),
            Kind::Email,
            0.99,
            Why::Format,
        )
    })
}

/// What stands behind `@` in style sheets and programs.
const CODE_WORDS: [&str; 16] = [
    "media",
    "import",
    "font-face",
    "keyframes",
    "charset",
    "supports",
    "namespace",
    "layer",
    "override",
    "param",
    "return",
    "returns",
    "throws",
    "deprecated",
    "test",
    "property",
];

/// `@name` on social media.
fn handle(reading: &Reading<'_>, place: usize) -> Option<Hit> {
    if reading.is_glued(place)
        && reading.previous(place).is_some_and(|before| {
            before.is_word() || before.is_number() || before.is('.') || before.is('/')
        })
    {
        return None;
    }
    let start = reading.token(place)?.start;
    let rest = reading.text.get(start + 1..)?;
    let len = rest
        .bytes()
        .take(31)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
        .count();
    let name = rest.get(..len)?.trim_end_matches(['.', '-']);
    let shaped = name
        .bytes()
        .any(|byte| byte.is_ascii_digit() || matches!(byte, b'_' | b'.'));
    let code = rest
        .get(len..)
        .is_some_and(|after| after.starts_with(['(', '/', '@']));
    let fits = (3..=30).contains(&name.len())
        && !code
        && !CODE_WORDS.contains(&name)
        && name.bytes().all(|byte| !byte.is_ascii_uppercase());
    holds("handle", fits).then(|| {
        Hit::new(
            start..start + 1 + name.len(),
            Kind::Username,
            if shaped { 0.8 } else { 0.6 },
            Why::Format,
        )
    })
}

/// `DOMAIN\user`, or the folder of a user.
fn domain_user(reading: &Reading<'_>, place: usize) -> Option<Hit> {
    let domain = reading
        .previous(place)
        .filter(|token| token.is_word() && reading.is_glued(place))?;
    let start = reading.token(place)?.end;
    let rest = reading.text.get(start..)?;
    let len = rest
        .bytes()
        .take(40)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
        .count();
    let name = rest.get(..len)?.trim_end_matches(['.', '-']);
    let is_path =
        rest.get(len..)?.starts_with('\\') || reading.is_mark(place.wrapping_sub(2), '\\');
    let in_users = reading.word(place - 1) == "Users"
        && !matches!(name, "Public" | "Default" | "Administrator");
    let fits = holds("login-length", name.len() >= 3) && reading.is_glued(place + 1);
    if in_users && fits {
        return Some(Hit::new(
            start..start + name.len(),
            Kind::Username,
            0.85,
            Why::Format,
        ));
    }
    let is_domain = domain.shape == Shape::Upper
        && domain.n_chars > 1
        && !is_path
        && !reading.is_continued(place - 1);
    (is_domain && fits).then(|| {
        Hit::new(
            domain.start..start + name.len(),
            Kind::Username,
            0.85,
            Why::Format,
        )
    })
}

fn ipv4(reading: &Reading<'_>, place: usize) -> Option<Hit> {
    let span = dotted(reading, place)?;
    let address = reading.slice(span.clone()).parse::<Ipv4Addr>();
    let fits = match address {
        Ok(address) => is_someones(address.into()),
        Err(_) => holds("ipv4-address", false),
    };
    fits.then(|| Hit::new(span, Kind::Ip, 0.95, Why::Format))
}

/// How far from somebody an address of their own network stands, in bytes.
const BESIDE: usize = 120;

/// Addresses of a private network on the line of somebody's name or login: of their machine. Elsewhere they are everybody's.
pub(crate) fn beside_somebody(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    let is_somebody = |hit: &&Hit| matches!(hit.kind, Kind::Person | Kind::Username | Kind::Email);
    let mut people: Vec<Range<usize>> = (hits.iter())
        .filter(is_somebody)
        .map(|hit| hit.span.clone())
        .collect();
    if people.is_empty() {
        return;
    }
    people.sort_unstable_by_key(|person| person.start);
    for place in reading.landmarks.iter().copied() {
        if !reading.is_number(place) || !reading.is_mark(place + 1, '.') {
            continue;
        }
        let Some(span) = dotted(reading, place) else {
            continue;
        };
        let address = reading.slice(span.clone()).parse::<Ipv4Addr>();
        let is_in_house = |address: Ipv4Addr| address.is_private() || address.is_link_local();
        if !holds("address-in-house", address.is_ok_and(is_in_house)) {
            continue;
        }
        let next = people.partition_point(|person| person.end <= span.start);
        let before = next.checked_sub(1).and_then(|last| people.get(last));
        let is_near = |from: usize, to: usize| {
            let between = reading.text.get(from..to).unwrap_or("\n");
            between.len() <= BESIDE && !between.contains('\n')
        };
        let is_beside = before.is_some_and(|person| is_near(person.end, span.start))
            || people
                .get(next)
                .is_some_and(|person| is_near(span.end, person.start));
        if is_beside {
            hits.push(Hit::new(span, Kind::Ip, 0.7, Why::Format));
        }
    }
}

/// Four numbers with points between them that are no part of something longer.
fn dotted(reading: &Reading<'_>, place: usize) -> Option<Range<usize>> {
    let glued = (1..7).all(|step| reading.is_glued(place + step))
        && [1, 3, 5]
            .into_iter()
            .all(|step| reading.is_mark(place + step, '.'));
    if !glued || reading.is_continued(place) || reading.continues(place + 6) {
        return None;
    }
    let inside_longer = (place > 0
        && reading.is_glued(place)
        && (reading.is_mark(place - 1, '.') || reading.is_mark(place - 1, '-'))
        && place > 1
        && reading.is_number(place - 2))
        || (reading.is_mark(place + 7, '.')
            && reading.is_glued(place + 7)
            && reading.is_glued(place + 8)
            && reading.is_number(place + 8));
    // "dienstnr 70.85.56.188": the label of another number decides.
    let is_other = reading.cue_before(place, 2, |cue| {
        (cue.label.or(cue.stem)).is_some_and(Kind::is_any_number)
    });
    if inside_longer
        || is_other
        || reading.cue_before(place, 2, |cue| cue.is(role::IMPERSONAL))
        || reading.is_mark(place + 7, '/')
            && reading.is_glued(place + 7)
            && reading.is_number(place + 8)
            && reading.word(place + 8) != "32"
    {
        return None;
    }
    Some(reading.token(place)?.start..reading.token(place + 6)?.end)
}

/// Addresses of everybody's own network, of no machine, and well-known resolvers point at nobody.
fn is_someones(address: IpAddr) -> bool {
    let is_of_someone = match address {
        IpAddr::V4(address) => {
            let [first, second, third, fourth] = address.octets();
            let shared = first == 100 && (64..128).contains(&second);
            let resolver = matches!(
                [first, second, third, fourth],
                [1, 1, 1, 1] | [8, 8, 8, 8] | [8, 8, 4, 4] | [9, 9, 9, 9] | [1, 0, 0, 1]
            );
            !(address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_unspecified()
                || address.is_broadcast()
                || shared
                || resolver
                || !(5..224).contains(&first))
        }
        IpAddr::V6(address) => {
            let [first, second, ..] = address.segments();
            !(address.is_loopback()
                || address.is_unspecified()
                || (first == 0x2001 && second == 0xdb8)
                || first & 0xfe00 == 0xfc00
                || first & 0xffc0 == 0xfe80
                || first & 0xff00 == 0xff00)
        }
    };
    holds("address-of-someone", is_of_someone)
}

/// An IPv6 address or a hardware address, perhaps behind `ip=`.
fn hardware(text: &str, chunk: &Range<usize>) -> Option<Hit> {
    let skip = text.rfind('=').map_or(0, |at| at + 1);
    let value = text.get(skip..)?.trim_end_matches(['.', ':', '!', '?']);
    let value = value
        .split_once(['/', '%'])
        .map_or(value, |(address, _)| address);
    let span = chunk.start + skip..chunk.start + skip + value.len();
    if value.len() == 17 && holds("hardware-address", is_hardware(value)) {
        return Some(Hit::new(span, Kind::DeviceId, 0.95, Why::Format));
    }
    let fits = match value.parse::<Ipv6Addr>() {
        Ok(address) => is_someones(address.into()),
        Err(_) => holds("ipv6-address", false),
    };
    fits.then(|| Hit::new(span, Kind::Ip, 0.95, Why::Format))
}

/// Six pairs of hexadecimal digits with a colon or a dash between them.
fn is_hardware(value: &str) -> bool {
    value.bytes().enumerate().all(|(at, byte)| {
        if at % 3 == 2 {
            matches!(byte, b':' | b'-')
        } else {
            byte.is_ascii_hexdigit()
        }
    })
}

/// Sites whose pages belong to a person, with what stands before the person's part.
const PROFILES: &[&str] = &[
    "linkedin.com/in/",
    "facebook.com/",
    "fb.com/",
    "fb.me/",
    "linktr.ee/",
    "about.me/",
    "instagram.com/",
    "x.com/",
    "twitter.com/",
    "github.com/",
    "gitlab.com/",
    "tiktok.com/@",
    "t.me/",
    "wa.me/",
    "youtube.com/@",
    "strava.com/athletes/",
    "orcid.org/",
    "researchgate.net/profile/",
    "calendly.com/",
    "bsky.app/profile/",
    "snapchat.com/add/",
    "pinterest.com/",
    "medium.com/@",
    "mastodon.social/@",
    "stackoverflow.com/users/",
    "marktplaats.nl/u/",
    "threads.net/@",
    "twitch.tv/",
    "soundcloud.com/",
    "vk.com/",
    "meetup.com/members/",
    "xing.com/profile/",
    "academia.edu/",
    "paypal.me/",
    "polarsteps.com/",
];
/// Parts of a path behind which a person's page stands.
const PATHS: &[&str] = &[
    "/u/",
    "/user/",
    "/users/",
    "/profiel/",
    "/profile/",
    "/mensen/",
    "/people/",
    "/leerling/",
    "/leden/",
    "/member/",
    "/medewerkers/",
    "/verkopers/",
    "/team/",
    "/~",
    "/in/",
];
/// First parts of a path that are no person.
const NOBODY: &[&str] = &[
    "search", "login", "explore", "hashtag", "groups", "events", "help", "about", "company",
    "pages", "watch", "p", "reel", "intent", "share", "sharer", "topics", "features", "orgs",
];

/// A web address that belongs to one person.
fn page(text: &str, chunk: &Range<usize>) -> Option<Hit> {
    let scheme = text.find("://").map(|at| at + 3);
    let begin = text
        .find("http")
        .filter(|at| *at < scheme.unwrap_or(0))
        .or_else(|| text.find("www."))
        .unwrap_or(0);
    let value = text
        .get(begin..)?
        .trim_end_matches(['.', ':', '!', '?', '*', '_']);
    let bare = value
        .strip_prefix("https://")
        .or_else(|| value.strip_prefix("http://"))
        .unwrap_or(value);
    let bare = bare.strip_prefix("www.").unwrap_or(bare);
    let is_address = bare.len() < value.len()
        || bare
            .split_once('/')
            .is_some_and(|(host, _)| host.contains('.') && !host.contains(".."));
    if !is_address || bare.contains('@') && !bare.contains("/@") || !value.is_ascii() {
        return None;
    }
    let lower_host: &str = bare;
    let profile = PROFILES.iter().any(|site| {
        let at = lower_host
            .find(site)
            .filter(|at| *at == 0 || lower_host.as_bytes().get(at - 1) == Some(&b'.'));
        let person = at
            .and_then(|at| lower_host.get(at + site.len()..))
            .and_then(|rest| rest.split(['/', '?', '#']).next());
        person.is_some_and(|person| person.len() >= 3 && !NOBODY.contains(&person))
            || at.is_some_and(|_| lower_host.contains("profile.php?id="))
    });
    // A repository or a file of a project is no profile.
    let is_deep = (bare.starts_with("github.com/") || bare.starts_with("gitlab.com/"))
        && bare.matches('/').count() >= 2
        && !bare.ends_with('/');
    let in_path = PATHS.iter().any(|part| {
        bare.find(part)
            .is_some_and(|at| bare.len() > at + part.len() + 2)
    });
    let named = bare
        .split_once('/')
        .is_some_and(|(_, path)| names_someone(path))
        || (bare.len() < value.len() && names_someone(bare.split('/').next()?));
    let found = (profile && !is_deep) || in_path || named;
    holds("page-of-someone", found).then(|| {
        Hit::new(
            chunk.start + begin..chunk.start + begin + value.len(),
            Kind::UrlPersonal,
            0.85,
            if named { Why::NameList } else { Why::Format },
        )
    })
}

/// Whether two parts next to each other are a first name and a surname, such as `sjoerd-van-twist`.
fn names_someone(path: &str) -> bool {
    let mut has_first = false;
    for part in path
        .split(['-', '.', '_', '/'])
        .filter(|part| part.len() > 2)
        .take(24)
    {
        let entry = Lexicon::BUILT_IN.look_up(words::hash(part));
        if has_first && entry.surname() > 0 && entry.common() < 2 {
            return true;
        }
        has_first |= entry.first_name() >= 2 && entry.common() < 2;
    }
    false
}
