-- Removes what came back for deliveries. By the store's primary keys.
WITH given(id) AS (VALUES {rows})
DELETE FROM {prefix}answer WHERE (at, job, generation, number) IN (
    SELECT t.at, t.job, t.generation, t.number FROM given CROSS JOIN {prefix}attempt AS t ON t.job = given.id
    WHERE given.id IS NOT NULL
    UNION ALL
    SELECT h.tried_at, h.id, h.generation, h.attempts FROM given CROSS JOIN {prefix}history AS h ON h.id = given.id
    WHERE given.id IS NOT NULL AND h.tried_at IS NOT NULL)
