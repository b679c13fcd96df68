//! Connecting to a host with several addresses: the first that answers wins ("Happy Eyeballs", RFC 8305).
//!
//! The families take turns, and each address has a head start before the next one is tried in parallel. One address that
//! swallows everything, as that of a broken IPv6 route does, costs that head start and not the whole time-out.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::timeout;

/// The head start of an address; RFC 8305, section 8, recommends this value.
const HEAD_START: Duration = Duration::from_millis(250);
/// Addresses tried at most: who answers for a name must not turn one delivery into a scan.
const MOST: usize = 8;

/// The first connection that comes about, or the last failure.
pub(super) async fn race<T, F>(
    addresses: &[SocketAddr],
    connect: impl Fn(SocketAddr) -> F,
) -> io::Result<T>
where
    T: Send + 'static,
    F: Future<Output = io::Result<T>> + Send + 'static,
{
    let mut waiting = in_turn(addresses).into_iter().take(MOST);
    let mut tries = JoinSet::new();
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    loop {
        let ended = if let Some(address) = waiting.next() {
            tries.spawn(connect(address));
            timeout(HEAD_START, tries.join_next()).await.unwrap_or(None)
        } else {
            match tries.join_next().await {
                None => return Err(last),
                ended => ended,
            }
        };
        match ended {
            Some(Ok(Ok(connection))) => return Ok(connection),
            Some(Ok(Err(error))) => last = error,
            Some(Err(panicked)) => last = io::Error::other(panicked),
            None => {}
        }
    }
}

/// The addresses with the families in turn, the resolver's first one first (RFC 8305, section 4).
fn in_turn(addresses: &[SocketAddr]) -> Vec<SocketAddr> {
    let first_is_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (mut one, mut other): (Vec<SocketAddr>, Vec<SocketAddr>) = addresses
        .iter()
        .rev()
        .partition(|address| address.is_ipv6() == first_is_v6);
    let mut turns = Vec::with_capacity(addresses.len());
    while !(one.is_empty() && other.is_empty()) {
        turns.extend(one.pop());
        turns.extend(other.pop());
    }
    turns
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::sync::{Arc, Mutex};

    use tokio::time::Instant;

    use super::*;

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts
            .iter()
            .map(|text| text.parse().expect("an address"))
            .collect()
    }

    const REFUSED: io::ErrorKind = io::ErrorKind::ConnectionRefused;

    #[test]
    fn the_families_take_turns() {
        let given = addresses(&["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1", "1.1.1.2:1"]);
        let turns = addresses(&["[::1]:1", "1.1.1.1:1", "[::2]:1", "1.1.1.2:1", "[::3]:1"]);
        assert_eq!(in_turn(&given), turns);
        assert!(in_turn(&[]).is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_that_swallows_everything_costs_its_head_start() {
        let (given, start) = (
            addresses(&["[2001:db8::1]:443", "192.0.2.1:443"]),
            Instant::now(),
        );
        let won = race(&given, |address| async move {
            if address.is_ipv6() {
                pending::<io::Result<SocketAddr>>().await
            } else {
                Ok(address)
            }
        });
        assert_eq!(won.await.expect("the second answers"), given[1]);
        assert_eq!(start.elapsed(), HEAD_START);
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_that_refuses_costs_nothing() {
        let (given, start) = (
            addresses(&["192.0.2.1:443", "192.0.2.2:443"]),
            Instant::now(),
        );
        let won = race(&given, |address| async move {
            if address == addresses(&["192.0.2.1:443"])[0] {
                Err(io::Error::from(REFUSED))
            } else {
                Ok(address)
            }
        });
        assert_eq!(won.await.expect("the second answers"), given[1]);
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_first_address_still_wins_when_the_others_refuse() {
        let given = addresses(&["192.0.2.1:443", "192.0.2.2:443"]);
        let won = race(&given, |address| async move {
            if address == addresses(&["192.0.2.2:443"])[0] {
                return Err(io::Error::from(REFUSED));
            }
            tokio::time::sleep(HEAD_START * 4).await;
            Ok(address)
        });
        assert_eq!(won.await.expect("the first answers"), given[0]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_name_with_many_addresses_is_no_scan() {
        let given: Vec<SocketAddr> = (0..100)
            .map(|last| SocketAddr::from(([192, 0, 2, last], 443)))
            .collect();
        let tried = Arc::new(Mutex::new(0));
        let failed = race(&given, |_| {
            *tried.lock().expect("no holder panics") += 1;
            async { Err::<(), io::Error>(REFUSED.into()) }
        });
        assert_eq!(failed.await.map_err(|error| error.kind()), Err(REFUSED));
        assert_eq!(*tried.lock().expect("no holder panics"), MOST);
        let nothing = race(&[], |address| async move { Ok(address) });
        assert!(nothing.await.is_err());
    }
}
