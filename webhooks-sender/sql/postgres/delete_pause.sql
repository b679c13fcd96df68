-- Lets deliveries go on. By primary key.
DELETE FROM {prefix}pause WHERE name = 'all'
