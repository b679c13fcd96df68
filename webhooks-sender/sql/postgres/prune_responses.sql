-- Answers older than their retention, a bounded number at a time. By the index attempts_by_time; then by their place in
-- the table, because a join back by key tempts the planner into reading all of it.
UPDATE {prefix}attempts SET response = NULL WHERE ctid = ANY (ARRAY
    (SELECT ctid FROM {prefix}attempts WHERE at < $1 AND response IS NOT NULL ORDER BY at LIMIT $2))
