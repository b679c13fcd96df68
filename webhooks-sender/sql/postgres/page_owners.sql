-- Owners behind one, each with how many subscriptions it has, up to a limit, and how many of these are not active. By the
-- index subscriptions_by_owner, a jump from owner to owner.
WITH RECURSIVE visit (owner, step) AS (
    SELECT (SELECT s.owner FROM {prefix}subscriptions AS s WHERE s.owner > $1 ORDER BY s.owner LIMIT 1), 1
    UNION ALL
    SELECT (SELECT s.owner FROM {prefix}subscriptions AS s WHERE s.owner > visit.owner ORDER BY s.owner LIMIT 1), step + 1
    FROM visit WHERE visit.owner IS NOT NULL AND step < $2
)
SELECT visit.owner,
       (SELECT count(*) FROM (SELECT 1 FROM {prefix}subscriptions AS s
                              WHERE s.owner = visit.owner LIMIT $3) AS given) AS subscriptions,
       (SELECT count(*) FROM (SELECT s.state FROM {prefix}subscriptions AS s
                              WHERE s.owner = visit.owner LIMIT $3) AS given WHERE given.state <> 'active') AS inactive
FROM visit WHERE visit.owner IS NOT NULL
