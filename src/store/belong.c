/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * belong: whether the file of an audit and its write-ahead log belong together. SQLite does not
 * check that: it plays any log into any file.
 * May know: the formats of both (sqlite.org/fileformat2.html, sqlite.org/walformat.html). Must not
 * know: tables.
 * Fails: with a STORE_ERROR_APART. A false alarm would stop mail: if unsure, all is well.
 *
 * Each transaction that writes the first page increments the change counter there (db_begin() makes
 * each one write it), and the log is moved into the file in order. So the counter in the file lies
 * between that of the first copy of the first page in the log, less one, and that of the last copy.
 * Files are read through SQLite: if this process opened and closed one by itself, that would drop
 * SQLite's POSIX locks.
 */
#include "belong.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOG_HEADER 32
#define FRAME_HEADER 24

/* The header of the first page: what it begins with, offsets, and its size. */
#define MAGIC "SQLite format 3"
#define WRITE_VERSION 18 /* followed by the read version: both are 2 in WAL mode */
#define COUNTER 24
#define COUNTER_OF_SIZE 92 /* the change counter for which the stored size is valid */
#define HEAD 100

/* The wal-index. All numbers in it are in this machine's byte order. */
#define INDEX_REGION 32768
#define INDEX_VERSION 3007000
#define INDEX_HEADER 48
#define INDEX_PAGES 136    /* offset of the page numbers of the frames */
#define INDEX_FRAMES 4062u /* frames in the first region */

#define PENDING_BYTE 0x40000000 /* the page that holds it is never written */

#define TRIES 8 /* if the log restarts meanwhile */

typedef struct {
	guint32 version, unused, change;
	guint8 is_init, big_endian;
	guint16 page_size; /* 1: 65536 */
	guint32 frames, pages;
	guint32 checksum[2];
	guint8 salts[8]; /* as in the log */
	guint32 own_checksum[2];
} IndexHeader;

G_STATIC_ASSERT(sizeof(IndexHeader) == INDEX_HEADER);

typedef enum { TOGETHER, APART, UNSURE } Finding;

typedef struct {
	const char *path;
	sqlite3_file *file, *log;
	IndexHeader index;
	const volatile guint32 *page_of; /* the page number of each frame, counted from 0 */
	guint64 page_size, size;
	guint8 head[HEAD];
} Look;

static guint32
read_number(const guint8 *bytes)
{
	return (guint32)bytes[0] << 24 | (guint32)bytes[1] << 16 | (guint32)bytes[2] << 8 |
	       bytes[3];
}

static void
write_number(guint8 *bytes, guint32 number)
{
	for (int i = 3; i >= 0; i--, number >>= 8)
		bytes[i] = (guint8)number;
}

static bool
set_apart(const char *path, const char *why, GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_APART,
	            "audit database %s: " BELONG_WORDS " (%s)", path, why);
	return false;
}

bool
belong_before(const char *path, GError **error)
{
	g_autofree char *log = g_strconcat(path, "-wal", NULL);
	struct stat info;

	/* The log first: no program makes one before the file has its first page. */
	if (stat(log, &info) != 0 || info.st_size <= LOG_HEADER)
		return true;
	if (stat(path, &info) == 0)
		return info.st_size > 0 ||
		       set_apart(path, "the file is empty, but its log is not", error);
	return errno != ENOENT || set_apart(path, "there is a log, but no file", error);
}

/* Maps the wal-index, as SQLite has already done; makes none if there is none. */
static bool
read_index(Look *l)
{
	const sqlite3_io_methods *methods = l->file->pMethods;
	volatile void *region = NULL;

	if (methods->iVersion < 2 || !methods->xShmMap ||
	    methods->xShmMap(l->file, 0, INDEX_REGION, 0, &region) != SQLITE_OK || !region)
		return false;
	memcpy(&l->index, (const void *)region, sizeof l->index);
	l->page_of = (const volatile guint32 *)region + INDEX_PAGES / sizeof(guint32);
	l->page_size = l->index.page_size == 1 ? 65536 : l->index.page_size;
	return l->index.version == INDEX_VERSION && l->index.is_init == 1 && l->page_size >= 512;
}

/* Whether the log has restarted or grown since read_index(). */
static bool
index_has_changed(const Look *l)
{
	Look now = { .file = l->file };

	return !read_index(&now) || memcmp(&now.index, &l->index, sizeof now.index) != 0;
}

/* Whether the log has each page that lies beyond the end of the file. */
static bool
log_has_rest(const Look *l)
{
	guint8 has[INDEX_FRAMES / 8 + 2] = { 0 };
	guint64 first = l->size / l->page_size + 1, pages = l->index.pages;
	guint64 missing = pages < first ? 0 : pages - first + 1,
	        lock_page = PENDING_BYTE / l->page_size + 1;

	if (lock_page >= first && lock_page <= pages)
		missing--;
	if (missing == 0)
		return true;
	if (missing > l->index.frames)
		return false;
	if (l->index.frames > INDEX_FRAMES)
		return true;
	for (guint32 i = 0; i < l->index.frames && missing > 0; i++) {
		guint64 page = l->page_of[i];
		if (page < first || page > pages)
			continue;
		/* At most as many pages are missing as there are bits. */
		guint64 bit = page - first;
		if (bit / 8 >= sizeof has)
			return true;
		if (!(has[bit / 8] & (1 << bit % 8)))
			missing--;
		has[bit / 8] |= (guint8)(1 << bit % 8);
	}
	return missing == 0;
}

/* The change counter in @frame, counted from 0, which holds the first page. */
static Finding
read_counter(const Look *l, guint32 frame, guint32 *ret_counter)
{
	guint8 bytes[FRAME_HEADER + COUNTER + 4];
	gint64 at = LOG_HEADER + (gint64)frame * (gint64)(FRAME_HEADER + l->page_size);
	int result = l->log->pMethods->xRead(l->log, bytes, sizeof bytes, at);

	if (result != SQLITE_OK)
		return result == SQLITE_IOERR_SHORT_READ ? APART : UNSURE;
	if (read_number(bytes) != 1 ||
	    memcmp(bytes + 8, l->index.salts, sizeof l->index.salts) != 0)
		return APART;
	*ret_counter = read_number(bytes + FRAME_HEADER + COUNTER);
	return TOGETHER;
}

static Finding
compare_counters(const Look *l)
{
	guint32 known = MIN(l->index.frames, INDEX_FRAMES), first = 0, last, counter,
	        now = read_number(l->head + COUNTER);
	Finding found;

	while (first < known && l->page_of[first] != 1)
		first++;
	if (first == known)
		return UNSURE;
	found = read_counter(l, first, &counter);
	if (found != TOGETHER)
		return found;
	/* The counter wraps around. */
	if ((gint32)(now - (counter - 1)) < 0)
		return APART;
	if (l->index.frames > known)
		return UNSURE;
	for (last = known - 1; l->page_of[last] != 1;)
		last--;
	found = read_counter(l, last, &counter);
	return found == TOGETHER && (gint32)(counter - now) < 0 ? APART : found;
}

static Finding
look(Look *l)
{
	sqlite3_int64 size;
	/* The file first: meanwhile pages may move from the log into it, but not back. */
	int result = l->file->pMethods->xRead(l->file, l->head, HEAD, 0);

	if ((result != SQLITE_OK && result != SQLITE_IOERR_SHORT_READ) ||
	    l->file->pMethods->xFileSize(l->file, &size) != SQLITE_OK)
		return UNSURE;
	/* Without a log there is no index, and mapping it would make one. */
	if ((l->head[WRITE_VERSION] != 2 && access(sqlite3_filename_wal(l->path), F_OK) != 0) ||
	    !read_index(l))
		return UNSURE;
	l->size = (guint64)size;
	if (l->index.frames == 0)
		return log_has_rest(l) ? TOGETHER : APART;
	if (memcmp(l->head, MAGIC, sizeof MAGIC) != 0)
		return APART;
	if (!l->log->pMethods)
		return UNSURE;
	return log_has_rest(l) ? compare_counters(l) : APART;
}

static sqlite3_file *
file_of(sqlite3 *db, int which)
{
	sqlite3_file *file = NULL;

	return sqlite3_file_control(db, "main", which, &file) == SQLITE_OK ? file : NULL;
}

bool
belong_is_wal(sqlite3 *db)
{
	sqlite3_file *file = file_of(db, SQLITE_FCNTL_FILE_POINTER);
	guint8 version = 0;

	return file && file->pMethods &&
	       file->pMethods->xRead(file, &version, 1, WRITE_VERSION) == SQLITE_OK && version == 2;
}

bool
belong_check(sqlite3 *db, GError **error)
{
	const char *path = sqlite3_db_filename(db, "main");
	Look l = { .path = path,
		   .file = file_of(db, SQLITE_FCNTL_FILE_POINTER),
		   .log = file_of(db, SQLITE_FCNTL_JOURNAL_POINTER) };
	int moved = 0;

	if (!path || !*path || !l.file || !l.file->pMethods || !l.log)
		return true;
	/* It has no log, and mapping its index would make one. */
	if (sqlite3_uri_boolean(path, "immutable", false))
		return true;
	sqlite3_file_control(db, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
	if (moved)
		return set_apart(path, "another file has taken its place", error);
	for (int i = 0; i < TRIES; i++) {
		if (look(&l) != APART)
			return true;
		if (!index_has_changed(&l))
			return set_apart(path,
			                 "the log was written for another file, or for this "
			                 "one at another time",
			                 error);
	}
	return true;
}

/* By their names: SQLite does not say which files it has open. */
BelongLog
belong_log(sqlite3 *db)
{
	static const char *const ends[] = { "-wal", "-shm" };
	const char *path = sqlite3_db_filename(db, "main");
	BelongLog files = { 0 };

	for (size_t i = 0; path && *path && i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *name = g_strconcat(path, ends[i], NULL);
		struct stat info;
		if (stat(name, &info) != 0)
			continue;
		files.devices[i] = info.st_dev;
		files.inodes[i] = info.st_ino;
	}
	return files;
}

bool
belong_has_log(sqlite3 *db, const BelongLog *log, GError **error)
{
	BelongLog now = belong_log(db);

	for (size_t i = 0; i < G_N_ELEMENTS(now.inodes); i++) {
		if (log->inodes[i] != 0 &&
		    (now.inodes[i] != log->inodes[i] || now.devices[i] != log->devices[i]))
			return set_apart(sqlite3_db_filename(db, "main"),
			                 "the log has been moved away or removed", error);
	}
	return true;
}

void
belong_first_page(guint8 page[BELONG_PAGE_SIZE])
{
	guint32 counter = g_random_int();

	memset(page, 0, BELONG_PAGE_SIZE);
	memcpy(page, MAGIC, sizeof MAGIC);
	page[16] = BELONG_PAGE_SIZE >> 8;
	page[WRITE_VERSION] = page[WRITE_VERSION + 1] = 2;
	page[21] = 64;            /* largest embedded payload fraction; must be 64 */
	page[22] = page[23] = 32; /* smallest and leaf payload fractions; must be 32 */
	write_number(page + COUNTER, counter);
	write_number(page + 28, 1); /* size in pages */
	write_number(page + 52, 1); /* the largest root page; not 0: auto_vacuum */
	write_number(page + 64, 1); /* auto_vacuum is incremental */
	write_number(page + COUNTER_OF_SIZE, counter);
	write_number(page + 96, (guint32)sqlite3_libversion_number());
	page[HEAD] = 0x0d;                      /* a leaf of a table, without cells */
	page[HEAD + 5] = BELONG_PAGE_SIZE >> 8; /* where cells would begin */
}

bool
belong_begin_anywhere(int fd)
{
	guint8 counter[4];

	write_number(counter, g_random_int());
	return pwrite(fd, counter, sizeof counter, COUNTER) == (ssize_t)sizeof counter &&
	       pwrite(fd, counter, sizeof counter, COUNTER_OF_SIZE) == (ssize_t)sizeof counter;
}
