-- Gives slots back; found by their key.
UPDATE {prefix}slot SET worker = NULL WHERE slot = ANY ($2::bigint[]) AND worker = $1;
