/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * server: the loop of the milter: connections, signals, a message from its end to its answer.
 * May know: descriptors, threads, sd-event, the ledger. Must not know: the protocol, the rules.
 * Fails: at its start, with the errors of listener and ledger. Later no error ends it; a message
 * that cannot be recorded is answered with 451.
 */
#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "cmd/exits.h"
#include "listener.h"
#include "log.h"
#include "session.h"
#include "util/io-error.h"
#include "util/plainfile.h"

/* Heads up to this size are decided in the loop, longer ones by other threads. */
#define HEAD_SMALL ((size_t)64 * 1024)
#define THREADS 2

/* The most that is read from a connection before the others get their turn. */
#define READ_OCTETS ((size_t)64 * 1024)

/* How long a connection may be silent before it is closed; the timeout of libmilter. */
#define IDLE_SECONDS ((gint64)7210)
#define SWEEP_SECONDS ((gint64)600)

/* TCP probes a silent peer, and closes the connection if it does not answer. Postfix is silent
 * between two messages, and when its host or the network is gone: such connections would fill
 * max-sessions. */
#define KEEPALIVE_IDLE 60     /* seconds */
#define KEEPALIVE_INTERVAL 15 /* seconds */
#define KEEPALIVE_PROBES 4

#define PAUSE_SECONDS ((gint64)1) /* if the process has no descriptor left */

/* Descriptors beside those of connections. */
#define DESCRIPTORS 64

typedef struct {
	Server *server;
	GList link; /* in server->connections */
	int fd;     /* -1: the peer is gone, but its message is still being decided or recorded */
	sd_event_source *source;
	Session *session;
	gint64 last;    /* monotonic, microseconds: when the peer last sent something */
	bool is_busy;   /* its message is being decided or recorded */
	GError *failed; /* why the message could not be decided */
} Connection;

struct Server {
	const char *config_file;
	char **options;
	Config *config;
	SessionRules rules;
	Ledger *ledger;
	GQueue waiting; /* Connection *: wait for their rows, in the order of these */
	sd_event *event;
	GPtrArray *listeners; /* sd_event_source * */
	ListenerFile socket;  /* to be removed at the end */
	bool was_passed_on;   /* the sockets come from systemd */
	bool is_paused, is_stopping, is_full;
	GQueue connections;
	int wake; /* eventfd by which other threads wake the loop */
	GThreadPool *pool;
	GAsyncQueue *decided; /* Connection *: decided by the pool */
	char buffer[READ_OCTETS];
};

static void proceed(Connection *c);

/* The settings are read more than once, which a pipe cannot be. */
static Config *
load_config(const char *config_file, char **options, GError **error)
{
	g_autoptr(GError) failed = NULL;

	if (config_file && !plainfile_check(config_file, false, &failed)) {
		g_set_error(error, CMD_ERROR, CMD_ERROR_CONFIG, "%s", failed->message);
		return NULL;
	}
	return config_load_policy(config_file, options, false, error);
}

Config *
server_config(const char *config_file, char **options, GError **error)
{
	Config *config = load_config(config_file, options, error);

	/* The hint at -o is for people who try a program by hand. */
	if (config)
		config->settings->database_is_default = false;
	return config;
}

Ledger *
server_open_ledger(const Config *config, GError **error)
{
	g_autoptr(GError) failed = NULL;
	Ledger *ledger = ledger_open(config->settings, config->settings->deadline * 1000, &failed);

	if (!ledger)
		g_set_error(error, failed->domain, failed->code,
		            "%s (run barefrom audit check as root)", failed->message);
	return ledger;
}

static void
set_listening(Server *s)
{
	bool on = !s->is_paused && !s->is_stopping &&
	          s->connections.length < s->config->milter.max_sessions;

	for (guint i = 0; i < s->listeners->len; i++)
		sd_event_source_set_enabled(g_ptr_array_index(s->listeners, i),
		                            on ? SD_EVENT_ON : SD_EVENT_OFF);
}

/* Listens unless as many sessions are open as there may be; then it logs once that others wait. */
static void
count_sessions(Server *s)
{
	bool is_full = s->connections.length >= s->config->milter.max_sessions;

	if (is_full && !s->is_full)
		log_warning("max-sessions=%u: further connections wait",
		            s->config->milter.max_sessions);
	s->is_full = is_full;
	set_listening(s);
}

static void
connection_free(Connection *c)
{
	g_queue_unlink(&c->server->connections, &c->link);
	session_free(c->session);
	g_clear_error(&c->failed);
	g_free(c);
}

static void
end_when_done(Server *s)
{
	if (s->is_stopping && s->connections.length == 0 && !ledger_is_busy(s->ledger))
		sd_event_exit(s->event, 0);
}

static void
warn_of_outcomes(const GError *error)
{
	log_warning("the outcome of rows could not be recorded: %s", error->message);
}

/* If the reply could not be sent, settles the row as failed: the MTA then tells its client to try
 * again. */
static void
settle_unanswered(Connection *c)
{
	Job *job = session_job(c->session);
	g_autoptr(GError) error = NULL;

	if (session_output(c->session)->len > 0 && job->state == JOB_RECORDED && job->entry.id &&
	    !job_settle(job, c->server->ledger, "failed", -1, &error))
		warn_of_outcomes(error);
}

/* Closes the connection. Frees @c, unless its message is still being decided or recorded. */
static void
hang_up(Connection *c)
{
	Server *s = c->server;

	c->source = sd_event_source_disable_unref(c->source);
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	if (c->is_busy)
		return;
	settle_unanswered(c);
	connection_free(c);
	count_sessions(s);
	end_when_done(s);
}

/* Logs how the message of @c ends; @error says why it could not be recorded. */
static void
log_message(const Connection *c, const GError *error)
{
	const char *queue_id = session_queue_id(c->session), *refusal;

	if (!queue_id)
		queue_id = "NOQUEUE";
	if (error) {
		log_error("%s: deferred: %s", queue_id, error->message);
		return;
	}
	refusal = session_refusal(c->session);
	g_autofree char *words =
	        job_words(session_job(c->session), session_is_dry_run(c->session), G_MAXSIZE);
	if (refusal)
		log_warning("%s: %s; answered: %s", queue_id, words, refusal);
	else
		log_info("%s: %s", queue_id, words);
}

/* Sends as much output as the socket takes. False: the peer is gone. *@ret_all: all was sent. */
static bool
send_output(Connection *c, bool *ret_all)
{
	GByteArray *out = session_output(c->session);
	size_t sent = 0;

	*ret_all = true;
	while (sent < out->len) {
		ssize_t n =
		        send(c->fd, out->data + sent, out->len - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			return false;
		if (n < 0)
			break;
		sent += (size_t)n;
	}
	*ret_all = sent == out->len;
	if (sent > 0)
		g_byte_array_remove_range(out, 0, (guint)sent);
	return true;
}

/* Answers as decided, or with @error, which says why the message could not be recorded. */
static void
answer(Connection *c, const GError *error)
{
	log_message(c, error);
	session_answer(c->session, error ? exits_public(error) : NULL);
	c->is_busy = false;
}

/* Whether the peer has closed the connection, which sending a reply by TCP would not show. */
static bool
is_gone(int fd)
{
	struct pollfd peer = { .fd = fd, .events = POLLRDHUP };

	return poll(&peer, 1, 0) > 0;
}

/* Continues @c, whose message was waiting and has been answered. */
static void
resume(Connection *c)
{
	if (c->fd >= 0 && !is_gone(c->fd)) {
		sd_event_source_set_enabled(c->source, SD_EVENT_ON);
		proceed(c);
	} else {
		hang_up(c);
	}
}

/* Records the message, which is decided unless c->failed says why not. True: it waits for its row;
 * false: it was answered. */
static bool
record(Connection *c)
{
	Server *s = c->server;
	g_autoptr(GError) error = g_steal_pointer(&c->failed);

	if (!error && job_record(session_job(c->session), s->ledger, "milter",
	                         session_outcome(c->session), &error)) {
		g_queue_push_tail(&s->waiting, c);
		return true;
	}
	answer(c, error);
	return false;
}

/* A LedgerDone: the rows come in the order in which the connections wait. */
static void
on_row(gpointer data, gint64 id, const GError *error)
{
	Server *s = data;
	Connection *c = g_queue_pop_head(&s->waiting);

	session_job(c->session)->entry.id = id;
	answer(c, error);
	resume(c);
}

/* Called by other threads: makes the loop call on_wake(). */
static void
wake(gpointer data)
{
	Server *s = data;
	guint64 one = 1;

	/* It fails only if the counter is full (eventfd(2)), and then the loop is to be woken
	 * anyway. */
	(void)!write(s->wake, &one, sizeof one);
}

/* Runs in a thread of the pool. */
static void
decide_large(gpointer data, gpointer server)
{
	Connection *c = data;
	Server *s = server;

	if (!job_decide(session_job(c->session), &c->failed))
		g_assert(c->failed);
	g_async_queue_push(s->decided, c);
	wake(s);
}

static void
on_decided(Server *s)
{
	Connection *c;

	while ((c = g_async_queue_try_pop(s->decided))) {
		if (!record(c))
			resume(c);
	}
}

/* Decides and records the message. True: it waits; false: it was answered. */
static bool
begin_message(Connection *c)
{
	Job *job = session_job(c->session);

	c->is_busy = true;
	if (session_is_over(c->session)) {
		c->failed =
		        g_error_new(IO_ERROR, IO_ERROR_NO_SPACE,
		                    "too many octets of heads, or too many recipients, at once");
	} else if (job->head.bytes.length > HEAD_SMALL) {
		g_thread_pool_push(c->server->pool, c, NULL);
		return true;
	} else if (!job_decide(job, &c->failed)) {
		g_assert(c->failed);
	}
	return record(c);
}

/* Sends, decides and answers until @c has to wait. May free @c. */
static void
proceed(Connection *c)
{
	SessionState state = session_state(c->session);
	bool all;

	for (;;) {
		if (!send_output(c, &all)) {
			hang_up(c);
			return;
		}
		sd_event_source_set_io_events(c->source, all ? EPOLLIN : EPOLLOUT);
		if (!all)
			return;
		switch (state) {
		case SESSION_READS:
			return;
		case SESSION_MESSAGE:
			if (begin_message(c))
				return;
			state = SESSION_ANSWERED;
			break;
		case SESSION_ANSWERED:
			state = c->server->is_stopping ? SESSION_ENDS : session_go_on(c->session);
			break;
		case SESSION_ENDS:
			if (session_fault(c->session))
				log_warning("refusing a peer: %s", session_fault(c->session));
			hang_up(c);
			return;
		}
	}
}

static int
on_io(sd_event_source *source, int fd, uint32_t events, void *data)
{
	Connection *c = data;
	Server *s = c->server;

	if (c->is_busy) {
		/* Reads no more for now. A peer that is gone is noticed when it is answered. */
		sd_event_source_set_enabled(source, SD_EVENT_OFF);
		return 0;
	}
	if (events & EPOLLOUT) {
		proceed(c);
		return 0;
	}
	ssize_t n = recv(fd, s->buffer, sizeof s->buffer, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0) {
		hang_up(c);
		return 0;
	}
	c->last = g_get_monotonic_time();
	(void)session_take(c->session, s->buffer, (size_t)n);
	proceed(c);
	return 0;
}

static int
on_pause_end(sd_event_source *source, uint64_t now, void *data)
{
	Server *s = data;

	sd_event_source_unref(source);
	s->is_paused = false;
	set_listening(s);
	return 0;
}

static void
pause_accepting(Server *s)
{
	log_error("cannot accept connections: %s: raise LimitNOFILE, or lower max-sessions",
	          g_strerror(errno));
	if (sd_event_add_time_relative(s->event, &(sd_event_source *){ NULL }, CLOCK_MONOTONIC,
	                               PAUSE_SECONDS * G_USEC_PER_SEC, 0, on_pause_end, s) < 0)
		return;
	s->is_paused = true;
	set_listening(s);
}

static void
keep_alive(int fd)
{
	static const struct {
		int level, name, value;
	} options[] = {
		{ SOL_SOCKET, SO_KEEPALIVE, 1 },
		{ IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE },
		{ IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL },
		{ IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES },
	};

	/* A unix socket takes none of the TCP options, and needs none. */
	for (size_t i = 0; i < G_N_ELEMENTS(options); i++)
		(void)setsockopt(fd, options[i].level, options[i].name, &options[i].value,
		                 sizeof options[i].value);
}

static int
on_connection(sd_event_source *source, int listener, uint32_t events, void *data)
{
	Server *s = data;
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
			pause_accepting(s);
		return 0;
	}
	keep_alive(fd);
	Connection *c = g_new0(Connection, 1);
	c->server = s;
	c->fd = fd;
	c->session = session_new(&s->rules);
	c->last = g_get_monotonic_time();
	c->link.data = c;
	g_queue_push_tail_link(&s->connections, &c->link);
	if (sd_event_add_io(s->event, &c->source, fd, EPOLLIN, on_io, c) < 0) {
		hang_up(c);
		return 0;
	}
	count_sessions(s);
	return 0;
}

static int
on_sweep(sd_event_source *source, uint64_t now, void *data)
{
	Server *s = data;
	gint64 limit = g_get_monotonic_time() - IDLE_SECONDS * G_USEC_PER_SEC;
	GList *next;

	for (GList *link = s->connections.head; link; link = next) {
		Connection *c = link->data;
		next = link->next;
		if (!c->is_busy && c->last < limit)
			hang_up(c);
	}
	sd_event_source_set_time_relative(source, SWEEP_SECONDS * G_USEC_PER_SEC);
	sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	return 0;
}

static int
on_wake(sd_event_source *source, int fd, uint32_t events, void *data)
{
	Server *s = data;
	guint64 count;

	(void)!read(fd, &count, sizeof count);
	on_decided(s);
	ledger_collect(s->ledger, on_row, s);
	end_when_done(s);
	return 0;
}

/* Makes @config the settings for new messages, and takes it over. */
static void
use_config(Server *s, Config *config)
{
	s->config = config;
	s->rules.settings = config->settings;
	s->rules.submission_daemons = config->milter.submission_daemons;
	s->rules.dry_run = config->milter.dry_run;
	for (guint i = 0; i < config->warnings->len; i++)
		log_warning("%s", (const char *)g_ptr_array_index(config->warnings, i));
}

static void
raise_limit(const Server *s)
{
	struct rlimit limit;
	rlim_t wanted = s->config->milter.max_sessions + DESCRIPTORS;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = limit.rlim_max == RLIM_INFINITY ? wanted : MIN(wanted, limit.rlim_max);
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
		getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur < wanted)
		log_warning("max-sessions=%u, but this process may have only %llu open files: "
		            "raise LimitNOFILE",
		            s->config->milter.max_sessions, (unsigned long long)limit.rlim_cur);
}

/* Whether a setting differs that is only read at the start. */
static bool
needs_restart(const Config *a, const Config *b)
{
	return !g_str_equal(a->settings->database, b->settings->database) ||
	       g_strcmp0(a->milter.listen.path, b->milter.listen.path) != 0 ||
	       g_strcmp0(a->milter.listen.host, b->milter.listen.host) != 0 ||
	       a->milter.listen.is_inet6 != b->milter.listen.is_inet6 ||
	       a->milter.listen.port != b->milter.listen.port || a->milter.mode != b->milter.mode ||
	       !g_str_equal(a->milter.group, b->milter.group);
}

static bool
reload(Server *s, GError **error)
{
	Config *config = load_config(s->config_file, s->options, error);
	Config *old = s->config;

	if (!config)
		return false;
	if (needs_restart(old, config))
		log_warning("database, listen, socket-mode and socket-group are read only at "
		            "startup: restart to change them");
	use_config(s, config);
	raise_limit(s);
	ledger_set_wait(s->ledger, config->settings->deadline * 1000);
	if (config->milter.max_sessions != old->milter.max_sessions)
		s->is_full = false; /* not yet of this number */
	config_free(old);
	count_sessions(s);
	return true;
}

static int
on_hangup(sd_event_source *source, const struct signalfd_siginfo *info, void *data)
{
	g_autoptr(GError) error = NULL;

	sd_notifyf(false, "RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT, g_get_monotonic_time());
	if (reload(data, &error))
		log_info("the settings were reloaded");
	else
		log_error("the settings stay as they were: %s", error->message);
	sd_notify(false, "READY=1");
	return 0;
}

static int
on_deadline(sd_event_source *source, uint64_t now, void *data)
{
	Server *s = data;
	GList *next;

	/* What is committed by now is still answered. */
	ledger_stop_groups(s->ledger);
	ledger_collect(s->ledger, on_row, s);
	if (s->connections.length > 0)
		log_warning("stopping with %u unanswered connections", s->connections.length);
	for (GList *link = s->connections.head; link; link = next) {
		Connection *c = link->data;
		next = link->next;
		hang_up(c);
	}
	sd_event_exit(s->event, 0);
	return 0;
}

static int
on_stop(sd_event_source *source, const struct signalfd_siginfo *info, void *data)
{
	Server *s = data;
	GList *next;

	if (s->is_stopping)
		return 0;
	sd_notify(false, "STOPPING=1");
	s->is_stopping = true;
	set_listening(s);
	sd_event_add_time_relative(s->event, NULL, CLOCK_MONOTONIC,
	                           (guint64)s->config->settings->deadline * G_USEC_PER_SEC, 0,
	                           on_deadline, s);
	for (GList *link = s->connections.head; link; link = next) {
		Connection *c = link->data;
		next = link->next;
		if (!c->is_busy && session_output(c->session)->len == 0)
			hang_up(c);
	}
	end_when_done(s);
	return 0;
}

static bool
check(int result, const char *what, GError **error)
{
	if (result >= 0)
		return true;
	g_set_error(error, IO_ERROR, io_error_from_errno(-result), "%s: %s", what,
	            g_strerror(-result));
	return false;
}

static bool
add_listener(Server *s, int fd, GError **error)
{
	sd_event_source *source = NULL;
	int flags = fcntl(fd, F_GETFL);

	if (flags >= 0)
		(void)fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	if (!check(sd_event_add_io(s->event, &source, fd, EPOLLIN, on_connection, s),
	           "cannot wait for connections", error)) {
		close(fd);
		return false;
	}
	sd_event_source_set_io_fd_own(source, true);
	g_ptr_array_add(s->listeners, source);
	return true;
}

static bool
listen_somewhere(Server *s, GError **error)
{
	int n = sd_listen_fds(true), fd;

	if (!check(n, "cannot take the sockets of systemd", error))
		return false;
	for (int i = 0; i < n; i++) {
		fd = SD_LISTEN_FDS_START + i;
		if (sd_is_socket(fd, AF_UNSPEC, SOCK_STREAM, true) <= 0) {
			g_set_error(error, IO_ERROR, IO_ERROR_FAILED,
			            "systemd passed a socket that does not listen");
			return false;
		}
		if (!add_listener(s, fd, error))
			return false;
	}
	s->was_passed_on = n > 0;
	if (s->was_passed_on && s->config->milter.listen_is_given)
		log_warning("listen has no effect: the sockets of systemd take precedence");
	if (s->was_passed_on)
		return true;
	g_autofree char *warning = NULL;
	if (!listener_open(&s->config->milter, &fd, &s->socket, &warning, error))
		return false;
	if (warning)
		log_warning("%s", warning);
	return add_listener(s, fd, error);
}

static bool
add_events(Server *s, GError **error)
{
	static const struct {
		int number;
		sd_event_signal_handler_t handler;
	} signals[] = { { SIGHUP, on_hangup }, { SIGTERM, on_stop }, { SIGINT, on_stop } };

	if (!check(sd_event_new(&s->event), "cannot create an event loop", error))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(signals); i++) {
		if (!check(sd_event_add_signal(s->event, NULL, signals[i].number,
		                               signals[i].handler, s),
		           "cannot wait for signals", error))
			return false;
	}
	s->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	sd_event_source *source = NULL;
	if (!check(s->wake < 0 ? -errno : 0, "cannot use an eventfd", error) ||
	    !check(sd_event_add_io(s->event, &source, s->wake, EPOLLIN, on_wake, s),
	           "cannot use an eventfd", error))
		return false;
	sd_event_source_set_floating(source, true);
	sd_event_source_unref(source);
	return check(sd_event_add_time_relative(s->event, NULL, CLOCK_MONOTONIC,
	                                        SWEEP_SECONDS * G_USEC_PER_SEC, 0, on_sweep, s),
	             "cannot set a timer", error) &&
	       check(sd_event_set_watchdog(s->event, true), "cannot set the watchdog", error);
}

static void
unref_source(gpointer source)
{
	sd_event_source_unref(source);
}

Server *
server_new(Config *config, const char *config_file, char **options, GError **error)
{
	g_autoptr(Server) s = g_new0(Server, 1);
	sigset_t signals;

	/* Before threads start, which would receive them otherwise. */
	sigemptyset(&signals);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);

	s->wake = -1;
	s->config_file = config_file;
	s->options = options;
	s->listeners = g_ptr_array_new_with_free_func(unref_source);
	s->decided = g_async_queue_new();
	use_config(s, config);
	raise_limit(s);
	if (!add_events(s, error))
		return NULL;
	/* Exclusive: all threads start now, so that no message waits for a thread to start. */
	s->pool = g_thread_pool_new(decide_large, s, THREADS, true, error);
	if (!s->pool)
		return NULL;
	s->ledger = server_open_ledger(config, error);
	if (!s->ledger || !ledger_begin_groups(s->ledger, wake, s, error) ||
	    !listen_somewhere(s, error))
		return NULL;
	return g_steal_pointer(&s);
}

bool
server_run(Server *s, GError **error)
{
	g_autofree char *address = listener_address(&s->config->milter);

	log_info("listens on %s, audit %s", s->was_passed_on ? "the sockets of systemd" : address,
	         s->config->settings->database);
	sd_notify(false, "READY=1");
	bool good = check(sd_event_loop(s->event), "the event loop failed", error);
	g_autoptr(GError) lost = NULL;
	if (!ledger_end_groups(s->ledger, &lost))
		warn_of_outcomes(lost);
	return good;
}

void
server_free(Server *s)
{
	/* First, so that no thread uses what is freed below. What it has not begun is let go. */
	if (s->pool)
		g_thread_pool_free(s->pool, true, true);
	g_clear_pointer(&s->ledger, ledger_close);
	for (GList *link = s->connections.head, *next; link; link = next) {
		Connection *c = link->data;
		next = link->next;
		sd_event_source_disable_unref(c->source);
		if (c->fd >= 0)
			close(c->fd);
		connection_free(c);
	}
	listener_remove(&s->socket);
	g_queue_clear(&s->waiting);
	g_ptr_array_unref(s->listeners);
	g_async_queue_unref(s->decided);
	sd_event_unref(s->event);
	if (s->wake >= 0)
		close(s->wake);
	config_free(s->config);
	g_free(s);
}
