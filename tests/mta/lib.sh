# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# A private mail server in a root folder of its own, $jail, on high ports of 127.0.0.1: its compiled-in
# paths and users are those of the folder, so it is neither installed nor near any system file, and
# chroot(2) is all that takes. keeper.py starts it, ends it, and plays the next hop of all its mail.
# MTA_ROOTS holds what tests/packages.sh has unpacked, a folder for each server.
. "${SRCDIR:?}/tests/postfix/keeper.sh"
. "$SRCDIR/tests/mta/hop.sh"
jail=$tmp/jail

# jail NAME PROGRAM...: makes it, with these programs of the unpacked server and their libraries.
jail() {
	unpacked=${MTA_ROOTS:=${BUILDDIR:-/nowhere}/mta}/$1
	[ -d "$unpacked" ] || without "There is no unpacked server. Run: sh tests/packages.sh $1 $unpacked," \
		'and set MTA_ROOTS to the folder above that.'
	shift
	mkdir -p "$jail/dev" "$jail/etc" "$jail/tmp" "$jail/var/run" "$jail/var/spool"
	chmod 1777 "$jail/tmp"
	: >"$jail/dev/null" # a plain file will do, where devices can't be made
	chmod 666 "$jail/dev/null"
	for program; do
		mkdir -p "$jail/${program%/*}"
		cp -p "$unpacked/$program" "$jail/$program" || give_up "$unpacked is not whole"
		libraries "$unpacked/$program"
	done
	echo "127.0.0.1 $host localhost" >"$jail/etc/hosts"
	echo 'hosts: files' >"$jail/etc/nsswitch.conf"
	echo "$host" >"$jail/etc/mailname"
	echo 'root:x:0:0:root:/:/bin/sh' >"$jail/etc/passwd"
	echo 'root:x:0:' >"$jail/etc/group"
	jail_user nobody 65534
}

# libraries FILE: copied into the jail.
libraries() {
	! ldd "$1" | grep 'not found' >missing || give_up "libraries are missing: $(cat missing)"
	ldd "$1" | sed -n 's/^[^/]*\(\/[^ ]*\) (0x.*/\1/p' >needed
	while read -r library; do
		[ ! -e "$jail$library" ] || continue
		mkdir -p "$jail${library%/*}"
		cp -L "$library" "$jail$library" || exit 99
	done <needed
}

# jail_user NAME ID: a user and a group that are known in there alone.
jail_user() {
	echo "$1:x:$2:$2:$1:/:/bin/sh" >>"$jail/etc/passwd"
	echo "$1:x:$2:" >>"$jail/etc/group"
}

# inside COMMAND...: in the jail, as root. as_nobody COMMAND...: as somebody else.
inside() { timeout 300 chroot "$jail" "$@" 8>&-; }
as_nobody() { timeout 300 chroot --userspec=65534:65534 "$jail" "$@" 8>&-; }

# jail_serve COMMAND...: in the foreground, until the test has ended; returns when $port answers.
jail_serve() {
	echo "exec chroot '$jail' $*" >serve
	ask serve "$tmp/serve" || give_up "no start: $ended"
	await jail_listens || give_up "$1 does not answer"
}
jail_listens() { echo QUIT | type_in "$port"; }
