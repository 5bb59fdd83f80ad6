# SPDX-License-Identifier: GPL-3.0-or-later
# sh tests/bench/postfix-load.sh [MESSAGES [OCTETS [PROGRAM]]]: pushes so many messages (2000 of 4096
# octets) by ten sessions through a private Postfix: without a filter, with a stand-in that only
# copies to sendmail, and with barefrom, ten filters at once each. Counts what was delivered and what
# was audited, and prints rates and ratios. Needs root; not part of tests/run.sh.
messages=${1:-2000} octets=${2:-4096}
SRCDIR=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd) || exit 1
BAREFROM=${3:-$SRCDIR/build-tests/plain/barefrom}
export SRCDIR BAREFROM
[ "$(id -u)" = 0 ] || { echo 'Run it as root: Postfix starts as no other.' >&2; exit 1; }
. "$SRCDIR/tests/postfix/lib.sh"

# Delivered mail is counted in the mail log and dropped.
bed postconf -e virtual_transport=discard default_process_limit=100 || exit 1
bed postconf -Me "discard/unix = discard unix - - n - - discard" \
	"copy/unix = copy unix - n n - 10 pipe flags=Rq user=$user null_sender=
	argv=$tmp/bin/copy -f \${sender} -- \${recipient}" || exit 1
bed postconf -Pe "127.0.0.1:$submission/inet/content_filter=copy:anonymous" \
	"127.0.0.1:$submission/inet/receive_override_options=no_address_mappings" || exit 1
bed postconf -Me "127.0.0.1:$hidden/inet = 127.0.0.1:$hidden inet n - n - - smtpd" || exit 1
cat >bin/copy <<END
#!/bin/sh
file=\$(mktemp) || exit 75
exec 3>"\$file" 4<"\$file" && rm "\$file" && cat >&3 || exit 75
exec $sbin/sendmail -G -i "\$@" <&4 || exit 75
END
chmod 755 bin/copy
snippet port-25.sh "$hidden" || exit 1
bed_start

delivered_now() { grep -c 'postfix/discard.*status=sent' mail.log; }
all_delivered() { [ "$(delivered_now)" -ge "$1" ]; }

# push NAME PORT: prints the messages a second from the first session to the last delivery.
push() {
	before=$(delivered_now)
	started=$(date +%s.%N)
	smtp-source -s 10 -m "$messages" -l "$octets" -f out@side.example -t bob@corp.example \
		"127.0.0.1:$2" || exit 1
	limit=$((messages + 60))
	until all_delivered $((before + messages)); do
		limit=$((limit - 1))
		[ $limit -gt 0 ] || { echo "$1: not all was delivered"; break; }
		sleep 0.1
	done
	ended=$(date +%s.%N)
	echo "$1 $(($(delivered_now) - before)) $started $ended" >>figures
}
push 'no-filter' "$port"
push 'copy' "$submission"
push 'barefrom' "$hidden"

python3 - "$messages" "$octets" "$(sql "$database" "SELECT count(*) FROM message WHERE outcome = 'sent'")" \
	"$(bed postqueue -j | wc -l)" <<'END'
import sys
messages, octets, audited, queued = sys.argv[1:]
print(f'{messages} messages of {octets} octets, 10 sessions, 10 filters')
base = None
for line in open('figures'):
    name, delivered, started, ended = line.split()
    rate = int(messages) / (float(ended) - float(started))
    base = base or rate
    print(f'{name:10} {delivered:>6} delivered  {rate:7.1f} a second  {rate / base:5.2f} of no filter')
print(f'sent in the audit: {audited}; left in the queue: {queued}')
END
