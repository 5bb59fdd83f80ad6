-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 2: views. Each start of a program parses them, so they hold no comments.

-- Mail that did not leave says nothing yet: Postfix tries again, and that is another row. To and Cc
-- may be among the fields, but name no sender. Text holds no controls, so that char(31) stands for
-- the commas inside names, which the separators must not be taken for. Senders choose how many and
-- how long the names are; SQLite refuses a text beyond 1 GB.
CREATE VIEW forged_senders AS
SELECT lower(a.value) AS address, count(DISTINCT e.message) AS messages,
       substr(replace(replace(group_concat(DISTINCT replace(substr(n.value, 1, 100), ',', char(31))),
              ',', '; '), char(31), ','), 1, 998) AS display_names,
       min(h.at) AS first_seen, max(h.at) AS last_seen
  FROM edit AS e JOIN history AS h ON h.id = e.message, json_each(e.addresses) AS a
       LEFT JOIN json_each(e.display_names) AS n
 WHERE h.verdict <> 'authenticated' AND h.outcome NOT IN ('deferred', 'failed')
       AND lower(e.field) NOT IN ('to', 'cc')
 GROUP BY 1;

-- The days are found through the index on `at`, one search each, so that to ask for a few of them
-- reads their rows alone. 'U' comes behind the 'T' of each time of a day.
CREATE VIEW daily AS
WITH RECURSIVE days (day) AS (
       SELECT substr(min(at), 1, 10) FROM message
       UNION SELECT (SELECT substr(min(at), 1, 10) FROM message WHERE at > day || 'U') FROM days)
SELECT day, count(*) AS messages,
       sum(verdict = 'authenticated') AS authenticated, sum(verdict = 'anonymous') AS anonymous,
       sum(verdict = 'unknown') AS unknown, sum(action = 'stripped') AS stripped,
       sum(action = 'replaced') AS replaced, sum(action = 'kept') AS kept,
       sum(action = 'refused') AS refused, sum(outcome = 'deferred') AS deferred,
       sum(outcome = 'failed') AS failed, sum(outcome = 'pending') AS pending,
       sum(outcome = 'dry-run') AS dry_run
  FROM days JOIN history ON at >= day AND at < day || 'U'
 GROUP BY day;

CREATE VIEW by_client AS
SELECT client_address, count(*) AS messages, sum(verdict = 'anonymous') AS anonymous,
       sum(verdict = 'authenticated') AS authenticated, sum(action = 'stripped') AS stripped,
       sum(action = 'replaced') AS replaced, max(at) AS last_seen
  FROM message
 WHERE client_address IS NOT NULL
 GROUP BY 1;
