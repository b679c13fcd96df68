//! A database with the rows of one lane, and what a read of it sees.

use std::sync::Arc;

use super::bounds::Bounds;
use crate::job::Id;
use crate::lane::{LaneName, Slot};
use crate::lanes::{Answer, Ask, DueCursor, Entry, FeedCursor, Place, Rows, Version};

/// The slot of the lane.
pub(super) const SLOT: Slot = Slot(0);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Row {
    pub(super) version: Version,
    pub(super) due_ms: i64,
    pub(super) held_ms: Option<i64>,
    pub(super) scheduled: bool,
    pub(super) number: u64,
    pub(super) starts: u32,
}

/// What a read sees.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Database {
    pub(super) rows: Vec<Option<Row>>,
    pub(super) is_committed: Vec<bool>,
    pub(super) next_number: u64,
}

impl Database {
    fn open(&self) -> impl Iterator<Item = u64> + '_ {
        let open = self.is_committed.iter().enumerate().filter(|(_, is)| !**is);
        open.map(|(row, _)| row as u64 + 1)
    }

    pub(super) fn read(&self, ask: &Ask, now_ms: i64, bounds: &Bounds) -> Answer {
        let rows = |entries: Vec<Entry>| Rows { entries, now_ms };
        match ask {
            Ask::Feed { cursor, .. } => {
                let (next, is_first) = (self.next_number, cursor.next == 0);
                let mut open: Vec<_> = self.open().collect();
                if bounds.without.open_forgotten {
                    open.clear();
                }
                let is_new = |row: &Row| {
                    !is_first && (row.number >= cursor.next || cursor.open.contains(&row.number))
                };
                Answer::Feed {
                    rows: rows(self.entries(bounds, |row, _| is_new(row))),
                    cursor: FeedCursor {
                        next,
                        open,
                        page: None,
                    },
                    more: false,
                    next_ms: self.next_ms(now_ms),
                }
            }
            Ask::Due { cursor, .. } => {
                let due = |row: &Row, place: Place| {
                    row.scheduled && place > cursor.after && place.due_ms <= now_ms
                };
                Answer::Due {
                    rows: rows(self.entries(bounds, due)),
                    cursor: DueCursor {
                        after: Place::end_of(now_ms),
                    },
                    more: false,
                    next_ms: self.next_ms(now_ms),
                }
            }
            Ask::Sweep { .. } => Answer::Sweep {
                lanes: self
                    .rows
                    .iter()
                    .flatten()
                    .take(1)
                    .map(|_| (lane(), 1))
                    .collect(),
                up_to: None,
            },
            Ask::Refill(refills) => {
                let refill = &refills[0];
                let mut found = self.entries(bounds, |_, place| {
                    place >= refill.from && place.due_ms <= now_ms
                });
                found.truncate(refill.room as usize);
                Answer::Rows(rows(found))
            }
            Ask::Look(ids) => Answer::Rows(rows(
                self.entries(bounds, |_, place| ids.contains(&place.id)),
            )),
            _ => Answer::Done,
        }
    }

    fn next_ms(&self, now_ms: i64) -> Option<i64> {
        let rows = self.rows.iter().flatten();
        let later = rows.filter(|row| row.scheduled && row.due_ms > now_ms);
        later.map(|row| row.due_ms).min()
    }

    fn entries(&self, bounds: &Bounds, wanted: impl Fn(&Row, Place) -> bool) -> Vec<Entry> {
        let mut entries: Vec<_> = self
            .rows
            .iter()
            .enumerate()
            .filter_map(|(number, row)| {
                let row = row.as_ref()?;
                let place = Place {
                    due_ms: row.due_ms,
                    id: id(number),
                };
                let is_ordered = bounds.is_ordered && !bounds.without.no_order;
                wanted(row, place).then(|| Entry {
                    lane: lane(),
                    owner: 1,
                    place,
                    version: row.version,
                    order_key: is_ordered.then_some(7),
                    held_ms: row.held_ms,
                    attempts: 0,
                    starts: row.starts,
                    content: Arc::default(),
                })
            })
            .collect();
        entries.sort_unstable_by_key(|entry| entry.place);
        entries
    }
}

pub(super) fn lane() -> LaneName {
    LaneName::new(SLOT, [1])
}

pub(super) fn id(row: usize) -> Id {
    let mut bytes = [0; 16];
    bytes[15] = u8::try_from(row).expect("few rows");
    Id::from_bytes(bytes)
}

pub(super) fn row_of(id: Id) -> usize {
    id.as_bytes()[15].into()
}
