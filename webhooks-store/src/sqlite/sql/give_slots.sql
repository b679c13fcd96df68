-- Gives slots back; found by their key.
WITH given (slot) AS (VALUES {rows})
UPDATE {prefix}slot SET worker = NULL WHERE slot IN (SELECT slot FROM given) AND worker = ?1;
