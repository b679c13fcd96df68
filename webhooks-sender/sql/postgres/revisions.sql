-- By primary key, once for all that is loaded together: tells whether what is in memory is still true.
SELECT s.id, s.revision FROM unnest($1::bytea[]) AS given (id) JOIN {prefix}subscriptions AS s ON s.id = given.id
