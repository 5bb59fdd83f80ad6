-- SPDX-License-Identifier: GPL-3.0-or-later
-- Which messages may or may not have been sent, and since when?
SELECT id, at AS since, queue_id, envelope_from
  FROM message
 WHERE outcome = 'pending'
 ORDER BY id;
