-- The version of a component: the last of its entries in the primary key.
SELECT version FROM {prefix}schema_version WHERE component = $1 ORDER BY version DESC LIMIT 1;
