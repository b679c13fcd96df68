//! Hundreds of random steps, compared with a model of a few lines after each.

use std::collections::BTreeMap;
use std::time::Duration;

use super::fixture::sibling;
use super::{MINUTE, QUEUE, due, id, job, number};
use crate::database::Database;
use crate::error::Error;
use crate::job::{Due, Id, State};
use crate::lanes::{Entry, Recorded, Version};
use crate::outcome::Verdict;
use crate::store::Store;

/// What the model knows of a job. Minutes, because PostgreSQL's own time flows a little while the test runs.
#[derive(Clone, Copy, Debug)]
struct ModelJob {
    state: State,
    version: Version,
    attempts: u32,
    due: i64,
    is_held: bool,
}

struct History<D: Database> {
    store: Store<D>,
    random: u64,
    /// Half minutes since the start. Everything is due at odd ones and looked at at even ones.
    now: i64,
    jobs: BTreeMap<u64, ModelJob>,
    /// Every job as it was ever read.
    read: Vec<Entry>,
}

pub async fn a_random_history_is_what_the_model_says<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    for seed in 1..4 {
        let prefix = sibling(&store, &format!("seed{seed}_"))?;
        let store = store.options().prefix(prefix).open().await?;
        let mut history = History {
            store,
            random: seed,
            now: 0,
            jobs: BTreeMap::new(),
            read: Vec::new(),
        };
        for step in 0..120 {
            history.step().await?;
            history
                .compare(&format!("seed {seed}, step {step}"))
                .await?;
        }
    }
    Ok(())
}

impl<D: Database> History<D> {
    async fn step(&mut self) -> Result<(), Error> {
        match self.below(7) {
            0 | 1 => self.enqueue().await,
            2 | 3 => self.read().await,
            4 => self.record().await,
            5 => self.cancel_and_restart().await,
            _ => {
                let minutes = self.below(3) + 1;
                self.now += 2 * i64::from(minutes);
                self.store.clock().advance(minutes * MINUTE);
                Ok(())
            }
        }
    }

    async fn enqueue(&mut self) -> Result<(), Error> {
        let first = self.jobs.len() as u64;
        let mut new = Vec::new();
        for number in first..first + u64::from(self.below(6)) {
            let (due, due_at) = self.random_due();
            let lane = format!("lane {}", self.below(4));
            new.push(job(number, &lane).due(due));
            let model = ModelJob {
                state: State::Pending,
                version: Version::default(),
                attempts: 0,
                due: due_at,
                is_held: false,
            };
            self.jobs.insert(number, model);
        }
        self.store.enqueue(new).await
    }

    async fn read(&mut self) -> Result<(), Error> {
        let mut found = Vec::new();
        for lane in 0..4 {
            found.extend(due(&self.store, &format!("lane {lane}"), 1000).await?);
        }
        for entry in &found {
            let model = self.jobs[&number(entry.id())];
            assert!(model.state == State::Pending && model.due <= self.now);
            let seen = (entry.version, entry.attempts, entry.held_ms.is_some());
            assert_eq!(seen, (model.version, model.attempts, model.is_held));
        }
        let is_due = |job: &&ModelJob| job.state == State::Pending && job.due <= self.now;
        assert_eq!(found.len(), self.jobs.values().filter(is_due).count());
        self.read.extend(found);
        Ok(())
    }

    /// Of any version ever read, most of them old.
    async fn record(&mut self) -> Result<(), Error> {
        let mut outcomes = Vec::new();
        for _ in 0..self.below(8) {
            if self.read.is_empty() {
                break;
            }
            let newest = self.read.len() - 1 - self.below(self.read.len().min(12)) as usize;
            let entry = self.read[newest].clone();
            let (due, due_at) = self.random_due();
            let verdict = match self.below(6) {
                0 => Verdict::Done,
                1 => Verdict::Failed,
                2 => Verdict::Cancelled,
                3 => Verdict::Postpone(due),
                4 => Verdict::Hold(due),
                _ => Verdict::Retry(due),
            };
            outcomes.push((entry, verdict, due_at));
        }
        let given = outcomes
            .iter()
            .map(|(entry, verdict, _)| entry.outcome(*verdict));
        let recorded = self.store.record(&given.collect::<Vec<_>>()).await?;
        let mut seen = std::collections::BTreeSet::new();
        for ((entry, verdict, due_at), recorded) in outcomes.into_iter().zip(recorded) {
            let model = self.jobs.get_mut(&number(entry.id())).expect("known");
            let (now, tried) = (model.version, entry.version);
            let fits = now.generation == tried.generation
                && (verdict == Verdict::Done || now.change == tried.change);
            let counts = model.state == State::Pending && fits && seen.insert(entry.id());
            assert_eq!(
                recorded != Recorded::Missed,
                counts,
                "{verdict:?} {model:?}"
            );
            seen.insert(entry.id());
            if counts {
                model.apply(verdict, due_at);
            }
        }
        Ok(())
    }

    async fn cancel_and_restart(&mut self) -> Result<(), Error> {
        let (cancelled, restarted) = (self.random_ids(), self.random_ids());
        let mut transaction = self.store.begin().await?;
        self.store.cancel_in(&mut transaction, &cancelled).await?;
        self.store
            .restart_in(&mut transaction, &restarted, None)
            .await?;
        transaction.commit().await?;
        for id in cancelled {
            let model = self.jobs.get_mut(&number(id)).expect("known");
            if model.state == State::Pending {
                model.state = State::Cancelled;
            }
        }
        let mut once = restarted;
        once.sort_unstable();
        once.dedup();
        for id in once {
            let now = self.now;
            let model = self.jobs.get_mut(&number(id)).expect("known");
            model.restart(now);
        }
        Ok(())
    }

    async fn compare(&self, place: &str) -> Result<(), Error> {
        for (number, model) in &self.jobs {
            let found = self.store.job(id(*number)).await?;
            let found = found.expect("no job gets lost");
            let seen = (found.state, found.attempts, found.generation);
            let expected = (model.state, model.attempts, model.version.generation);
            assert_eq!(seen, expected, "{place}, job {number}");
        }
        let waiting = |job: &&ModelJob| job.state == State::Pending;
        let is_due = |job: &&ModelJob| job.due <= self.now;
        let ready = self.jobs.values().filter(waiting).filter(is_due).count();
        let counts = self.store.counts(QUEUE).await?;
        assert_eq!(counts.ready as usize, ready, "{place}");
        Ok(())
    }

    fn random_ids(&mut self) -> Vec<Id> {
        let known = self.jobs.len();
        (0..self.below(4).min(u32::try_from(known).expect("few")))
            .map(|_| id(u64::from(self.below(known))))
            .collect()
    }

    fn random_due(&mut self) -> (Due, i64) {
        match self.below(3) {
            0 => (Due::Now, self.now),
            half_minutes => {
                let half_minutes = 2 * half_minutes - 1;
                (
                    Due::After(Duration::from_secs(30) * half_minutes),
                    self.now + i64::from(half_minutes),
                )
            }
        }
    }

    /// Xorshift: the same history for the same seed, on every database.
    fn below(&mut self, bound: impl TryInto<u64>) -> u32 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        let bound = bound.try_into().unwrap_or(1).max(1);
        u32::try_from((self.random >> 11) % bound).expect("bounds are small")
    }
}

impl ModelJob {
    fn apply(&mut self, verdict: Verdict, due_at: i64) {
        let counts = !matches!(verdict, Verdict::Cancelled | Verdict::Postpone(_));
        self.attempts += u32::from(counts);
        match verdict {
            Verdict::Done => self.state = State::Done,
            Verdict::Failed => self.state = State::Failed,
            Verdict::Cancelled | Verdict::Forget => self.state = State::Cancelled,
            Verdict::Retry(_) | Verdict::Postpone(_) => {
                (self.due, self.is_held) = (due_at, false);
                self.version.change += 1;
            }
            Verdict::Hold(_) | Verdict::Stop => {
                self.is_held = true;
                self.version.change += 1;
            }
        }
    }

    fn restart(&mut self, now: i64) {
        if self.state == State::Pending {
            self.version.change += 1;
            self.due = self.due.min(now);
        } else {
            self.version.generation += 1;
            self.version.change = 0;
            self.due = now;
        }
        (self.state, self.is_held) = (State::Pending, false);
    }
}
