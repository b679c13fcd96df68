-- What a filter looks at of each message, newest first: no bodies. By primary key.
SELECT m.id, m.event, m.bare, m.labels, m.owner FROM {prefix}messages AS m WHERE m.id < ?1 ORDER BY m.id DESC LIMIT ?2
