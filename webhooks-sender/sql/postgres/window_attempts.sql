-- Where the next so many attempts end. By the index attempts_by_time alone.
SELECT a.at FROM {prefix}attempts AS a WHERE a.at >= $1 AND a.at < $2 ORDER BY a.at LIMIT 1 OFFSET $3
