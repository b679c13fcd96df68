-- Which of these jobs exist, finished or not: a seek in each primary key. `LIMIT 1` leaves the planner no other way.
SELECT given.id
FROM unnest($1::bytea[]) AS given (id)
WHERE EXISTS (SELECT 1 FROM {prefix}job AS job WHERE job.id = given.id OFFSET 0)
   OR EXISTS (SELECT 1 FROM {prefix}history AS history WHERE history.id = given.id OFFSET 0);
