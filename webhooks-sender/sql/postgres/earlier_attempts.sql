-- The attempts of these deliveries that do not stand with how they ended, without what came back. By primary key. All lie
-- between $1 and $2: the partitions of other days are not even opened. The ids stand next to one that does not exist, so that
-- nothing but the list is a way to them.
SELECT a.job AS delivery, a.lane AS subscription, a.generation, a.number, a.at, a.duration_ms, a.status, a.error
FROM unnest($3::bytea[]) AS given (id) JOIN {prefix}attempt AS a ON a.job = given.id
WHERE a.job >= $1 AND a.job <= $2 OR a.job = ''
