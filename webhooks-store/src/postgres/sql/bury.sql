-- Removes the processes whose lease has run out, so that their slots are free and no late beat renews what was taken, and
-- writes down that they died with these slots. One that is being renewed at this moment is passed over. As many rows as there
-- are processes, and 256.
WITH dead AS (
    DELETE FROM {prefix}worker
    WHERE id = ANY (ARRAY(
        SELECT id FROM {prefix}worker
        WHERE lease_until <= {now} OR lease_until > {now} + ttl_ms + 60000
        ORDER BY id FOR UPDATE SKIP LOCKED
    ))
    RETURNING id
)
UPDATE {prefix}slot AS slot
SET worker = NULL, deaths = CASE WHEN slot.died_at > {now} - 1800000 THEN slot.deaths + 1 ELSE 1 END, died_at = {now}
WHERE slot.worker IN (SELECT id FROM dead);
