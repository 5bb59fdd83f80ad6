-- SPDX-License-Identifier: GPL-3.0-or-later
-- Which clients send the most mail that has to be changed?
SELECT stripped + replaced AS changed, messages, client_address, last_seen
  FROM by_client
 ORDER BY changed DESC, client_address
 LIMIT 20;
