-- Forgets answers older than $1, some at a time: a range at the head of the primary key.
DELETE FROM {prefix}answer
WHERE at < $1
  AND at <= coalesce((SELECT at FROM {prefix}answer WHERE at < $1 ORDER BY at LIMIT 1 OFFSET $2), $1);
