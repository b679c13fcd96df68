//! How a process gets its slots, keeps them and gives them back.
//!
//! A process has one row, with a lease that it renews. A row whose lease has run out is removed by the others, and what
//! has no row is out: so a slot is free when the row of its owner is gone, and a beat that comes too late renews nothing.

use std::collections::HashMap;
use std::time::Duration;

use super::{Worker, WorkerName};
use crate::clock::duration_ms;
use crate::database::Database;
use crate::error::Error;
use crate::job::Id;
use crate::lane::Slot;
use crate::lanes::{Answer, Membership, OwnSlot};
use crate::parameters::Parameters;
use crate::record::{count, slot, unreadable};
use crate::row::Row;
use crate::store::Store;

impl<D: Database> Worker<D> {
    pub(super) async fn join(&mut self) -> Result<Answer, Error> {
        let (capacity, ttl_ms) = (self.capacity.into(), duration_ms(self.ttl));
        let parameters = |name: Option<WorkerName>| {
            Parameters::new()
                .int(capacity)
                .int(ttl_ms)
                .maybe_bytes(name.map(|WorkerName(name)| name))
        };
        let again = parameters(self.former.take());
        let mut transaction = self.store.begin_bookkeeping().await?;
        let is_locked = self.enter(&mut transaction).await?;
        let join = &self.store.statements().join;
        let mut row = join.first(&mut transaction, again).await?;
        if row.is_none() {
            // Another process has the name now.
            row = join.first(&mut transaction, parameters(None)).await?;
        }
        let row =
            row.ok_or_else(|| unreadable("a name for a process was used before".to_owned()))?;
        let name = row.bytes("id")?;
        if is_locked {
            let locked = &self.store.statements().lock_worker;
            let name = Parameters::new().bytes(name.clone());
            locked.execute(&mut transaction, name).await?;
        }
        let membership = self.membership(&mut transaction, &name).await?;
        transaction.commit().await?;
        self.name = Some(name);
        Ok(Answer::Membership(Some(membership)))
    }

    pub(super) async fn beat(&mut self) -> Result<Answer, Error> {
        let Some(name) = self.name.clone() else {
            return Ok(Answer::Membership(None));
        };
        // The lease and the look are not one transaction: what another process does between the two is seen, as it would be, and
        // where the look fails this process takes its lease for older than it is.
        let membership = if let Some(mut connection) = self.store.single_statements().await? {
            let membership = self.renew(&mut connection, &name).await?;
            connection.release();
            membership
        } else {
            let mut transaction = self.store.begin_bookkeeping().await?;
            let membership = self.renew(&mut transaction, &name).await?;
            transaction.commit().await?;
            membership
        };
        if membership.is_none() {
            self.name = None;
        }
        Ok(Answer::Membership(membership))
    }

    /// Nothing where the lease has run out.
    async fn renew(
        &self,
        connection: &mut D::Connection,
        name: &[u8],
    ) -> Result<Option<Membership>, Error> {
        let parameters = Parameters::new()
            .bytes(name)
            .int(self.capacity.into())
            .int(duration_ms(self.ttl));
        let beat = &self.store.statements().beat;
        if beat.first(connection, parameters).await?.is_none() {
            return Ok(None);
        }
        Ok(Some(self.membership(connection, name).await?))
    }

    pub(super) async fn take(&self, most: u32, back: bool) -> Result<Answer, Error> {
        let Some(name) = &self.name else {
            return Ok(Answer::Taken(Vec::new()));
        };
        let statements = self.store.statements();
        let mut transaction = self.store.begin_bookkeeping().await?;
        self.bury(&mut transaction).await?;
        let limit = Parameters::new()
            .int(most.into())
            .bytes(name.clone())
            .int(back.into());
        let free = statements.free_slots.fetch(&mut transaction, limit).await?;
        let free: Vec<i64> = free
            .iter()
            .map(|row| row.int("slot"))
            .collect::<Result<_, _>>()?;
        // A statement of its own: it sees what others have taken before the locks were had.
        let parameters = Parameters::new().bytes(name.clone()).ints(free);
        let rows = statements
            .take_slots
            .fetch(&mut transaction, parameters)
            .await?;
        let taken = rows.iter().map(own_slot).collect::<Result<_, Error>>()?;
        transaction.commit().await?;
        Ok(Answer::Taken(taken))
    }

    pub(super) async fn give(&self, slots: &[Slot], is_refused: bool) -> Result<Answer, Error> {
        let name = self.name.clone().unwrap_or_default();
        let parameters = Parameters::new()
            .bytes(name)
            .int(is_refused.into())
            .ints(slots.iter().map(|slot| slot.0.into()));
        let mut transaction = self.store.begin_bookkeeping().await?;
        let give = &self.store.statements().give_slots;
        give.execute(&mut transaction, parameters).await?;
        transaction.commit().await?;
        Ok(Answer::Done)
    }

    pub(super) async fn leave(&mut self) -> Result<Answer, Error> {
        let Some(name) = self.name.clone() else {
            return Ok(Answer::Done);
        };
        let mut transaction = self.store.begin_bookkeeping().await?;
        let leave = &self.store.statements().leave;
        leave
            .execute(&mut transaction, Parameters::new().bytes(name))
            .await?;
        transaction.commit().await?;
        self.former = self.name.take().map(WorkerName);
        self.presence.leave();
        // Others may take what is free now.
        self.store.wake().all();
        Ok(Answer::Done)
    }

    /// Takes the lock, in the transaction that joins; the dead are buried whatever their leases say.
    async fn enter(&mut self, connection: &mut D::Connection) -> Result<bool, Error> {
        let is_alone = self.presence.enter().unwrap_or_else(|error| {
            tracing::debug!(%error, "no lock next to the database; a process that dies is waited for");
            None
        });
        if is_alone == Some(true) {
            let statements = self.store.statements();
            let locked = Parameters::new().int(1);
            statements.mourn.execute(connection, locked).await?;
            let bury = &statements.bury_locked;
            bury.execute(connection, Parameters::new()).await?;
        }
        Ok(is_alone.is_some())
    }

    /// Removes the processes whose lease has run out, and counts that they died.
    async fn bury(&self, connection: &mut D::Connection) -> Result<(), Error> {
        let statements = self.store.statements();
        if D::ONE_WRITER {
            let expired = Parameters::new().int(0);
            statements.mourn.execute(connection, expired).await?;
        }
        let bury = &statements.bury;
        bury.execute(connection, Parameters::new()).await?;
        Ok(())
    }

    /// Writes down which requests begin, and which were not made after all.
    pub(super) async fn mark(&self, begun: &[Id], not_made: &[Id]) -> Result<Answer, Error> {
        let statements = self.store.statements();
        let bytes = |id: &Id| *id.as_bytes();
        // Together: where only one of them was written, both would be written again, and that one would count twice.
        let mut transaction = self.store.begin_bookkeeping().await?;
        if D::MOVES_ROWS && !begun.is_empty() && !not_made.is_empty() {
            // Two statements: all rows are locked first, in the order of ids.
            let all = Parameters::new().blobs(begun.iter().chain(not_made).map(bytes));
            statements.lock_jobs.execute(&mut transaction, all).await?;
        }
        for (by, ids) in [(1, begun), (-1, not_made)] {
            if !ids.is_empty() {
                let parameters = Parameters::new().int(by).blobs(ids.iter().map(bytes));
                let mark = &statements.mark_jobs;
                mark.execute(&mut transaction, parameters).await?;
            }
        }
        transaction.commit().await?;
        Ok(Answer::Done)
    }

    async fn membership(
        &self,
        connection: &mut D::Connection,
        name: &[u8],
    ) -> Result<Membership, Error> {
        let statements = self.store.statements();
        let read = &statements.membership;
        let mut rows = read.fetch(connection, Parameters::new()).await?;
        let mut members = Members::read(&rows)?;
        if members.is_any_dead {
            self.bury(connection).await?;
            rows = read.fetch(connection, Parameters::new()).await?;
            members = Members::read(&rows)?;
        }
        let is_free = |worker: &Option<Vec<u8>>| {
            let worker = worker.as_ref();
            worker.is_none_or(|worker| !members.capacities.contains_key(worker))
        };
        let number = |slots: &[&SlotRow]| u32::try_from(slots.len()).unwrap_or(u32::MAX);
        let is_by_other = |row: &SlotRow| {
            let by = row.refused_by.as_ref().filter(|by| *by != name);
            by.is_some_and(|by| members.alive.contains_key(by))
        };
        let slots = members.slots.iter();
        let (here, free): (Vec<_>, Vec<_>) = slots
            .filter(|row| is_free(&row.worker))
            .partition(|row| row.refused_by.as_deref() == Some(name));
        let refused: Vec<_> = free
            .iter()
            .copied()
            .filter(|row| is_by_other(row))
            .collect();
        let slots = members.slots.iter();
        let own = slots.filter(|row| row.worker.as_deref() == Some(name));
        Ok(Membership {
            own: own
                .map(|row| OwnSlot {
                    is_refused: is_by_other(row),
                    ..row.slot
                })
                .collect(),
            free: number(&free),
            refused: number(&refused),
            refused_here: number(&here),
            share: share(self.capacity, members.capacities.values().sum()),
            next_end: members.next_end(name),
        })
    }
}

impl<D: Database> Store<D> {
    /// The process that works on a slot; [`None`] where no process does, or its lease has run out.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn slot_owner(&self, slot: Slot) -> Result<Option<WorkerName>, Error> {
        let members = self.members().await?;
        let owner = members.slots.into_iter().find(|row| row.slot.slot == slot);
        let owner = owner.and_then(|row| row.worker);
        let is_alive = |worker: &Vec<u8>| members.alive.contains_key(worker);
        Ok(owner.filter(is_alive).map(WorkerName))
    }

    pub(super) async fn members(&self) -> Result<Members, Error> {
        let mut connection = self.connection().await?;
        let read = &self.statements().membership;
        let rows = read.fetch(&mut connection, Parameters::new()).await?;
        Members::read(&rows)
    }
}

/// A slot with its owner.
pub(super) struct SlotRow {
    pub(super) slot: OwnSlot,
    pub(super) worker: Option<Vec<u8>>,
    pub(super) refused_by: Option<Vec<u8>>,
}

/// Slots with their owners, and processes with what they can do.
#[derive(Default)]
pub(super) struct Members {
    pub(super) slots: Vec<SlotRow>,
    pub(super) capacities: HashMap<Vec<u8>, i64>,
    /// How long the lease of each that lives lasts, in milliseconds.
    pub(super) alive: HashMap<Vec<u8>, i64>,
    is_any_dead: bool,
}

impl Members {
    fn read<D: Database>(rows: &[Row<D>]) -> Result<Self, Error> {
        let mut members = Self::default();
        for row in rows {
            let worker = row.maybe_bytes("worker")?;
            if row.maybe_int("slot")?.is_some() {
                members.slots.push(SlotRow {
                    slot: own_slot(row)?,
                    worker,
                    refused_by: row.maybe_bytes("refused_by")?,
                });
            } else if let Some(worker) = worker {
                if row.int("is_alive")? == 0 {
                    members.is_any_dead = true;
                } else {
                    members.alive.insert(worker.clone(), row.int("left_ms")?);
                }
                members.capacities.insert(worker, row.int("capacity")?);
            }
        }
        Ok(members)
    }

    /// When the first lease of another process than this one ends.
    fn next_end(&self, name: &[u8]) -> Option<Duration> {
        let others = self.alive.iter().filter(|(worker, _)| *worker != name);
        let left_ms = others.map(|(_, left_ms)| *left_ms).min()?;
        Some(Duration::from_millis(u64::try_from(left_ms).unwrap_or(0)))
    }
}

fn own_slot<D: Database>(row: &Row<D>) -> Result<OwnSlot, Error> {
    Ok(OwnSlot {
        slot: slot(row.int("slot")?)?,
        epoch: row.int("epoch")?,
        is_doubtful: row.int("is_doubtful")? == 1,
        is_refused: row.int("is_refused")? == 1,
    })
}

/// The slots that a process should have among others: as large a part of all as its part of what all can do, rounded up so
/// that no slot is left over.
fn share(capacity: u32, of_all: i64) -> u32 {
    let capacity = i64::from(capacity);
    let slots = i64::try_from(Slot::COUNT).unwrap_or(i64::MAX);
    let all = of_all.max(capacity);
    count((slots.saturating_mul(capacity) + all - 1) / all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_of_all_processes_are_all_slots() {
        assert_eq!(share(100, 100), 256);
        assert_eq!(share(100, 0), 256);
        for capacities in [
            &[100, 100, 100][..],
            &[1, 1000],
            &[7, 7, 7, 7, 7, 7, 7],
            &[1; 300],
        ] {
            let all: u32 = capacities.iter().sum();
            let shares: u32 = capacities.iter().map(|one| share(*one, all.into())).sum();
            let most = 256 + u32::try_from(capacities.len()).unwrap();
            assert!((256..=most).contains(&shares), "{shares} of {capacities:?}");
        }
    }
}
