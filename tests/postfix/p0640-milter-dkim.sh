# SPDX-License-Identifier: GPL-3.0-or-later
# barefrom-milter between OpenDKIM as verifier and OpenDKIM as signer: it sees mail as it came, foreign
# signatures stay valid on mail that barefrom leaves alone, and our own are made of what leaves.
. "${SRCDIR:?}/tests/postfix/with-milter.sh"
opendkim=${MTA_ROOTS:=${BUILDDIR:-/nowhere}/mta}/opendkim/usr/sbin/opendkim
[ -x "$opendkim" ] || without "There is no OpenDKIM. Run: sh tests/packages.sh opendkim $MTA_ROOTS/opendkim," \
	'and set MTA_ROOTS to the folder above that.'
PYTHON=python3
python3 -c 'import dkim' 2>/dev/null || PYTHON=/usr/bin/python3 # where Debian's modules are
$PYTHON -c 'import dkim' 2>/dev/null || without 'There is no dkimpy. Run: sh tests/packages.sh test'

# A key for each domain, which opendkim and dkimpy find in files: there is no DNS.
install -d -o $user -m 755 keys
for domain in corp.example out.example freemail.example; do
	openssl genrsa -traditional -out keys/$domain 2048 2>/dev/null &&
		openssl rsa -in keys/$domain -pubout -outform DER -out keys/$domain.der 2>/dev/null ||
		give_up 'openssl makes no keys'
	echo "s._domainkey.$domain v=DKIM1; k=rsa; p=$(base64 -w 0 keys/$domain.der)" >>keys/public
done
chown $user keys/*

# start_opendkim NAME MODE
start_opendkim() {
	cat >"$1.conf" <<END
Mode $2
Socket local:$tmp/run/$1.sock
UMask 000
Syslog no
Background no
AuthservID $1.corp.example
AlwaysAddARHeader yes
TestPublicKeys $tmp/keys/public
Canonicalization simple/simple
InternalHosts $tmp/hosts
OversignHeaders From
RequireSafeKeys no
END
	[ "$2" = v ] || printf 'Domain corp.example\nSelector s\nKeyFile %s/keys/corp.example\n' "$tmp" >>"$1.conf"
	(MAIL_CONFIG=$etc exec setpriv --reuid=$user --regid="$user_group" --clear-groups -- \
		"$opendkim" -f -x "$tmp/$1.conf" >>"$tmp/opendkim.log" 2>&1 8>&-) &
	await test -S "run/$1.sock" || give_up "opendkim does not start: $(cat opendkim.log)"
}
echo 127.0.0.1 >hosts
start_opendkim verifier v
start_opendkim signer s

echo 'Jane Doe; jane.doe@corp.example' >people
cat >>barefrom.conf <<END
[policy]
scope=domains directory
domains=corp.example
directory=$tmp/people
END
verifier=unix:$tmp/run/verifier.sock signer=unix:$tmp/run/signer.sock ours=unix:$socket
narrow=unix:$tmp/run/narrow.sock # a barefrom for From alone
bed postconf -e "non_smtpd_milters = $ours, $signer"
bed postconf -Pe "127.0.0.1:$port/inet/smtpd_milters = $verifier,$ours,$signer" \
	"127.0.0.1:$submission/inet/smtpd_milters = $ours,$verifier" \
	"127.0.0.1:$plain/inet/smtpd_milters = $signer,$ours" \
	"127.0.0.1:$dry/inet/smtpd_milters = $narrow,$ours"
bed postconf -PX "127.0.0.1:$submission/inet/milter_macro_daemon_name"
milter_start
install -d -o $user -m 755 narrow
bin/start-milter -o "listen=unix:$tmp/run/narrow.sock" -o "database=$tmp/narrow/audit.db" \
	-o fields=From 8>&- &
await test -S run/narrow.sock
bed_start
TWICE=$dry play_all tests/postfix/p0640-milter-dkim.py
