//! Hundreds of random steps, compared with a model of a few lines after each.

use std::collections::BTreeMap;
use std::time::Duration;

use super::fixture::sibling;
use super::{LEASE, MINUTE, QUEUE, claimer, id, job, number};
use crate::database::Database;
use crate::error::Error;
use crate::job::{Due, Id, Job, Lease, State};
use crate::settle::Verdict;
use crate::store::Store;

/// What the model knows of a job. Minutes, because PostgreSQL's own time flows a little while the test runs.
#[derive(Clone, Copy, Debug)]
struct ModelJob {
    state: State,
    attempts: u32,
    claim: i64,
    due: i64,
    lease_until: i64,
}

struct History<D: Database> {
    store: Store<D>,
    random: u64,
    /// Half minutes since the start. Everything is due at odd ones and looked at at even ones.
    now: i64,
    jobs: BTreeMap<u64, ModelJob>,
    /// Every job as it was ever claimed.
    held: Vec<Job>,
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
            held: Vec::new(),
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
        match self.below(8) {
            0 | 1 => self.enqueue().await,
            2 | 3 => self.claim().await,
            4 => self.settle().await,
            5 => self.rescue().await,
            6 => self.cancel_and_restart().await,
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
                attempts: 0,
                claim: 0,
                due: due_at,
                lease_until: 0,
            };
            self.jobs.insert(number, model);
        }
        self.store.enqueue(new).await
    }

    async fn claim(&mut self) -> Result<(), Error> {
        let due = self
            .jobs
            .values()
            .filter(|job| job.state == State::Pending && job.due <= self.now)
            .count();
        let limit = self.below(9);
        let claimed = claimer(&self.store).claim(limit).await?.jobs;
        assert!(claimed.len() <= limit as usize);
        assert!(
            !claimed.is_empty() || due == 0 || limit == 0,
            "{due} are due"
        );
        for job in claimed {
            let model = self.jobs.get_mut(&number(job.id)).expect("known");
            assert!(
                model.state == State::Pending && model.due <= self.now,
                "{job:?} {model:?}"
            );
            model.state = State::Running;
            model.claim += 1;
            // An odd number of half minutes, so that it never runs out at the very moment of a look.
            model.lease_until = self.now + 1 + i64::try_from(LEASE.as_secs() / 30).expect("short");
            assert_eq!((model.attempts, model.claim), (job.attempts, job.claim));
            self.held.push(job);
        }
        Ok(())
    }

    /// Under any of the leases ever given, most of them lost.
    async fn settle(&mut self) -> Result<(), Error> {
        let mut outcomes = Vec::new();
        for _ in 0..self.below(8) {
            if self.held.is_empty() {
                break;
            }
            let newest = self.held.len() - 1 - self.below(self.held.len().min(12)) as usize;
            let (due, due_at) = self.random_due();
            let verdict = match self.below(5) {
                0 => Verdict::Done,
                1 => Verdict::Failed,
                2 => Verdict::Cancelled,
                3 => Verdict::Release(due),
                _ => Verdict::Retry(due),
            };
            outcomes.push((self.held[newest].outcome(verdict), due_at));
        }
        let settled = self
            .store
            .settle(
                outcomes
                    .iter()
                    .map(|(outcome, _)| outcome.clone())
                    .collect(),
            )
            .await?;
        for ((outcome, due_at), settled) in outcomes.into_iter().zip(settled) {
            let model = self.jobs.get_mut(&number(outcome.lease.id)).expect("known");
            let counts = model.state == State::Running && model.claim == outcome.lease.claim;
            assert_eq!(settled.is_applied(), counts, "{outcome:?} {model:?}");
            if counts {
                model.attempts += u32::from(matches!(
                    outcome.verdict,
                    Verdict::Done | Verdict::Failed | Verdict::Retry(_)
                ));
                (model.state, model.due) = match outcome.verdict {
                    Verdict::Done => (State::Done, model.due),
                    Verdict::Failed => (State::Failed, model.due),
                    Verdict::Cancelled | Verdict::Forget => (State::Cancelled, model.due),
                    Verdict::Retry(_) | Verdict::Release(_) => (State::Pending, due_at),
                };
            }
        }
        Ok(())
    }

    async fn rescue(&mut self) -> Result<(), Error> {
        // Half a minute more than the model's lease would be: the model rounds up.
        let rescued = self.store.rescue(QUEUE, LEASE + MINUTE, 1000).await?;
        let mut expected = Vec::new();
        for (number, model) in &mut self.jobs {
            if model.state == State::Running && model.lease_until <= self.now + 1 {
                expected.push(Lease {
                    id: id(*number),
                    claim: model.claim,
                });
                model.state = State::Pending;
            }
        }
        let sorted = |mut leases: Vec<Lease>| {
            leases.sort_by_key(|lease| lease.id);
            leases
        };
        assert_eq!(sorted(rescued), sorted(expected));
        Ok(())
    }

    async fn cancel_and_restart(&mut self) -> Result<(), Error> {
        let (cancelled, restarted) = (self.random_ids(), self.random_ids());
        let mut transaction = self.store.begin().await?;
        self.store.cancel_in(&mut transaction, &cancelled).await?;
        self.store
            .restart_in(&mut transaction, &restarted, Due::Now, None)
            .await?;
        transaction.commit().await?;
        for id in cancelled {
            let model = self.jobs.get_mut(&number(id)).expect("known");
            if matches!(model.state, State::Pending | State::Running) {
                model.state = State::Cancelled;
            }
        }
        for id in restarted {
            let model = self.jobs.get_mut(&number(id)).expect("known");
            if model.state != State::Running {
                (model.state, model.due) = (State::Pending, self.now);
            }
        }
        Ok(())
    }

    async fn compare(&self, place: &str) -> Result<(), Error> {
        for (number, model) in &self.jobs {
            let found = self
                .store
                .job(id(*number))
                .await?
                .expect("no job gets lost");
            let expected = (model.state, model.attempts, model.claim);
            assert_eq!(
                (found.state, found.attempts, found.claim),
                expected,
                "{place}, job {number}"
            );
        }
        let running = self
            .jobs
            .values()
            .filter(|job| job.state == State::Running)
            .count();
        assert_eq!(
            self.store.counts(QUEUE).await?.running as usize,
            running,
            "{place}"
        );
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
