-- The next messages to be looked at for what is old, in the order of their ids, which begin with the time. By primary key.
SELECT m.id FROM {prefix}messages AS m WHERE m.id > $1 AND m.id < $2 ORDER BY m.id LIMIT $3
