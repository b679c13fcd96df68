-- Answers older than their retention, a bounded number at a time. By the index attempts_by_time.
UPDATE {prefix}attempts SET response = NULL WHERE (delivery, claim) IN
    (SELECT delivery, claim FROM {prefix}attempts WHERE at < $1 AND response IS NOT NULL ORDER BY at LIMIT $2)
