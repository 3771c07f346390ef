/* The endpoints and ports of facts on-premises.md 1. A probe says something of
 * the place where it ran, and of no other. */
#include "checks/judge.h"

/* Domain controller ports that are nice to have (on-premises.md 1.2). */
static bool port_optional(int port)
{
	return port == 636 || port == 3268 || port == 3269 || port == 464 || port == 9389 ||
	       port == 80;
}

/* The probes of an imported document, and else those from here: what ran on the
 * server says more of it than what ran elsewhere. */
static struct ports gather(const struct facts *f, struct arena *arena)
{
	const struct server_facts *s = &f->server;
	struct ports all = { 0 };

	if (!server_facts_stand(s, f->now_ms) || !s->nprobes)
		return f->ports;
	for (size_t i = 0; i < s->nprobes; i++) {
		const struct server_probe *p = &s->probes[i];

		ARENA_GROW(arena, all.v, all.n, all.cap);
		all.v[all.n++] = (struct port_probe){
			.host = p->host, .purpose = p->purpose, .issuer = p->issuer,
			.port = p->port, .answered = p->answered, .where = s->where,
			.inspected = p->answered && p->issuer && !server_issuer_known(p->issuer),
			.problem = p->relay && p->status && p->status != 401
				   ? arena_printf(arena, "HTTP %d instead of 401", p->status)
				   : p->problem,
		};
	}
	return all;
}

static void port_evidence(const struct facts *f, const struct ports *ports,
			  struct findings *out, struct finding *one)
{
	bool here = ports->v == f->ports.v;

	for (size_t i = 0; i < ports->n; i++) {
		const struct port_probe *p = &ports->v[i];

		finding_evidence(out, one, here ? f->source[AREA_PORTS].request : p->where,
				 here ? f->source[AREA_PORTS].observed_ms : f->server.collected_ms,
				 "%s: %s:%d %s%s%s", p->where ? p->where : "here",
				 p->host ? p->host : "?", p->port,
				 p->answered ? "answers" : "does not answer",
				 p->inspected ? ", certificate by " : p->problem ? ", " : "",
				 p->inspected ? (p->issuer ? p->issuer : "an unknown issuer")
					      : (p->problem ? p->problem : ""));
	}
}

/* Nothing here can answer it: that is no gap of this check. */
static void judge_elsewhere(const struct facts *f, struct findings *out, struct finding *one)
{
	finding_set(out, one, VERDICT_NOT_APPLICABLE, CONFIDENCE_NONE,
		    "Cannot be tested from here: %s. The script of `sspr-wizard server-script` "
		    "tests them there, and `sspr-wizard import` takes in its result.",
		    facts_why_unknown(f, AREA_PORTS, &out->arena));
}

void judge_ports(const struct facts *f, const struct wanted *w, struct findings *out)
{
	struct finding *one = findings_add(out, "prereq.ports", "ports", "Firewall ports");
	struct ports ports = gather(f, &out->arena);
	size_t closed = 0, optional = 0, inspected = 0, remote = 0;

	(void)w;
	one->link = LINK_DOCS "tutorial-enable-sspr-writeback";
	if (!need_hybrid(f, out, one))
		return;
	if (ports.v == f->ports.v && f->source[AREA_PORTS].state == SOURCE_SKIPPED) {
		judge_elsewhere(f, out, one);
		return;
	}
	if (ports.v == f->ports.v && !need_area(f, out, one, AREA_PORTS))
		return;
	port_evidence(f, &ports, out, one);
	for (size_t i = 0; i < ports.n; i++) {
		const struct port_probe *p = &ports.v[i];

		if (!p->answered && port_optional(p->port))
			optional++;
		else if (!p->answered)
			closed++;
		inspected += p->inspected;
		remote += p->where && !str_same(p->where, "here");
	}
	if (closed)
		finding_set(out, one, VERDICT_FAIL, CONFIDENCE_PROVED,
			    "%zu of %zu endpoints do not answer.", closed, ports.n);
	else if (inspected)
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_LIKELY,
			    "%s with a certificate that is not Microsoft's: TLS is likely "
			    "inspected, which Entra Connect does not support.",
			    count_text(inspected, "endpoint", &out->arena));
	else if (optional)
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED,
			    "%s not answer.",
			    optional == 1 ? "1 optional endpoint does"
			    : arena_printf(&out->arena, "%zu optional endpoints do", optional));
	else
		finding_set(out, one, VERDICT_PASS,
			    remote ? CONFIDENCE_PROVED : CONFIDENCE_LIKELY,
			    "All %zu endpoints answer%s.", ports.n,
			    remote ? "" : " from here, which says little of the Connect server");
	if (one->verdict != VERDICT_PASS)
		finding_remedy(out, one, "Open them from the Connect server, outbound; no rule "
			       "for incoming traffic is needed.");
}
