-- Slots that no process has, locked; those that this one has refused ($2) only if it takes them back ($3). What another process
-- is taking at this moment is passed over; whether it has taken one meanwhile is asked by the statement that takes.
SELECT slot::bigint FROM {prefix}slot AS slot
WHERE NOT EXISTS (SELECT 1 FROM {prefix}worker AS worker WHERE worker.id = slot.worker)
  AND (slot.refused_by IS NULL OR slot.refused_by <> $2 OR $3::bigint = 1)
ORDER BY slot.slot LIMIT $1 FOR UPDATE OF slot SKIP LOCKED;
