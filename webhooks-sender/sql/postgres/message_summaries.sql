-- What a list shows of messages: no bodies. By primary key.
SELECT m.id, m.event, m.owner, m.bare, m.replay_of
FROM unnest($1::bytea[]) AS given (id) JOIN {prefix}messages AS m ON m.id = given.id
