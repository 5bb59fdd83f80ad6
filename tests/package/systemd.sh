# SPDX-License-Identifier: GPL-3.0-or-later
# sh tests/package/systemd.sh [PACKAGE.deb]: the service and the socket of barefrom-milter, and what looks
# after the audit, below a real systemd: a clean Debian 12 is booted as a container, where
# systemd-guest.sh runs. Prints its TAP; the status is 1 if a point failed. See clean.sh for what it
# needs; so it is not part of tests/run.sh.
. "$(dirname -- "$0")/clean.sh"
take_package "$@"
apt update || give_up "there is no Debian mirror: $(tail -n 1 log)"
apt install systemd systemd-sysv procps python3-minimal python3 sqlite3 || give_up "no systemd: $(tail -n 1 log)"
install "$package" || give_up "the package cannot be installed: $(tail -n 1 log)"
rm "$system/usr/sbin/policy-rc.d"

guest_runs systemd-guest.sh

guest_boots
