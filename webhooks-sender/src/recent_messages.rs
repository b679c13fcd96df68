//! Messages that this process has accepted a moment ago, kept for its own engine: what is delivered next need not be read
//! from the database that it was just written to.
//!
//! What waits is known from the database alone, and a message is kept here before its transaction is committed: one that was
//! rolled back is never asked for. Whatever is missing here is read. The messages are bounded in number, bytes and age, so
//! that a process whose deliveries are another's keeps next to nothing.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use webhooks_store::{Id, from_ms};

use crate::dialect::Wire;
use crate::model::MessageId;
use crate::tables::NewMessage;

/// A message as the engine needs it.
pub(crate) struct LoadedMessage {
    pub(crate) id: MessageId,
    pub(crate) event: String,
    pub(crate) bare: bool,
    pub(crate) wire: Arc<Wire>,
    /// Missing when the retention has removed it.
    pub(crate) body: Option<Bytes>,
    pub(crate) expires: Option<SystemTime>,
}

/// A delivery that begins later reads its message.
const MAX_AGE: Duration = Duration::from_secs(2);
const MAX_MESSAGES: usize = 1024;
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The messages, oldest first.
#[derive(Default)]
pub(crate) struct RecentMessages {
    /// Whether there is an engine that takes them.
    is_wanted: AtomicBool,
    shelf: Mutex<Shelf>,
}

#[derive(Default)]
struct Shelf {
    by_id: HashMap<Id, Arc<LoadedMessage>>,
    /// Also those that were taken meanwhile.
    in_order: VecDeque<(SystemTime, Id)>,
    bytes: usize,
}

impl RecentMessages {
    /// From now on there is an engine that takes them, or none any more.
    pub(crate) fn set_wanted(&self, is_wanted: bool) {
        self.is_wanted.store(is_wanted, Ordering::Relaxed);
        if !is_wanted {
            *self.shelf() = Shelf::default();
        }
    }

    /// Keeps a message that is being written.
    pub(crate) fn keep(&self, message: &NewMessage, now: SystemTime) {
        if !self.is_wanted.load(Ordering::Relaxed) {
            return;
        }
        // What cannot be read is left to the reading from the database, which says so.
        if let Some(loaded) = loaded(message) {
            self.shelf().add(message.id.key(), loaded, now);
        }
    }

    /// Takes those of these messages that are here.
    pub(crate) fn take(
        &self,
        ids: impl Iterator<Item = Id>,
        now: SystemTime,
    ) -> HashMap<Id, Arc<LoadedMessage>> {
        let mut messages = self.shelf();
        messages.forget_old(now);
        ids.filter_map(|id| Some((id, messages.remove(id)?)))
            .collect()
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    fn add(&mut self, id: Id, message: LoadedMessage, now: SystemTime) {
        self.bytes += size(&message);
        if let Some(before) = self.by_id.insert(id, Arc::new(message)) {
            self.bytes -= size(&before);
        }
        self.in_order.push_back((now, id));
        self.forget_old(now);
        while self.in_order.len() > MAX_MESSAGES || self.bytes > MAX_BYTES {
            let Some((_, id)) = self.in_order.pop_front() else {
                return;
            };
            self.remove(id);
        }
    }

    fn forget_old(&mut self, now: SystemTime) {
        // By a clock that was set back everything is old.
        let is_old = |at: SystemTime| now.duration_since(at).map_or(true, |age| age > MAX_AGE);
        while let Some((_, id)) = self.in_order.pop_front_if(|(at, _)| is_old(*at)) {
            self.remove(id);
        }
    }

    fn remove(&mut self, id: Id) -> Option<Arc<LoadedMessage>> {
        let message = self.by_id.remove(&id)?;
        self.bytes -= size(&message);
        Some(message)
    }
}

fn size(message: &LoadedMessage) -> usize {
    message.body.as_ref().map_or(0, Bytes::len)
}

fn loaded(message: &NewMessage) -> Option<LoadedMessage> {
    let wire = match &message.wire {
        None => Wire::usual(),
        Some(wire) => serde_json::from_str(wire).ok()?,
    };
    Some(LoadedMessage {
        id: message.id.clone(),
        event: message.event.clone(),
        bare: message.bare,
        wire: Arc::new(wire),
        body: Some(message.body.clone()),
        expires: message.expires_ms.map(from_ms),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Owner;

    fn message(number: u8, size: usize) -> NewMessage {
        NewMessage {
            id: MessageId::from_key(Id::from_bytes([number; 16])),
            event: "noted".to_owned(),
            owner: Owner::everyone(),
            bare: false,
            wire: None,
            body: vec![number; size].into(),
            created_ms: 0,
            expires_ms: None,
            idempotency_key: None,
            labels: None,
        }
    }

    fn wanted() -> RecentMessages {
        let recent = RecentMessages::default();
        recent.set_wanted(true);
        recent
    }

    /// Which of the first ten are there.
    fn there(recent: &RecentMessages, now: SystemTime) -> Vec<u8> {
        let id = |number: u8| Id::from_bytes([number; 16]);
        let found = recent.take((0..10).map(id), now);
        (0..10)
            .filter(|number| found.contains_key(&id(*number)))
            .collect()
    }

    #[test]
    fn a_message_is_taken_once() {
        let (recent, now) = (wanted(), SystemTime::UNIX_EPOCH);
        recent.keep(&message(1, 10), now);
        recent.keep(&message(2, 10), now);
        assert_eq!(there(&recent, now), [1, 2]);
        assert_eq!(there(&recent, now), [0; 0]);
    }

    #[test]
    fn an_old_message_is_left_to_the_database() {
        let (recent, now) = (wanted(), SystemTime::UNIX_EPOCH);
        recent.keep(&message(1, 10), now);
        recent.keep(&message(2, 10), now + MAX_AGE);
        let later = now + MAX_AGE + Duration::from_millis(1);
        assert_eq!(there(&recent, later), [2]);
    }

    #[test]
    fn by_a_clock_that_was_set_back_every_message_is_old() {
        let (recent, now) = (wanted(), SystemTime::UNIX_EPOCH + MAX_AGE);
        recent.keep(&message(1, 10), now);
        assert_eq!(there(&recent, SystemTime::UNIX_EPOCH), [0; 0]);
    }

    #[test]
    fn beyond_the_bytes_the_oldest_are_forgotten() {
        let (recent, now) = (wanted(), SystemTime::UNIX_EPOCH);
        for number in 1..=5 {
            recent.keep(&message(number, MAX_BYTES / 4), now);
        }
        assert_eq!(there(&recent, now), [2, 3, 4, 5]);
        recent.keep(&message(6, MAX_BYTES + 1), now);
        assert_eq!(there(&recent, now), [0; 0]);
        recent.keep(&message(7, 1), now);
        assert_eq!(there(&recent, now), [7]);
    }

    #[test]
    fn beyond_the_number_the_oldest_are_forgotten() {
        let (recent, now) = (wanted(), SystemTime::UNIX_EPOCH);
        recent.keep(&message(1, 1), now);
        for _ in 0..MAX_MESSAGES {
            recent.keep(&message(2, 1), now);
        }
        assert_eq!(there(&recent, now), [2]);
    }

    #[test]
    fn without_an_engine_nothing_is_kept() {
        let (recent, now) = (RecentMessages::default(), SystemTime::UNIX_EPOCH);
        recent.keep(&message(1, 10), now);
        assert_eq!(there(&recent, now), [0; 0]);
        recent.set_wanted(true);
        recent.keep(&message(1, 10), now);
        recent.set_wanted(false);
        assert_eq!(there(&recent, now), [0; 0]);
    }
}
