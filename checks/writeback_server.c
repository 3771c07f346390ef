/* The server's own switch of writeback. It leaves traces in the audit log: the
 * server registers itself with the service, and resets arrive (Microsoft Learn:
 * "Audit activity reference", Self-service password management). */
#include "checks/check.h"
#include "graph/base/clock.h"
#include "graph/base/str.h"

/* Read on the server itself, unless the audit log knows something newer. */
static bool server_told(const struct facts *f)
{
	const struct server_facts *s = &f->server;

	/* The switch of a staging server is not the one that counts. */
	return server_facts_stand(s, f->now_ms) && s->writeback != SERVER_UNKNOWN &&
	       s->staging != SERVER_YES &&
	       s->collected_ms > f->audit.writeback_on_ms &&
	       s->collected_ms > f->audit.writeback_off_ms;
}

static const char *known(const char *value, enum confidence confidence, const char *what,
			 int64_t ms, enum confidence *ret_confidence, const char **ret_how,
			 int64_t *ret_time_ms, struct arena *arena)
{
	char date[TIME_TEXT];

	*ret_confidence = confidence;
	*ret_how = arena_printf(arena, "How we know: %s on %s.", what, time_format_date(ms, date));
	*ret_time_ms = ms;
	return value;
}

const char *writeback_server_judge(const struct facts *f, enum confidence *ret_confidence,
				   const char **ret_how, int64_t *ret_time_ms,
				   struct arena *arena)
{
	const struct server_facts *s = &f->server;
	const struct audit *a = &f->audit;
	bool read = facts_read(f, AREA_AUDIT);

#define KNOWN(value, confidence, what, ms)						\
	known((value), (confidence), (what), (ms), ret_confidence, ret_how, ret_time_ms, arena)
	if (server_told(f))
		return KNOWN(s->writeback == SERVER_YES ? "on" : "off", CONFIDENCE_PROVED,
			     arena_printf(arena, "it was read on %s", s->where), s->collected_ms);
	if (read && a->writeback_off_ms > a->writeback_on_ms &&
	    a->writeback_off_ms > a->last_written_back_ms)
		return KNOWN("off", CONFIDENCE_LIKELY, "the audit log shows writeback disabled",
			     a->writeback_off_ms);
	if (read && a->last_written_back_ms)
		return KNOWN("on", CONFIDENCE_PROVED, "a reset was written back",
			     a->last_written_back_ms);
	if (read && a->writeback_on_ms)
		return KNOWN("on", CONFIDENCE_LIKELY, "the audit log shows writeback enabled",
			     a->writeback_on_ms);
	for (size_t i = 0; facts_read(f, AREA_SYNC) && i < f->sync.nidentities; i++) {
		const struct sync_identity *one = &f->sync.identities[i];

		if (one->writeback_roles && one->writeback_roles_ms > a->writeback_off_ms)
			return KNOWN("on", CONFIDENCE_LIKELY, arena_printf(
				     arena, "%s was given the roles of password writeback",
				     one->name), one->writeback_roles_ms);
	}
#undef KNOWN
	return setting_judge(f, "writeback.server", ret_confidence, ret_how, ret_time_ms, arena);
}
