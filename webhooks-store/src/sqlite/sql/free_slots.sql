-- Slots that no process has. The transaction is the only one that writes.
SELECT slot FROM {prefix}slot AS slot
WHERE NOT EXISTS (SELECT 1 FROM {prefix}worker AS worker WHERE worker.id = slot.worker)
ORDER BY slot LIMIT ?1;
