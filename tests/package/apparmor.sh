# SPDX-License-Identifier: GPL-3.0-or-later
# sh tests/package/apparmor.sh [PACKAGE.deb]: the profiles of AppArmor, enforced: a clean Debian 12 with its own
# kernel is booted in QEMU, where apparmor-guest.sh runs, since a container has the kernel of its host. Prints
# its TAP; the status is 1 if a point failed. See clean.sh for what it needs, and besides QEMU; so it is
# not part of tests/run.sh. The processor is emulated, so it takes some minutes.
. "$(dirname -- "$0")/clean.sh"
take_package "$@"
command -v qemu-system-x86_64 >/dev/null || give_up 'there is no QEMU: apt-get install qemu-system-x86'
apt update || give_up "there is no Debian mirror: $(tail -n 1 log)"
echo 'postfix postfix/main_mailer_type select Local only' | inside debconf-set-selections
apt install linux-image-cloud-amd64 apparmor systemd systemd-sysv udev procps python3-minimal python3 sqlite3 postfix ||
	give_up "no kernel: $(tail -n 1 log)"
install "$package" || give_up "the package cannot be installed: $(tail -n 1 log)"
rm "$system/usr/sbin/policy-rc.d"
# As aa-enforce does.
sed -i 's/ flags=(complain)//' "$system"/etc/apparmor.d/usr.bin.barefrom "$system"/etc/apparmor.d/usr.sbin.barefrom-milter

guest_runs apparmor-guest.sh
echo '/dev/vda / ext4 defaults 0 1' >"$system/etc/fstab"

truncate -s 3G disk && PATH=$PATH:/usr/sbin:/sbin mke2fs -q -t ext4 -d "$system" disk >log 2>&1 ||
	give_up "no disk: $(tail -n 1 log)"
timeout 1800 qemu-system-x86_64 -m 1024 -nodefaults -display none -no-reboot -serial file:boot.log \
	-drive file=disk,format=raw,if=virtio -kernel "$(ls "$system"/boot/vmlinuz-*)" -initrd "$(ls "$system"/boot/initrd.img-*)" \
	-append 'root=/dev/vda rw console=ttyS0 apparmor=1 security=apparmor' >log 2>&1
back() { PATH=$PATH:/usr/sbin:/sbin debugfs -R "cat $1" disk 2>ignored; }
back /root/tap >tap
[ -s tap ] || give_up "it did not boot: $(tail -n 1 log) $(tail -n 3 boot.log | tr -d '\r' | tr '\n' ' ')"
cat tap
back /root/errors | sed 's/^/# /'
wanted=$(sed -n 's/^1\.\.//p' tap)
[ "$(grep -c '^ok ' tap)" = "${wanted:-none}" ]
