-- Takes jobs that ended under a lease that still counts out of the table of unfinished ones, by primary key.
DELETE FROM {prefix}job AS job
USING unnest($1::bytea[], $2::bigint[]) AS given (id, claim)
WHERE job.id = given.id AND job.claim = given.claim AND job.state = 2
RETURNING job.id, job.claim;
