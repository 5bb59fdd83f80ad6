-- SPDX-License-Identifier: GPL-3.0-or-later
-- Which messages were refused in the last 30 days?
-- A deferred one stays in the queue of Postfix, which tries again until it gives up.
SELECT id, at, source, queue_id, client_address, outcome
  FROM message
 WHERE action = 'refused' AND at >= date('now', '-29 days')
 ORDER BY at;
