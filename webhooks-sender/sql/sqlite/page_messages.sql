-- A page of all messages, newest first. By primary key.
SELECT m.id, m.event, m.owner, m.bare, m.wire, m.body, m.created, m.expires, m.labels FROM {prefix}messages AS m WHERE m.id < ?1 ORDER BY m.id DESC LIMIT ?2
