# SPDX-License-Identifier: GPL-3.0-or-later
# Installs the Debian packages that are missing.
#
# sh tests/packages.sh LIST...	where LIST is "build" or "test"; or source it
# and call packages_install LIST... It says nothing and leaves apt alone when all are there;
# where it may not install, it prints the line that would, and fails with 1.

# What to build and to read the audit with; meson itself is Python, but may come from elsewhere.
packages_build='gcc libc6-dev meson ninja-build pkgconf python3
	libglib2.0-dev libgmime-3.0-dev libsqlite3-dev sqlite3'
# What the tests take besides: mandoc and clang-format (style), nm (layers), setpriv (permissions),
# strace (faults).
packages_test='mandoc clang-format binutils util-linux strace'

packages_missing() {
	for package; do
		case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) in
		installed) ;;
		*) printf ' %s' "$package" ;;
		esac
	done
}

# The lock of the package lists has no time-out of its own.
packages_update() {
	for try in 1 2 3 4 5 6; do
		"$@" apt-get -q update && return 0
		[ "$try" = 6 ] || sleep 10
	done
	echo "The package lists could not be renewed; trying with the old ones." >&2
}

packages_install() {
	packages=
	for list; do
		case $list in
		build) packages="$packages $packages_build" ;;
		test) packages="$packages $packages_test" ;;
		*)
			echo "packages.sh: no list is called '$list'" >&2
			return 1
			;;
		esac
	done
	if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
		echo "This is not Debian. Install what stands for these packages, then build with meson:" \
			$packages >&2
		return 1
	fi
	# shellcheck disable=SC2086
	missing=$(packages_missing $packages)
	[ -n "$missing" ] || return 0

	options='-q -y --no-install-recommends -o DPkg::Lock::Timeout=300'
	become=
	if [ "$(id -u)" != 0 ]; then
		if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
			become=sudo
		else
			echo "Packages are missing, and this is neither root nor able to use sudo." \
				"As root, run this line, then start again:" >&2
			echo "apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install $options$missing" >&2
			return 1
		fi
	fi
	echo "Installing with apt-get:$missing"
	packages_update $become || :
	# shellcheck disable=SC2086
	if ! $become env DEBIAN_FRONTEND=noninteractive "PATH=$PATH:/usr/sbin:/sbin" apt-get install $options $missing </dev/null; then
		echo "apt-get could not install:$missing" >&2
		return 1
	fi
}

case ${0##*/} in
packages.sh) packages_install "$@" || exit 1 ;;
esac
