-- By primary key, once per claimed batch: tells whether what is in memory is still true.
SELECT s.id, s.revision FROM unnest($1::bytea[]) AS given (id) JOIN {prefix}subscriptions AS s ON s.id = given.id
