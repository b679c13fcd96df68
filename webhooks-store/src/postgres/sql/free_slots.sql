-- Slots that no process has, locked. What another process is taking at this moment is passed over; whether it has taken
-- one meanwhile is asked by the statement that takes.
SELECT slot::bigint FROM {prefix}slot AS slot
WHERE NOT EXISTS (SELECT 1 FROM {prefix}worker AS worker WHERE worker.id = slot.worker)
ORDER BY slot.slot LIMIT $1 FOR UPDATE OF slot SKIP LOCKED;
