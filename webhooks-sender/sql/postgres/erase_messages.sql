-- Removes what messages carry, and by what they could be found; that they were sent stays. By primary key.
UPDATE {prefix}messages AS m SET body = NULL, wire = NULL, labels = NULL, idempotency_key = NULL
FROM unnest($1::bytea[]) AS given (id) WHERE m.id = given.id
