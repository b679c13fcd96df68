-- Removes the processes whose lease has run out, so that their slots are free and no late beat renews what was taken. As
-- many rows as there are processes.
DELETE FROM {prefix}worker WHERE lease_until <= {now} OR lease_until > {now} + ttl_ms + 60000;
