-- The subscriptions of one owner that want an event: its patterns are given. By primary key, one range per pattern and
-- none of it in vain: in its order, so that the planner has no other way.
SELECT p.subscription FROM unnest($3::text[]) AS given (pattern)
CROSS JOIN LATERAL (
    SELECT one.subscription FROM {prefix}patterns AS one
    WHERE one.owner = $1 AND one.pattern = given.pattern ORDER BY one.subscription LIMIT $2
) AS p LIMIT $2
