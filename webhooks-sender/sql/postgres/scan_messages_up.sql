-- Messages of one owner with the broadcasts, merged, the oldest first. By the index messages_by_owner, the head of two
-- ranges.
SELECT m.id, m.event, m.bare, m.labels, m.owner, m.replay_of FROM (
    SELECT * FROM (
        SELECT own.id, own.event, own.bare, own.labels, own.owner, own.replay_of FROM {prefix}messages AS own
        WHERE own.owner = $1 AND (own.id || '') > $2 ORDER BY (own.id || '') LIMIT $3
    ) AS own
    UNION ALL
    SELECT * FROM (
        SELECT everyone.id, everyone.event, everyone.bare, everyone.labels, everyone.owner, everyone.replay_of FROM {prefix}messages AS everyone
        WHERE everyone.owner = '' AND (everyone.id || '') > $2 ORDER BY (everyone.id || '') LIMIT $3
    ) AS everyone
) AS m
ORDER BY m.id LIMIT $3
