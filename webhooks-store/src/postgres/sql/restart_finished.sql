-- Makes finished jobs wait again as their next generation: takes them out of the history, by primary key, and puts them
-- among the unfinished ones. Their last attempt, which stood in the history, goes to the others.
WITH gone AS (
    DELETE FROM {prefix}history AS history USING unnest($5::bytea[]) AS given (id) WHERE history.id = given.id
    RETURNING history.*
),
tried AS (
    INSERT INTO {prefix}attempt (job, generation, number, lane, at, duration_ms, status, error)
    SELECT id, generation, attempts, lane, tried_at, duration_ms, status, error FROM gone WHERE tried_at IS NOT NULL
    ON CONFLICT (job, generation, number) DO NOTHING
)
INSERT INTO {prefix}job (id, queue, lane, state, generation, attempts, claim, due_at, created_at, reference, order_key,
                         labels, data)
SELECT id, queue, lane,
       CASE WHEN greatest({now} + $2::bigint, coalesce($3::bigint, 0)) <= {now} THEN 1 ELSE 0 END,
       generation + 1, coalesce($4::bigint, attempts), claim,
       greatest({now} + $2::bigint, coalesce($3::bigint, 0)),
       created_at, reference, order_key, labels, data
FROM gone
RETURNING id;
