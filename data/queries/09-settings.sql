-- SPDX-License-Identifier: GPL-3.0-or-later
-- Which settings have changed, and when was each set of them in force?
WITH line AS (
       SELECT digest, value
         FROM policy, json_each('[' || replace(json_quote(settings), '\n', '","') || ']'))
SELECT first_seen, (SELECT max(at) FROM message WHERE policy = digest) AS last_used,
       group_concat(value, ' ') AS changed
  FROM policy JOIN line USING (digest)
 WHERE value IN (SELECT value FROM line GROUP BY value HAVING count(*) < (SELECT count(*) FROM policy))
 GROUP BY digest
 ORDER BY first_seen;
