-- Which job made these deliveries again. By primary key.
SELECT r.delivery, r.generation, r.job
FROM unnest($1::bytea[]) AS given (id) JOIN {prefix}replayed AS r ON r.delivery = given.id
