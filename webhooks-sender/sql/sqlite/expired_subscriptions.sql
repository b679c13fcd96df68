-- Subscriptions whose time is over. By the index subscriptions_by_expiry.
SELECT s.id, s.owner FROM {prefix}subscriptions AS s
WHERE s.expires <= ?1 AND s.state <> 'expired' ORDER BY s.expires LIMIT ?2
