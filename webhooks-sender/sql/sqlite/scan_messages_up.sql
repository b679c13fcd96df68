-- Messages of one owner with the broadcasts, merged, the oldest first. By the index messages_by_owner, two ranges.
SELECT m.id, m.event, m.bare, m.labels, m.owner, m.replay_of FROM {prefix}messages AS m WHERE m.owner = ?1 AND m.id > ?2
UNION ALL
SELECT m.id, m.event, m.bare, m.labels, m.owner, m.replay_of FROM {prefix}messages AS m WHERE m.owner = '' AND m.id > ?2
ORDER BY 1 LIMIT ?3
