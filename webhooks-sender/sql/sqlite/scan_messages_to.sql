-- The same for one owner with the broadcasts, merged. By the index messages_by_owner, the head of two ranges.
WITH looked AS MATERIALIZED (
    SELECT m.id, m.event, m.bare, m.labels, m.owner, m.replay_of FROM {prefix}messages AS m WHERE m.owner = ?1 AND m.id < ?2
    UNION ALL
    SELECT m.id, m.event, m.bare, m.labels, m.owner, m.replay_of FROM {prefix}messages AS m WHERE m.owner = '' AND m.id < ?2
    ORDER BY 1 DESC LIMIT ?3
)
SELECT looked.id, looked.event, looked.bare, looked.labels, looked.owner, looked.replay_of,
       (SELECT count(*) FROM looked) AS looked_at
FROM looked
WHERE (?4 IS NULL OR looked.event = ?4) AND (?5 IS NULL OR substr(looked.event, 1, length(?5)) = ?5)
   OR looked.id = (SELECT min(id) FROM looked)
