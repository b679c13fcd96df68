-- As match_owner, for a broadcast. By the index patterns_of_everyone.
SELECT p.subscription FROM unnest($2::text[]) AS given (pattern)
JOIN {prefix}patterns AS p ON p.pattern = given.pattern LIMIT $1
