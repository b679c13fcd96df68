-- Removes the processes that held the lock next to the file, for one who holds it alone: they have died. As many rows as there
-- are processes.
DELETE FROM {prefix}worker WHERE is_locked = 1;
