-- The same of one owner. By the index messages_by_owner.
SELECT count(*) AS sent FROM (
    SELECT 1 FROM {prefix}messages AS m WHERE m.owner = $4 AND (m.id || '') >= $1 AND (m.id || '') < $2 LIMIT $3
) AS looked
