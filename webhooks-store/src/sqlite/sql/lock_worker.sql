-- A process holds the lock next to the file; found by its key.
UPDATE {prefix}worker SET is_locked = 1 WHERE id = ?1;
