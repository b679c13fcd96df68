//! Which processes share the slots, for those who look at them.

use super::WorkerName;
use crate::database::Database;
use crate::error::Error;
use crate::store::Store;

use super::membership::Members;

/// The processes that share the slots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Processes {
    /// Each of them.
    pub all: Vec<Process>,
    /// Slots that none of them has at this moment.
    pub free_slots: u32,
}

/// One process that works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its name.
    pub name: WorkerName,
    /// How much of the work it takes, compared with the others.
    pub capacity: u32,
    /// How many slots it has.
    pub slots: u32,
    /// Whether its lease has not run out.
    pub is_alive: bool,
}

impl<D: Database> Store<D> {
    /// The processes that share the slots, those with the most slots first.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn processes(&self) -> Result<Processes, Error> {
        Ok(self.members().await?.processes())
    }
}

impl Members {
    fn processes(self) -> Processes {
        let mut found = Processes::default();
        for (name, capacity) in &self.capacities {
            let own = self.slots.iter();
            let own = own.filter(|row| row.worker.as_ref() == Some(name));
            found.all.push(Process {
                name: WorkerName(name.clone()),
                capacity: u32::try_from(*capacity).unwrap_or(u32::MAX),
                slots: u32::try_from(own.count()).unwrap_or(u32::MAX),
                is_alive: self.alive.contains_key(name),
            });
        }
        let had: u32 = found.all.iter().map(|process| process.slots).sum();
        let all = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        found.free_slots = all.saturating_sub(had);
        let key = |process: &Process| (std::cmp::Reverse(process.slots), process.name.0.clone());
        found.all.sort_by_key(key);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::super::membership::SlotRow;
    use super::*;
    use crate::lane::Slot;
    use crate::lanes::OwnSlot;

    #[test]
    fn slots_are_counted_for_each_process_and_those_of_the_buried_are_free() {
        let mut members = Members::default();
        let owners = [
            Some(b"a".to_vec()),
            Some(b"b".to_vec()),
            Some(b"b".to_vec()),
            None,
            Some(b"gone".to_vec()),
        ];
        for (number, worker) in (0_u8..).zip(owners) {
            let slot = OwnSlot {
                slot: Slot(number),
                epoch: 1,
                is_doubtful: false,
                is_refused: false,
            };
            let refused_by = None;
            members.slots.push(SlotRow {
                slot,
                worker,
                refused_by,
            });
        }
        members.capacities.insert(b"a".to_vec(), 100);
        members.capacities.insert(b"b".to_vec(), 200);
        members.alive.insert(b"b".to_vec(), 1000);
        let found = members.processes();
        let shown: Vec<_> = found
            .all
            .iter()
            .map(|one| (one.slots, one.capacity, one.is_alive))
            .collect();
        assert_eq!(shown, [(2, 200, true), (1, 100, false)]);
        assert_eq!(found.free_slots, 2);
    }
}
