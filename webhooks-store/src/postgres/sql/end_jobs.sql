-- Ends jobs: takes them out of the unfinished ones and puts them into the history with their last attempt, except those that
-- are never looked up again (0). A success ends any version of its generation, everything else only the one it was for.
-- Rows are found by their primary key, and deleted by it in the order of ids: a join with the table itself, planned while it
-- is empty, would read all of it. What is deleted is looked at again, as it is by then: the versions are looked up in a
-- hash of what was found. A job that is in the history already must not keep the others from ending.
WITH given AS MATERIALIZED (
    SELECT *
    FROM unnest($2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
                $9::bigint[], $10::text[])
         AS given (id, generation, fence, state, counted, tried_at, duration_ms, status, error)
),
found AS MATERIALIZED (
    SELECT given.*, job.queue, job.slot, job.lane, job.owner, job.attempts, job.due_at, job.created_at, job.reference,
           job.order_key, job.labels, job.data
    FROM given CROSS JOIN LATERAL (SELECT * FROM {prefix}job AS job WHERE job.id = given.id LIMIT 1) AS job
),
gone AS (
    DELETE FROM {prefix}job
    WHERE id = ANY (ARRAY(SELECT id FROM found))
      AND ((id, generation) IN (SELECT id, generation FROM found WHERE fence IS NULL)
           OR (id, generation, version) IN (SELECT id, generation, fence FROM found WHERE fence IS NOT NULL))
    RETURNING id
),
kept AS (
    INSERT INTO {prefix}history (id, queue, slot, lane, owner, state, generation, attempts, due_at, created_at,
                                 finished_at, reference, order_key, labels, data, tried_at, duration_ms, status, error)
    SELECT id, queue, slot, lane, owner, state, generation, attempts + counted, due_at, created_at, {now}, reference,
           order_key, labels, data, tried_at, duration_ms, status, error
    FROM found
    WHERE state <> 0 AND (id IN (SELECT id FROM gone)) IS TRUE
    ON CONFLICT (id) DO NOTHING
)
SELECT id FROM gone;
