-- How many messages were sent between two ids, all of them or one owner's; $3 are looked at. By primary key.
SELECT count(*) AS looked_at, count(*) FILTER (WHERE $4::text IS NULL OR looked.owner = $4::text) AS sent
FROM (SELECT m.owner FROM {prefix}messages AS m WHERE m.id >= $1 AND m.id < $2 LIMIT $3) AS looked
