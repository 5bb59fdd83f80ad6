-- SPDX-License-Identifier: GPL-3.0-or-later
-- Which names came with several addresses, and which of these logged in?
SELECT name, address, authenticated, unproved, changed, last_seen
  FROM names
 WHERE name IN (SELECT name FROM names GROUP BY name HAVING count(*) > 1)
 ORDER BY name, authenticated DESC, address;
