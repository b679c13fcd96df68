-- What was answered to the attempts at messages between two ids, all of them or one owner's: by the class of the status, 0 where
-- there was no answer. How many are of messages that are fetched, says the last byte of the lane. $3 are looked at of those that
-- ended a delivery, whose rows name the owner, and of the others. By the store's primary keys.
SELECT looked.class, count(*) FILTER (WHERE looked.is_own) AS attempts, count(*) AS looked_at,
       count(*) FILTER (WHERE looked.is_own AND looked.is_fetched) AS fetched,
       coalesce(sum(looked.duration_ms) FILTER (WHERE looked.is_own), 0)::bigint AS duration_ms,
       coalesce(max(looked.duration_ms) FILTER (WHERE looked.is_own), 0)::bigint AS longest_ms
FROM (
    SELECT last.duration_ms, coalesce(last.status, 0) / 100 AS class, substr(last.lane, 16) = '\xff' AS is_fetched,
           $5::bigint IS NULL OR last.owner = $5::bigint AS is_own
    FROM (
        SELECT h.lane, h.owner, h.status, h.duration_ms FROM {prefix}history AS h
        WHERE h.id >= $1 AND h.id < $2 AND h.tried_at IS NOT NULL LIMIT $3
    ) AS last
    UNION ALL
    SELECT earlier.duration_ms, coalesce(earlier.status, 0) / 100, substr(earlier.lane, 16) = '\xff',
           $4::text IS NULL OR EXISTS (SELECT 1 FROM {prefix}subscriptions AS s
                                       WHERE s.id = earlier.lane AND s.owner = $4::text OFFSET 0)
    FROM (
        SELECT a.lane, a.status, a.duration_ms FROM {prefix}attempt AS a
        WHERE a.job >= $1 AND a.job < $2 LIMIT $3
    ) AS earlier
) AS looked
GROUP BY looked.class
