//! Those who listen to what happens, and the one task that reads for all of them.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::broadcast::{self, error::RecvError};
use webhooks_store::Database;

use super::follower::{Follower, caught_up};
use crate::context::Context;
use crate::error::Error;
use crate::model::{Happening, LivePosition};

/// Happenings that are kept for a listener that is slow; when there are more, it misses some and gets a gap.
const KEPT: usize = 4096;
/// How often the database is read.
const ROUND: Duration = Duration::from_secs(1);
/// How long a listener waits before it hears that nothing happens.
const IDLE: Duration = Duration::from_secs(15);

/// What the listeners of a sender share.
#[derive(Debug)]
pub(crate) struct Feed {
    happenings: broadcast::Sender<Arc<Happening>>,
    is_followed: AtomicBool,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            happenings: broadcast::Sender::new(KEPT),
            is_followed: AtomicBool::new(false),
        }
    }
}

/// What a listener gets.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Live {
    /// Something happened.
    Happened(Arc<Happening>),
    /// More happened than could be kept for this listener; what was left out is in the lists.
    Gap,
    /// Nothing has happened for 15 seconds.
    Idle,
}

/// Listens to what happens. Made by [`Account::live`](crate::Account::live) and [`Operator::live`](crate::Operator::live).
#[derive(Debug)]
pub struct LiveFeed<D: Database> {
    context: Arc<Context<D>>,
    owner: Option<String>,
    receiver: broadcast::Receiver<Arc<Happening>>,
    /// What happened before it began to listen, and since the position that was named.
    backlog: VecDeque<Live>,
    /// What the backlog had, which may come once more.
    told: HashSet<String>,
}

impl<D: Database> LiveFeed<D> {
    /// The next; none when the sender shuts down.
    pub async fn next(&mut self) -> Option<Live> {
        if let Some(live) = self.backlog.pop_front() {
            return Some(live);
        }
        loop {
            if self.context.publishing.is_shut_down() {
                return None;
            }
            match tokio::time::timeout(IDLE, self.receiver.recv()).await {
                Err(_) => return Some(Live::Idle),
                Ok(Err(RecvError::Lagged(_))) => return Some(Live::Gap),
                Ok(Err(RecvError::Closed)) => return None,
                Ok(Ok(happening)) if self.reaches(&happening) => {
                    return Some(Live::Happened(happening));
                }
                Ok(Ok(_)) => {}
            }
        }
    }

    /// The next of those that had happened before it began to listen; none when there are no more.
    pub fn next_of_backlog(&mut self) -> Option<Live> {
        self.backlog.pop_front()
    }

    fn reaches(&self, happening: &Happening) -> bool {
        if !self.told.is_empty() && self.told.contains(&happening.position().to_string()) {
            return false;
        }
        let Some(own) = &self.owner else {
            return true;
        };
        let is_own = happening.owner().is_none_or(|owner| owner == own);
        let publishing = &self.context.publishing;
        is_own
            && publishing
                .may_see(Some(own), happening.event())
                .unwrap_or(false)
    }
}

impl Feed {
    /// Listens before it looks back, so that nothing falls between.
    pub(crate) async fn listen<D: Database>(
        self: &Arc<Self>,
        context: &Arc<Context<D>>,
        owner: Option<String>,
        after: Option<LivePosition>,
    ) -> Result<LiveFeed<D>, Error> {
        let mut feed = LiveFeed {
            context: Arc::clone(context),
            owner,
            receiver: self.happenings.subscribe(),
            backlog: VecDeque::new(),
            told: HashSet::new(),
        };
        if !self.is_followed.swap(true, Ordering::AcqRel) {
            tokio::spawn(follow(Arc::clone(context), Arc::clone(self)));
        }
        if let Some(after) = after {
            let found = caught_up(context, feed.owner.as_deref(), &after).await?;
            if found.is_cut {
                feed.backlog.push_back(Live::Gap);
            }
            for happening in found.happenings {
                if happening.position() > after && feed.reaches(&happening) {
                    feed.told.insert(happening.position().to_string());
                    feed.backlog.push_back(Live::Happened(Arc::new(happening)));
                }
            }
        }
        Ok(feed)
    }
}

/// Reads what happens until no listener is left.
async fn follow<D: Database>(context: Arc<Context<D>>, feed: Arc<Feed>) {
    let mut follower = Follower::new(context.now());
    loop {
        while feed.happenings.receiver_count() > 0 && !context.publishing.is_shut_down() {
            match follower.round(&context).await {
                Ok(happenings) => {
                    for happening in happenings {
                        // Without a listener it is lost, which is what a listener that is gone asked for.
                        let _ = feed.happenings.send(Arc::new(happening));
                    }
                }
                Err(error) => {
                    tracing::warn!(error = %error.reason(), "the live feed cannot read the database");
                }
            }
            tokio::time::sleep(ROUND).await;
        }
        feed.is_followed.store(false, Ordering::Release);
        // A listener that came between the last look and the line above has found the feed followed.
        let is_needed = feed.happenings.receiver_count() > 0 && !context.publishing.is_shut_down();
        if !is_needed || feed.is_followed.swap(true, Ordering::AcqRel) {
            return;
        }
    }
}
