-- By primary key, once for all that is loaded together.
SELECT m.id, m.event, m.owner, m.bare, m.wire, m.body, m.created, m.expires, m.labels, m.replay_of
FROM unnest($1::bytea[]) AS given (id) JOIN {prefix}messages AS m ON m.id = given.id
