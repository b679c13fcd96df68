-- Moves the end of leases that still count, found by primary key.
UPDATE {prefix}job AS job SET lease_until = {now} + $2
FROM unnest($3::bytea[], $4::bigint[]) AS given (id, claim)
WHERE job.id = given.id AND job.claim = given.claim AND job.state + 0 = 2
RETURNING job.id, job.claim;
