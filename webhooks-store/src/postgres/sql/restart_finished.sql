-- Makes finished jobs wait again as their next generation: takes them out of the history, by primary key, and puts them
-- among the unfinished ones. Their last attempt, which stood in the history, goes to the others.
WITH gone AS (
    DELETE FROM {prefix}history AS history WHERE history.id = ANY ($3::bytea[])
    RETURNING history.*
),
tried AS (
    INSERT INTO {prefix}attempt (job, generation, number, lane, at, duration_ms, status, error)
    SELECT id, generation, attempts, lane, tried_at, duration_ms, status, error FROM gone WHERE tried_at IS NOT NULL
    ON CONFLICT (job, generation, number) DO NOTHING
)
INSERT INTO {prefix}job (id, queue, slot, lane, owner, generation, attempts, due_at, created_at, reference, order_key,
                         labels, data)
SELECT id, queue, slot, lane, owner, generation + 1, coalesce($2::bigint, attempts), {now}, created_at, reference,
       order_key, labels, data
FROM gone
RETURNING id;
