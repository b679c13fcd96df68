-- Takes jobs that ended under a lease that still counts out of the unfinished ones, by primary key.
WITH given (id, claim) AS (VALUES {rows})
DELETE FROM {prefix}job
WHERE (id, claim) IN (SELECT id, claim FROM given WHERE id IS NOT NULL) AND state = 2
RETURNING id, claim;
