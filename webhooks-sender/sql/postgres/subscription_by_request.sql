-- What an owner asked for with a key. By the unique index subscriptions_by_request.
SELECT s.id, s.owner, s.target, s.settings, s.secrets, s.state, s.static_key, s.own_key, s.failures, s.failing_since, s.created, s.changed, s.revision, s.warned
FROM {prefix}subscriptions AS s WHERE s.owner = $1 AND s.request_key = $2
