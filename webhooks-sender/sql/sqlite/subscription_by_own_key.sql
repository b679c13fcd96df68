-- What the application keeps for an owner under a key. By the unique index subscriptions_by_own_key.
SELECT s.id, s.owner, s.target, s.settings, s.secrets, s.state, s.static_key, s.own_key, s.failures, s.failing_since, s.created, s.changed, s.revision, s.warned
FROM {prefix}subscriptions AS s WHERE s.owner = ?1 AND s.own_key = ?2
