-- By primary key, once for all that is loaded together: an owner's and everyone's, or where no owner is given anyone's. The
-- owner is not a plain column here, so that it leads to no other index. Bodies where they are asked for ($2).
SELECT m.id, m.event, m.owner, m.bare, m.wire, CASE WHEN $2 = 1 THEN m.body END AS body, m.created, m.expires, m.labels, m.replay_of
FROM unnest($3::bytea[]) AS given (id) JOIN {prefix}messages AS m ON m.id = given.id
WHERE $1::text IS NULL OR (m.owner || '') IN ($1::text, '')
