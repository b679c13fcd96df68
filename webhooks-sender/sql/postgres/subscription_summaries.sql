-- What a list of deliveries shows of subscriptions. By primary key.
SELECT s.id, s.owner, s.target
FROM unnest($1::bytea[]) AS given (id) JOIN {prefix}subscriptions AS s ON s.id = given.id
