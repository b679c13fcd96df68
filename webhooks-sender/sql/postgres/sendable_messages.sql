-- Which messages can be sent again: they have their payload and have not expired. By primary key.
SELECT m.id FROM unnest($2::bytea[]) AS given (id)
JOIN {prefix}messages AS m ON m.id = given.id
WHERE m.body IS NOT NULL AND (m.expires IS NULL OR m.expires > $1)
