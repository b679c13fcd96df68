//! The last messages, in memory.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::store::{BoxFuture, Claim, ClaimGuard, Deduplicate, MessageKey};
use super::table::{Digest, Entry, State, Table, age};
use crate::handler_return::BoxError;

/// How long an id is kept when nothing else is said: longer than most senders try again.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long an equal body under another id is a repeat, where nothing signs the id.
const SAME_BODY: Duration = Duration::from_secs(5 * 60);

/// Remembers the last messages in memory: at most so many, and each for a day.
///
/// One process knows nothing of another, and a restart forgets everything. That is enough against a sender that
/// repeats itself because an answer was late. Where handling a message twice does harm, keep it in the application's
/// database, in the transaction of the handler.
///
/// A message takes about 300 bytes, however long its id is.
///
/// ```
/// use std::time::Duration;
/// use webhooks_receiver::{Provider, Receiver, RecentMessages};
///
/// let receiver: Receiver = Receiver::new(Provider::GITHUB)
///     .secret("s3cret")?
///     .deduplicate(RecentMessages::new(10_000).same_body_within(Duration::from_secs(60)));
/// # Ok::<(), webhooks_receiver::SetupError>(())
/// ```
#[derive(Debug)]
pub struct RecentMessages {
    table: Arc<Mutex<Table>>,
    keep: Duration,
    same_body: Option<Duration>,
}

impl RecentMessages {
    /// Remembers this many messages in addition to those that are being handled, each for a day. When it is full, it
    /// forgets the oldest.
    pub fn new(capacity: usize) -> Self {
        let table = Table::new(capacity);
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
    /// Where the signature does not cover the id (GitHub, Shopify), a person who has seen a request can send it again
    /// under a new one. For such messages this is 5 minutes when nothing is said; for all others it is off. Zero
    /// switches it off, for senders whose bodies may honestly be equal.
    pub fn same_body_within(mut self, time: Duration) -> Self {
        self.same_body = Some(time);
        self
    }

    fn window(&self, key: &MessageKey<'_>) -> Option<Duration> {
        let unsaid = (!key.is_signed).then_some(SAME_BODY);
        self.same_body.or(unsaid).filter(|time| !time.is_zero())
    }

    fn decide(&self, key: MessageKey<'_>, lease: Duration, now: SystemTime) -> Claim {
        let mut table = lock(&self.table);
        table.forget(now, self.keep);
        let id = Digest::of(b'i', key.receiver, key.id.as_bytes());
        match table.state(&id, now) {
            Some((State::InProgress { .. }, _)) => return Claim::InProgress,
            Some((State::Handled(_), content)) => {
                return Claim::Handled {
                    same_body: content == key.content,
                };
            }
            None => {}
        }
        let mut keys = vec![id];
        if let Some(window) = self.window(&key) {
            let body = Digest::of(b'b', key.receiver, &key.content);
            match table.state(&body, now) {
                Some((State::InProgress { .. }, _)) => return Claim::InProgress,
                Some((State::Handled(at), _)) if age(at, now) <= window => {
                    return Claim::Handled { same_body: true };
                }
                _ => keys.push(body),
            }
        }
        let claim = table.next_claim();
        let state = State::InProgress {
            claim,
            until: now.checked_add(lease),
        };
        for own in &keys {
            let content = key.content;
            table.entries.insert(*own, Entry { content, state });
        }
        Claim::First(Box::new(MemoryClaim {
            table: Arc::clone(&self.table),
            claim,
            keys,
            content: key.content,
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
        lease: Duration,
        now: SystemTime,
    ) -> BoxFuture<'a, Result<Claim, BoxError>> {
        let claim = self.decide(key, lease, now);
        Box::pin(std::future::ready(Ok(claim)))
    }
}

/// The claim on a message.
struct MemoryClaim {
    table: Arc<Mutex<Table>>,
    claim: u64,
    keys: Vec<Digest>,
    content: [u8; 32],
}

impl ClaimGuard for MemoryClaim {
    fn finish(mut self: Box<Self>, now: SystemTime) -> BoxFuture<'static, Result<(), BoxError>> {
        let mut keys = std::mem::take(&mut self.keys);
        let mut table = lock(&self.table);
        // After the lease another request may hold the key; its claim is its own to end.
        keys.retain(|key| table.is_held_by(key, self.claim) || !table.entries.contains_key(key));
        for key in &keys {
            let entry = Entry {
                content: self.content,
                state: State::Handled(now),
            };
            table.entries.insert(*key, entry);
        }
        if !keys.is_empty() {
            table.handled.push_back((keys, now));
        }
        Box::pin(std::future::ready(Ok(())))
    }
}

impl Drop for MemoryClaim {
    fn drop(&mut self) {
        let mut table = lock(&self.table);
        for key in &self.keys {
            if table.is_held_by(key, self.claim) {
                table.entries.remove(key);
            }
        }
    }
}

/// Nothing that holds the lock can panic half way, so a poisoned table is as good as any.
fn lock(table: &Mutex<Table>) -> MutexGuard<'_, Table> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    const LEASE: Duration = Duration::from_secs(60);

    fn key(id: &str, body: u8) -> MessageKey<'_> {
        MessageKey::new("r", id).with_content([body; 32])
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
        drop(take(recent.decide(key(id, body), LEASE, at(seconds))).finish(at(seconds)));
    }

    #[test]
    fn the_first_of_an_id_wins_and_one_in_progress_is_known() {
        let recent = RecentMessages::new(10);
        let first = take(recent.decide(key("a", 1), LEASE, at(0)));
        assert!(matches!(
            recent.decide(key("a", 1), LEASE, at(0)),
            Claim::InProgress
        ));
        drop(first.finish(at(0)));
        assert!(matches!(
            recent.decide(key("a", 1), LEASE, at(0)),
            Claim::Handled { same_body: true }
        ));
        assert!(matches!(
            recent.decide(key("a", 2), LEASE, at(0)),
            Claim::Handled { same_body: false }
        ));
    }

    #[test]
    fn a_claim_that_is_dropped_gives_the_id_free() {
        let recent = RecentMessages::new(10);
        drop(recent.decide(key("a", 1), LEASE, at(0)));
        assert!(matches!(
            recent.decide(key("a", 1), LEASE, at(0)),
            Claim::First(_)
        ));
    }

    #[test]
    fn ids_of_different_receivers_are_different() {
        let recent = RecentMessages::new(10);
        handle(&recent, "a", 1, 0);
        let other = MessageKey {
            receiver: "other",
            ..key("a", 1)
        };
        assert!(matches!(
            recent.decide(other, LEASE, at(0)),
            Claim::First(_)
        ));
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_is_forgotten() {
        let recent = RecentMessages::new(3);
        for index in 0..100_u8 {
            handle(&recent, &index.to_string(), index, 0);
        }
        assert!(lock(&recent.table).entries.len() <= 4);
        assert!(matches!(
            recent.decide(key("99", 99), LEASE, at(0)),
            Claim::Handled { .. }
        ));
        assert!(matches!(
            recent.decide(key("5", 5), LEASE, at(0)),
            Claim::First(_)
        ));
    }

    #[test]
    fn a_message_is_forgotten_after_its_time_inclusive() {
        let recent = RecentMessages::new(10).keep_for(Duration::from_secs(60));
        handle(&recent, "a", 1, 100);
        assert!(matches!(
            recent.decide(key("a", 1), LEASE, at(160)),
            Claim::Handled { .. }
        ));
        assert!(matches!(
            recent.decide(key("a", 1), LEASE, at(161)),
            Claim::First(_)
        ));
    }

    #[test]
    fn a_body_that_comes_again_under_another_id_is_a_repeat_only_if_that_was_asked_for() {
        let recent = RecentMessages::new(10);
        handle(&recent, "a", 1, 0);
        assert!(matches!(
            recent.decide(key("b", 1), LEASE, at(0)),
            Claim::First(_)
        ));
        let recent = RecentMessages::new(10).same_body_within(Duration::from_secs(60));
        handle(&recent, "a", 1, 0);
        assert!(matches!(
            recent.decide(key("b", 1), LEASE, at(60)),
            Claim::Handled { same_body: true }
        ));
        handle(&recent, "c", 1, 61);
        assert!(
            matches!(
                recent.decide(key("d", 1), LEASE, at(70)),
                Claim::Handled { .. }
            ),
            "the window starts anew"
        );
    }

    #[test]
    fn a_clock_that_is_set_back_forgets_nothing() {
        let recent = RecentMessages::new(10).keep_for(Duration::from_secs(60));
        handle(&recent, "a", 1, 1000);
        assert!(matches!(
            recent.decide(key("a", 1), LEASE, at(0)),
            Claim::Handled { .. }
        ));
    }

    #[test]
    fn a_claim_ends_with_its_lease_and_its_late_end_changes_nothing_of_the_next_one() {
        let recent = RecentMessages::new(10);
        let lost = take(recent.decide(key("a", 1), LEASE, at(0)));
        assert!(matches!(
            recent.decide(key("a", 1), LEASE, at(59)),
            Claim::InProgress
        ));
        let second = take(recent.decide(key("a", 1), LEASE, at(60)));
        drop(lost);
        assert!(matches!(
            recent.decide(key("a", 1), LEASE, at(61)),
            Claim::InProgress
        ));
        drop(second.finish(at(62)));
        assert!(matches!(
            recent.decide(key("a", 1), LEASE, at(63)),
            Claim::Handled { same_body: true }
        ));
    }

    #[test]
    fn the_memory_of_an_id_does_not_grow_with_its_length() {
        let recent = RecentMessages::new(100);
        let long = "x".repeat(1 << 20);
        drop(take(recent.decide(key(&long, 1), LEASE, at(0))).finish(at(0)));
        let table = lock(&recent.table);
        let held: usize = table
            .handled
            .iter()
            .map(|(keys, _)| keys.len() * size_of::<Digest>())
            .sum();
        assert!(held < 100);
        assert!(size_of::<(Digest, Entry)>() < 128);
    }

    #[test]
    fn an_equal_body_under_an_unsigned_id_is_a_repeat_for_five_minutes_unless_switched_off() {
        let recent = RecentMessages::new(10);
        let unsigned = |id| key(id, 1).unsigned();
        drop(take(recent.decide(unsigned("a"), LEASE, at(0))).finish(at(0)));
        assert!(matches!(
            recent.decide(unsigned("b"), LEASE, at(300)),
            Claim::Handled { same_body: true }
        ));
        assert!(matches!(
            recent.decide(unsigned("b"), LEASE, at(301)),
            Claim::First(_)
        ));
        let off = RecentMessages::new(10).same_body_within(Duration::ZERO);
        drop(take(off.decide(unsigned("a"), LEASE, at(0))).finish(at(0)));
        assert!(matches!(
            off.decide(unsigned("b"), LEASE, at(1)),
            Claim::First(_)
        ));
    }
}
