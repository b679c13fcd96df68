-- The jobs about each of these things, at most ?1 together, in no order. Those of one thing lie between its `first` and its
-- `last`, as in jobs_about. Of one owner (?2), if one is named. Both primary keys; CROSS JOIN: the things
-- first. The plus keeps SQLite from making an index of its own over all jobs.
WITH given (reference, first, last) AS (VALUES {rows})
SELECT j.id, j.queue, j.slot, j.lane, j.owner, j.reference, j.order_key, j.labels, j.data, 0 AS state, j.generation, j.attempts,
       j.held_until, j.due_at, j.created_at, NULL AS finished_at, NULL AS tried_at, NULL AS duration_ms, NULL AS status,
       NULL AS error
FROM given CROSS JOIN {prefix}job AS j ON j.id >= given.first AND j.id <= given.last
WHERE +j.reference = given.reference AND (?2 IS NULL OR j.owner = ?2)
UNION ALL
SELECT h.id, h.queue, h.slot, h.lane, h.owner, h.reference, h.order_key, h.labels, h.data, h.state, h.generation, h.attempts,
       NULL AS held_until, h.due_at, h.created_at, h.finished_at, h.tried_at, h.duration_ms, h.status, h.error
FROM given CROSS JOIN {prefix}history AS h ON h.id >= given.first AND h.id <= given.last
WHERE +h.reference = given.reference AND (?2 IS NULL OR h.owner = ?2)
LIMIT ?1;
