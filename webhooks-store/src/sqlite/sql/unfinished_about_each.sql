-- Those of the jobs about each of these things that wait, as in jobs_about_each: at most ?1 together, in no order. Of one owner
-- (?2), if one is named. The primary key; CROSS JOIN: the things first. The plus keeps SQLite from making an index of its own
-- over all jobs.
WITH given (reference, first, last) AS (VALUES {rows})
SELECT j.id, j.queue, j.slot, j.lane, j.owner, j.reference, j.order_key, j.labels, j.data, 0 AS state, j.generation, j.attempts,
       j.held_until, j.due_at, j.created_at, NULL AS finished_at, NULL AS tried_at, NULL AS duration_ms, NULL AS status,
       NULL AS error
FROM given CROSS JOIN {prefix}job AS j ON j.id >= given.first AND j.id <= given.last
WHERE +j.reference = given.reference AND (?2 IS NULL OR j.owner = ?2)
LIMIT ?1;
