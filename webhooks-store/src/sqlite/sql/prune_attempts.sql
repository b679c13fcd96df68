-- Forgets the attempts of jobs older than ?1, some at a time: a range at the head of the primary key.
DELETE FROM {prefix}attempt
WHERE job < ?1
  AND job <= coalesce((SELECT job FROM {prefix}attempt WHERE job < ?1 ORDER BY job LIMIT 1 OFFSET ?2), ?1);
