-- Messages older than their retention of which no delivery is left, a bounded number at a time. By primary key, which
-- begins with the time; the store's indexes by reference answer whether there is a delivery. `OFFSET 0` keeps that a
-- question for each message: as a join, the planner would read all finished deliveries.
DELETE FROM {prefix}messages WHERE id = ANY (ARRAY
    (SELECT m.id FROM {prefix}messages AS m
     WHERE m.id < $1
       AND NOT EXISTS (SELECT 1 FROM {prefix}job AS j WHERE j.reference = m.id OFFSET 0)
       AND NOT EXISTS (SELECT 1 FROM {prefix}finished_job AS f WHERE f.reference = m.id OFFSET 0)
     ORDER BY m.id LIMIT $2))
