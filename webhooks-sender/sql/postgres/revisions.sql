-- By primary key, once for all that is loaded together: tells whether what is in memory is still true, and whether a success
-- has a failure window to end.
SELECT s.id, s.revision, (CASE WHEN s.failures > 0 THEN 1 ELSE 0 END)::bigint AS fails
FROM unnest($1::bytea[]) AS given (id) JOIN {prefix}subscriptions AS s ON s.id = given.id
