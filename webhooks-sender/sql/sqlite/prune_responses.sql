-- The answers of a short time that is older than their retention. By the index attempts_by_time.
UPDATE {prefix}attempts SET response = NULL WHERE at >= ?1 AND at < ?2 AND response IS NOT NULL
