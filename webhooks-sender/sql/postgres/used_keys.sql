-- With which keys secrets are sealed, each with how many subscriptions, up to a limit. By the index subscriptions_by_key, a
-- jump from key to key.
WITH RECURSIVE visit (key) AS (
    SELECT (SELECT s.sealing_key FROM {prefix}subscriptions AS s WHERE s.sealing_key >= '' ORDER BY s.sealing_key LIMIT 1)
    UNION ALL
    SELECT (SELECT s.sealing_key FROM {prefix}subscriptions AS s WHERE s.sealing_key > visit.key
            ORDER BY s.sealing_key LIMIT 1)
    FROM visit WHERE visit.key IS NOT NULL
)
SELECT visit.key, (SELECT count(*) FROM (
    SELECT 1 FROM {prefix}subscriptions AS s WHERE s.sealing_key = visit.key LIMIT $1) AS given) AS subscriptions
FROM visit WHERE visit.key IS NOT NULL
