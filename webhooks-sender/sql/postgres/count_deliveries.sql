-- How the deliveries of messages between two ids ended, all of them or one owner's; $3 are looked at. By the store's primary
-- key.
SELECT count(*) AS looked_at, count(*) FILTER (WHERE looked.state = 3) AS delivered,
       count(*) FILTER (WHERE looked.state = 4) AS failed, count(*) FILTER (WHERE looked.state = 5) AS cancelled
FROM (
    SELECT CASE WHEN $4::bigint IS NULL OR own.owner = $4::bigint THEN own.state END AS state
    FROM (SELECT h.owner, h.state FROM {prefix}history AS h WHERE h.id >= $1 AND h.id < $2 LIMIT $3) AS own
) AS looked
