-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 3: who a message claims to be from, and where it came from; and a message counts once,
-- however often it was tried, split or read: rows with one head and one queue id are one message. (A
-- head too long to be hashed: the row stands for itself.) No table is copied, since that would hold
-- up mail.

-- A CHECK can't be altered: SQLite's own procedure for that (lang_altertable.html, 7). RESET reads
-- the table again; what is made below tells other connections to do so.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema
   SET sql = replace(sql, 'OR outcome = ''dry-run'')', 'OR outcome = ''dry-run''
	                   OR outcome = ''answered'')')
 WHERE type = 'table' AND name = 'message';
PRAGMA writable_schema = RESET;

ALTER TABLE message ADD COLUMN peer TEXT;
ALTER TABLE message ADD COLUMN helo TEXT;
ALTER TABLE message ADD COLUMN received_at TEXT;
ALTER TABLE message ADD COLUMN from_name TEXT;
ALTER TABLE message ADD COLUMN from_address TEXT;
ALTER TABLE message ADD COLUMN scope TEXT;
ALTER TABLE message ADD COLUMN person TEXT;
ALTER TABLE message ADD COLUMN host TEXT;
ALTER TABLE edit ADD COLUMN position INTEGER;
ALTER TABLE run ADD COLUMN settles INTEGER NOT NULL DEFAULT 0 CHECK (settles IN (0, 1));

-- One row, which db.c adds.
CREATE TABLE meta (
	uuid TEXT NOT NULL,
	host TEXT NOT NULL
) STRICT;

CREATE INDEX message_changed ON message (head_after_sha256) WHERE action IN ('stripped', 'replaced');

DROP VIEW IF EXISTS history;
DROP VIEW IF EXISTS forged_senders;
DROP VIEW IF EXISTS daily;
DROP VIEW IF EXISTS by_client;

-- A written row counts only once its run is done, where the run does not settle each by itself.
CREATE VIEW history AS
SELECT m.id, m.at, m.queue_id, m.message_id_header, m.client_address, m.verdict, m.reason, m.action,
       CASE WHEN m.outcome <> 'written' OR r.settles = 1 THEN m.outcome
            WHEN r.status = 'running' THEN 'pending'
            WHEN r.status = 'failed' THEN 'failed'
            ELSE m.outcome END AS outcome,
       m.from_before, m.from_after, m.peer, m.received_at, m.from_name, m.from_address, m.scope,
       m.person
  FROM message AS m LEFT JOIN run AS r ON r.id = m.run;

-- See version 2. `mail` is what a message counts once by.
CREATE VIEW forged_senders AS
WITH rows AS (
       SELECT h.*, coalesce(m.head_before_sha256, m.id) || ' ' || coalesce(m.queue_id, '') AS mail
         FROM history AS h JOIN message AS m ON m.id = h.id)
SELECT lower(a.value) AS address, count(DISTINCT mail) AS messages,
       substr(replace(replace(group_concat(DISTINCT replace(substr(n.value, 1, 100), ',', char(31))),
              ',', '; '), char(31), ','), 1, 998) AS display_names,
       min(h.at) AS first_seen, max(h.at) AS last_seen
  FROM edit AS e JOIN rows AS h ON h.id = e.message, json_each(e.addresses) AS a
       LEFT JOIN json_each(e.display_names) AS n
 WHERE h.verdict <> 'authenticated' AND h.outcome NOT IN ('deferred', 'failed')
       AND lower(e.field) NOT IN ('to', 'cc')
 GROUP BY 1;

-- See version 2 for the days. Of a message with several rows on a day, each word counts that one of
-- them has.
CREATE VIEW daily AS
WITH RECURSIVE days (day) AS (
       SELECT substr(min(at), 1, 10) FROM message
       UNION SELECT (SELECT substr(min(at), 1, 10) FROM message WHERE at > day || 'U') FROM days),
     rows AS (
       SELECT h.*, coalesce(m.head_before_sha256, m.id) || ' ' || coalesce(m.queue_id, '') AS mail
         FROM history AS h JOIN message AS m ON m.id = h.id)
SELECT day, count(DISTINCT mail) AS messages,
       count(DISTINCT iif(verdict = 'authenticated', mail, NULL)) AS authenticated,
       count(DISTINCT iif(verdict = 'anonymous', mail, NULL)) AS anonymous,
       count(DISTINCT iif(verdict = 'unknown', mail, NULL)) AS unknown,
       count(DISTINCT iif(action = 'stripped', mail, NULL)) AS stripped,
       count(DISTINCT iif(action = 'replaced', mail, NULL)) AS replaced,
       count(DISTINCT iif(action = 'kept', mail, NULL)) AS kept,
       count(DISTINCT iif(action = 'refused', mail, NULL)) AS refused,
       count(DISTINCT iif(outcome = 'deferred', mail, NULL)) AS deferred,
       count(DISTINCT iif(outcome = 'failed', mail, NULL)) AS failed,
       count(DISTINCT iif(outcome = 'pending', mail, NULL)) AS pending,
       count(DISTINCT iif(outcome = 'dry-run', mail, NULL)) AS dry_run
  FROM days JOIN rows ON at >= day AND at < day || 'U'
 GROUP BY day;

CREATE VIEW by_client AS
WITH rows AS (
       SELECT m.*, coalesce(m.head_before_sha256, m.id) || ' ' || coalesce(m.queue_id, '') AS mail
         FROM message AS m)
SELECT client_address, count(DISTINCT mail) AS messages,
       count(DISTINCT iif(verdict = 'anonymous', mail, NULL)) AS anonymous,
       count(DISTINCT iif(verdict = 'authenticated', mail, NULL)) AS authenticated,
       count(DISTINCT iif(action = 'stripped', mail, NULL)) AS stripped,
       count(DISTINCT iif(action = 'replaced', mail, NULL)) AS replaced, max(at) AS last_seen
  FROM rows
 WHERE client_address IS NOT NULL
 GROUP BY 1;

CREATE VIEW names AS
WITH rows AS (
       SELECT h.*, coalesce(m.head_before_sha256, m.id) || ' ' || coalesce(m.queue_id, '') AS mail
         FROM history AS h JOIN message AS m ON m.id = h.id)
SELECT from_name AS name, from_address AS address, count(DISTINCT mail) AS messages,
       count(DISTINCT iif(verdict = 'authenticated', mail, NULL)) AS authenticated,
       count(DISTINCT iif(verdict <> 'authenticated', mail, NULL)) AS unproved,
       count(DISTINCT iif(action IN ('stripped', 'replaced'), mail, NULL)) AS changed,
       min(coalesce(received_at, at)) AS first_seen, max(coalesce(received_at, at)) AS last_seen
  FROM rows
 WHERE from_name IS NOT NULL AND outcome NOT IN ('deferred', 'failed')
 GROUP BY 1, 2;

-- A row a line: to gather the rows of a message takes a sort of all of them.
CREATE VIEW incidents AS
SELECT coalesce(h.received_at, h.at) AS at, h.from_name AS name, h.from_address AS address, h.peer,
       (SELECT group_concat(r.address) FROM recipient AS r WHERE r.message = h.id) AS recipients,
       h.verdict, h.reason, h.scope, h.person, h.action, h.outcome, h.id
  FROM history AS h JOIN message AS m ON m.id = h.id
 WHERE h.verdict <> 'authenticated' AND m.in_scope = 1 AND h.outcome NOT IN ('deferred', 'failed');
