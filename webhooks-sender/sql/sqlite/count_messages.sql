-- How many messages were sent between two ids; ?3 are looked at. By primary key.
SELECT count(*) AS sent FROM (SELECT 1 FROM {prefix}messages AS m WHERE m.id >= ?1 AND m.id < ?2 LIMIT ?3) AS looked
