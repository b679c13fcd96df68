-- Messages older than their retention of which no delivery is left, a bounded number at a time. By primary key, which
-- begins with the time; the store's indexes by reference answer whether there is a delivery.
DELETE FROM {prefix}messages WHERE id IN
    (SELECT m.id FROM {prefix}messages AS m
     WHERE m.id < $1
       AND NOT EXISTS (SELECT 1 FROM {prefix}job AS j WHERE j.reference = m.id)
       AND NOT EXISTS (SELECT 1 FROM {prefix}finished_job AS f WHERE f.reference = m.id)
     ORDER BY m.id LIMIT $2)
