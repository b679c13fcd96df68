-- By primary key, once for all that is loaded together: an owner's and everyone's, or where no owner is given anyone's.
-- Bodies where they are asked for (?2). CROSS JOIN: the list first, however long it is.
WITH given(id) AS (VALUES {rows})
SELECT m.id, m.event, m.owner, m.bare, m.wire, iif(?2, m.body, NULL) AS body, m.created, m.expires, m.labels, m.replay_of
FROM given CROSS JOIN {prefix}messages AS m ON m.id = given.id
WHERE given.id IS NOT NULL AND (?1 IS NULL OR m.owner IN (?1, ''))
