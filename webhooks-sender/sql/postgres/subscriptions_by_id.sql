-- By primary key; what a worker keeps in memory.
SELECT s.id, s.owner, s.target, s.settings, s.secrets, s.state, s.static_key, s.own_key, s.failures, s.failing_since, s.created, s.changed, s.revision, s.warned
FROM unnest($1::bytea[]) AS given (id) JOIN {prefix}subscriptions AS s ON s.id = given.id
