/* Probing from here: what the cloud's endpoints and a domain controller answer
 * this machine. It says something of the network here and of nothing else. */
#include "steps/session_internal.h"

#include <stdlib.h>

#include "checks/endpoints.h"
#include "checks/read.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

/* Also owns the texts of facts.ports. */
struct probing {
	struct session *session;
	struct probes *probes;
	struct arena arena;
	struct endpoint endpoints[PROBES_MAX];
	struct port_probe ports[PROBES_MAX];
	size_t n;
};

/* A relay that answers something else is a thing between that answers for it. */
static const char *problem_of(struct probing *p, size_t i, const struct probe_result *r)
{
	if (str_same(p->endpoints[i].purpose, PURPOSE_RELAY) && r->answered &&
	    r->status != RELAY_ANSWER)
		return arena_printf(&p->arena, "HTTP %d instead of %d", r->status, RELAY_ANSWER);
	return r->problem;
}

static void take_results(struct probing *p)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct probe_result *r = probes_result(p->probes, i);
		const struct probe_target *t = &p->endpoints[i].target;

		if (r->done && p->ports[i].host && !p->ports[i].pending)
			continue;	/* taken before */
		p->ports[i] = (struct port_probe){
			.host = t->host, .port = t->port, .purpose = p->endpoints[i].purpose,
			.where = "here", .pending = !r->done, .answered = r->answered,
			.by_proxy = r->by_proxy, .issuer = r->issuer, .time_ms = r->ended_ms,
			.inspected = r->answered && r->issuer &&
				     (!r->trusted || !server_issuer_known(r->issuer)),
			.problem = problem_of(p, i, r), .took_ms = r->took_ms,
		};
	}
}

/* The facts point into this; reading anew forgets them, so they are put again. */
void session_probe_put(struct session *s)
{
	struct probing *p = s->probing;
	struct source *source = &s->facts.source[AREA_PORTS];

	if (!p)
		return;
	take_results(p);
	s->facts.ports = (struct ports){ .v = p->ports, .n = p->n };
	*source = (struct source){ .state = SOURCE_READ, .request = "probe from here",
				   .observed_ms = p->ports[0].time_ms };
	for (size_t i = 1; i < p->n; i++)
		if (p->ports[i].time_ms > source->observed_ms)
			source->observed_ms = p->ports[i].time_ms;
}

static void changed(void *ctx)
{
	struct session *s = ctx;

	session_probe_put(s);
	session_judge(s);
	session_changed(s);
}

bool session_probing(const struct session *s)
{
	return s->probing && s->probing->probes && probes_running(s->probing->probes);
}

bool session_ports_from_here(const struct session *s)
{
	return s->probing != NULL;
}

int session_probe_start(struct session *s, struct err *err)
{
	struct probe_target targets[PROBES_MAX];
	struct probes_options options = { .changed = changed, .ctx = s };
	struct probing *p;

	if (s->options.replay)
		return err_set(err, ERR_INVALID, 0, "facts that were saved have no network to probe");
	if (facts_hybrid(&s->facts) == TRI_NO)
		return err_set(err, ERR_INVALID, 0, "this tenant was never synchronised: no password "
			       "has a way to go");
	session_probe_free(s);
	p = s->probing = xcalloc(1, sizeof(*p));
	p->session = s;
	p->n = endpoints_of(s->options.cloud, s->options.controller, p->endpoints, &p->arena);
	for (size_t i = 0; i < p->n; i++)
		targets[i] = p->endpoints[i].target;
	if (s->demo) {
		options.simulate = tenant_probe;
		options.simulate_ctx = s->demo;
	}
	p->probes = probes_start(s->loop, targets, p->n, &options);
	session_probe_put(s);
	session_judge(s);
	return 0;
}

void session_probe_stop(struct session *s)
{
	if (!session_probing(s))
		return;
	session_probe_free(s);
	session_judge(s);
	session_changed(s);
}

void session_probe_free(struct session *s)
{
	struct probing *p = s->probing;

	if (!p)
		return;
	s->probing = NULL;
	s->facts.ports = (struct ports){ 0 };
	ports_not_probed(&s->facts);
	probes_free(p->probes);
	arena_clear(&p->arena);
	free(p);
}
