-- As match_owner, for a broadcast. By the index patterns_of_everyone.
-- CROSS JOIN: the list first, however long it is.
WITH given(pattern) AS (VALUES {rows})
SELECT p.subscription, p.owner FROM given CROSS JOIN {prefix}patterns AS p ON p.pattern = given.pattern
WHERE given.pattern IS NOT NULL LIMIT ?1
