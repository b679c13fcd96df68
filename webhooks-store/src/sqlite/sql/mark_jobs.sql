-- Writes down that the requests of jobs begin, or, with -1, that they were not made after all; found by their ids.
WITH given (id) AS (VALUES {rows})
UPDATE {prefix}job SET starts = max(starts + ?1, 0) WHERE id IN (SELECT id FROM given);
