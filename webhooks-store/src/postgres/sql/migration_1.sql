-- Unfinished jobs. Nothing says that a job is being worked on: who owns its slot knows. scheduled: it was written before it
-- was due. version counts the changes of the row within a generation, attempts the tries. held_until: an ordered job that waits
-- for its next try keeps its place. starts: how often its request began, in slots whose owners die, without an outcome. xid: the transaction that brought the row, or brought it again.
-- Every row is written once and deleted, so the vacuum comes early and does not doze.
CREATE TABLE {prefix}job (
    id bytea NOT NULL PRIMARY KEY,
    queue text COLLATE "C" NOT NULL,
    slot smallint NOT NULL CHECK (slot BETWEEN 0 AND 255),
    lane bytea NOT NULL,
    owner bigint NOT NULL DEFAULT 0,
    due_at bigint NOT NULL,
    scheduled smallint NOT NULL DEFAULT 0 CHECK (scheduled BETWEEN 0 AND 1),
    generation bigint NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 0,
    attempts bigint NOT NULL DEFAULT 0,
    starts bigint NOT NULL DEFAULT 0,
    held_until bigint,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    reference bytea,
    order_key text,
    labels text,
    created_at bigint NOT NULL,
    data bytea NOT NULL
) WITH (
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_scale_factor = 0.05
);

-- The order of each lane. Neither the id nor, below, the time are plain columns here: to a planner that believes the table to
-- be empty all indexes cost the same, and it would look for one id, or for what is scheduled, in this one.
CREATE INDEX {prefix}job_lane ON {prefix}job (queue, slot, lane, due_at, (id || ''));
-- Whose time comes, and has come.
CREATE INDEX {prefix}job_scheduled ON {prefix}job (queue, (due_at + 0), (id || '')) WHERE scheduled = 1;
-- Until when ordered jobs wait for their next try.
CREATE INDEX {prefix}job_held ON {prefix}job (queue, held_until) WHERE held_until IS NOT NULL;
-- What has come since.
CREATE INDEX {prefix}job_new ON {prefix}job (xid, (id || ''));

-- The processes that share the slots, each with its lease: one short update of one row every few seconds.
CREATE TABLE {prefix}worker (
    id bytea NOT NULL PRIMARY KEY,
    capacity bigint NOT NULL,
    ttl_ms bigint NOT NULL,
    lease_until bigint NOT NULL
) WITH (fillfactor = 10);

-- Who owns the lanes of each slot. A row is written when its owner changes, and never otherwise. deaths: how many owners in a
-- row have died with it, each within half an hour of the one before. refused_by: who left it to the others, because it lacks
-- what one of its lanes needs.
CREATE TABLE {prefix}slot (
    slot smallint NOT NULL PRIMARY KEY CHECK (slot BETWEEN 0 AND 255),
    worker bytea,
    epoch bigint NOT NULL DEFAULT 0,
    deaths bigint NOT NULL DEFAULT 0,
    died_at bigint NOT NULL DEFAULT 0,
    refused_by bytea
) WITH (fillfactor = 50);
INSERT INTO {prefix}slot (slot) SELECT generate_series(0, 255);

-- Finished jobs, each with its last attempt if one was made. state: 3 done, 4 failed, 5 cancelled.
-- A partition for each day is made by the program and dropped whole. The ids of jobs begin with their time, so that a
-- partition is a range of them, and the primary key stays what it is. What no partition was made for is in the default one.
CREATE TABLE {prefix}history (
    id bytea NOT NULL PRIMARY KEY,
    queue text COLLATE "C" NOT NULL,
    slot smallint NOT NULL,
    lane bytea NOT NULL,
    owner bigint NOT NULL,
    state smallint NOT NULL CHECK (state BETWEEN 3 AND 5),
    generation bigint NOT NULL,
    attempts bigint NOT NULL,
    due_at bigint NOT NULL,
    created_at bigint NOT NULL,
    finished_at bigint NOT NULL,
    reference bytea,
    order_key text,
    labels text,
    data bytea NOT NULL,
    tried_at bigint,
    duration_ms bigint,
    status bigint,
    error text
) PARTITION BY RANGE (id);
CREATE TABLE {prefix}history_default PARTITION OF {prefix}history DEFAULT;

-- The history of a lane, by id. The id is not a plain column here: to a planner that believes the table to be empty all
-- indexes cost the same, and it would look for one id in this one.
CREATE INDEX {prefix}history_lane ON {prefix}history (lane, (id || ''));
-- What failed in a lane since a time, however much succeeded.
CREATE INDEX {prefix}history_failed ON {prefix}history (lane, finished_at, id) WHERE state = 4;
-- What failed, of all and of one owner, by id. Neither fits the question for the other: where there is one owner both ways look
-- alike, and the plan is kept when there are more.
CREATE INDEX {prefix}history_failures ON {prefix}history ((id || '')) WHERE state + 0 = 4;
CREATE INDEX {prefix}history_failures_of ON {prefix}history (owner, ('' || id)) WHERE state = 4;

-- The attempts that are not the last of a finished job: failed ones, mostly.
CREATE TABLE {prefix}attempt (
    job bytea NOT NULL,
    generation bigint NOT NULL,
    number bigint NOT NULL,
    lane bytea NOT NULL,
    at bigint NOT NULL,
    duration_ms bigint NOT NULL,
    status bigint,
    error text,
    PRIMARY KEY (job, generation, number)
) PARTITION BY RANGE (job);
CREATE TABLE {prefix}attempt_default PARTITION OF {prefix}attempt DEFAULT;

-- The attempts of a lane, by job; not a plain column for the same reason.
CREATE INDEX {prefix}attempt_lane ON {prefix}attempt (lane, (job || ''), generation, number);

-- What came back for an attempt, apart from it because it is forgotten earlier. The key begins with the attempt's time.
CREATE TABLE {prefix}answer (
    at bigint NOT NULL,
    job bytea NOT NULL,
    generation bigint NOT NULL,
    number bigint NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (at, job, generation, number)
) PARTITION BY RANGE (at);
CREATE TABLE {prefix}answer_default PARTITION OF {prefix}answer DEFAULT;
