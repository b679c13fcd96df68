-- Renews a lease that has not run out; found by its key. One that ends later than any could was given before the clock
-- was set back.
UPDATE {prefix}worker SET capacity = $3, ttl_ms = $4, lease_until = {now} + $4
WHERE id = $2 AND lease_until > {now} AND lease_until <= {now} + ttl_ms + 60000
RETURNING id;
