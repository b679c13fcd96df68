-- Some waiting rows as they stand: found by their ids.
WITH given (id) AS (VALUES {rows})
SELECT job.id, job.slot, job.lane, job.owner, job.due_at, job.generation, job.version, job.attempts, job.starts, job.held_until,
       job.reference, job.order_key, job.labels, job.data, job.created_at,
       {now} AS now_ms
FROM given CROSS JOIN {prefix}job AS job ON job.id = given.id
WHERE +job.queue = ?2;
