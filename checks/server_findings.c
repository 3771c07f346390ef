#include "checks/server_doctor.h"

#include "checks/server_events.h"
#include "checks/servers.h"
#include "graph/base/clock.h"
#include "graph/base/str.h"

#define LINK_TROUBLE "https://learn.microsoft.com/entra/identity/authentication/" \
	"troubleshoot-sspr-writeback"

static const char *word(enum server_tri t)
{
	return t == SERVER_YES ? "yes" : t == SERVER_NO ? "no" : "not known";
}

#define seen(...) finding_evidence(out, one, s->where, s->collected_ms, __VA_ARGS__)

static void settings_evidence(const struct server_facts *s, struct findings *out,
			      struct finding *one)
{
	seen("Entra Connect %s", s->version ? s->version : "of a version not known");
	seen("service ADSync: %s", s->service_state ? s->service_state : "not known");
	seen("staging: %s; synchronises: %s", word(s->staging), word(s->sync_enabled));
	seen("writeback enabled: %s%s%s", word(s->writeback),
	     s->writeback == SERVER_UNKNOWN && s->writeback_problem ? ", " : "",
	     s->writeback == SERVER_UNKNOWN && s->writeback_problem ? s->writeback_problem : "");
	if (s->skew_known)
		seen("clock: %lld s off", (long long)s->skew_seconds);
	for (size_t i = 0; i < s->nprobes; i++)
		if (s->probes[i].relay)
			seen("relay %s: %s, HTTP %d, %d sockets", s->probes[i].host
			     ? s->probes[i].host : "?", s->probes[i].answered ? "answers" : "closed",
			     s->probes[i].status, s->probes[i].sockets);
}

static void event_evidence(const struct server_facts *s, struct findings *out,
			   struct finding *one)
{
	char when[TIME_TEXT];

	for (size_t i = 0; i < s->nevents; i++) {
		const struct server_event_count *e = &s->events[i];
		const struct server_event *known = server_event_find(e->source, e->id);
		const char *hint = server_event_hint(e->message);

		if (!known || (str_same(known->source, SOURCE_ADSYNC) &&
			       known->sign == SIGN_NEUTRAL))
			continue;
		seen("event %d, %lld times, last on %s: %s%s%s", e->id, (long long)e->count,
		     time_format(e->last_ms, when), known->meaning, hint ? " " : "",
		     hint ? hint : "");
	}
}

static void judge_all(const struct server_facts *s, const struct server_causes *causes,
		      struct findings *out, struct finding *one)
{
	const char *proof = server_proof(s, &out->arena);

	if (causes->n)
		finding_set(out, one, causes->v[0].verdict, CONFIDENCE_PROVED, "%s",
			    causes->v[0].what);
	else if (s->writeback == SERVER_YES && proof)
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "Writeback is enabled on %s, and %s.", s->where, proof);
	else if (s->writeback == SERVER_YES)
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_LIKELY,
			    "Writeback is enabled on %s, but nothing proves that it works.",
			    s->where);
	else
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell: the document of %s does not say whether writeback is "
			    "enabled.", s->where);
	if (causes->n)
		finding_remedy(out, one, "%s", causes->v[0].remedy);
	else if (one->verdict != VERDICT_PASS)
		finding_remedy(out, one, "Run the script again in an elevated window, then reset "
			       "the password of one person.");
}

/* The others: what they are, and how old that is. */
static void peer_evidence(const struct facts *f, struct findings *out, struct finding *one)
{
	for (size_t i = 0; i < f->npeers; i++) {
		const struct server_facts *p = &f->peers[i];

		finding_evidence(out, one, p->where, p->collected_ms, "%s, Entra Connect %s%s",
				 p->staging == SERVER_YES ? "stages"
				 : p->staging == SERVER_NO ? "active by its own word"
				 : "not known whether it stages",
				 p->version ? p->version : "of a version not known",
				 server_facts_stand(p, f->now_ms) ? "" : "; too old to judge by");
	}
}

static void judge(const struct facts *f, const struct server_facts *s, int64_t now_ms,
		  struct findings *out)
{
	struct finding *one = findings_add(out, "server.writeback", "writeback",
					   "Writeback on the server");
	struct server_causes causes;
	char span[TIME_TEXT];

	one->link = LINK_TROUBLE;
	if (!server_facts_stand(s, now_ms)) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE, s->present
			    ? "Cannot tell: what the server said is %s old."
			    : "Cannot tell: no document of a server was imported%s.",
			    s->present ? time_span(now_ms - s->collected_ms, span) : "");
		finding_remedy(out, one, "Run the script of `sspr-wizard server-script` on the "
			       "Connect server and import its result.");
		return;
	}
	if (f)
		servers_doctor(f, &causes, &out->arena);
	else
		server_doctor(s, now_ms, &causes, &out->arena);
	settings_evidence(s, out, one);
	if (f)
		peer_evidence(f, out, one);
	event_evidence(s, out, one);
	judge_all(s, &causes, out, one);
	for (size_t i = 0; i < causes.n; i++) {
		const struct server_cause *c = &causes.v[i];

		one = findings_add(out, arena_printf(&out->arena, "server.cause.%s", c->id),
				   "writeback", arena_printf(&out->arena, "Cause %zu", i + 1));
		one->link = LINK_TROUBLE;
		finding_set(out, one, c->verdict, CONFIDENCE_PROVED, "%s", c->what);
		finding_remedy(out, one, "%s", c->remedy);
	}
}

void judge_server(const struct server_facts *s, int64_t now_ms, struct findings *out)
{
	judge(NULL, s, now_ms, out);
}

void judge_servers(const struct facts *f, struct findings *out)
{
	judge(f, &f->server, f->now_ms, out);
}
