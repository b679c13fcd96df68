-- All static ones: the unique index on static_key holds no others.
SELECT s.id, s.owner, s.target, s.settings, s.secrets, s.state, s.static_key, s.own_key, s.failures, s.failing_since, s.created, s.changed, s.revision, s.warned FROM {prefix}subscriptions AS s WHERE s.static_key IS NOT NULL ORDER BY s.static_key
