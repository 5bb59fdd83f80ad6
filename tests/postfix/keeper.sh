# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# What every test of a private mail server needs, whichever it is; sourced by their lib.sh. However
# a test ends, keeper.py ends its processes and removes $tmp.
PATH=$PATH:/usr/sbin:/sbin
without() { # without WHAT: the whole test fails
	printf '1..1\nnot ok 1 - a private mail server\n# %s\n' "$*"
	exit 1
}
if [ "$(id -u)" != 0 ]; then
	sudo -n true 2>/dev/null || without 'It starts as root only; this is neither root nor able to sudo -n.'
	exec sudo -n env BAREFROM="${BAREFROM:?}" BAREFROM_MILTER="${BAREFROM_MILTER-}" \
		SRCDIR="${SRCDIR:?}" BUILDDIR="${BUILDDIR-}" POSTFIX_ROOT="${POSTFIX_ROOT-}" \
		MTA_ROOTS="${MTA_ROOTS-}" LC_ALL="${LC_ALL-C}" sh "$0"
fi
unset MAIL_CONFIG
TMPDIR=/tmp # the users below must be able to enter it
. "${SRCDIR:?}/tests/cli/lib.sh"
chmod 755 "$tmp"

host=mx.corp.example
alice=$(printf '\0alice@corp.example\0secret' | base64)
login() { printf 'AUTH PLAIN %s' "$alice"; }

# Whatever happens, the keeper cleans up: it lives in a session of its own and waits for our end.
mkfifo alive
setsid python3 "$SRCDIR/tests/postfix/keeper.py" "$tmp" <alive >keeper.log 2>&1 &
keeper=$!
exec 8>alive
trap 'exec 8>&-; cd /; wait $keeper' EXIT

# await COMMAND...: until it succeeds, for five minutes or so; once that was in vain, more briefly.
patience=6000
await() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		if [ $tries -ge $patience ]; then
			patience=100
			return 1
		fi
		sleep 0.05
	done
}

give_up() { # give_up WHAT: no point makes sense without this
	echo "Bail out! $*"
	cat "$tmp/mail.log" "$tmp/keeper.log" 2>/dev/null | tail -n 40 | sed 's/^/# /'
	exit 99
}

await test -f ports || give_up 'the keeper does not start'
. ./ports # port, submission, hidden, dry: free for listeners; utf8_port, ascii_port

# ask WORD...: of the keeper.
ask() {
	echo "$*" >ask
	read -r ended <answer
	[ "$ended" = well ]
}

# type_in PORT <DIALOGUE: as with telnet; the answers are in the file said, $queued is the queue id.
type_in() {
	cat >dialogue
	ask "$1" "$tmp/dialogue"
	result=$?
	queued=$(sed -n 's/^250 .* queued as \([0-9A-Za-z]*\).*/\1/p' said)
	return $result
}

run_facts() {
	echo "the session ended: ${ended-}"
	echo 'said:'
	tail -n 5 said 2>/dev/null
	echo 'the end of the mail log:'
	tail -n 15 "$tmp/mail.log" 2>/dev/null | cut -c 1-300
}

# What a client may write below our own field, to look like one of us.
{
	printf 'Received: from desk.corp.example (desk.corp.example [192.0.2.9])\n'
	printf '\t(Authenticated sender: ceo@corp.example)\n'
	printf '\tby %s (Postfix) with ESMTPSA id 4fQ1Yx2bJ7z1abc\n' "$host"
	printf '\tfor <x@corp.example>; Tue, 24 Nov 2026 10:00:00 +0000 (UTC)\n'
} >forged-trace
