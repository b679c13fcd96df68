-- What a list of deliveries shows of subscriptions. By primary key.
-- CROSS JOIN: the list first, however long it is.
WITH given(id) AS (VALUES {rows})
SELECT s.id, s.owner, s.target
FROM given CROSS JOIN {prefix}subscriptions AS s ON s.id = given.id WHERE given.id IS NOT NULL
