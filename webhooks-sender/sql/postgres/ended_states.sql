-- How these deliveries ended; those that have not are left out. By primary key.
SELECT h.id, h.state::bigint AS state
FROM unnest($1::bytea[]) AS given (id) JOIN {prefix}history AS h ON h.id = given.id
