-- SPDX-License-Identifier: GPL-3.0-or-later
-- Who is impersonated most, and under which names?
SELECT messages, address, display_names, last_seen
  FROM forged_senders
 ORDER BY messages DESC, address
 LIMIT 20;
