-- The same for one owner with the broadcasts, merged. By the index messages_by_owner, the head of two ranges.
WITH looked AS MATERIALIZED (
    SELECT m.id, m.event, m.bare, m.labels, m.owner, m.replay_of FROM (
        SELECT * FROM (
            SELECT own.id, own.event, own.bare, own.labels, own.owner, own.replay_of FROM {prefix}messages AS own
            WHERE own.owner = $1 AND (own.id || '') < $2 ORDER BY (own.id || '') DESC LIMIT $3
        ) AS own
        UNION ALL
        SELECT * FROM (
            SELECT everyone.id, everyone.event, everyone.bare, everyone.labels, everyone.owner, everyone.replay_of FROM {prefix}messages AS everyone
            WHERE everyone.owner = '' AND (everyone.id || '') < $2 ORDER BY (everyone.id || '') DESC LIMIT $3
        ) AS everyone
    ) AS m
    ORDER BY m.id DESC LIMIT $3
)
SELECT looked.id, looked.event, looked.bare, looked.labels, looked.owner, looked.replay_of,
       (SELECT count(*) FROM looked) AS looked_at
FROM looked
WHERE ($4::text IS NULL OR looked.event = $4::text)
  AND ($5::text IS NULL OR left(looked.event, length($5::text)) = $5::text)
   OR looked.id = (SELECT id FROM looked ORDER BY id LIMIT 1)
