-- Moves the end of leases that still count, found by primary key.
-- The ids are said twice: for a long list SQLite would rather read the table whole and look each row up in the list.
WITH given (id, claim) AS (VALUES {rows})
UPDATE {prefix}job SET lease_until = {now} + ?2
FROM given
WHERE {prefix}job.id IN (SELECT id FROM given) AND {prefix}job.id = given.id
  AND {prefix}job.claim = given.claim AND +{prefix}job.state = 2
RETURNING id, claim;
