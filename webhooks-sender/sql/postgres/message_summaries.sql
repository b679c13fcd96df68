-- What a list shows of messages: no bodies. An owner's and everyone's, or where no owner is given anyone's. By primary key: the
-- owner is not a plain column here, so that it leads to no other index.
SELECT m.id, m.event, m.owner, m.bare, m.replay_of
FROM unnest($2::bytea[]) AS given (id) JOIN {prefix}messages AS m ON m.id = given.id
WHERE $1::text IS NULL OR (m.owner || '') IN ($1::text, '')
