-- SPDX-License-Identifier: GPL-3.0-or-later
-- What happened to one message, and why?
-- Put its queue id, as the mail log shows it, in place of the one below.
WITH asked (queue_id) AS (VALUES ('4dFhX21c8Hz7xQ4'))
SELECT at, reason, evidence, action, outcome
  FROM asked JOIN message USING (queue_id)
 ORDER BY id;
