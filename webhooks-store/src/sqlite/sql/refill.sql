-- The due rows of some lanes, each from a place on: one seek in job_lane for each lane, and at most ?3 entries are read
-- behind it (the largest room given: LIMIT takes no column, so a row number cuts).
WITH given (slot, lane, due_at, id, room) AS (VALUES {rows})
SELECT job.id, job.slot, job.lane, job.owner, job.due_at, job.generation, job.version, job.attempts, job.starts, job.held_until,
       job.reference, job.order_key, job.labels, job.data, job.created_at,
       {now} AS now_ms
FROM given
CROSS JOIN json_each((
    SELECT json_group_array(position)
    FROM (SELECT next.position FROM {prefix}job AS next
          WHERE next.queue = ?2 AND next.slot = given.slot AND next.lane = given.lane
            AND (next.due_at, next.id) >= (given.due_at, given.id) AND next.due_at <= {now}
          ORDER BY next.due_at, next.id LIMIT ?3)
)) AS picked
CROSS JOIN {prefix}job AS job ON job.position = picked.value
WHERE given.lane IS NOT NULL AND picked.key < given.room;
