-- Those of these deliveries that have ended. By the store's primary key.
SELECT h.id FROM unnest($1::bytea[]) AS given (id) JOIN {prefix}history AS h ON h.id = given.id
