-- Writes down which slots the dead died with, before they are buried: those whose lease has run out, or, where ?2 is 1, those
-- that held the lock next to the file. 256 rows.
UPDATE {prefix}slot
SET worker = NULL, deaths = iif(died_at > {now} - 1800000, deaths + 1, 1), died_at = {now}
WHERE worker IN (
    SELECT id FROM {prefix}worker
    WHERE iif(?2 = 1, is_locked = 1, lease_until <= {now} OR lease_until > {now} + ttl_ms + 60000)
);
