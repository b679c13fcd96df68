-- Which of these jobs exist, finished or not: a seek in each primary key.
WITH given (id) AS (VALUES {rows})
SELECT given.id
FROM given
WHERE EXISTS (SELECT 1 FROM {prefix}job AS job WHERE job.id = given.id)
   OR EXISTS (SELECT 1 FROM {prefix}history AS history WHERE history.id = given.id);
