//! The last messages, in memory.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::{BoxFuture, Claim, ClaimGuard, Deduplicate, MessageKey};
use crate::handler_return::BoxError;

/// How long an id is kept when nothing else is said: longer than most senders try again.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Remembers the last messages in memory: at most so many, and each for a day.
///
/// One process knows nothing of another, and a restart forgets everything. That is enough against a sender that
/// repeats itself because an answer was late; where handling a message twice does harm, keep it in the application's
/// database, in the transaction of the handler.
///
/// ```
/// use std::time::Duration;
/// use webhooks_receiver::{Provider, Receiver, RecentMessages};
///
/// let receiver: Receiver = Receiver::new(Provider::GITHUB)
///     .secret("s3cret")?
///     .deduplicate(RecentMessages::new(10_000).same_body_within(Duration::from_secs(300)));
/// # Ok::<(), webhooks_receiver::SetupError>(())
/// ```
#[derive(Debug)]
pub struct RecentMessages {
    table: Arc<Mutex<Table>>,
    keep: Duration,
    same_body: Option<Duration>,
}

impl RecentMessages {
    /// Remembers this many messages beside those that are being handled, each for a day. Full, it forgets the oldest.
    pub fn new(capacity: usize) -> Self {
        let table = Table {
            capacity,
            entries: HashMap::new(),
            handled: VecDeque::new(),
        };
        Self {
            table: Arc::new(Mutex::new(table)),
            keep: DAY,
            same_body: None,
        }
    }

    /// How long a message is remembered, at most.
    pub fn keep_for(mut self, time: Duration) -> Self {
        self.keep = time;
        self
    }

    /// Takes a message for a repeat also when its id is another one but its body was the same within this time.
    ///
    /// For schemes that do not sign the id (GitHub, Shopify): whoever has seen a request can send it again under a
    /// new one. Not for senders whose bodies may honestly be equal.
    pub fn same_body_within(mut self, time: Duration) -> Self {
        self.same_body = Some(time);
        self
    }

    fn decide(&self, key: MessageKey<'_>, now: SystemTime) -> Claim {
        let mut table = lock(&self.table);
        table.forget(now, self.keep);
        let id = Key::Id(key.receiver.to_owned(), key.id.to_owned());
        if let Some(entry) = table.entries.get(&id) {
            return match entry.state {
                State::InProgress => Claim::InProgress,
                State::Handled(_) => Claim::Handled {
                    same_body: entry.body == key.body,
                },
            };
        }
        let mut keys = vec![id];
        if let Some(window) = self.same_body {
            let body = Key::Body(key.receiver.to_owned(), key.body);
            match table.entries.get(&body).map(|entry| entry.state) {
                Some(State::InProgress) => return Claim::InProgress,
                Some(State::Handled(at)) if age(at, now) <= window => {
                    return Claim::Handled { same_body: true };
                }
                _ => keys.push(body),
            }
        }
        for key_of in &keys {
            table.entries.insert(
                key_of.clone(),
                Entry {
                    body: key.body,
                    state: State::InProgress,
                },
            );
        }
        Claim::First(Box::new(MemoryClaim {
            table: Arc::clone(&self.table),
            keys,
            body: key.body,
        }))
    }
}

/// The last 10,000 messages.
impl Default for RecentMessages {
    fn default() -> Self {
        Self::new(10_000)
    }
}

impl Deduplicate for RecentMessages {
    fn claim<'a>(
        &'a self,
        key: MessageKey<'a>,
        now: SystemTime,
    ) -> BoxFuture<'a, Result<Claim, BoxError>> {
        let claim = self.decide(key, now);
        Box::pin(std::future::ready(Ok(claim)))
    }
}

#[derive(Debug)]
struct Table {
    capacity: usize,
    entries: HashMap<Key, Entry>,
    /// In the order in which they were handled.
    handled: VecDeque<(Vec<Key>, SystemTime)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Id(String, String),
    Body(String, [u8; 32]),
}

#[derive(Debug)]
struct Entry {
    body: [u8; 32],
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    InProgress,
    Handled(SystemTime),
}

impl Table {
    fn forget(&mut self, now: SystemTime, keep: Duration) {
        let is_over =
            |(_, at): &(Vec<Key>, SystemTime), count| count > self.capacity || age(*at, now) > keep;
        while self
            .handled
            .front()
            .is_some_and(|oldest| is_over(oldest, self.handled.len()))
        {
            let Some((keys, at)) = self.handled.pop_front() else {
                break;
            };
            for key in keys {
                // A body that came again has a younger entry of the same key; that one stays.
                if self
                    .entries
                    .get(&key)
                    .is_some_and(|entry| entry.state == State::Handled(at))
                {
                    self.entries.remove(&key);
                }
            }
        }
    }
}

/// The claim on a message.
struct MemoryClaim {
    table: Arc<Mutex<Table>>,
    keys: Vec<Key>,
    body: [u8; 32],
}

impl ClaimGuard for MemoryClaim {
    fn finish(mut self: Box<Self>, now: SystemTime) -> BoxFuture<'static, Result<(), BoxError>> {
        let keys = std::mem::take(&mut self.keys);
        let mut table = lock(&self.table);
        for key in &keys {
            table.entries.insert(
                key.clone(),
                Entry {
                    body: self.body,
                    state: State::Handled(now),
                },
            );
        }
        table.handled.push_back((keys, now));
        Box::pin(std::future::ready(Ok(())))
    }
}

impl Drop for MemoryClaim {
    fn drop(&mut self) {
        let mut table = lock(&self.table);
        for key in &self.keys {
            table.entries.remove(key);
        }
    }
}

/// Nothing that holds the lock can panic half way, so a poisoned table is as good as any.
fn lock(table: &Mutex<Table>) -> MutexGuard<'_, Table> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A clock that was set back makes nothing older.
fn age(then: SystemTime, now: SystemTime) -> Duration {
    now.duration_since(then).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    fn key(id: &str, body: u8) -> MessageKey<'_> {
        MessageKey {
            receiver: "r",
            id,
            body: [body; 32],
        }
    }

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn take(claim: Claim) -> Box<dyn ClaimGuard> {
        match claim {
            Claim::First(held) => held,
            other => panic!("{other:?}"),
        }
    }

    fn handle(recent: &RecentMessages, id: &str, body: u8, seconds: u64) {
        drop(take(recent.decide(key(id, body), at(seconds))).finish(at(seconds)));
    }

    #[test]
    fn the_first_of_an_id_wins_and_one_in_progress_is_known() {
        let recent = RecentMessages::new(10);
        let first = take(recent.decide(key("a", 1), at(0)));
        assert!(matches!(
            recent.decide(key("a", 1), at(0)),
            Claim::InProgress
        ));
        drop(first.finish(at(0)));
        assert!(matches!(
            recent.decide(key("a", 1), at(0)),
            Claim::Handled { same_body: true }
        ));
        assert!(matches!(
            recent.decide(key("a", 2), at(0)),
            Claim::Handled { same_body: false }
        ));
    }

    #[test]
    fn a_claim_that_is_dropped_gives_the_id_free() {
        let recent = RecentMessages::new(10);
        drop(recent.decide(key("a", 1), at(0)));
        assert!(matches!(recent.decide(key("a", 1), at(0)), Claim::First(_)));
    }

    #[test]
    fn ids_of_different_receivers_are_different() {
        let recent = RecentMessages::new(10);
        handle(&recent, "a", 1, 0);
        let other = MessageKey {
            receiver: "other",
            ..key("a", 1)
        };
        assert!(matches!(recent.decide(other, at(0)), Claim::First(_)));
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_is_forgotten() {
        let recent = RecentMessages::new(3);
        for index in 0..100_u8 {
            handle(&recent, &index.to_string(), index, 0);
        }
        assert!(lock(&recent.table).entries.len() <= 4);
        assert!(matches!(
            recent.decide(key("99", 99), at(0)),
            Claim::Handled { .. }
        ));
        assert!(matches!(recent.decide(key("5", 5), at(0)), Claim::First(_)));
    }

    #[test]
    fn a_message_is_forgotten_after_its_time_inclusive() {
        let recent = RecentMessages::new(10).keep_for(Duration::from_secs(60));
        handle(&recent, "a", 1, 100);
        assert!(matches!(
            recent.decide(key("a", 1), at(160)),
            Claim::Handled { .. }
        ));
        assert!(matches!(
            recent.decide(key("a", 1), at(161)),
            Claim::First(_)
        ));
    }

    #[test]
    fn a_body_that_comes_again_under_another_id_is_a_repeat_only_if_that_was_asked_for() {
        let recent = RecentMessages::new(10);
        handle(&recent, "a", 1, 0);
        assert!(matches!(recent.decide(key("b", 1), at(0)), Claim::First(_)));
        let recent = RecentMessages::new(10).same_body_within(Duration::from_secs(60));
        handle(&recent, "a", 1, 0);
        assert!(matches!(
            recent.decide(key("b", 1), at(60)),
            Claim::Handled { same_body: true }
        ));
        handle(&recent, "c", 1, 61);
        assert!(
            matches!(recent.decide(key("d", 1), at(70)), Claim::Handled { .. }),
            "the window starts anew"
        );
    }

    #[test]
    fn a_clock_that_is_set_back_forgets_nothing() {
        let recent = RecentMessages::new(10).keep_for(Duration::from_secs(60));
        handle(&recent, "a", 1, 1000);
        assert!(matches!(
            recent.decide(key("a", 1), at(0)),
            Claim::Handled { .. }
        ));
    }
}
