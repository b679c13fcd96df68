-- The same of one owner. By the index subscriptions_by_owner_state.
SELECT s.id, s.owner, s.target, s.settings, s.secrets, s.state, s.static_key, s.own_key, s.failures, s.failing_since, s.created, s.changed, s.revision, s.warned FROM {prefix}subscriptions AS s
WHERE s.owner = ?1 AND s.state = ?2 AND s.state <> 'active' AND s.id > ?3 ORDER BY s.id LIMIT ?4
