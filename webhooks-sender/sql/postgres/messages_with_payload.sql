-- Which messages can be sent again. By primary key.
SELECT m.id FROM unnest($1::bytea[]) AS given (id)
JOIN {prefix}messages AS m ON m.id = given.id WHERE m.body IS NOT NULL
