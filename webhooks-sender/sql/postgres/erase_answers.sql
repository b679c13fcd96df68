-- Removes what came back for deliveries. By the store's primary keys.
DELETE FROM {prefix}answer AS a
USING (
    SELECT t.job, t.generation, t.number, t.at FROM unnest($1::bytea[]) AS given (id)
    JOIN {prefix}attempt AS t ON t.job = given.id
    UNION ALL
    SELECT h.id, h.generation, h.attempts, h.tried_at FROM unnest($1::bytea[]) AS given (id)
    JOIN {prefix}history AS h ON h.id = given.id WHERE h.tried_at IS NOT NULL
) AS tried
WHERE a.at = tried.at AND a.job = tried.job AND a.generation = tried.generation AND a.number = tried.number
