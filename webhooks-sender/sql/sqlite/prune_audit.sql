-- The oldest changes below an id. By primary key.
DELETE FROM {prefix}audit
WHERE id IN (SELECT old.id FROM {prefix}audit AS old WHERE old.id < ?1 ORDER BY old.id LIMIT ?2)
