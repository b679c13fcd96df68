-- Calls unfinished jobs off: takes them out, by primary key, and puts them into the history as cancelled.
WITH gone AS (
    DELETE FROM {prefix}job AS job WHERE job.id = ANY ($2::bytea[])
    RETURNING job.*
),
kept AS (
    INSERT INTO {prefix}history (id, queue, slot, lane, owner, state, generation, attempts, due_at, created_at,
                                 finished_at, reference, order_key, labels, data)
    SELECT id, queue, slot, lane, owner, 5, generation, attempts, due_at, created_at, {now}, reference, order_key, labels,
           data
    FROM gone
    ON CONFLICT (id) DO NOTHING
)
SELECT id FROM gone;
