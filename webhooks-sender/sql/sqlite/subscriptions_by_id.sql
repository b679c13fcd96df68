-- By primary key; what a worker keeps in memory.
-- CROSS JOIN: the list first, however long it is.
WITH given(id) AS (VALUES {rows})
SELECT s.id, s.owner, s.target, s.settings, s.secrets, s.state, s.static_key, s.own_key, s.failures, s.failing_since, s.created, s.changed, s.revision, s.warned
FROM given CROSS JOIN {prefix}subscriptions AS s ON s.id = given.id WHERE given.id IS NOT NULL
