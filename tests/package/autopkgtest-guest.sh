# SPDX-License-Identifier: GPL-3.0-or-later
# What autopkgtest.sh runs in its container, as root, where the package is installed.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 5
is 'systemd is process 1' "$(cat /proc/1/comm)" systemd
autopkgtest --no-built-binaries --summary-file=summary /root/package.deb /root/source -- null >log 2>&1
status=$?
cat log >&2
is 'autopkgtest succeeds' "$status" 0
for name in filter milter postfix; do
	ok "$name" grep -qx "$name *PASS" summary
done
