-- The numbers that deliveries have in the sequence of their subscription. By primary key.
-- CROSS JOIN: the list first, however long it is.
WITH given(delivery) AS (VALUES {rows})
SELECT n.delivery, n.number
FROM given CROSS JOIN {prefix}sequence_number AS n ON n.delivery = given.delivery WHERE given.delivery IS NOT NULL
