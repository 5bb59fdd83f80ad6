# SPDX-License-Identifier: GPL-3.0-or-later
# sh tests/bench/milter.sh [-b BUILD] [-r ROUNDS] [-m MESSAGES] [-s SESSIONS] [SET-UP...]: what a milter
# costs a Postfix. On one private Postfix, each round (of 5) pushes so many messages (1000) of 4 KiB with
# two sender fields to be edited through each set-up once, in turn, by so many sessions ("10 50"), a
# session for each message. The set-ups:
#   none      no filter
#   noop      a milter by libmilter that sees each header field and does nothing, built here
#   barefrom  barefrom-milter of BUILD (build-tests/plain): a durable row before each answer
#   opendkim  Debian's, as a verifier; no message is signed, which is the least work for it
#   rspamd    Debian's, with all that asks the network off
#   filter    barefrom behind pipe(8), as port-25.sh sets it; a tenth of the messages
# All are run unless some are named; one that is not there is said to be so. The programs of others are
# Debian's packages, unpacked into build-tests/bench-root and never installed. Ratios are within rounds,
# since other load moves the rates. Needs root; not part of tests/run.sh.
SRCDIR=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd) || exit 1
build=$SRCDIR/build-tests/plain rounds=5 messages=1000 sessions='10 50'
while getopts b:r:m:s: option; do
	case $option in
	b) build=$(CDPATH='' cd -- "$OPTARG" && pwd) || exit 1 ;;
	r) rounds=$OPTARG ;;
	m) messages=$OPTARG ;;
	s) sessions=$OPTARG ;;
	*) sed -n '2s/^# //p' "$0" >&2; exit 64 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- none noop barefrom opendkim rspamd filter
[ "$(id -u)" = 0 ] || { echo 'Run it as root: Postfix starts as no other.' >&2; exit 1; }

# The packages, before the private Postfix is there.
peers=$SRCDIR/build-tests/bench-root
. "$SRCDIR/tests/packages.sh"
mkdir -p "$peers" || exit 1
for name; do
	case $name in
	noop) [ -f /usr/include/libmilter/mfapi.h ] || packages_get libmilter-dev || exit 1 ;;
	opendkim | rspamd) [ -d "$peers/$name" ] || packages_unpack "$peers/$name" $name ;;
	esac
done >&2

BAREFROM=$build/barefrom
export SRCDIR BAREFROM
. "$SRCDIR/tests/postfix/lib.sh"
mkdir milters
chmod 777 milters
# milter NAME COMMAND...: serves on the socket milters/NAME, as the user of the filter; returns when it
# does. What it says is in milters/NAME.log.
milter() {
	served=$1
	shift
	cat >"milters/$served.sh" <<END
umask 0
cd $tmp/milters
echo \$\$ >$served.pid
exec setpriv --reuid=$user --regid=$user_group --clear-groups -- $* >$served.log 2>&1
END
	ask serve "$tmp/milters/$served.sh" && await has_begun "$served" && [ -S "milters/$served" ]
}
has_begun() { # or ended
	[ -S "milters/$1" ] || { [ -s "milters/$1.pid" ] && ! kill -0 "$(cat "milters/$1.pid")"; } 2>/dev/null
}
peer() { # peer NAME: a copy that the user can read, wherever the checkout is
	[ -d "$peers/$1" ] && mkdir -p "$tmp/peers" && cp -R "$peers/$1" "$tmp/peers/" &&
		chmod -R a+rX "$tmp/peers"
}
serve_noop() {
	cc -O2 -o bin/noop-milter "$SRCDIR/tests/bench/noop-milter.c" -lmilter &&
		milter noop "$tmp/bin/noop-milter unix:$tmp/milters/noop"
}
serve_barefrom() {
	cp "$build/src/milter/barefrom-milter" bin/ && chmod 755 bin/barefrom-milter &&
		milter barefrom "$tmp/bin/barefrom-milter -c $tmp/barefrom.conf -o socket-mode=0666" \
			"-o socket-group=$user_group -o listen=unix:$tmp/milters/barefrom"
}
serve_opendkim() {
	echo 192.0.2.1 >internal # not 127.0.0.1, whose mail it would not verify
	printf 'Mode v\nSyslog no\nUMask 000\nInternalHosts %s\nSocket local:%s\n' "$tmp/internal" \
		"$tmp/milters/opendkim" >opendkim.conf
	peer opendkim && milter opendkim "$tmp/peers/opendkim/usr/sbin/opendkim -f -x $tmp/opendkim.conf"
}
serve_rspamd() {
	peer rspamd || return
	share=$tmp/peers/rspamd/usr/share/rspamd settings=$tmp/rspamd/etc
	mkdir -p rspamd/db rspamd/log rspamd/run && cp -R peers/rspamd/etc/rspamd "$settings" || return
	mkdir -p "$settings/local.d" "$settings/override.d"
	printf 'bind_socket = "%s mode=0666";\nupstream "local" { default = yes; self_scan = yes; }\n' \
		"$tmp/milters/rspamd" >"$settings/override.d/worker-proxy.inc"
	for off in override.d/worker-normal.inc override.d/worker-controller.inc local.d/rbl.conf \
		local.d/fuzzy_check.conf local.d/surbl.conf local.d/phishing.conf local.d/asn.conf; do
		echo 'enabled = false;' >"$settings/$off"
	done
	echo 'dns { nameserver = "127.0.0.1:1"; timeout = 0.1s; retransmits = 1; }' >"$settings/local.d/options.inc"
	echo 'reject = null; add_header = null; greylist = null;' >"$settings/local.d/actions.conf"
	chown -R "$user" rspamd
	for pair in CONFDIR="$settings" LOCAL_CONFDIR="$settings" RUNDIR="$tmp/rspamd/run" \
		DBDIR="$tmp/rspamd/db" LOGDIR="$tmp/rspamd/log" SHAREDIR="$share" PLUGINSDIR="$share/plugins" \
		LUALIBDIR="$share/lualib" RULESDIR="$share/rules" WWWDIR="$share/www"; do
		set -- "$@" "--var=$pair"
	done
	echo 'rspamd compiles its rules first, which takes minutes.' >&2
	milter rspamd "env LD_LIBRARY_PATH=$tmp/peers/rspamd/usr/lib/rspamd $tmp/peers/rspamd/usr/bin/rspamd" \
		"-f -c $settings/rspamd.conf $*"
}

# Delivered mail is counted in the mail log and dropped. A listener for each set-up, where so many
# sessions at once are let in and none logs in.
bed postconf -e virtual_transport=discard default_process_limit=100 \
	smtpd_client_connection_count_limit=0 smtpd_sasl_auth_enable=no || exit 1
bed postconf -Me "discard/unix = discard unix - - n - - discard" || exit 1
listens() { # listens [OPTION...]: on $free, a port below those that the system gives out
	free=$(python3 -c 'import random, socket
while True:
    port = random.randrange(20000, 30000)
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)):
            print(port)
            break')
	bed postconf -Me "127.0.0.1:$free/inet = 127.0.0.1:$free inet n - n - - smtpd $*" || exit 1
}
for name; do
	case $name in
	none) listens ;;
	filter)
		listens
		snippet port-25.sh "$free" || exit 1
		;;
	noop | barefrom | opendkim | rspamd)
		if serve_$name 2>"milters/$name.err"; then
			listens -o "smtpd_milters=unix:$tmp/milters/$name"
		else
			echo "Without $name, which is not there or does not start:"
			tail -n 3 "milters/$name.err" "milters/$name.log" 2>/dev/null
			continue
		fi
		;;
	*) echo "There is no set-up $name." >&2; exit 64 ;;
	esac
	echo "$name $free $(cat "milters/$name.pid" 2>/dev/null)" >>set-ups
done
bed_start

# shellcheck disable=SC2086
python3 "$SRCDIR/tests/bench/milter-rounds.py" "$tmp" "$rounds" "$messages" "$database" $sessions
