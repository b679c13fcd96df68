-- Moves the end of leases that still count, found by primary key.
WITH given (id, claim) AS (VALUES {rows})
UPDATE {prefix}job SET lease_until = {now} + ?2
FROM given
WHERE {prefix}job.id = given.id AND {prefix}job.claim = given.claim AND {prefix}job.state = 2
RETURNING id, claim;
