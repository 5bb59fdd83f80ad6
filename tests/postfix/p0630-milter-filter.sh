# SPDX-License-Identifier: GPL-3.0-or-later
# The same messages through barefrom-milter and through the pipe filter, as port-25.sh sets it: the same
# decisions, the same edits, and the same octets delivered. Once by the settings of a host that faces the
# world and strips everyone; once by those of a host behind a relay, with a list of people.
. "${SRCDIR:?}/tests/postfix/with-milter.sh"
filter=$plain relayed=$submission relayed_filter=$dry

printf 'Jane Doe; jane.doe@corp.example\nBj\303\266rn K\303\266nig\nM. Roe; roe@example.org\n' >people
behind="-o relay-nets=127.0.0.0/8 -o scope=domains;directory -o domains=corp.example;example.org
	-o directory=$tmp/people"
# Nothing of sendmail(1) is of interest here, and it would take most of the time.
install -d -o $user -m 755 filtered
cat >bin/stand-in <<END
#!/bin/sh
for recipient; do :; done
exec cat >$tmp/filtered/"\$recipient"
END
chmod 755 bin/stand-in
sed -i "s|^sendmail=.*|sendmail=$tmp/bin/stand-in|" barefrom.conf

bed postconf -e hopcount_limit=10000
bed postconf -Pe "127.0.0.1:$relayed/inet/smtpd_milters = unix:$tmp/run/relayed.sock" \
	"127.0.0.1:$relayed_filter/inet/smtpd_milters =" "127.0.0.1:$filter/inet/smtpd_milters ="
bed postconf -PX "127.0.0.1:$relayed/inet/milter_macro_daemon_name"
program="$tmp/bin/program -c $tmp/barefrom.conf"
snippet port-25.sh "$filter" -e "s|argv=\\\$program|argv=$program|" || give_up 'port-25.sh fails'
snippet port-25.sh "$relayed_filter" -e "s|argv=\\\$program filter|argv=$program filter $(echo $behind)|" \
	-e 's/barefrom.unix = barefrom/relayed\/unix = relayed/' -e 's/barefrom_time/relayed_time/' \
	-e 's/= barefrom:/= relayed:/' || give_up 'port-25.sh fails'
milter_start
# shellcheck disable=SC2086
bin/start-milter $behind -o "listen=unix:$tmp/run/relayed.sock" 8>&- &
await test -S run/relayed.sock
bed_start
RELAYED=$relayed FILTER=$filter RELAYED_FILTER=$relayed_filter play_all tests/postfix/p0630-milter-filter.py "$SRCDIR"
