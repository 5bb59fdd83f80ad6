# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# The private Postfix of lib.sh with barefrom-milter; sourced by tests of both. What sendmail(1) hands in
# passes it as well.
#
# Mail for @box.example arrives in box/new, a file for each recipient, by virtual(8): not a byte of it is
# changed, and nothing is started for it. smtp.py is the client, and reads that.
. "${SRCDIR:?}/tests/postfix/lib.sh"
. "$SRCDIR/tests/postfix/milter.sh"
sendmail_program=$sbin/sendmail

install -d -o "$user" -g "$user_group" -m 755 box
cat >>etc/main.cf <<END
virtual_mailbox_maps = static:box/
virtual_mailbox_base = $tmp
virtual_uid_maps = static:$user_id
virtual_gid_maps = static:$(id -g "$user")
enable_long_queue_ids = yes
smtpd_milters = unix:$socket
non_smtpd_milters = unix:$socket
milter_default_action = tempfail
smtpd_client_connection_count_limit = 0
smtpd_hard_error_limit = 1000
smtpd_junk_command_limit = 1000
END
sed -i 's/^relay_domains = /&box.example /; s/^transport_maps = inline:{/&\n\t{ box.example = virtual: },/' etc/main.cf
echo 'virtual unix - n n - - virtual' >>etc/master.cf
bed postconf -Pe "127.0.0.1:$submission/inet/milter_macro_daemon_name = submission" \
	"127.0.0.1:$plain/inet/smtpd_milters ="
