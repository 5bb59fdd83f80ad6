-- SPDX-License-Identifier: GPL-3.0-or-later
-- How many messages of each verdict and reason were there on each of the last seven days?
SELECT substr(at, 1, 10) AS day, verdict, reason,
       count(DISTINCT coalesce(head_before_sha256, id) || ' ' || coalesce(queue_id, '')) AS messages
  FROM message
 WHERE at >= date('now', '-6 days')
 GROUP BY day, verdict, reason
 ORDER BY day, messages DESC, reason;
