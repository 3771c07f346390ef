#include "graph/base/secret.h"

#include <openssl/crypto.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "graph/base/mem.h"

#if !defined(MAP_ANONYMOUS) && defined(MAP_ANON)
#define MAP_ANONYMOUS MAP_ANON
#endif

void secret_wipe(void *p, size_t n)
{
	if (p && n)
		OPENSSL_cleanse(p, n);
}

/*
 * Pages of its own, not malloc(): mlock() works on whole pages, and unlocking
 * one secret must not unlock a neighbour.
 */
static char *pages_new(size_t cap)
{
	void *p = mmap(NULL, cap, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("out of memory");
	/* Best effort: the limit of locked memory may be small or zero. */
	(void)mlock(p, cap);
#ifdef MADV_DONTDUMP
	(void)madvise(p, cap, MADV_DONTDUMP);
#endif
	return p;
}

void secret_set(struct secret *s, const char *text, size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct secret fresh = { .len = len };

	if (!text || !len) {
		secret_release(s);
		return;
	}
	if (len > SIZE_MAX - page)
		die("out of memory");
	fresh.cap = (len + page) / page * page;	/* one byte over at least: the NUL */
	fresh.buf = pages_new(fresh.cap);
	memcpy(fresh.buf, text, len);	/* before the release: text may be s's own */
	secret_release(s);
	*s = fresh;
}

void secret_release(struct secret *s)
{
	if (s->buf) {
		secret_wipe(s->buf, s->cap);
		(void)munlock(s->buf, s->cap);
		(void)munmap(s->buf, s->cap);
	}
	*s = (struct secret){ 0 };
}

bool secret_empty(const struct secret *s)
{
	return s->len == 0;
}

const char *secret_text(const struct secret *s)
{
	return s->buf ? s->buf : "";
}

void secret_harden_process(void)
{
	struct rlimit none = { 0 };

	(void)setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}
