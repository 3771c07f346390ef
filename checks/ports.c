/* The endpoints and ports that writeback needs (Microsoft Learn: "Microsoft Entra
 * Connect: required ports and protocols"). A probe says something of the place
 * where it ran, and of no other: only what ran on the server gives a verdict; what
 * ran here is a hint. */
#include "checks/endpoints.h"
#include "checks/judge.h"

/* What an imported document tells; empty when none stands. */
static struct ports ports_of_server(const struct facts *f, struct arena *arena)
{
	const struct server_facts *s = &f->server;
	struct ports all = { 0 };

	if (!server_facts_stand(s, f->now_ms))
		return all;
	for (size_t i = 0; i < s->nprobes; i++) {
		const struct server_probe *p = &s->probes[i];

		ARENA_GROW(arena, all.v, all.n, all.cap);
		all.v[all.n++] = (struct port_probe){
			.host = p->host, .purpose = p->purpose, .issuer = p->issuer,
			.port = p->port, .answered = p->answered, .where = s->where,
			.time_ms = s->collected_ms,
			.inspected = p->answered && p->issuer && !server_issuer_known(p->issuer),
			.problem = p->relay && p->status && p->status != RELAY_ANSWER
				   ? arena_printf(arena, "HTTP %d instead of %d", p->status,
						  RELAY_ANSWER)
				   : p->problem,
		};
	}
	return all;
}

const char *port_answer_text(const struct port_probe *p, struct arena *arena)
{
	if (p->pending)
		return "asked, no answer yet";
	return arena_printf(arena, "%s%s%s%s", p->answered ? "answers" : "does not answer",
			    p->inspected ? ", certificate by " : p->problem ? ", " : "",
			    p->inspected ? (p->issuer ? p->issuer : "an unknown issuer")
			    : p->problem ? p->problem : "",
			    p->by_proxy ? ", by the proxy" : "");
}

static bool from_here(const struct port_probe *p)
{
	return !p->where || str_same(p->where, "here");
}

static void port_evidence(const struct facts *f, const struct ports *ports,
			  struct findings *out, struct finding *one)
{
	for (size_t i = 0; i < ports->n; i++) {
		const struct port_probe *p = &ports->v[i];

		finding_evidence(out, one, from_here(p) ? f->source[AREA_PORTS].request : p->where,
				 p->time_ms || p->pending ? p->time_ms
				 : f->source[AREA_PORTS].observed_ms, "%s: %s:%d %s",
				 p->where ? p->where : "here", p->host ? p->host : "?", p->port,
				 port_answer_text(p, &out->arena));
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

struct tally {
	size_t n, pending, closed, optional, inspected, odd;
};

static struct tally count_ports(const struct ports *ports)
{
	struct tally t = { .n = ports->n };

	for (size_t i = 0; i < ports->n; i++) {
		const struct port_probe *p = &ports->v[i];

		if (p->pending)
			t.pending++;
		else if (!p->answered && endpoint_optional(p->port))
			t.optional++;
		else if (!p->answered)
			t.closed++;
		else if (!p->inspected && p->problem)
			t.odd++;
		t.inspected += !p->pending && p->inspected;
	}
	return t;
}

static void judge_server_ports(const struct tally *t, struct findings *out,
			       struct finding *one)
{
	if (t->closed)
		finding_set(out, one, VERDICT_FAIL, CONFIDENCE_PROVED,
			    "%zu of %zu endpoints do not answer.", t->closed, t->n);
	else if (t->inspected)
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_LIKELY,
			    "%s with a certificate that is not Microsoft's: TLS is likely "
			    "inspected, which Entra Connect does not support.",
			    count_text(t->inspected, "endpoint", &out->arena));
	else if (t->optional)
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED,
			    "%s not answer.",
			    t->optional == 1 ? "1 optional endpoint does"
			    : arena_printf(&out->arena, "%zu optional endpoints do", t->optional));
	else
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "All %zu endpoints answer.", t->n);
	if (one->verdict != VERDICT_PASS)
		finding_remedy(out, one, "Open them from the Connect server, outbound; no rule "
			       "for incoming traffic is needed.");
}

/* A hint, never more: the Connect server stands elsewhere in the network. */
static void judge_ports_here(const struct tally *t, struct findings *out, struct finding *one)
{
	if (t->closed)
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_LIKELY,
			    "From here %zu of %zu endpoints do not answer; the Connect server may "
			    "have another way.", t->closed, t->n);
	else if (t->inspected)
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_LIKELY,
			    "From here %s with a certificate that is not Microsoft's: TLS is "
			    "likely inspected, perhaps at the Connect server too.",
			    t->inspected == 1 ? "1 endpoint answers"
			    : arena_printf(&out->arena, "%zu endpoints answer", t->inspected));
	else if (t->odd)
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_LIKELY,
			    "From here something answers in place of %s.",
			    count_text(t->odd, "relay", &out->arena));
	else if (t->pending)
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Probing from here: %zu of %zu have answered.", t->n - t->pending, t->n);
	else
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "%s from here, which says little of the Connect server.",
			    t->optional ? arena_printf(&out->arena, "All needed endpoints answer, "
						       "%zu optional not,", t->optional)
			    : t->n == 1 ? "The endpoint answers"
			    : arena_printf(&out->arena, "All %zu endpoints answer", t->n));
	finding_remedy(out, one, "Test them on the server: `sspr-wizard server-script` prints the "
		       "script, `sspr-wizard import` takes in its result.");
}

void judge_ports(const struct facts *f, const struct wanted *w, struct findings *out)
{
	struct finding *one = findings_add(out, "prereq.ports", "ports", "Firewall ports");
	struct ports server = ports_of_server(f, &out->arena);
	struct tally t;

	(void)w;
	one->link = LINK_DOCS "tutorial-enable-sspr-writeback";
	if (!need_hybrid(f, out, one))
		return;
	if (!server.n && f->source[AREA_PORTS].state == SOURCE_SKIPPED) {
		judge_elsewhere(f, out, one);
		return;
	}
	if (!server.n && !need_area(f, out, one, AREA_PORTS))
		return;
	port_evidence(f, &server, out, one);
	port_evidence(f, &f->ports, out, one);
	if (server.n) {
		t = count_ports(&server);
		judge_server_ports(&t, out, one);
	} else if (f->ports.n && !from_here(&f->ports.v[0])) {
		t = count_ports(&f->ports);
		judge_server_ports(&t, out, one);
	} else {
		t = count_ports(&f->ports);
		judge_ports_here(&t, out, one);
	}
}
