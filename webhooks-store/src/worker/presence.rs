//! How a process on a SQLite file knows that all others have died.
//!
//! A process that works holds a shared lock on a file next to the database, which the operating system takes back when the
//! process ends, however it ends. Who joins and gets the lock for itself alone is alone: the leases that are left are of the
//! dead, and it waits for none of them. So a process that was killed goes on as soon as it starts again.
//!
//! It is a shortcut and nothing rests on it. Beats and leases stay, because a process that stands still holds its lock as
//! well. Who cannot lock, for want of a right or of such a file system, waits for leases, and its own are waited for. There is
//! nothing like it on PostgreSQL, where processes are on many machines.
//!
//! The lock is only tried within a transaction that writes, of which SQLite has one at a time: so no two processes try it
//! concurrently, and who has it joins before the next one looks.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::PathBuf;

/// The lock of a process, and where it is.
#[derive(Debug)]
pub(super) struct Presence {
    path: Option<PathBuf>,
    file: Option<File>,
}

impl Presence {
    /// Nothing is locked yet. Without a path, nothing ever is.
    pub(super) fn new(path: Option<PathBuf>) -> Self {
        Self { path, file: None }
    }

    /// Shows this process to the others. Whether there is none, if that can be known.
    pub(super) fn enter(&mut self) -> io::Result<Option<bool>> {
        let file = match (self.file.take(), &self.path) {
            // It was here before, and has lost its lease.
            (Some(file), _) => file,
            (None, Some(path)) => OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .open(path)?,
            (None, None) => return Ok(None),
        };
        let is_alone = match file.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => false,
            Err(TryLockError::Error(error)) => return Err(error),
        };
        file.unlock()?;
        file.try_lock_shared()?;
        self.file = Some(file);
        Ok(Some(is_alone))
    }

    /// The others need not know of this process any longer.
    pub(super) fn leave(&mut self) {
        self.file = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_alone_until_another_comes_and_again_when_that_is_gone() {
        let folder = std::env::temp_dir();
        let path = folder.join(format!("webhooks-presence-{}", std::process::id()));
        let lock = || Presence::new(Some(path.clone()));
        let (mut one, mut other, mut third) = (lock(), lock(), lock());
        assert_eq!(one.enter().unwrap(), Some(true));
        assert_eq!(other.enter().unwrap(), Some(false));
        assert_eq!(one.enter().unwrap(), Some(false), "it comes a second time");
        drop(one);
        assert_eq!(third.enter().unwrap(), Some(false), "the other is left");
        other.leave();
        assert_eq!(third.enter().unwrap(), Some(true), "it is the only one");
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn without_a_file_nothing_is_known() {
        assert_eq!(Presence::new(None).enter().unwrap(), None);
        let nowhere = Presence::new(Some("/no/such/folder/lock".into())).enter();
        assert!(nowhere.is_err());
    }
}
