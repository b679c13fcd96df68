-- The same for one owner. By the index messages_by_owner.
SELECT m.id, m.event, m.bare, m.labels, m.owner FROM {prefix}messages AS m WHERE m.owner = $1 AND (m.id || '') < $2 ORDER BY (m.id || '') DESC LIMIT $3
