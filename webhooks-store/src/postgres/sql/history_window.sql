-- The next finished jobs of the history in the order of their ids, which begin with their time, and whether each ended
-- long ago: the primary key.
SELECT id, CASE WHEN finished_at <= {now} - $4 THEN 1 ELSE 0 END::bigint AS is_old
FROM {prefix}history
WHERE id > $2 AND id < $3 ORDER BY id LIMIT $5;
