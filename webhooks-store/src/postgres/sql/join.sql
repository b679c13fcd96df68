-- A process enters, under a name that was never used; or under the one that it had before ($4), if no process has it now.
INSERT INTO {prefix}worker (id, capacity, ttl_ms, lease_until)
VALUES (coalesce($4::bytea, uuid_send(gen_random_uuid())), $2, $3, {now} + $3)
ON CONFLICT (id) DO NOTHING
RETURNING id;
