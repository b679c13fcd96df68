-- Holds all deliveries back; one row, by primary key.
INSERT INTO {prefix}pause (name, since, actor) VALUES ('all', ?1, ?2) ON CONFLICT (name) DO NOTHING
