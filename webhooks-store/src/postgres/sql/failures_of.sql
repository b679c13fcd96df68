-- The same of one owner: backwards through history_failures_of.
SELECT id, queue, slot::bigint, lane, owner, reference, order_key, labels, data, state::bigint, generation, attempts, NULL::bigint AS held_until, due_at,
       created_at, finished_at, tried_at, duration_ms, status, error
FROM {prefix}history
WHERE state = 4 AND owner = $1 AND ('' || id) >= $2 AND ('' || id) <= $3 AND (id >= $2 AND id <= $3 OR id = '')
ORDER BY ('' || id) DESC LIMIT $4;
