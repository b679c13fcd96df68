//! Two processes work on one queue: what one has not done, the other does.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{MINUTE, QUEUE, TTL, job, jobs, lane, number, settings};
use crate::database::Database;
use crate::error::Error;
use crate::job::{Due, State};
use crate::lanes::{Answer, Breaker, Ending, Entry, LaneRules, Lanes, Moment, Order};
use crate::outcome::Verdict;
use crate::slot_set::SlotSet;
use crate::store::Store;
use crate::worker::Worker;

/// A machine and what runs its statements.
pub(super) struct Process<D: Database> {
    store: Store<D>,
    pub(super) lanes: Lanes,
    worker: Worker<D>,
}

impl<D: Database> Process<D> {
    pub(super) fn new(store: &Store<D>) -> Self {
        let settings = settings(100);
        Self {
            store: store.clone(),
            lanes: Lanes::new(settings),
            worker: Worker::new(store, QUEUE, &settings),
        }
    }

    /// Asks until there is nothing to ask at this moment.
    pub(super) async fn look(&mut self, now: Moment) -> Result<(), Error> {
        self.lanes.tick(now);
        // The feed is looked at without a pause here: when it has brought nothing four times, everything has been seen.
        let mut idle = 0;
        while idle < 4 {
            let Some(ask) = self.lanes.ask(now) else {
                break;
            };
            let answer = self.worker.execute(&ask).await?;
            if let Answer::Feed { rows, .. } = &answer {
                idle += u32::from(rows.entries.is_empty());
            }
            self.lanes.answer(answer, now);
            let names: Vec<_> = self.lanes.lanes_after(None).cloned().collect();
            for name in names {
                self.lanes.configure(&name, RULES, now);
            }
        }
        Ok(())
    }

    /// Begins what may be begun.
    pub(super) fn begin(&mut self, now: Moment) -> Vec<Entry> {
        std::iter::from_fn(|| self.lanes.begin(now)).collect()
    }

    /// Ends what was begun.
    pub(super) async fn end(
        &mut self,
        begun: Vec<Entry>,
        verdict: Verdict,
        now: Moment,
    ) -> Result<(), Error> {
        let outcomes: Vec<_> = begun.iter().map(|entry| entry.outcome(verdict)).collect();
        for entry in &begun {
            self.lanes.ended(entry.id(), Ending::Succeeded, now);
        }
        let recorded = self.store.record(&outcomes).await?;
        for (entry, recorded) in begun.iter().zip(recorded) {
            self.lanes.recorded(entry.id(), recorded, now);
        }
        Ok(())
    }
}

const RULES: LaneRules = LaneRules {
    concurrency: 3,
    rate: None,
    breaker: Breaker {
        threshold: u32::MAX,
        pause: Duration::ZERO,
        longest_pause: Duration::ZERO,
    },
    order: Order::ByKey,
};

/// The time of the processes and of the database, which pass together.
pub(super) struct Time<D: Database> {
    store: Store<D>,
    passed: Duration,
}

impl<D: Database> Time<D> {
    pub(super) fn pass(&mut self, time: Duration) -> Moment {
        self.passed += time;
        self.store.clock().advance(time);
        self.now()
    }

    pub(super) fn now(&self) -> Moment {
        Moment::after(self.passed)
    }
}

pub(super) fn time<D: Database>(store: &Store<D>) -> Time<D> {
    let (store, passed) = (store.clone(), Duration::ZERO);
    Time { store, passed }
}

pub async fn two_processes_do_everything_once<D: Database>(store: Store<D>) -> Result<(), Error> {
    let mut time = time(&store);
    for number in 0..30_u64 {
        let key = format!("lane {number}");
        store
            .enqueue(jobs(number * 10..number * 10 + 4, &key))
            .await?;
    }
    let (mut one, mut other) = (Process::new(&store), Process::new(&store));
    let mut made = BTreeMap::<u64, u32>::new();
    one.look(time.now()).await?;
    assert_eq!(one.lanes.slots().count(), 256);
    let mut shares = Vec::new();
    for round in 0..30_u64 {
        let now = time.pass(Duration::from_secs(5));
        one.look(now).await?;
        if round > 2 {
            other.look(now).await?;
        }
        for process in [&mut one, &mut other] {
            let begun = process.begin(now);
            for entry in &begun {
                *made.entry(number(entry.id())).or_default() += 1;
            }
            process.end(begun, Verdict::Done, now).await?;
        }
        // What comes meanwhile is found by the process that has its lane by now.
        let key = format!("lane {}", round % 30);
        store.enqueue(vec![job(1000 + round, &key)]).await?;
        shares.push((one.lanes.slots().count(), other.lanes.slots().count()));
        store.wake().now(QUEUE, &SlotSet::all());
    }
    let now = time.now();
    one.look(now).await?;
    other.look(now).await?;
    for process in [&mut one, &mut other] {
        let begun = process.begin(now);
        for entry in &begun {
            *made.entry(number(entry.id())).or_default() += 1;
        }
        process.end(begun, Verdict::Done, now).await?;
    }
    assert_eq!(made.len(), 120 + 30, "everything");
    assert!(made.values().all(|count| *count == 1), "once");
    let (first, second) = shares.last().copied().expect("rounds were made");
    assert!(
        first + second <= 256 && first <= 144 && second >= 112,
        "{shares:?}"
    );
    assert_eq!(store.counts(QUEUE).await?.ready, 0);
    Ok(())
}

pub async fn what_a_dead_process_had_in_hand_is_done_by_another<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let mut time = time(&store);
    store.enqueue(jobs(0..3, "a")).await?;
    store.enqueue(jobs(10..12, "b")).await?;
    let (mut one, mut other) = (Process::new(&store), Process::new(&store));
    one.look(time.now()).await?;
    let begun = one.begin(time.now());
    assert_eq!(begun.len(), 5);
    // It gets as far as this: one has ended, one is put off, of three nothing is known.
    let first = [begun[0].outcome(Verdict::Done)];
    store.record(&first).await?;
    let second = [begun[1].outcome(Verdict::Retry(Due::After(MINUTE)))];
    store.record(&second).await?;
    other.look(time.now()).await?;
    assert_eq!(other.begin(time.now()), [], "the lanes are another's");
    other.look(time.pass(TTL / 2)).await?;
    assert_eq!(other.begin(time.now()), []);
    for _ in 0..3 {
        other.look(time.pass(TTL / 3)).await?;
    }
    assert_eq!(other.lanes.slots().count(), 256);
    let taken_over = other.begin(time.now());
    assert_eq!(taken_over.len(), 3);
    let versions: Vec<_> = begun[2..].iter().map(|entry| entry.version).collect();
    let same: Vec<_> = taken_over.iter().map(|entry| entry.version).collect();
    assert_eq!(versions, same);
    other.end(taken_over, Verdict::Done, time.now()).await?;
    // What the dead one had put off is found when its time comes.
    for _ in 0..14 {
        other.look(time.pass(Duration::from_secs(5))).await?;
    }
    let retried = other.begin(time.now());
    assert_eq!(retried.len(), 1);
    assert_eq!((retried[0].id(), retried[0].attempts), (begun[1].id(), 1));
    // It was not dead after all, and says what it knows: it ends what it ended, and counts nothing twice.
    let late = vec![
        begun[1].outcome(Verdict::Failed),
        begun[2].outcome(Verdict::Done),
    ];
    let late = store.record(&late).await?;
    assert_eq!(late, [crate::lanes::Recorded::Missed; 2]);
    other.end(retried, Verdict::Done, time.now()).await?;
    for entry in begun {
        let record = store.job(entry.id()).await?.expect("it is kept");
        assert_eq!(record.state, State::Done);
    }
    Ok(())
}

pub async fn a_lane_that_is_paused_is_found_again_when_it_is_touched<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let time = time(&store);
    store.enqueue(jobs(0..3, "a")).await?;
    let mut one = Process::new(&store);
    one.look(time.now()).await?;
    one.lanes.pause(&lane("a"), time.now());
    assert_eq!((one.begin(time.now()).len(), one.lanes.in_hand()), (0, 0));
    one.look(time.now()).await?;
    assert_eq!(one.begin(time.now()), []);
    // Another process activates what it stands for.
    let mut transaction = store.begin().await?;
    assert!(
        store
            .touch_lane_in(&mut transaction, QUEUE, &lane("a"))
            .await?
    );
    transaction.commit().await?;
    one.look(time.now()).await?;
    let begun = one.begin(time.now());
    assert_eq!(begun.len(), 3);
    one.end(begun, Verdict::Done, time.now()).await?;
    Ok(())
}

pub async fn a_row_that_is_held_keeps_its_followers_back<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let mut time = time(&store);
    let ordered = |number| job(number, "a").order_key("k");
    store
        .enqueue(vec![ordered(1), ordered(2), job(3, "a")])
        .await?;
    let mut one = Process::new(&store);
    one.look(time.now()).await?;
    let begun = one.begin(time.now());
    let order =
        |begun: &[Entry]| -> Vec<_> { begun.iter().map(|entry| number(entry.id())).collect() };
    assert_eq!(order(&begun), [1, 3], "the second waits for the first");
    one.end(begun, Verdict::Hold(Due::After(MINUTE)), time.now())
        .await?;
    // A hold of what has no key holds back that job alone.
    one.look(time.now()).await?;
    assert_eq!(one.begin(time.now()), []);
    for _ in 0..14 {
        one.look(time.pass(Duration::from_secs(5))).await?;
    }
    let mut again = one.begin(time.now());
    again.sort_unstable_by_key(Entry::id);
    assert_eq!(order(&again), [1, 3]);
    assert!(again.iter().all(|entry| entry.attempts == 1));
    one.end(again, Verdict::Done, time.now()).await?;
    one.look(time.pass(Duration::from_secs(1))).await?;
    assert_eq!(order(&one.begin(time.now())), [2]);
    Ok(())
}
