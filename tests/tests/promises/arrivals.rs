//! What the receiver's file says, held against what was accepted.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::Pool;
use webhooks_tests::database::Kind;
use webhooks_tests::fixture_event::How;

/// A request that was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// When it came and when it was answered, in milliseconds by the receiver's clock.
    pub(crate) began: u64,
    pub(crate) ended: u64,
    pub(crate) worker: String,
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) how: How,
    /// Zero: the sender had hung up.
    pub(crate) status: u16,
    pub(crate) number: String,
}

impl Arrival {
    /// Whether the receiver has said that it has it.
    pub(crate) fn is_delivery(&self) -> bool {
        self.status == 204
    }
}

/// Everything that was received until now.
pub(crate) fn arrivals(log: &Path) -> Vec<Arrival> {
    let text = std::fs::read_to_string(log).expect("the receiver's file");
    whole(&text)
        .map(|line| parsed(line).unwrap_or_else(|| panic!("no arrival: {line}")))
        .collect()
}

/// What was accepted, as far as it survived.
#[derive(Debug, Default)]
pub(crate) struct Accepted {
    /// The ids whose `send` returned.
    pub(crate) sent: HashSet<String>,
    /// Those of committed transactions.
    pub(crate) committed: HashSet<String>,
    /// Those of transactions that were rolled back on purpose.
    pub(crate) rolled_back: HashSet<String>,
}

impl Accepted {
    pub(crate) async fn read<K: Kind>(pool: &Pool<K>, log: &Path) -> Self {
        let mut accepted = Self::default();
        let text = std::fs::read_to_string(log).expect("the log of what was accepted");
        for line in whole(&text) {
            match line.split_once(' ').expect("a word and an id") {
                ("sent", id) => accepted.sent.insert(id.to_owned()),
                ("rolled-back", id) => accepted.rolled_back.insert(id.to_owned()),
                (other, _) => panic!("{other}"),
            };
        }
        let mut connection = pool.acquire().await.expect("a connection");
        let ledger = K::texts(&mut connection, "SELECT id FROM ledger")
            .await
            .expect("the ledger");
        accepted.committed = ledger.into_iter().collect();
        accepted
    }

    pub(crate) fn count(&self) -> usize {
        self.sent.len() + self.committed.len()
    }

    /// Waits until all of it has arrived at every path, or nothing has come for a while; then what is missing.
    pub(crate) async fn missing(&self, log: &Path, paths: &[&str]) -> Vec<(String, String)> {
        let (mut last, mut since) = (usize::MAX, Instant::now());
        loop {
            let arrivals = arrivals(log);
            let there: HashSet<(&str, &str)> = arrivals
                .iter()
                .filter(|arrival| arrival.is_delivery())
                .map(|arrival| (arrival.path.as_str(), arrival.id.as_str()))
                .collect();
            let all = self
                .sent
                .union(&self.committed)
                .flat_map(|id| paths.iter().map(move |path| (*path, id)));
            let missing: Vec<_> = all
                .filter(|(path, id)| !there.contains(&(*path, id.as_str())))
                .collect();
            if missing.len() < last {
                (last, since) = (missing.len(), Instant::now());
            }
            if missing.is_empty() || since.elapsed() > Duration::from_secs(30) {
                return missing
                    .into_iter()
                    .map(|(path, id)| (path.to_owned(), id.clone()))
                    .collect();
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Nothing came that must not, and every message kept its id.
    pub(crate) fn check(&self, arrivals: &[Arrival]) {
        let mut ids: HashMap<&str, &str> = HashMap::new();
        let mut numbers: HashMap<&str, &str> = HashMap::new();
        for Arrival {
            id, number, how, ..
        } in arrivals
        {
            assert!(*how != How::RolledBack, "{id} was rolled back, and came");
            assert!(
                !self.rolled_back.contains(id),
                "{id} was rolled back, and came"
            );
            let was_committed = *how != How::InTransaction || self.committed.contains(id);
            assert!(
                was_committed,
                "{id} came and its transaction was never committed"
            );
            assert_eq!(
                *ids.entry(number).or_insert(id),
                id,
                "a message has one id, whatever is tried again"
            );
            assert_eq!(
                *numbers.entry(id).or_insert(number),
                number,
                "an id has one message"
            );
        }
    }
}

/// How many messages were delivered that had been delivered before.
pub(crate) fn duplicates(arrivals: &[Arrival]) -> usize {
    let delivered = || arrivals.iter().filter(|arrival| arrival.is_delivery());
    let different: HashSet<_> = delivered()
        .map(|arrival| (&arrival.path, &arrival.id))
        .collect();
    delivered().count() - different.len()
}

/// A kill in the middle of a line leaves one that is cut: it does not count.
fn whole(text: &str) -> impl Iterator<Item = &str> {
    text.rsplit_once('\n')
        .map_or("", |(whole, _)| whole)
        .lines()
}

fn parsed(line: &str) -> Option<Arrival> {
    let mut words = line.splitn(8, ' ').map(str::to_owned);
    let (began, ended) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    let (worker, path, id) = (words.next()?, words.next()?, words.next()?);
    let how = serde_json::from_value(words.next()?.into()).ok()?;
    let status = words.next()?.parse().ok()?;
    Some(Arrival {
        began,
        ended,
        worker,
        path,
        id,
        how,
        status,
        number: words.next()?,
    })
}
