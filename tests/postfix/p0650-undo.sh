# SPDX-License-Identifier: GPL-3.0-or-later
# A DKIM signature is valid when a message comes, broken by barefrom, and valid again once the copy
# that a real Dovecot gives over IMAP has been through audit undo: by the filter and by the milter,
# signed by dkimpy and by OpenDKIM, simple and relaxed, rsa and ed25519. Last, the Maildir itself.
. "${SRCDIR:?}/tests/postfix/with-milter.sh"
: "${MTA_ROOTS:=${BUILDDIR:-/nowhere}/mta}"
opendkim=$MTA_ROOTS/opendkim/usr/sbin/opendkim imap=$MTA_ROOTS/dovecot/usr/lib/dovecot/imap
[ -x "$opendkim" ] || without "There is no OpenDKIM. Run: sh tests/packages.sh opendkim $MTA_ROOTS/opendkim," \
	'and set MTA_ROOTS to the folder above that.'
[ -x "$imap" ] || without "There is no Dovecot with IMAP. Run: rm -rf $MTA_ROOTS/dovecot;" \
	"sh tests/packages.sh dovecot $MTA_ROOTS/dovecot, and set MTA_ROOTS to the folder above that."
PYTHON=python3
python3 -c 'import dkim, nacl' 2>/dev/null || PYTHON=/usr/bin/python3 # where Debian's modules are
$PYTHON -c 'import dkim, nacl' 2>/dev/null || without 'There is no dkimpy, or no PyNaCl. Run: sh tests/packages.sh test'

# Users other than root must be able to run it.
cp -R "$MTA_ROOTS/dovecot/usr/lib/dovecot" dovecot

install -d -o $user -m 755 keys
openssl genrsa -traditional -out keys/rsa 2048 2>/dev/null &&
	openssl rsa -in keys/rsa -pubout -outform DER -out keys/rsa.der 2>/dev/null &&
	openssl genpkey -algorithm ed25519 -out keys/ed25519 2>/dev/null &&
	openssl pkey -in keys/ed25519 -outform DER -out keys/ed25519.seed 2>/dev/null &&
	openssl pkey -in keys/ed25519 -pubout -outform DER -out keys/ed25519.der 2>/dev/null ||
	give_up 'openssl makes no keys'
chown $user keys/*

# start_opendkim NAME ALGORITHM CANONICALIZATION: a signer, whose socket is run/NAME.
start_opendkim() {
	cat >"$1.conf" <<END
Mode s
Socket local:$tmp/run/$1
UMask 000
Syslog no
Background no
Canonicalization $3
SignatureAlgorithm $2-sha256
Domain corp.example
Selector $2
KeyFile $tmp/keys/$2
InternalHosts $tmp/hosts
RequireSafeKeys no
END
	(MAIL_CONFIG=$etc exec setpriv --reuid=$user --regid="$user_group" --clear-groups -- \
		"$opendkim" -f -x "$tmp/$1.conf" >>"$tmp/opendkim.log" 2>&1 8>&-) &
	await test -S "run/$1" || give_up "opendkim does not start: $(cat opendkim.log)"
}
echo 127.0.0.1 >hosts
start_opendkim rsa-simple rsa simple/simple
start_opendkim rsa-relaxed rsa relaxed/relaxed
start_opendkim ed25519-relaxed ed25519 relaxed/relaxed

bed postconf -e non_smtpd_milters=
snippet port-25.sh "$plain" || give_up 'port-25.sh fails'
milter_start
bed_start
FILTER=$plain DOVECOT=$tmp/dovecot MAIL_USER=$user play_all tests/postfix/p0650-undo.py
