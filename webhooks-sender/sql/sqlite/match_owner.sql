-- The subscriptions of one owner that want an event: its patterns are given. By primary key, one range per pattern.
-- CROSS JOIN: the list first, however long it is.
WITH given(pattern) AS (VALUES {rows})
SELECT p.subscription FROM given CROSS JOIN {prefix}patterns AS p ON p.owner = ?1 AND p.pattern = given.pattern
WHERE given.pattern IS NOT NULL LIMIT ?2
