-- Takes jobs that end out of the unfinished ones, found by their ids: a success any version of its generation, everything
-- else only the one it was for.
WITH given (id, generation, version) AS (VALUES {rows})
DELETE FROM {prefix}job
WHERE id IN (SELECT given.id FROM given CROSS JOIN {prefix}job AS job ON job.id = given.id
             WHERE job.generation = given.generation AND job.version = coalesce(given.version, job.version))
RETURNING id;
