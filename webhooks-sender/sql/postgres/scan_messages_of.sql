-- The same for one owner. By the index messages_by_owner.
WITH looked AS MATERIALIZED (
    SELECT m.id, m.event, m.bare, m.labels, m.owner, m.replay_of FROM {prefix}messages AS m
    WHERE m.owner = $1 AND (m.id || '') < $2 ORDER BY (m.id || '') DESC LIMIT $3
)
SELECT looked.id, looked.event, looked.bare, looked.labels, looked.owner, looked.replay_of,
       (SELECT count(*) FROM looked) AS looked_at
FROM looked
WHERE ($4::text IS NULL OR looked.event = $4::text)
  AND ($5::text IS NULL OR left(looked.event, length($5::text)) = $5::text)
   OR looked.id = (SELECT id FROM looked ORDER BY id LIMIT 1)
