-- A page of all, by primary key.
SELECT s.id, s.owner, s.target, s.settings, s.secrets, s.state, s.static_key, s.own_key, s.failures, s.failing_since, s.created, s.changed, s.revision, s.warned FROM {prefix}subscriptions AS s
WHERE s.id > $1 ORDER BY s.id LIMIT $2
