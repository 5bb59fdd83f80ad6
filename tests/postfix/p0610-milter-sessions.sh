# SPDX-License-Identifier: GPL-3.0-or-later
# What barefrom-milter knows of a session of Postfix: logins, listeners, relays, mail by sendmail(1), and
# that nothing of it is there in the next message.
. "${SRCDIR:?}/tests/postfix/with-milter.sh"
xclient=$dry # where the client may say who it is
bed postconf -Pe "127.0.0.1:$xclient/inet/smtpd_authorized_xclient_hosts = 0.0.0.0/0"
cat >>barefrom.conf <<END
[policy]
scope=everyone
END
sed -i 's/^\[trust\]$/&\nrelay-nets=10.0.0.0\/8\ntrusted-clients=192.0.2.44/' barefrom.conf
echo '/^X-Was: (.*)/ REPLACE $1' >etc/checks
echo "header_checks = regexp:$etc/checks" >>etc/main.cf
# A content filter behind the milter; here it delivers.
bed postconf -PX "127.0.0.1:$plain/inet/smtpd_milters"
bed postconf -Pe "127.0.0.1:$plain/inet/content_filter = target:"
milter_start
bed_start
XCLIENT=$xclient MILTER=$milter play_all tests/postfix/p0610-milter-sessions.py
