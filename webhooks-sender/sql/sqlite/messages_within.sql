-- The messages of deliveries that are about to be sent, by primary key. Bodies are read in order until they have ?1 bytes
-- together; of the others it is only said that there is one.
-- CROSS JOIN: the list first, however long it is. A length is read without the body.
WITH given(id) AS (VALUES {rows}),
sizes (id, size, bytes) AS (
    SELECT m.id, coalesce(length(m.body), 0), sum(coalesce(length(m.body), 0)) OVER (ORDER BY m.id)
    FROM given CROSS JOIN {prefix}messages AS m ON m.id = given.id WHERE given.id IS NOT NULL
)
SELECT m.id, m.event, m.bare, m.wire, m.expires,
       CASE WHEN sizes.bytes - sizes.size < ?1 THEN m.body END AS body,
       (m.body IS NOT NULL AND sizes.bytes - sizes.size >= ?1) AS beyond
FROM sizes CROSS JOIN {prefix}messages AS m ON m.id = sizes.id
