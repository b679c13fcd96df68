-- What failed between two ids, the newest first, however much succeeded: backwards through history_failures. The ids are
-- said twice, as in `finished`.
SELECT id, queue, slot::bigint, lane, owner, reference, order_key, labels, data, state::bigint, generation, attempts, NULL::bigint AS held_until, due_at,
       created_at, finished_at, tried_at, duration_ms, status, error
FROM {prefix}history
WHERE state + 0 = 4 AND (id || '') >= $1 AND (id || '') <= $2 AND (id >= $1 AND id <= $2 OR id = '')
ORDER BY (id || '') DESC LIMIT $3;
