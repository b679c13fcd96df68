-- Makes jobs wait for their next try: in the place of that time, or, ordered ones, in their old place. Each is found by its
-- primary key, and only in the version that was tried. What becomes of each is looked up row by row: a join with the table
-- itself, planned while it is empty, would read all of it. Also what is due now is found by its time: its owner has read the
-- feed past it.
WITH given AS MATERIALIZED (
    SELECT id, generation, version, holds, counted, greatest({now} + delay, coalesce(moment, 0)) AS at
    FROM unnest($2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])
         AS given (id, generation, version, holds, counted, delay, moment)
)
UPDATE {prefix}job AS job
SET version = job.version + 1, starts = 0,
    (attempts, due_at, scheduled, held_until) = (
        SELECT job.attempts + given.counted,
               CASE WHEN given.holds = 1 THEN job.due_at ELSE given.at END,
               CASE WHEN given.holds = 1 THEN job.scheduled ELSE 1 END,
               CASE WHEN given.holds = 1 THEN given.at END
        FROM given WHERE given.id = job.id
    )
WHERE job.id = ANY ($2::bytea[])
  AND ((job.id, job.generation, job.version) IN (SELECT id, generation, version FROM given)) IS TRUE
RETURNING job.id, job.version, coalesce(job.held_until, job.due_at) AS until_ms;
