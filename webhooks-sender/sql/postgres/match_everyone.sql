-- As match_owner, for a broadcast. By the index patterns_of_everyone, one range per pattern and none of it in vain: in
-- its order, so that the planner has no reason to read the whole table.
SELECT p.subscription, p.owner FROM unnest($2::text[]) AS given (pattern)
CROSS JOIN LATERAL (
    SELECT one.subscription, one.owner FROM {prefix}patterns AS one
    WHERE (one.pattern || '') = given.pattern ORDER BY (one.subscription || '') LIMIT $1
) AS p LIMIT $1
