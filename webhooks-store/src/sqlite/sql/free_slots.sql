-- Slots that no process has; those that this one has refused (?2) only if it takes them back (?3). The transaction is the only
-- one that writes.
SELECT slot FROM {prefix}slot AS slot
WHERE NOT EXISTS (SELECT 1 FROM {prefix}worker AS worker WHERE worker.id = slot.worker)
  AND (slot.refused_by IS NULL OR slot.refused_by <> ?2 OR ?3 = 1)
ORDER BY slot LIMIT ?1;
