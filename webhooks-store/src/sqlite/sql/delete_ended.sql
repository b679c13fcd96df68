-- Takes jobs that ended under a lease that still counts out of the table of unfinished ones, by primary key.
DELETE FROM {prefix}job
WHERE (id, claim) IN (SELECT id, claim FROM (WITH given (id, claim) AS (VALUES {rows}) SELECT id, claim FROM given))
  AND state = 2
RETURNING id, claim;
