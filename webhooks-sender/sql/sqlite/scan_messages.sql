-- What a filter looks at of ?2 messages, newest first: no bodies. By primary key. Those of an event (?3), or of events whose names
-- begin so (?4), and in any case the last one, so that the next ones are found behind it.
WITH looked AS MATERIALIZED (
    SELECT m.id, m.event, m.bare, m.labels, m.owner, m.replay_of FROM {prefix}messages AS m WHERE m.id < ?1
    ORDER BY m.id DESC LIMIT ?2
)
SELECT looked.id, looked.event, looked.bare, looked.labels, looked.owner, looked.replay_of,
       (SELECT count(*) FROM looked) AS looked_at
FROM looked
WHERE (?3 IS NULL OR looked.event = ?3) AND (?4 IS NULL OR substr(looked.event, 1, length(?4)) = ?4)
   OR looked.id = (SELECT min(id) FROM looked)
