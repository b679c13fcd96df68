//! The reads of a process: what has come, what is due, which lanes there are, what waits in them.
//!
//! Each is one statement that only reads, is bounded, and says what time it is in the database.

use super::Worker;
use crate::database::Database;
use crate::error::Error;
use crate::job::Id;
use crate::lane::{LaneName, Slot};
use crate::lanes::{Answer, DueCursor, Entry, FeedCursor, FeedPage, Place, Refill, Rows};
use crate::parameters::Parameters;
use crate::record::{entry, slot, unreadable};
use crate::row::Row;
use crate::store::Store;

impl<D: Database> Worker<D> {
    pub(crate) async fn feed(&self, cursor: &FeedCursor, slots: &[Slot]) -> Result<Answer, Error> {
        let is_first = cursor.next == 0;
        let page = cursor.page.as_ref();
        let (number, id) = page.map_or((0, Vec::new()), |page| {
            (page.after.0, page.after.1.as_bytes().to_vec())
        });
        let limit = if is_first { 0 } else { self.page };
        let parameters = Parameters::new()
            .text(self.queue)
            .text(cursor.next.to_string())
            .text(list(&cursor.open))
            .maybe_text(page.map(|page| page.until.to_string()))
            .text(page.map_or(String::new(), |page| list(&page.open)))
            .text(number.to_string())
            .bytes(id)
            .text(marks(slots))
            .int(limit.into());
        let mut connection = self.store.worker_connection().await?;
        let rows = self
            .store
            .statements()
            .feed
            .fetch(&mut connection, parameters)
            .await?;
        connection.end();
        let first = rows.first().ok_or_else(no_row)?;
        let seen = Snapshot::parse(&first.text("snapshot")?)?;
        let next_ms = first.maybe_int("next_ms")?;
        let mut found = self.store.rows(&rows)?;
        found.now_ms = no_earlier_than_what_came(&rows, &found)?;
        let more = !is_first && found.entries.len() >= self.page as usize;
        let (until, open) = page.map_or((seen.until, seen.open), |page| {
            (page.until, page.open.clone())
        });
        let mut last = None;
        for (row, entry) in rows.iter().zip(&found.entries) {
            last = last.max(Some((number_of(&row.text("number")?)?, entry.id())));
        }
        let cursor = match last.filter(|_| more) {
            Some(after) => {
                let page = Some(FeedPage { until, open, after });
                let FeedCursor { next, open, .. } = cursor.clone();
                FeedCursor { next, open, page }
            }
            None => FeedCursor {
                next: until.max(cursor.next).max(1),
                open,
                page: None,
            },
        };
        Ok(Answer::Feed {
            rows: found,
            cursor,
            more,
            next_ms,
        })
    }

    pub(crate) async fn due(&self, cursor: DueCursor) -> Result<Answer, Error> {
        let parameters = Parameters::new()
            .text(self.queue)
            .int(cursor.after.due_ms)
            .bytes(*cursor.after.id.as_bytes())
            .int(self.page.into());
        let mut connection = self.store.worker_connection().await?;
        let rows = self
            .store
            .statements()
            .due
            .fetch(&mut connection, parameters)
            .await?;
        connection.end();
        let next_ms = rows.first().ok_or_else(no_row)?.maybe_int("next_ms")?;
        let found = self.store.rows(&rows)?;
        let more = found.entries.len() >= self.page as usize;
        let last = found.entries.iter().map(|entry| entry.place).max();
        let after = last.filter(|_| more);
        let after = after.unwrap_or(Place::end_of(found.now_ms));
        Ok(Answer::Due {
            cursor: DueCursor {
                after: after.max(cursor.after),
            },
            more,
            next_ms,
            rows: found,
        })
    }

    pub(crate) async fn sweep(
        &self,
        slots: &[Slot],
        after: Option<&LaneName>,
    ) -> Result<Answer, Error> {
        let (from, key) = after.map_or((Slot(0), Vec::new()), |lane| {
            (lane.slot, next_higher(&lane.key))
        });
        let parameters = Parameters::new()
            .text(self.queue)
            .int(from.0.into())
            .bytes(key)
            .text(marks(slots))
            .int(self.page.into());
        let mut connection = self.store.worker_connection().await?;
        let rows = self
            .store
            .statements()
            .sweep
            .fetch(&mut connection, parameters)
            .await?;
        connection.end();
        let lanes = rows.iter().map(|row| {
            let name = LaneName::new(slot(row.int("slot")?)?, row.bytes("lane")?);
            Ok((name, row.int("owner")?))
        });
        let lanes = lanes.collect::<Result<Vec<_>, Error>>()?;
        let is_full = lanes.len() >= self.page as usize;
        let last = lanes.last().filter(|_| is_full);
        let up_to = last.map(|(name, _)| name.clone());
        Ok(Answer::Sweep { lanes, up_to })
    }

    pub(crate) async fn refill(&self, refills: &[Refill]) -> Result<Answer, Error> {
        let mut refills: Vec<&Refill> = refills.iter().collect();
        refills.sort_by_key(|refill| refill.room);
        let mut all = Rows::default();
        let mut connection = self.store.worker_connection().await?;
        for group in alike::<D>(&refills) {
            let column = || group.iter();
            let mut parameters = Parameters::new().text(self.queue);
            if D::ONE_WRITER {
                // SQLite cuts behind the largest room.
                let most = column().map(|refill| refill.room).max().unwrap_or(0);
                parameters = parameters.int(most.into());
            }
            let parameters = parameters
                .ints(column().map(|refill| refill.lane.slot.0.into()))
                .blobs(column().map(|refill| &*refill.lane.key))
                .ints(column().map(|refill| refill.from.due_ms))
                .blobs(column().map(|refill| *refill.from.id.as_bytes()))
                .ints(column().map(|refill| refill.room.into()));
            let rows = self
                .store
                .statements()
                .refill
                .fetch(&mut connection, parameters)
                .await?;
            let found = self.store.rows(&rows)?;
            all.entries.extend(found.entries);
            // The earliest: what came later is asked for again.
            all.now_ms = match all.now_ms {
                0 => found.now_ms,
                now_ms => now_ms.min(found.now_ms),
            };
        }
        connection.end();
        Ok(Answer::Rows(all))
    }
}

impl<D: Database> Store<D> {
    /// Those of these jobs that wait, as they stand: for one who has them in hand, before something is done that cannot be
    /// undone.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn look(&self, queue: &str, ids: &[Id]) -> Result<Rows, Error> {
        let parameters = Parameters::new()
            .text(queue)
            .blobs(ids.iter().map(|id| *id.as_bytes()));
        let mut connection = self.worker_connection().await?;
        let rows = self
            .statements()
            .look
            .fetch(&mut connection, parameters)
            .await?;
        connection.end();
        self.rows(&rows)
    }

    /// Entries, and when the database read them. PostgreSQL says it also where there are none; SQLite's clock is ours.
    pub(crate) fn rows(&self, rows: &[Row<D>]) -> Result<Rows, Error> {
        let now_ms = match rows.first() {
            Some(row) => row.int("now_ms")?,
            None => self.clock().now_ms(),
        };
        let mut lane = None;
        let entries = rows
            .iter()
            .filter_map(|row| entry(row, &mut lane).transpose());
        Ok(Rows {
            entries: entries.collect::<Result<Vec<Entry>, _>>()?,
            now_ms,
        })
    }
}

/// The time of a read: not earlier than that of what it brought.
///
/// The time is bound before the read begins. What another connection makes due a millisecond later, and commits before this
/// one sees anything, is not scheduled for the future: it would be found by its time alone, and is not among what has one.
fn no_earlier_than_what_came<D: Database>(rows: &[Row<D>], found: &Rows) -> Result<i64, Error> {
    /// Further ahead than any read waits is a clock that was set back.
    const LONGEST_WAIT_MS: i64 = 60_000;
    let mut now_ms = found.now_ms;
    for (row, entry) in rows.iter().zip(&found.entries) {
        let due_ms = entry.place.due_ms;
        let is_plain = row.maybe_int("scheduled")? == Some(0);
        if is_plain && due_ms.saturating_sub(found.now_ms) <= LONGEST_WAIT_MS {
            now_ms = now_ms.max(due_ms);
        }
    }
    Ok(now_ms)
}

/// What a read saw, as PostgreSQL writes it: `xmin:xmax:xip,xip`.
struct Snapshot {
    until: u64,
    open: Vec<u64>,
}

impl Snapshot {
    fn parse(text: &str) -> Result<Self, Error> {
        let mut parts = text.split(':').skip(1);
        let until = number_of(parts.next().unwrap_or_default())?;
        let open = parts.next().unwrap_or_default().split(',');
        let open = open.filter(|number| !number.is_empty()).map(number_of);
        Ok(Self {
            until,
            open: open.collect::<Result<_, _>>()?,
        })
    }
}

fn number_of(text: &str) -> Result<u64, Error> {
    text.parse()
        .map_err(|_| unreadable(format!("a position of the feed is {text:?}")))
}

fn list(numbers: &[u64]) -> String {
    let numbers: Vec<_> = numbers.iter().map(u64::to_string).collect();
    numbers.join(",")
}

/// A mark for each slot.
fn marks(slots: &[Slot]) -> String {
    let mut marks = vec!['0'; Slot::COUNT];
    for slot in slots {
        marks[usize::from(slot.0)] = '1';
    }
    marks.into_iter().collect()
}

/// The lowest lane above this one.
fn next_higher(key: &[u8]) -> Vec<u8> {
    let mut bytes = key.to_vec();
    bytes.push(0);
    bytes
}

/// Groups of similar room, where a statement reads for each of its lanes as many entries as the largest has room.
fn alike<'a, 'b, D: Database>(refills: &'a [&'b Refill]) -> impl Iterator<Item = &'a [&'b Refill]> {
    let size = |refill: &Refill| {
        if D::ONE_WRITER {
            refill.room.max(1).ilog2() / 2
        } else {
            0
        }
    };
    refills.chunk_by(move |one, other| size(one) == size(other))
}

fn no_row() -> Error {
    unreadable("a read brought no row at all".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_is_read_as_postgresql_writes_it() {
        let snapshot = Snapshot::parse("741:750:741,743,749").unwrap();
        assert_eq!((snapshot.until, snapshot.open), (750, vec![741, 743, 749]));
        let snapshot = Snapshot::parse("750:750:").unwrap();
        assert_eq!((snapshot.until, snapshot.open), (750, Vec::new()));
        assert!(Snapshot::parse("").is_err());
    }

    #[test]
    fn no_lane_lies_between_a_lane_and_the_next_higher() {
        let next = next_higher(b"a");
        assert!(b"a".as_slice() < next.as_slice() && next.as_slice() <= b"a\0".as_slice());
        assert!(next.as_slice() < b"aa".as_slice() && next.as_slice() < b"b".as_slice());
    }
}
