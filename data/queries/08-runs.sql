-- SPDX-License-Identifier: GPL-3.0-or-later
-- How far did each run over stored mail get?
SELECT status, messages, stripped, started_at, finished_at, input
  FROM run
 ORDER BY id;
