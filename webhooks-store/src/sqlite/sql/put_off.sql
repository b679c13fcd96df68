-- Makes jobs wait for their next try: in the place of that time, or, ordered ones, in their old place. Each is found by its
-- id, and only in the version that was tried. Also what is due now is found by its time: its owner has read the feed past it.
-- The ids are said twice: for a long list SQLite would rather read the table whole and look each row up in the list.
WITH given (id, generation, version, holds, counted, delay, moment) AS (VALUES {rows})
UPDATE {prefix}job
SET attempts = attempts + given.counted,
    version = {prefix}job.version + 1,
    starts = 0,
    due_at = iif(given.holds = 0, max({now} + given.delay, coalesce(given.moment, 0)), due_at),
    scheduled = iif(given.holds = 0, 1, scheduled),
    held_until = iif(given.holds = 1, max({now} + given.delay, coalesce(given.moment, 0)), NULL)
FROM given
WHERE {prefix}job.id IN (SELECT id FROM given) AND {prefix}job.id = given.id
  AND {prefix}job.generation = given.generation AND {prefix}job.version = given.version
RETURNING id, version, coalesce(held_until, due_at) AS until_ms;
