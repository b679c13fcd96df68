-- Removes the processes whose lease has run out, so that their slots are free and no late beat renews what was taken. One
-- that is being renewed at this moment is passed over. As many rows as there are processes.
DELETE FROM {prefix}worker
WHERE id = ANY (ARRAY(
    SELECT id FROM {prefix}worker
    WHERE lease_until <= {now} OR lease_until > {now} + ttl_ms + 60000
    ORDER BY id FOR UPDATE SKIP LOCKED
));
