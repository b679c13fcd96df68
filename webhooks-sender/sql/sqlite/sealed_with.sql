-- What is sealed with one key, behind an id. By the index subscriptions_by_key.
SELECT s.id, s.owner, s.target, s.secrets FROM {prefix}subscriptions AS s
WHERE s.sealing_key = ?1 AND s.id > ?2 ORDER BY s.id LIMIT ?3
