-- Messages that are older than their retention and of which no delivery is left. By primary key; the store's indexes by
-- reference answer whether there is a delivery. `OFFSET 0` keeps that a question for each message: as a join, the planner
-- would read all finished deliveries.
DELETE FROM {prefix}messages WHERE id = ANY (ARRAY
    (SELECT given.id FROM unnest($1::bytea[]) AS given (id)
     WHERE NOT EXISTS (SELECT 1 FROM {prefix}job AS j WHERE j.reference = given.id OFFSET 0)
       AND NOT EXISTS (SELECT 1 FROM {prefix}finished_job AS f WHERE f.reference = given.id OFFSET 0)))
