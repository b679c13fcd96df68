-- A process ends; found by its key. Slots that have no such worker any longer are free.
DELETE FROM {prefix}worker WHERE id = $1;
