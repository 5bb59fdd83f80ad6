# SPDX-License-Identifier: GPL-3.0-or-later
# sh tests/package/autopkgtest.sh [PACKAGE.deb]: the tests of the package (data/debian/tests) as Debian
# runs them: by autopkgtest, where a clean Debian 12 is booted as a container and nothing but the
# package and a Postfix is set up. Prints TAP; the status is 1 if a point failed. See clean.sh for
# what it needs; so it is not part of tests/run.sh.
. "$(dirname -- "$0")/clean.sh"
take_package "$@"
apt update || give_up "there is no Debian mirror: $(tail -n 1 log)"
# Without /proc its installation finds no protocol.
printf 'postfix postfix/%s\n' 'main_mailer_type select Local only' 'mailname string localhost' 'protocols select ipv4' |
	inside debconf-set-selections
apt install autopkgtest dpkg-dev systemd systemd-sysv procps python3-minimal python3 sqlite3 postfix ||
	give_up "no autopkgtest: $(tail -n 1 log)"
install "$package" || give_up "the package cannot be installed: $(tail -n 1 log)"
rm "$system/usr/sbin/policy-rc.d"
mkdir "$system/root/source" && cp -R "$SRCDIR/data/debian" "$system/root/source/debian"

guest_runs autopkgtest-guest.sh
guest_boots
