-- Ends jobs: takes them out of the unfinished ones and puts them into the history with their last attempt, except those that
-- are never looked up again (0). A success ends any version of its generation, everything else only the one it was for.
-- Each is found by its primary key. A job that is in the history already must not keep the others from ending.
WITH gone AS (
    DELETE FROM {prefix}job AS job
    USING unnest($2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
                 $9::bigint[], $10::text[])
          AS given (id, generation, version, state, counted, tried_at, duration_ms, status, error)
    WHERE job.id = given.id AND job.generation = given.generation
      AND (given.version IS NULL OR job.version = given.version)
    RETURNING job.id, job.queue, job.slot, job.lane, job.owner, given.state, job.generation,
              job.attempts + given.counted AS attempts, job.due_at, job.created_at, job.reference, job.order_key,
              job.labels, job.data, given.tried_at, given.duration_ms, given.status, given.error
),
kept AS (
    INSERT INTO {prefix}history (id, queue, slot, lane, owner, state, generation, attempts, due_at, created_at,
                                 finished_at, reference, order_key, labels, data, tried_at, duration_ms, status, error)
    SELECT id, queue, slot, lane, owner, state, generation, attempts, due_at, created_at, {now}, reference, order_key,
           labels, data, tried_at, duration_ms, status, error
    FROM gone
    WHERE state <> 0
    ON CONFLICT (id) DO NOTHING
)
SELECT id FROM gone;
