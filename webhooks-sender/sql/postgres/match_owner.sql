-- The subscriptions of one owner that want an event: its patterns are given. By primary key, one range per pattern.
SELECT p.subscription FROM unnest($3::text[]) AS given (pattern)
JOIN {prefix}patterns AS p ON p.owner = $1 AND p.pattern = given.pattern LIMIT $2
