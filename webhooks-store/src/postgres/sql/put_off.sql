-- Makes jobs wait for their next try: in the place of that time, or, ordered ones, in their old place. Each is found by its
-- primary key, and only in the version that was tried. Also what is due now is found by its time: its owner has read the
-- feed past it.
UPDATE {prefix}job AS job
SET attempts = job.attempts + given.counted,
    version = job.version + 1,
    due_at = CASE WHEN given.holds = 0 THEN greatest({now} + given.delay, coalesce(given.moment, 0)) ELSE job.due_at END,
    scheduled = CASE WHEN given.holds = 0 THEN 1 ELSE job.scheduled END,
    held_until = CASE WHEN given.holds = 1 THEN greatest({now} + given.delay, coalesce(given.moment, 0)) END
FROM unnest($2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])
     AS given (id, generation, version, holds, counted, delay, moment)
WHERE job.id = given.id AND job.generation = given.generation AND job.version = given.version
RETURNING job.id, job.version, coalesce(job.held_until, job.due_at) AS until_ms;
