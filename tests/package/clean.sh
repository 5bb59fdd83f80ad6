# SPDX-License-Identifier: GPL-3.0-or-later
# A clean Debian for the tests of the package, in $system; sourced. It is Debian 12, or the one that
# DEBIAN=13 names, for which a package has to be made as debian.sh does. Needs root and a Debian mirror
# (MIRROR=http://...). The clean system is kept in build-package.
called=$PWD
SRCDIR=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd) || exit 1
kept=$SRCDIR/build-package
give_up() {
	echo "Bail out! $*"
	exit 1
}
[ "$(id -u)" = 0 ] || give_up 'this makes a root file system, so it needs root'
case ${DEBIAN:-12} in
12) suite=bookworm ;;
13) suite=trixie ;;
*) give_up "DEBIAN=$DEBIAN: it may be 12 or 13" ;;
esac
sh "$SRCDIR/tests/packages.sh" build package check >&2 || give_up 'packages are missing'
BAREFROM=/bin/true
. "$SRCDIR/tests/cli/lib.sh"

base=$kept/$suite.tar
if [ ! -f "$base" ]; then
	mkdir -p "$kept"
	debootstrap --variant=minbase $suite "$tmp/base" "${MIRROR:-http://deb.debian.org/debian}" >&2 ||
		give_up 'debootstrap failed'
	tar -C "$tmp/base" -cf "$base.new" . && mv "$base.new" "$base" && rm -rf "$tmp/base"
fi
system=$tmp/system
mkdir "$system" && tar -C "$system" -xpf "$base" || give_up "cannot unpack $base"
cp /etc/resolv.conf "$system/etc/resolv.conf"
printf '#!/bin/sh\nexit 101\n' >"$system/usr/sbin/policy-rc.d" && chmod 755 "$system/usr/sbin/policy-rc.d"

# take_package [PACKAGE.deb]: names it in $package, and makes it first if none is given.
take_package() {
	if [ $# = 0 ]; then
		sh "$SRCDIR/data/package.sh" "$kept" >&2 || give_up 'there is no package'
		set -- "$(ls -t "$kept"/barefrom_*.deb | head -n 1)"
	fi
	package=$(CDPATH='' cd -- "$called" && cd -- "$(dirname -- "$1")" && pwd)/${1##*/}
	[ -f "$package" ] || give_up "there is no package $1"
}

# inside COMMAND..., user NAME GROUP COMMAND...: in the clean system, which knows nothing of ours.
inside() {
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
		${http_proxy:+"http_proxy=$http_proxy"} chroot "$system" "$@"
}
user() {
	who="--reuid=$1 --regid=$2 --clear-groups"
	shift 2
	# shellcheck disable=SC2086
	inside setpriv $who --reset-env -- "$@"
}
apt() { inside apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=60 "$@" >log 2>&1; }
install() { # install FILE: as an administrator does
	cp "$1" "$system/root/package.deb" && apt install --allow-downgrades /root/package.deb
}

# container SECONDS OPTION...: the clean system as a container, at most that long.
container() {
	limit=$1
	shift
	# Without a systemd outside there is nobody to register with.
	flags='--register=no --keep-unit'
	[ ! -d /run/systemd/system ] || flags=
	# shellcheck disable=SC2086
	timeout "$limit" systemd-nspawn -q -D "$system" $flags "$@"
}

# guest_runs SCRIPT: once the clean system is booted it runs SCRIPT of this folder, and ends. What that
# prints is in root/tap then, and in root/errors.
guest_runs() {
	guest=$system/root/barefrom
	mkdir -p "$guest/tests/cli" "$guest/tests/milter"
	cp "$SRCDIR/tests/cli/lib.sh" "$guest/tests/cli"
	cp "$SRCDIR/tests/milter/mta.py" "$guest/tests/milter"
	cp "$SRCDIR/tests/package/$1" "$guest"
	cat >"$system/etc/systemd/system/guest.service" <<END
[Unit]
After=multi-user.target
[Service]
Type=oneshot
Environment=BAREFROM=/usr/bin/barefrom SRCDIR=/root/barefrom
ExecStart=/bin/sh /root/barefrom/$1
ExecStopPost=systemctl poweroff --no-block
StandardOutput=file:/root/tap
StandardError=file:/root/errors
END
	mkdir -p "$system/etc/systemd/system/multi-user.target.wants"
	ln -s ../guest.service "$system/etc/systemd/system/multi-user.target.wants"
}

# guest_boots: it is booted as a container without a network, and what its script printed is printed.
# Whether each point passed.
guest_boots() {
	container 600 -b --private-network --console=read-only >boot.log 2>&1
	[ -s "$system/root/tap" ] || give_up "it did not boot: $(tail -n 3 boot.log | tr -d '\r' | tr '\n' ' ')"
	cat "$system/root/tap"
	sed 's/^/# /' "$system/root/errors"
	wanted=$(sed -n 's/^1\.\.//p' "$system/root/tap")
	[ "$(grep -c '^ok ' "$system/root/tap")" = "${wanted:-none}" ]
}
