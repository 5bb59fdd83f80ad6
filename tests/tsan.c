/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tsan: tells ThreadSanitizer of what GLib's locks and queues order. It does not see that by
 * itself: GLib is not built with it, and has its locks on futexes. To be loaded before a program
 * (LD_PRELOAD) whose calls of these functions then come here; what GLib calls within is not seen,
 * and need not be.
 */
#include <dlfcn.h>
#include <glib.h>

/* Of ThreadSanitizer: all before a release happens before all behind an acquire of the same
 * address. */
extern void __tsan_acquire(void *address);
extern void __tsan_release(void *address);

#define SHOWN __attribute__((visibility("default")))
#define NEXT(function) ((__typeof__(&(function)))dlsym(RTLD_NEXT, #function))

SHOWN void
g_mutex_lock(GMutex *mutex)
{
	NEXT(g_mutex_lock)(mutex);
	__tsan_acquire(mutex);
}

SHOWN void
g_mutex_unlock(GMutex *mutex)
{
	__tsan_release(mutex);
	NEXT(g_mutex_unlock)(mutex);
}

SHOWN void
g_cond_wait(GCond *cond, GMutex *mutex)
{
	__tsan_release(mutex);
	NEXT(g_cond_wait)(cond, mutex);
	__tsan_acquire(mutex);
}

SHOWN void
g_async_queue_push(GAsyncQueue *queue, gpointer data)
{
	__tsan_release(data);
	NEXT(g_async_queue_push)(queue, data);
}

SHOWN gpointer
g_async_queue_try_pop(GAsyncQueue *queue)
{
	gpointer data = NEXT(g_async_queue_try_pop)(queue);

	if (data)
		__tsan_acquire(data);
	return data;
}

/* There is one pool. */
static GFunc pool_function;

static void
run_in_pool(gpointer data, gpointer user_data)
{
	__tsan_acquire(data);
	pool_function(data, user_data);
	__tsan_release(&pool_function);
}

SHOWN GThreadPool *
g_thread_pool_new(GFunc function, gpointer user_data, gint max_threads, gboolean exclusive,
                  GError **error)
{
	g_assert(!pool_function);
	pool_function = function;
	return NEXT(g_thread_pool_new)(run_in_pool, user_data, max_threads, exclusive, error);
}

SHOWN gboolean
g_thread_pool_push(GThreadPool *pool, gpointer data, GError **error)
{
	__tsan_release(data);
	return NEXT(g_thread_pool_push)(pool, data, error);
}

SHOWN void
g_thread_pool_free(GThreadPool *pool, gboolean immediate, gboolean wait_)
{
	NEXT(g_thread_pool_free)(pool, immediate, wait_);
	if (wait_)
		__tsan_acquire(&pool_function);
}
