-- The history of a lane between two ids, the newest first: backwards through history_lane. Of one owner ($6), if one is
-- named. The ids are said twice: for the index, and so that the partitions of other days are not opened. There they stand
-- next to an id that does not exist: by either of two ways the primary key is not searched.
SELECT id, queue, slot::bigint, lane, owner, reference, order_key, labels, data, state::bigint, generation, attempts, NULL::bigint AS held_until, due_at,
       created_at, finished_at, tried_at, duration_ms, status, error
FROM {prefix}history
WHERE queue = $1 AND lane = $2 AND ($6::bigint IS NULL OR owner = $6::bigint)
  AND (id || '') >= $3 AND (id || '') <= $4 AND (id >= $3 AND id <= $4 OR id = '')
ORDER BY (id || '') DESC LIMIT $5;
