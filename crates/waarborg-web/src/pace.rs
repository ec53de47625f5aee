//! How often somebody may knock: a share per person and per address, counted in memory and forgotten at once.

use std::{
    collections::{HashMap, hash_map::RandomState},
    hash::{BuildHasher as _, Hash},
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderName, Method, StatusCode, header};
use tokio::time::Instant;
use waarborg_usecase::door::VISIT_COOKIE;

use crate::app::App;
use crate::cookie;

/// How many knocks are remembered; beyond that those are forgotten whose share is whole again.
const MOST_REMEMBERED: usize = 100_000;

/// So many times in so much time, all of them at once if somebody likes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// How many times.
    pub times: u32,
    /// In how much time.
    pub within: Duration,
}

impl Share {
    /// A share per minute.
    #[must_use]
    pub const fn per_minute(times: u32) -> Self {
        Self {
            times,
            within: Duration::from_mins(1),
        }
    }

    /// A share per hour.
    #[must_use]
    pub const fn per_hour(times: u32) -> Self {
        Self {
            times,
            within: Duration::from_hours(1),
        }
    }

    fn times_more(self, factor: u32) -> Self {
        Self {
            times: self.times.saturating_mul(factor),
            ..self
        }
    }
}

/// The shares of one person at the doors of the people's side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shares {
    /// Looking what would be replaced, while one types.
    pub preview: Share,
    /// Messages to a model.
    pub chat: Share,
    /// Requests about rights, and opening one with its secret.
    pub rights: Share,
    /// Links into the console.
    pub console: Share,
    /// How many people one address may stand for.
    pub people_per_address: u32,
    /// The header in which a proxy before us names the address; the last value in it counts.
    pub address_header: Option<HeaderName>,
}

impl Default for Shares {
    fn default() -> Self {
        Self {
            preview: Share::per_minute(240),
            chat: Share::per_minute(30),
            rights: Share::per_hour(20),
            console: Share::per_hour(20),
            people_per_address: 10,
            address_header: None,
        }
    }
}

/// Where a connection comes from; whoever listens puts it with the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller(pub IpAddr);

/// Counts knocks. Who knocked is kept only as a hash under a secret of this process.
#[derive(Debug, Default)]
pub struct Pace {
    /// Until when the share of somebody is used up in part.
    used: Mutex<HashMap<u64, Instant>>,
    secret: RandomState,
}

impl Pace {
    /// Whether somebody may go on at `now`; else how long they must wait.
    ///
    /// # Errors
    ///
    /// The time to wait.
    pub fn knock(&self, who: impl Hash, share: Share, now: Instant) -> Result<(), Duration> {
        if share.times == 0 {
            return Ok(());
        }
        let who = self.secret.hash_one(who);
        let step = share.within / share.times;
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() >= MOST_REMEMBERED {
            used.retain(|_, until| *until > now);
        }
        if used.len() >= MOST_REMEMBERED {
            // Rather a fresh share for all than a memory that grows with whoever attacks.
            used.clear();
        }

        let until = used.get(&who).copied().filter(|until| *until > now);
        let next = until.unwrap_or(now) + step;
        let ahead = next.duration_since(now);
        if ahead > share.within {
            return Err(ahead.saturating_sub(share.within));
        }
        used.insert(who, next);
        Ok(())
    }
}

/// A door that people may not wear out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Door {
    Preview,
    Chat,
    Rights,
    Console,
}

impl Door {
    fn of(method: &Method, path: &str) -> Option<Self> {
        if *method != Method::POST {
            return None;
        }
        match path {
            "/api/v1/preview" | "/console/try" => Some(Self::Preview),
            "/console/enter" => Some(Self::Console),
            path if path == "/rights"
                || path == "/api/v1/requests"
                || path.starts_with("/rights/")
                || path.starts_with("/mail/answer/")
                || path.starts_with("/transfer/") =>
            {
                Some(Self::Rights)
            }
            path if path == "/chat"
                || path.starts_with("/chat/")
                || path.starts_with("/api/v1/chat") =>
            {
                Some(Self::Chat)
            }
            _ => None,
        }
    }

    fn share(self, shares: &Shares) -> Share {
        match self {
            Self::Preview => shares.preview,
            Self::Chat => shares.chat,
            Self::Rights => shares.rights,
            Self::Console => shares.console,
        }
    }
}

/// Lets somebody knock as often as their share allows.
pub(crate) async fn hold(State(app): State<App>, request: Request, next: Next) -> Response {
    let Some(door) = Door::of(request.method(), request.uri().path()) else {
        return next.run(request).await;
    };
    let shares = app.shares();
    let share = door.share(shares);
    let now = Instant::now();
    let headers = request.headers();
    let visitor = cookie::token(headers, VISIT_COOKIE, app.settings());
    let address = address(headers, shares, request.extensions().get().copied());

    let mut held = Ok(());
    // One person behind an address does not use up what the others there may do.
    if let Some(visitor) = visitor {
        held = app.pace().knock((door, visitor.bytes()), share, now);
    }
    if let (Ok(()), Some(address)) = (held, address) {
        let share = share.times_more(shares.people_per_address);
        held = app.pace().knock((door, address), share, now);
    }
    match held {
        Ok(()) => next.run(request).await,
        Err(wait) => {
            let seconds = wait.as_secs() + 1;
            let wait = [(header::RETRY_AFTER, seconds.to_string())];
            (StatusCode::TOO_MANY_REQUESTS, wait).into_response()
        }
    }
}

/// The address that counts: what the proxy says where there is one, else where the connection comes from.
fn address(headers: &HeaderMap, shares: &Shares, caller: Option<Caller>) -> Option<IpAddr> {
    let named = shares.address_header.as_ref().and_then(|name| {
        let line = headers.get_all(name).iter().next_back()?.to_str().ok()?;
        line.rsplit(',').next()?.trim().parse().ok()
    });
    named.or(caller.map(|caller| caller.0)).map(network)
}

/// One household or office has a whole network of the newer addresses.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(long) => match long.to_ipv4_mapped() {
            Some(short) => IpAddr::V4(short),
            None => IpAddr::V6((u128::from(long) & !u128::from(u64::MAX)).into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARE: Share = Share::per_minute(3);

    #[test]
    fn a_share_is_used_up_and_comes_back_bit_by_bit() {
        let pace = Pace::default();
        let start = Instant::now();
        let knock =
            |who: &str, seconds| pace.knock(who, SHARE, start + Duration::from_secs(seconds));

        assert!((0..3).all(|_| knock("a", 0).is_ok()));
        assert_eq!(knock("a", 0), Err(Duration::from_secs(20)));
        assert!(knock("b", 0).is_ok(), "another has a share of their own");
        assert!(knock("a", 20).is_ok());
        assert!(knock("a", 20).is_err());
        assert!((0..3).all(|_| knock("a", 200).is_ok()));
    }

    #[test]
    fn no_share_means_no_limit() {
        let pace = Pace::default();
        let now = Instant::now();
        assert!((0..1000).all(|_| pace.knock("a", Share::per_minute(0), now).is_ok()));
    }

    #[test]
    fn only_who_is_still_waiting_is_remembered() {
        let pace = Pace::default();
        let start = Instant::now();
        for who in 0..MOST_REMEMBERED {
            pace.knock(who, SHARE, start).unwrap();
        }
        pace.knock("late", SHARE, start + Duration::from_mins(1))
            .unwrap();
        assert_eq!(pace.used.lock().unwrap().len(), 1);
    }

    #[test]
    fn the_proxy_is_believed_only_where_it_is_declared() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-forwarded-for",
            "203.0.113.1, 198.51.100.7".parse().unwrap(),
        );
        let caller = Some(Caller("127.0.0.1".parse().unwrap()));
        let mut shares = Shares::default();
        let at = |shares: &Shares| address(&headers, shares, caller).unwrap().to_string();

        assert_eq!(at(&shares), "127.0.0.1");
        shares.address_header = Some(HeaderName::from_static("x-forwarded-for"));
        assert_eq!(at(&shares), "198.51.100.7");
        let long: IpAddr = "2001:db8:1:2:3:4:5:6".parse().unwrap();
        assert_eq!(network(long).to_string(), "2001:db8:1:2::");
    }

    #[test]
    fn reading_pages_is_never_held_up() {
        assert_eq!(Door::of(&Method::GET, "/rights"), None);
        assert_eq!(Door::of(&Method::POST, "/my-data/erase"), None);
        assert_eq!(Door::of(&Method::POST, "/rights/WB-1"), Some(Door::Rights));
        assert_eq!(
            Door::of(&Method::POST, "/api/v1/chat/1/messages"),
            Some(Door::Chat)
        );
    }
}
