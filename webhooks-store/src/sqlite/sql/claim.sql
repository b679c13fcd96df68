-- Leases the oldest due jobs of the given lanes, of each as many as given. Each lane is one seek in job_ready, and at
-- most ?4 entries are read behind it (the largest number given: LIMIT takes no column, so a row number cuts).
WITH given (lane, take) AS (VALUES {rows})
UPDATE {prefix}job SET state = 2, claim = claim + 1, lease_until = {now} + ?3
WHERE id IN (
    SELECT unhex(picked.value)
    FROM given
    CROSS JOIN json_each((
        SELECT json_group_array(hex(id))
        FROM (SELECT job.id FROM {prefix}job AS job
              WHERE job.queue = ?2 AND job.state = 1 AND job.lane = given.lane
              ORDER BY job.due_at, job.id LIMIT ?4)
    )) AS picked
    WHERE given.lane IS NOT NULL AND picked.key < given.take
)
RETURNING id, lane, reference, order_key, labels, data, generation, attempts, claim, due_at, created_at, lease_until;
