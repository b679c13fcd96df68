-- What an owner was sent between two ids, broadcasts included where their owner (an empty one) is given as the second, the
-- oldest first: no bodies. By the index messages_by_owner, the head of two ranges.
SELECT m.id, m.event, m.bare, m.labels, m.owner, m.replay_of FROM (
    SELECT * FROM (
        SELECT own.id, own.event, own.bare, own.labels, own.owner, own.replay_of FROM {prefix}messages AS own
        WHERE own.owner = $1 AND (own.id || '') > $3 AND (own.id || '') < $4 ORDER BY (own.id || '') LIMIT $5
    ) AS own
    UNION ALL
    SELECT * FROM (
        SELECT everyone.id, everyone.event, everyone.bare, everyone.labels, everyone.owner, everyone.replay_of FROM {prefix}messages AS everyone
        WHERE everyone.owner = $2 AND (everyone.id || '') > $3 AND (everyone.id || '') < $4
        ORDER BY (everyone.id || '') LIMIT $5
    ) AS everyone
) AS m
ORDER BY m.id LIMIT $5
