#include "graph/request_log.h"

#include <stdlib.h>

#include "graph/base/mem.h"

struct request_log *request_log_new(void)
{
	return xcalloc(1, sizeof(struct request_log));
}

void request_log_free(struct request_log *log)
{
	if (!log)
		return;
	for (size_t i = 0; i < REQUEST_LOG_MAX; i++)
		free(log->v[i].path);
	free(log);
}

struct request_entry *request_log_add(struct request_log *log)
{
	struct request_entry *e;

	if (log->n < REQUEST_LOG_MAX) {
		e = &log->v[(log->start + log->n++) % REQUEST_LOG_MAX];
	} else {
		e = &log->v[log->start];
		log->start = (log->start + 1) % REQUEST_LOG_MAX;
	}
	free(e->path);
	*e = (struct request_entry){ .took_ms = -1, .attempt = 1 };
	log->total++;
	return e;
}

const struct request_entry *request_log_at(const struct request_log *log, size_t i)
{
	return i < log->n ? &log->v[(log->start + i) % REQUEST_LOG_MAX] : NULL;
}
