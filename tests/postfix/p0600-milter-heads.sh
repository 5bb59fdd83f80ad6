# SPDX-License-Identifier: GPL-3.0-or-later
# Heads that no mail program makes, through Postfix: with the milter they arrive as without it, but for
# the fields that are edited, each in its place.
. "${SRCDIR:?}/tests/postfix/with-milter.sh"
milter_start
bed_start
play_all tests/postfix/p0600-milter-heads.py
