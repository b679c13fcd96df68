-- How the deliveries of messages between two ids ended, all of them or one owner's; ?3 are looked at. By the store's primary
-- key.
SELECT count(*) AS looked_at, coalesce(sum(counted.state = 3), 0) AS delivered, coalesce(sum(counted.state = 4), 0) AS failed,
       coalesce(sum(counted.state = 5), 0) AS cancelled
FROM (
    SELECT iif(?4 IS NULL OR h.owner = ?4, h.state, 0) AS state
    FROM {prefix}history AS h WHERE h.id >= ?1 AND h.id < ?2 LIMIT ?3
) AS counted
