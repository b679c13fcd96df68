-- A page of one owner, by the index subscriptions_by_owner.
SELECT s.id, s.owner, s.target, s.settings, s.secrets, s.state, s.static_key, s.own_key, s.failures, s.failing_since, s.created, s.changed, s.revision, s.warned FROM {prefix}subscriptions AS s
WHERE s.owner = ?1 AND s.id > ?2 ORDER BY s.id LIMIT ?3
