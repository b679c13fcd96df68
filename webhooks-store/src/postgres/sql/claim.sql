-- Leases the oldest due jobs of the given lanes, of each as many as given. Each lane is one seek in job_ready; what
-- another worker is taking at the same moment is passed over instead of waited for. The ids go through an array,
-- so that each row is then found by its key, whatever the planner thinks of the table's size.
UPDATE {prefix}job SET state = 2, claim = claim + 1, lease_until = {now} + $3
WHERE id = ANY (ARRAY(
    SELECT picked.id
    FROM unnest($5::bytea[], $6::bigint[]) AS given (lane, take)
    CROSS JOIN LATERAL (
        SELECT job.id FROM {prefix}job AS job
        WHERE job.queue = $2 AND job.state = 1 AND job.lane = given.lane
        ORDER BY job.due_at, job.id LIMIT least(given.take, $4) FOR UPDATE SKIP LOCKED
    ) AS picked
))
RETURNING id, lane, reference, order_key, labels, data, generation, attempts, claim, due_at, created_at, lease_until;
