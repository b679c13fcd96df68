//! The subscriptions whose lanes are in hand, and what follows from them for the lanes.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use webhooks_store::lanes::{Breaker, LaneRules, Lanes, Moment, Order, Rate};
use webhooks_store::{Database, Id, LaneName};

use crate::change_log::BELIEVED;
use crate::context::Context;
use crate::engine::load::{Load, LoadResult, ReadMark};
use crate::engine::subscription_cache::CachedSubscription;
use crate::rules::Rules;
use crate::tables::id;

/// Whether limits and breakers count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Rigour {
    /// As the subscriptions and the sender's rules say.
    Strict,
    /// In a pass by hand, which makes one request after the other, all that is due is sent.
    Lax,
}

/// Subscriptions beyond which those are forgotten whose lanes have nothing in hand.
const MAX_KNOWN: usize = 10_000;
/// What was read so lately is not read again with the next deliveries: their requests begin before it is too old to be
/// believed.
const FRESH: Duration = BELIEVED.saturating_sub(Duration::from_millis(50));
/// Subscriptions that are looked at together.
const CHECKED: usize = 1000;

pub(super) struct Subscriptions {
    rigour: Rigour,
    known: HashMap<Id, SubscriptionInHand>,
    checked_up_to: Option<LaneName>,
}

/// What was read of a subscription.
pub(super) struct SubscriptionInHand {
    lane: LaneName,
    pub(super) state: Reading,
    pub(super) read: ReadMark,
}

#[derive(Clone)]
pub(super) enum Reading {
    There(Arc<CachedSubscription>),
    Removed,
    /// It exists, and this process cannot read it.
    Unreadable,
}

impl Subscriptions {
    pub(super) fn new(rigour: Rigour) -> Self {
        Self {
            rigour,
            known: HashMap::new(),
            checked_up_to: None,
        }
    }

    pub(super) fn rigour(&self) -> Rigour {
        self.rigour
    }

    /// What is known of a subscription, as long as that is current.
    pub(super) fn get<D: Database>(
        &self,
        context: &Context<D>,
        id: Id,
    ) -> Option<&SubscriptionInHand> {
        let known = self.known.get(&id)?;
        let is_over = match &known.state {
            Reading::There(cached) => cached.is_over(context.now()),
            Reading::Removed | Reading::Unreadable => false,
        };
        let log = &context.delivering.change_log;
        (!is_over && log.is_current(id, known.read.changes)).then_some(known)
    }

    /// The same, if it was read so lately that a request which begins soon may rely on it.
    pub(super) fn fresh<D: Database>(
        &self,
        context: &Context<D>,
        id: Id,
        now: Moment,
    ) -> Option<Arc<CachedSubscription>> {
        let known = self.get(context, id)?;
        match &known.state {
            Reading::There(cached) if known.read.at.plus(FRESH) > now => Some(Arc::clone(cached)),
            _ => None,
        }
    }

    pub(super) fn forget(&mut self, id: Id) -> Option<LaneName> {
        self.known.remove(&id).map(|known| known.lane)
    }

    pub(super) fn forget_all(&mut self) -> Vec<LaneName> {
        self.known.drain().map(|(_, known)| known.lane).collect()
    }

    /// Takes note of what was read, and lets the lanes work by it.
    pub(super) fn learn<D: Database>(
        &mut self,
        context: &Context<D>,
        lanes: &mut Lanes,
        load: &Load,
        loaded: &LoadResult,
        now: Moment,
    ) {
        let known = load.jobs.iter().filter_map(|job| {
            let cached = job.known.as_ref()?;
            Some((job.subscription, (&job.lane, cached)))
        });
        // The lane may have been forgotten meanwhile, and its rules with it.
        for (lane, cached) in known.collect::<HashMap<_, _>>().into_values() {
            let state = Reading::There(Arc::clone(cached));
            self.apply(context, lanes, lane, &state, now);
        }
        let unknown = load.jobs.iter().filter(|job| job.known.is_none());
        let of_jobs = unknown.map(|job| (job.subscription, &job.lane));
        let named: HashMap<Id, LaneName> = of_jobs.map(|(id, lane)| (id, lane.clone())).collect();
        let checked = load.subscriptions.iter().filter_map(|id| {
            let lane = self.known.get(id)?.lane.clone();
            Some((*id, lane))
        });
        let checked: Vec<_> = checked.filter(|(id, _)| !named.contains_key(id)).collect();
        for (id, lane) in named.into_iter().chain(checked) {
            let state = match loaded.subscriptions.get(&id) {
                Some(cached) => Reading::There(Arc::clone(cached)),
                None if loaded.unreadable.contains(&id) => Reading::Unreadable,
                None => Reading::Removed,
            };
            self.learn_one(context, lanes, (id, lane, load.asked), state, now);
        }
        if self.known.len() > MAX_KNOWN {
            self.known.retain(|_, known| lanes.knows(&known.lane));
        }
    }

    fn learn_one<D: Database>(
        &mut self,
        context: &Context<D>,
        lanes: &mut Lanes,
        (id, lane, read): (Id, LaneName, ReadMark),
        state: Reading,
        now: Moment,
    ) {
        let before = self.known.get(&id).map(|known| known.state.revision());
        // What a former target or its settings did says nothing about the new ones.
        if before.is_some_and(|before| before != state.revision()) {
            lanes.refresh(&lane, now);
        }
        self.apply(context, lanes, &lane, &state, now);
        self.known
            .insert(id, SubscriptionInHand { lane, state, read });
    }

    /// Lets a lane work by what was read.
    fn apply<D: Database>(
        &self,
        context: &Context<D>,
        lanes: &mut Lanes,
        lane: &LaneName,
        state: &Reading,
        now: Moment,
    ) {
        let rules = &context.delivering.rules;
        match state {
            Reading::There(cached) if cached.state.gets_messages() && !cached.state.is_active() => {
                lanes.pause(lane, now);
            }
            Reading::There(cached) => {
                lanes.configure(lane, lane_rules(cached, rules, self.rigour), now);
            }
            Reading::Removed | Reading::Unreadable => {}
        }
    }

    /// Subscriptions of lanes that something is known of, some of them at a time.
    pub(super) fn next_checked(&mut self, lanes: &Lanes) -> Vec<Id> {
        let names: Vec<_> = lanes
            .lanes_after(self.checked_up_to.as_ref())
            .take(CHECKED)
            .cloned()
            .collect();
        let is_last = names.len() < CHECKED;
        self.checked_up_to = names.last().cloned().filter(|_| !is_last);
        names
            .iter()
            .filter_map(|name| id(&name.key).ok())
            .filter(|id| self.known.contains_key(id))
            .collect()
    }
}

impl Reading {
    fn revision(&self) -> Option<i64> {
        match self {
            Self::There(cached) => Some(cached.revision),
            Self::Removed | Self::Unreadable => None,
        }
    }
}

fn lane_rules(cached: &CachedSubscription, rules: &Rules, rigour: Rigour) -> LaneRules {
    let order = if cached.is_fifo {
        Order::Lane
    } else {
        Order::ByKey
    };
    let never = Breaker {
        threshold: u32::MAX,
        pause: rules.breaker.pause,
        longest_pause: rules.breaker.longest_pause,
    };
    let strict = LaneRules {
        concurrency: cached.concurrency.unwrap_or(rules.concurrency),
        rate: cached.rate_limit.map(Rate::per_second),
        breaker: Breaker {
            threshold: rules.breaker.threshold,
            ..never
        },
        order,
    };
    match rigour {
        Rigour::Strict => strict,
        Rigour::Lax => LaneRules {
            concurrency: u16::MAX,
            rate: None,
            breaker: never,
            ..strict
        },
    }
}
