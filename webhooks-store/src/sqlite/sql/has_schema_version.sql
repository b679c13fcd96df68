-- Whether anything has ever been applied under this prefix.
SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1;
