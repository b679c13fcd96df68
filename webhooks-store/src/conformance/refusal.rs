//! A process leaves to another one what it cannot do.

use std::time::Duration;

use super::hand_over::{Process, Time, time};
use super::job;
use crate::database::Database;
use crate::error::Error;
use crate::lane::LaneName;
use crate::store::Store;

/// Both processes, which share the slots, and the lane of a job; the first has it.
struct Pair<D: Database> {
    time: Time<D>,
    processes: [Process<D>; 2],
    lane: LaneName,
}

impl<D: Database> Pair<D> {
    async fn meet(store: &Store<D>) -> Result<Self, Error> {
        let mut time = time(store);
        let mut processes = [Process::new(store), Process::new(store)];
        for _ in 0..12 {
            let now = time.pass(Duration::from_secs(1));
            for process in &mut processes {
                process.look(now).await?;
            }
        }
        store.enqueue(vec![job(1, "lane")]).await?;
        store.wake().all();
        let now = time.now();
        for process in &mut processes {
            process.look(now).await?;
        }
        let holds = |process: &Process<D>| process.lanes.entry(super::id(1)).is_some();
        if holds(&processes[1]) {
            processes.reverse();
        }
        let entry = processes[0].lanes.entry(super::id(1));
        let lane = entry.expect("one of them has it").lane.clone();
        Ok(Self {
            time,
            processes,
            lane,
        })
    }

    fn refuse(&mut self, number: usize) {
        let now = self.time.now();
        self.processes[number].lanes.refuse(&self.lane, now);
    }

    /// After how many seconds this one has the job in hand.
    async fn seconds_until(&mut self, number: usize) -> Result<u32, Error> {
        for seconds in 0..60 {
            let now = self.time.now();
            for process in &mut self.processes {
                process.look(now).await?;
            }
            if self.processes[number].lanes.entry(super::id(1)).is_some() {
                return Ok(seconds);
            }
            self.time.pass(Duration::from_secs(1));
        }
        panic!("{number} never has it");
    }
}

pub async fn a_slot_that_one_process_refuses_is_another_s_within_a_beat<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let mut pair = Pair::meet(&store).await?;
    pair.refuse(0);
    let seconds = pair.seconds_until(1).await?;
    assert!(seconds <= 5, "{seconds}");
    assert_eq!(pair.processes[0].lanes.slots().count(), 127);
    assert_eq!(
        pair.processes[1].lanes.slots().count(),
        129,
        "beyond its share"
    );
    // It stays there.
    for _ in 0..30 {
        let now = pair.time.pass(Duration::from_secs(1));
        for process in &mut pair.processes {
            process.look(now).await?;
        }
    }
    assert_eq!(pair.processes[1].lanes.slots().count(), 129);
    Ok(())
}

pub async fn a_slot_that_all_refuse_comes_back_and_is_not_refused_again_soon<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let mut pair = Pair::meet(&store).await?;
    pair.refuse(0);
    assert!(pair.seconds_until(1).await? <= 5);
    pair.refuse(1);
    let seconds = pair.seconds_until(0).await?;
    assert!(seconds <= 15, "{seconds}");
    pair.refuse(0);
    assert_eq!(pair.seconds_until(0).await?, 0, "it was refused just now");
    Ok(())
}

pub async fn a_process_alone_refuses_nothing<D: Database>(store: Store<D>) -> Result<(), Error> {
    let (time, mut alone) = (time(&store), Process::new(&store));
    store.enqueue(vec![job(1, "lane")]).await?;
    alone.look(time.now()).await?;
    let entry = alone.lanes.entry(super::id(1));
    let lane = entry.expect("it is due").lane.clone();
    alone.lanes.refuse(&lane, time.now());
    assert_eq!(alone.lanes.slots().count(), 256);
    assert!(alone.lanes.entry(super::id(1)).is_some());
    Ok(())
}

pub async fn what_a_process_alone_would_refuse_goes_to_the_next_that_joins<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let (mut time, mut first) = (time(&store), Process::new(&store));
    store.enqueue(vec![job(1, "lane")]).await?;
    first.look(time.now()).await?;
    let entry = first.lanes.entry(super::id(1));
    let lane = entry.expect("it is due").lane.clone();
    let mut second = Process::new(&store);
    second.look(time.now()).await?;
    // It does not know of the second before its next beat.
    first.lanes.refuse(&lane, time.now());
    for _ in 0..12 {
        let now = time.pass(Duration::from_secs(1));
        first.look(now).await?;
        second.look(now).await?;
    }
    assert!(first.lanes.entry(super::id(1)).is_none());
    assert!(second.lanes.entry(super::id(1)).is_some());
    Ok(())
}
