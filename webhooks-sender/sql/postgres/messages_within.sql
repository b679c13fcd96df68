-- The messages of deliveries that are about to be sent, by primary key. Bodies are read in order until they have $1 bytes
-- together; of the others it is only said that there is one.
SELECT id, event, bare, wire, expires,
       CASE WHEN bytes - size < $1 THEN body END AS body,
       (body IS NOT NULL AND bytes - size >= $1)::int::bigint AS beyond
FROM (
    SELECT m.*, coalesce(octet_length(m.body), 0) AS size,
           sum(coalesce(octet_length(m.body), 0)::bigint) OVER (ORDER BY m.id) AS bytes
    FROM unnest($2::bytea[]) AS given (id) JOIN {prefix}messages AS m ON m.id = given.id
) AS m
