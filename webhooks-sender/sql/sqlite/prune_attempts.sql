-- Attempts older than their retention, a bounded number at a time. By the index attempts_by_time.
DELETE FROM {prefix}attempts WHERE (delivery, claim) IN
    (SELECT delivery, claim FROM {prefix}attempts WHERE at < ?1 ORDER BY at LIMIT ?2)
