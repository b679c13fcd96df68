-- Attempts older than their retention, a bounded number at a time. By the index attempts_by_time; then by their place in
-- the table, because a join back by key tempts the planner into reading all of it.
DELETE FROM {prefix}attempts WHERE ctid = ANY (ARRAY
    (SELECT ctid FROM {prefix}attempts WHERE at < $1 ORDER BY at LIMIT $2))
