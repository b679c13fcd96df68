-- Since when all deliveries are held back, and who did it; no row where they are not. By primary key.
SELECT p.since, p.actor FROM {prefix}pause AS p WHERE p.name = 'all'
