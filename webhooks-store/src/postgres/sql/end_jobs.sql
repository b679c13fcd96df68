-- Ends jobs under a lease that still counts: takes them out of the unfinished ones and puts them into the history with
-- their last attempt, except those that are never looked up again (0). Each is found by its primary key; `state + 0` keeps
-- the planner from walking job_running instead, with all its dead entries. A job that is in the history already must
-- not keep the others from ending.
WITH gone AS (
    DELETE FROM {prefix}job AS job
    USING unnest($2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
                 $9::text[])
          AS given (id, claim, state, counted, tried_at, duration_ms, status, error)
    WHERE job.id = given.id AND job.claim = given.claim AND job.state + 0 = 2
    RETURNING job.id, job.queue, job.lane, given.state, job.generation, job.attempts + given.counted AS attempts,
              job.claim, job.due_at, job.created_at, job.reference, job.order_key, job.labels, job.data,
              given.tried_at, given.duration_ms, given.status, given.error
),
kept AS (
    INSERT INTO {prefix}history (id, queue, lane, state, generation, attempts, claim, due_at, created_at, finished_at,
                                 reference, order_key, labels, data, tried_at, duration_ms, status, error)
    SELECT id, queue, lane, state, generation, attempts, claim, due_at, created_at, {now}, reference, order_key, labels,
           data, tried_at, duration_ms, status, error
    FROM gone
    WHERE state <> 0
    ON CONFLICT (id) DO NOTHING
)
SELECT id, claim FROM gone;
