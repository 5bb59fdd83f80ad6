-- SPDX-License-Identifier: GPL-3.0-or-later
-- Which names were shown with more than one address, and with which of them did somebody log in?
SELECT name, address, authenticated, unproved, changed, last_seen
  FROM names
 WHERE name IN (SELECT name FROM names GROUP BY name HAVING count(*) > 1)
 ORDER BY name, authenticated DESC, address;
