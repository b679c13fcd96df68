-- A page of those in one state, however many others there are: any state but `active`, which most have. By the index
-- subscriptions_by_state.
SELECT s.id, s.owner, s.target, s.settings, s.secrets, s.state, s.static_key, s.own_key, s.failures, s.failing_since, s.created, s.changed, s.revision, s.warned FROM {prefix}subscriptions AS s
WHERE s.state = ?1 AND s.state <> 'active' AND s.id > ?2 ORDER BY s.id LIMIT ?3
