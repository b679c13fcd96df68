-- As match_owner, for a broadcast. By the index patterns_of_everyone.
WITH given(pattern) AS (VALUES {rows})
SELECT p.subscription FROM given JOIN {prefix}patterns AS p ON p.pattern = given.pattern
WHERE given.pattern IS NOT NULL LIMIT ?1
