-- Makes jobs wait again under a lease that still counts, found by primary key. What is due already is ready immediately.
UPDATE {prefix}job AS job
SET attempts = attempts + given.counted,
    state = CASE WHEN greatest({now} + given.delay, coalesce(given.moment, 0)) <= {now} THEN 1 ELSE 0 END,
    due_at = greatest({now} + given.delay, coalesce(given.moment, 0)),
    lease_until = NULL
FROM unnest($2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
     AS given (id, claim, counted, delay, moment)
WHERE job.id = given.id AND job.claim = given.claim AND job.state + 0 = 2
RETURNING job.id, job.claim;
