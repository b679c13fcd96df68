-- How many subscriptions an owner has, counted up to ?2. By the index subscriptions_by_owner.
SELECT count(*) AS subscriptions FROM (SELECT 1 FROM {prefix}subscriptions AS s WHERE s.owner = ?1 LIMIT ?2)
