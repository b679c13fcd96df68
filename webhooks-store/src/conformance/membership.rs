//! Processes share the slots out: none has two owners, none is left without one.

use std::collections::BTreeMap;
use std::time::Duration;

use super::hand_over::{Process, time};
use super::{MARGIN, MINUTE, TTL, worker};
use crate::database::Database;
use crate::error::Error;
use crate::lane::Slot;
use crate::lanes::{Answer, Ask, Membership, Moment, OwnSlot};
use crate::store::Store;
use crate::worker::Worker;

const SENT_AT: Moment = Moment::after(Duration::ZERO);

pub(super) async fn join<D: Database>(worker: &mut Worker<D>) -> Result<Membership, Error> {
    match worker.execute(&Ask::Join { sent_at: SENT_AT }).await? {
        Answer::Membership(Some(membership)) => Ok(membership),
        other => panic!("{other:?}"),
    }
}

pub(super) async fn beat<D: Database>(worker: &mut Worker<D>) -> Result<Option<Membership>, Error> {
    match worker.execute(&Ask::Beat { sent_at: SENT_AT }).await? {
        Answer::Membership(membership) => Ok(membership),
        other => panic!("{other:?}"),
    }
}

async fn take<D: Database>(worker: &mut Worker<D>, most: u32) -> Result<Vec<(Slot, i64)>, Error> {
    match worker.execute(&Ask::Take { most, back: false }).await? {
        Answer::Taken(taken) => Ok(epochs(&taken)),
        other => panic!("{other:?}"),
    }
}

fn epochs(slots: &[OwnSlot]) -> Vec<(Slot, i64)> {
    let mut epochs: Vec<_> = slots.iter().map(|own| (own.slot, own.epoch)).collect();
    epochs.sort_unstable();
    epochs
}

pub async fn a_process_alone_takes_all_slots_and_gives_them_back<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let mut one = worker(&store);
    assert_eq!(beat(&mut one).await?, None, "who has not joined is out");
    assert_eq!(take(&mut one, 10).await?, []);
    let membership = join(&mut one).await?;
    assert_eq!(
        (membership.own, membership.free, membership.share),
        (vec![], 256, 256)
    );
    let taken = take(&mut one, 256).await?;
    assert_eq!(taken.len(), 256);
    assert!(taken.iter().all(|(_, epoch)| *epoch == 1));
    let own = epochs(&beat(&mut one).await?.expect("it lives").own);
    let mut sorted = taken.clone();
    sorted.sort_unstable();
    assert_eq!(own, sorted);
    let slots = vec![Slot(3), Slot(200)];
    let is_refused = false;
    one.execute(&Ask::Give { slots, is_refused }).await?;
    let membership = beat(&mut one).await?.expect("it lives");
    assert_eq!((membership.own.len(), membership.free), (254, 2));
    let mut again = take(&mut one, 256).await?;
    again.sort_unstable();
    assert_eq!(again, [(Slot(3), 2), (Slot(200), 2)], "an epoch later");
    one.execute(&Ask::Leave).await?;
    assert_eq!(beat(&mut one).await?, None);
    assert_eq!(join(&mut worker(&store)).await?.free, 256);
    Ok(())
}

pub async fn shares_are_by_capacity<D: Database>(store: Store<D>) -> Result<(), Error> {
    let (mut one, mut other) = (worker(&store).capacity(100), worker(&store).capacity(300));
    join(&mut one).await?;
    assert_eq!(join(&mut other).await?.share, 192);
    assert_eq!(beat(&mut one).await?.expect("it lives").share, 64);
    Ok(())
}

pub async fn the_slots_of_a_dead_process_are_taken_over_when_its_lease_ends<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let (mut one, mut other) = (worker(&store), worker(&store));
    join(&mut one).await?;
    assert_eq!(take(&mut one, 256).await?.len(), 256);
    assert_eq!(join(&mut other).await?.free, 0);
    store.clock().advance(TTL / 2);
    assert!(beat(&mut other).await?.is_some());
    assert_eq!(take(&mut other, 256).await?, [], "its owner lives");
    store.clock().advance(TTL * 2 / 3);
    let membership = beat(&mut other).await?.expect("it lives");
    assert_eq!((membership.free, membership.share), (256, 256));
    let taken = take(&mut other, 256).await?;
    assert_eq!(taken.len(), 256);
    assert!(taken.iter().all(|(_, epoch)| *epoch == 2));
    assert_eq!(beat(&mut one).await?, None, "it comes too late");
    assert_eq!(take(&mut one, 256).await?, []);
    let membership = join(&mut one).await?;
    assert_eq!(
        (membership.own, membership.free, membership.share),
        (vec![], 0, 128)
    );
    Ok(())
}

pub async fn a_lease_that_ran_out_is_not_renewed_although_no_one_looked<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let mut one = worker(&store);
    join(&mut one).await?;
    take(&mut one, 256).await?;
    store.clock().advance(TTL + Duration::from_secs(1));
    assert_eq!(beat(&mut one).await?, None);
    assert_eq!(join(&mut one).await?.free, 256);
    Ok(())
}

pub async fn a_lease_from_before_the_clock_was_set_back_has_run_out<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let (mut one, mut other) = (worker(&store), worker(&store));
    join(&mut one).await?;
    take(&mut one, 256).await?;
    // A little does not count: statements wait for the database.
    store.clock().step_back(MINUTE / 2);
    assert!(beat(&mut one).await?.is_some());
    store.clock().step_back(24 * 60 * MINUTE);
    assert_eq!(join(&mut other).await?.free, 256);
    assert_eq!(take(&mut other, 256).await?.len(), 256);
    assert_eq!(beat(&mut one).await?, None);
    Ok(())
}

pub async fn many_that_take_slots_share_none<D: Database>(store: Store<D>) -> Result<(), Error> {
    let mut tasks = Vec::new();
    for _ in 0..8 {
        let mut one = worker(&store);
        join(&mut one).await?;
        tasks.push(tokio::spawn(async move {
            let mut all = Vec::new();
            for _ in 0..4 {
                all.extend(take(&mut one, 32).await?);
            }
            Ok::<_, Error>((all, one))
        }));
    }
    let mut owners = BTreeMap::new();
    for task in tasks {
        let (taken, mut one) = task.await.expect("no task panics")?;
        let own = epochs(&beat(&mut one).await?.expect("it lives").own);
        let mut taken = taken;
        taken.sort_unstable();
        assert_eq!(own, taken, "what it took is its own");
        for (slot, epoch) in taken {
            assert_eq!((epoch, owners.insert(slot, epoch)), (1, None), "{slot:?}");
        }
    }
    assert_eq!(owners.len(), 256);
    Ok(())
}

pub async fn a_process_that_comes_again_has_what_no_other_took<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let mut one = worker(&store);
    join(&mut one).await?;
    take(&mut one, 256).await?;
    one.execute(&Ask::Leave).await?;
    let name = one.former_name().cloned();
    assert!(name.is_some());
    let mut other = worker(&store);
    assert_eq!(join(&mut other).await?.free, 256);
    let taken = take(&mut other, 100).await?;
    let mut again = worker(&store).again(name.clone());
    let membership = join(&mut again).await?;
    assert_eq!((membership.own.len(), membership.free), (156, 0));
    assert!(
        membership
            .own
            .iter()
            .all(|own| own.epoch == 1 && taken.iter().all(|(other, _)| *other != own.slot))
    );
    // Whose name it is now is not asked twice.
    let mut third = worker(&store).again(name);
    let membership = join(&mut third).await?;
    assert_eq!((membership.own.len(), membership.free), (0, 0));
    assert!(beat(&mut again).await?.is_some());
    Ok(())
}

pub async fn the_slots_of_a_dead_process_are_taken_as_soon_as_its_lease_ends<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let mut time = time(&store);
    let (mut one, mut other) = (Process::new(&store), Process::new(&store));
    for _ in 0..12 {
        let now = time.pass(Duration::from_secs(1));
        one.look(now).await?;
        other.look(now).await?;
    }
    assert_eq!(
        (one.lanes.slots().count(), other.lanes.slots().count()),
        (128, 128)
    );
    let believed = other.lanes.believes_until().expect("it has a lease");
    let ends_at = believed.plus(MARGIN);
    drop(other);
    while one.lanes.slots().count() < 256 {
        let now = time.pass(Duration::from_millis(100));
        one.look(now).await?;
        assert!(now <= ends_at.plus(Duration::from_millis(200)), "too late");
    }
    Ok(())
}
