-- The same messages once more under new ids, to one owner. By primary key.
WITH given(id, new) AS (VALUES {rows})
INSERT INTO {prefix}messages (id, event, owner, bare, wire, body, created, expires, labels, replay_of)
SELECT given.new, m.event, ?1, m.bare, m.wire, m.body, ?2, m.expires, m.labels, m.id
FROM given CROSS JOIN {prefix}messages AS m ON m.id = given.id WHERE given.id IS NOT NULL
