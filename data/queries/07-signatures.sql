-- SPDX-License-Identifier: GPL-3.0-or-later
-- In which messages of the last seven days did a change break a DKIM or ARC signature?
-- Filter after verifying and sign after filtering, and nobody will miss it.
SELECT h.at, h.from_after, m.signatures, h.outcome
  FROM message AS m JOIN history AS h USING (id)
 WHERE m.at >= date('now', '-6 days') AND m.action IN ('stripped', 'replaced')
       AND h.outcome IN ('pending', 'sent', 'written')
       AND EXISTS (SELECT 1 FROM json_each(m.signatures) WHERE value IN ('dkim', 'arc'))
 ORDER BY m.at;
