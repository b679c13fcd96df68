//! What this process has to tell the others: gathered, so that much of it is sent together.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::slot_set::SlotSet;

/// What this process has to tell the others.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    news: Mutex<BTreeMap<&'static str, News>>,
    changed: Notify,
}

/// What has come in a queue, and what may come soon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct News {
    pub(crate) now: SlotSet,
    pub(crate) soon: SlotSet,
}

impl Outbox {
    pub(crate) fn add(
        &self,
        queue: &'static str,
        part: impl Fn(&mut News) -> &mut SlotSet,
        slots: &SlotSet,
    ) {
        if slots.is_empty() {
            return;
        }
        let mut news = self.news();
        let part = part(news.entry(queue).or_default());
        *part = part.with(slots);
        drop(news);
        self.changed.notify_one();
    }

    /// What there is to tell, as soon as there is anything.
    pub(crate) async fn take(&self) -> BTreeMap<&'static str, News> {
        loop {
            let news = std::mem::take(&mut *self.news());
            if !news.is_empty() {
                return news;
            }
            self.changed.notified().await;
        }
    }

    pub(crate) fn news(&self) -> MutexGuard<'_, BTreeMap<&'static str, News>> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
