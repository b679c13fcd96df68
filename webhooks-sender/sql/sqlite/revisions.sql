-- By primary key, once for all that is loaded together: tells whether what is in memory is still true, and whether a success
-- has a failure window to end.
-- CROSS JOIN: the list first, however long it is.
WITH given(id) AS (VALUES {rows})
SELECT s.id, s.revision, s.failures > 0 AS fails
FROM given CROSS JOIN {prefix}subscriptions AS s ON s.id = given.id WHERE given.id IS NOT NULL
