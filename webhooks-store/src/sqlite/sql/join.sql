-- A process enters, under a name that was never used.
INSERT INTO {prefix}worker (id, capacity, ttl_ms, lease_until)
VALUES (randomblob(16), ?2, ?3, {now} + ?3)
RETURNING id;
