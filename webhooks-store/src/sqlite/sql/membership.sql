-- How a process stands: its slots, how many are free, what all processes together can do, and how many of these are dead.
-- 256 rows and as many as there are processes.
SELECT slot.slot AS slot, slot.epoch, state.free, state.capacity, state.dead
FROM (
    SELECT (SELECT count(*) FROM {prefix}slot AS slot
            WHERE NOT EXISTS (SELECT 1 FROM {prefix}worker AS worker WHERE worker.id = slot.worker)) AS free,
           (SELECT coalesce(sum(capacity), 0) FROM {prefix}worker
            WHERE lease_until > {now} AND lease_until <= {now} + ttl_ms + 60000) AS capacity,
           (SELECT count(*) FROM {prefix}worker
            WHERE lease_until <= {now} OR lease_until > {now} + ttl_ms + 60000) AS dead
) AS state
LEFT JOIN {prefix}slot AS slot ON slot.worker = ?2;
