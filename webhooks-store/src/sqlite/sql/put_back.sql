-- Makes jobs wait again under a lease that still counts, found by primary key. What is due already is ready immediately.
-- The ids are said twice: for a long list SQLite would rather read the table whole and look each row up in the list.
WITH given (id, claim, counted, delay, moment) AS (VALUES {rows})
UPDATE {prefix}job
SET attempts = attempts + given.counted,
    state = max({now} + given.delay, coalesce(given.moment, 0)) <= {now},
    due_at = max({now} + given.delay, coalesce(given.moment, 0)),
    lease_until = NULL
FROM given
WHERE {prefix}job.id IN (SELECT id FROM given) AND {prefix}job.id = given.id
  AND {prefix}job.claim = given.claim AND +{prefix}job.state = 2
RETURNING id, claim;
