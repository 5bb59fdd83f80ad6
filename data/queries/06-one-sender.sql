-- SPDX-License-Identifier: GPL-3.0-or-later
-- Which names did mail under one address show, and who got it?
-- Put the address, in small letters, in place of the one below.
WITH asked (address) AS (VALUES ('ceo@corp.example'))
SELECT h.at, h.outcome, e.display_names, r.address AS recipient
  FROM asked JOIN edit AS e JOIN history AS h ON h.id = e.message
       LEFT JOIN recipient AS r ON r.message = e.message
 WHERE asked.address IN (SELECT lower(value) FROM json_each(e.addresses))
 ORDER BY h.id, e.id, r.address;
