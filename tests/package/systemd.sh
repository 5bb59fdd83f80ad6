# SPDX-License-Identifier: GPL-3.0-or-later
# sh tests/package/systemd.sh [PACKAGE.deb]: the service and the socket of barefrom-milter, and what looks
# after the audit, below a real systemd: a clean Debian 12 is booted as a container, where
# systemd-guest.sh runs. Prints its TAP; the status is 1 if a point failed. See clean.sh for what it
# needs; so it is not part of tests/run.sh.
. "$(dirname -- "$0")/clean.sh"
apt update || give_up "there is no Debian mirror: $(tail -n 1 log)"
apt install systemd systemd-sysv procps python3-minimal python3 sqlite3 || give_up "no systemd: $(tail -n 1 log)"
install "$package" || give_up "the package cannot be installed: $(tail -n 1 log)"
rm "$system/usr/sbin/policy-rc.d"

guest_runs systemd-guest.sh

# Without a systemd outside there is nobody to register with.
flags='--register=no --keep-unit'
[ ! -d /run/systemd/system ] || flags=
# shellcheck disable=SC2086
timeout 300 systemd-nspawn -q -D "$system" $flags -b --console=read-only >boot.log 2>&1
[ -s "$system/root/tap" ] || give_up "it did not boot: $(tail -n 3 boot.log | tr -d '\r' | tr '\n' ' ')"
cat "$system/root/tap"
sed 's/^/# /' "$system/root/errors"
wanted=$(sed -n 's/^1\.\.//p' "$system/root/tap")
[ "$(grep -c '^ok ' "$system/root/tap")" = "${wanted:-none}" ]
