# SPDX-License-Identifier: GPL-3.0-or-later
# What goes wrong in barefrom-milter, its audit, or between it and Postfix: nothing passes that is not in
# the audit, nothing is lost, and once it is set right mail goes on.
. "${SRCDIR:?}/tests/postfix/with-milter.sh"
sed -i 's/^\[filter\]$/&\ndeadline=2/' barefrom.conf
# By TCP, where a reply to nobody is no error at once.
tcp_port=$(python3 -c 'import socket
with socket.socket() as free:
	free.bind(("127.0.0.1", 0))
	print(free.getsockname()[1])')
# What each word of milter_default_action does, once the milter is away.
bed postconf -Pe "127.0.0.1:$submission/inet/milter_default_action = accept" \
	"127.0.0.1:$plain/inet/milter_default_action = quarantine" \
	"127.0.0.1:$dry/inet/milter_default_action = reject" \
	"127.0.0.1:$dry/inet/milter_content_timeout = 1s" \
	"127.0.0.1:$dry/inet/smtpd_milters = inet:127.0.0.1:$tcp_port"
bed postconf -PX "127.0.0.1:$plain/inet/smtpd_milters" "127.0.0.1:$submission/inet/milter_macro_daemon_name"
bed_start
REJECT=$dry TCP_PORT=$tcp_port play_all tests/postfix/p0620-milter-faults.py
