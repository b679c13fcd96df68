-- Which messages can be sent again: they have their payload and have not expired. By primary key.
WITH given(id) AS (VALUES {rows})
SELECT m.id FROM given CROSS JOIN {prefix}messages AS m ON m.id = given.id
WHERE given.id IS NOT NULL AND m.body IS NOT NULL AND (m.expires IS NULL OR m.expires > ?1)
