# SPDX-License-Identifier: GPL-3.0-or-later
# Installs the Debian packages that are missing.
#
# sh tests/packages.sh LIST...	where LIST is "build", "test", "fuzz", "package", "suites" or "check"
# sh tests/packages.sh postfix FOLDER	a Postfix for the tests, unpacked below FOLDER if need be
# sh tests/packages.sh MTA FOLDER	"exim", "sendmail", "opensmtpd", "dovecot", "opendkim" or "prometheus", always
#				unpacked
# sh tests/packages.sh postgresql FOLDER	a PostgreSQL for the tests, unpacked where none is installed
# or source it and call packages_install LIST..., packages_postfix FOLDER or packages_mta MTA FOLDER.
# It says nothing and leaves apt alone when all is there; where it may not install, it prints the
# line that would, and fails with 1. No package is ever removed or replaced.

# What to build and to read the audit with; meson itself is Python, but may come from elsewhere.
packages_build='gcc libc6-dev meson ninja-build pkgconf python3
	libglib2.0-dev libgmime-3.0-dev libsqlite3-dev libsystemd-dev sqlite3'
# What the tests take besides: clang (a second opinion), mandoc, clang-format and codespell (style),
# nm (layers), setpriv (permissions), strace (faults), openssl (certificates), libicu (tables),
# systemd-analyze and kill (units), apparmor_parser (profiles), DKIM (postfix), mail readers to compare with
# (diff), and ip, ss and a DNS server (fleet).
packages_test='clang mandoc clang-format codespell binutils util-linux strace openssl systemd apparmor
	iproute2 dnsmasq-base perl libemail-address-xs-perl libemail-simple-perl libmailtools-perl mblaze
	php-cli php-imap libicu-dev python3-dkim python3-nacl procps'

# What tests/fuzz/run.sh takes besides.
packages_fuzz='clang libclang-rt-14-dev'

# What data/package.sh takes besides.
packages_package='build-essential debhelper dh-apparmor lintian strace'

# What the suites unit, golden and cli take besides, on a Debian that lacks some of the above.
packages_suites='strace openssl python3-dkim python3-nacl'

# What the tests in tests/package take besides.
packages_check='debootstrap systemd-container'

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
		fuzz) packages="$packages $packages_fuzz" ;;
		package) packages="$packages $packages_package" ;;
		suites) packages="$packages $packages_suites" ;;
		check) packages="$packages $packages_check" ;;
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
	# shellcheck disable=SC2086
	packages_get $missing
}

# packages_get PACKAGE...: as root or through sudo.
packages_get() {
	options='-q -y --no-install-recommends --no-remove -o DPkg::Lock::Timeout=300'
	packages_become "apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install $options $*" ||
		return 1
	echo "Installing with apt-get: $*"
	packages_update $become || :
	# shellcheck disable=SC2086
	if ! $become env DEBIAN_FRONTEND=noninteractive "PATH=$PATH:/usr/sbin:/sbin" apt-get install $options "$@" </dev/null; then
		echo "apt-get could not install: $*" >&2
		return 1
	fi
}

# packages_become LINE: sets become to what makes a command root's; else says what root is to run.
packages_become() {
	become=
	[ "$(id -u)" != 0 ] || return 0
	become=sudo
	if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
		return 0
	fi
	echo "Packages are missing, and this is neither root nor able to use sudo." \
		"As root, run this line, then start again:" >&2
	echo "$1" >&2
	return 1
}

# Whether some mail server lives here, of a package or not, even half installed. apt would take it
# for something to replace; and an old main.cf would start at once.
packages_have_mta() {
	[ -e /usr/sbin/sendmail ] || [ -e /usr/lib/sendmail ] || [ -e /etc/postfix/main.cf ] ||
		dpkg-query -W -f '${db:Status-Status} ${Package} ${Provides}\n' |
		grep -v -E '^(not-installed|config-files) ' | grep -q -E '[ ,](mail-transport-agent|postfix)([ ,(]|$)'
}

# packages_postfix FOLDER: the Postfix that is installed; where there is no mail server, install one
# that is neither configured nor started; beside another one, unpack it into FOLDER.
packages_postfix() {
	if PATH=$PATH:/usr/sbin command -v postconf >/dev/null || [ -x "$1/usr/sbin/postconf" ]; then
		return 0
	fi
	if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
		echo 'This is not Debian: the tests of Postfix need one that is installed.' >&2
		return 1
	fi
	if ! packages_have_mta; then
		answer='postfix postfix/main_mailer_type select No configuration'
		packages_become "echo '$answer' | debconf-set-selections && apt-get install postfix" ||
			return 1
		echo "$answer" | $become debconf-set-selections || return 1
		packages_get postfix
		return
	fi
	echo "There is another mail server here, which stays; Postfix is unpacked into $1."
	packages_unpack "$1" postfix
}

# packages_unpack FOLDER PACKAGE...: there they are found, and never run by anything but the tests.
packages_unpack() {
	folder=$1
	shift
	rm -rf "$folder" "$folder.new"
	mkdir -p "$folder.new" || return 1
	if ! (cd "$folder.new" && apt-get -q download "$@") 2>/dev/null; then
		packages_become 'apt-get update' || return 1
		packages_update $become || :
		(cd "$folder.new" && apt-get -q download "$@") || return 1
	fi
	# The libraries they need may be installed; the rest of their Depends is for system services, or for
	# browsers (libjs).
	# shellcheck disable=SC2046
	missing=$(packages_missing $(for file in "$folder.new"/*.deb; do
		dpkg-deb -f "$file" Depends
		echo
	done | tr ',' '\n' | sed -n -E '/^ *libjs-/d;s/^ *(lib[^ ]*|netbase)( .*)?$/\1/p' | sort -u))
	# shellcheck disable=SC2086
	[ -z "$missing" ] || packages_get $missing || return 1
	for file in "$folder.new"/*.deb; do
		dpkg-deb -x "$file" "$folder.new" || return 1
	done
	mv "$folder.new" "$folder"
}

# packages_mta NAME FOLDER: a mail server that may be none of this machine, unpacked. m4 makes
# Sendmail's configuration, the modules are for its AUTH; Dovecot is a mail reader (diff), OpenDKIM a
# milter (postfix); and Prometheus has promtool, which reads metrics (diff).
packages_mta() {
	case $1 in
	exim) set -- "$2" exim4-daemon-light ;;
	sendmail) set -- "$2" sendmail-bin sendmail-cf m4 libsasl2-modules ;;
	opensmtpd) set -- "$2" opensmtpd ;;
	dovecot) set -- "$2" dovecot-core dovecot-imapd ;;
	opendkim) set -- "$2" opendkim ;;
	prometheus) set -- "$2" prometheus ;;
	postgresql)
		# To install it would start a cluster of the machine's own.
		ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && return 0
		set -- "$2" postgresql-15 postgresql-client-15
		;;
	esac
	[ -d "$1" ] && return 0
	if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
		echo "This is not Debian: the tests need $* of Debian 12." >&2
		return 1
	fi
	packages_unpack "$@"
}

case ${0##*/}:${1-} in
packages.sh:postfix | packages.sh:exim | packages.sh:sendmail | packages.sh:opensmtpd | \
	packages.sh:dovecot | packages.sh:opendkim | packages.sh:prometheus | packages.sh:postgresql)
	if [ $# != 2 ]; then
		echo "usage: packages.sh $1 FOLDER" >&2
		exit 1
	fi
	if [ "$1" = postfix ]; then
		packages_postfix "$2" || exit 1
	else
		packages_mta "$1" "$2" || exit 1
	fi
	;;
packages.sh:*) packages_install "$@" || exit 1 ;;
esac
