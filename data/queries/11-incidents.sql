-- SPDX-License-Identifier: GPL-3.0-or-later
-- Who posed as whom, when, from where, and who received it?
SELECT at, name, address, peer, recipients, action, outcome
  FROM incidents
 ORDER BY id DESC
 LIMIT 20;
