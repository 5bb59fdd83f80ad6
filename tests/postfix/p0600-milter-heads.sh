# SPDX-License-Identifier: GPL-3.0-or-later
# Heads that no mail program makes, through Postfix: with the milter they arrive as without it, but for
# the fields that are edited, each in its place.
. "${SRCDIR:?}/tests/postfix/with-milter.sh"
# A pair of listeners behind which a bare CR stays.
stray=$submission stray_plain=$dry
echo 'stray unix n - n - 0 cleanup -o cleanup_replace_stray_cr_lf=no' >>etc/master.cf
bed postconf -Pe "127.0.0.1:$stray/inet/cleanup_service_name = stray" \
	"127.0.0.1:$stray_plain/inet/cleanup_service_name = stray" \
	"127.0.0.1:$stray_plain/inet/smtpd_milters ="
bed postconf -PX "127.0.0.1:$stray/inet/milter_macro_daemon_name"
milter_start
bed_start
STRAY=$stray STRAY_PLAIN=$stray_plain play_all tests/postfix/p0600-milter-heads.py
