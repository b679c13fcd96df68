-- How many messages were sent between two ids, all of them or one owner's; ?3 are looked at. By primary key.
SELECT count(*) AS looked_at, coalesce(sum(?4 IS NULL OR counted.owner = ?4), 0) AS sent
FROM (SELECT m.owner FROM {prefix}messages AS m WHERE m.id >= ?1 AND m.id < ?2 LIMIT ?3) AS counted
