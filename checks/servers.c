#include "checks/servers.h"

#include "checks/connect_version.h"
#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

#define DAY_MS (24 * 60 * 60 * 1000LL)

/* Whether a is rather the active one than b. */
static bool before(const struct server_facts *a, const struct server_facts *b)
{
	bool stages = a->staging == SERVER_YES, other = b->staging == SERVER_YES;

	return stages != other ? other : a->collected_ms > b->collected_ms;
}

void facts_add_server(struct facts *f, const struct server_facts *s)
{
	struct server_facts moved = *s;

	if (f->server.present && !str_same_nocase(f->server.computer, s->computer)) {
		ARENA_GROW(&f->arena, f->peers, f->npeers, f->peers_cap);
		f->peers[f->npeers++] = f->server;
	}
	for (size_t i = 0; i < f->npeers; i++)
		if (str_same_nocase(f->peers[i].computer, s->computer)) {
			f->peers[i] = f->peers[--f->npeers];
			break;
		}
	/* The best comes out in front; the rest is put in order behind it. */
	for (size_t i = 0; i < f->npeers; i++)
		if (before(&f->peers[i], &moved)) {
			struct server_facts peer = f->peers[i];

			f->peers[i] = moved;
			moved = peer;
		}
	f->server = moved;
	for (size_t i = 1; i < f->npeers; i++)
		for (size_t k = i; k && f->peers[k].collected_ms > f->peers[k - 1].collected_ms; k--) {
			struct server_facts peer = f->peers[k];

			f->peers[k] = f->peers[k - 1];
			f->peers[k - 1] = peer;
		}
}

static void add(struct server_causes *to, struct arena *arena, const char *id,
		enum verdict verdict, const char *what, const char *remedy)
{
	ARENA_GROW(arena, to->v, to->n, to->cap);
	to->v[to->n++] = (struct server_cause){ id, verdict, what, remedy };
}

/* Two that are active at a time disturb each other's relay. Long before the other
 * said so it may have been true, and have changed since. */
static const struct server_facts *other_active(const struct facts *f, bool *ret_at_once)
{
	for (size_t i = 0; i < f->npeers; i++) {
		const struct server_facts *p = &f->peers[i];

		if (!server_facts_stand(p, f->now_ms) || p->staging != SERVER_NO ||
		    f->server.staging != SERVER_NO)
			continue;
		*ret_at_once = f->server.collected_ms - p->collected_ms < DAY_MS;
		return p;
	}
	return NULL;
}

static void look_active(const struct facts *f, const struct server_facts *p, bool at_once,
			struct server_causes *to, struct arena *arena)
{
	char date[TIME_TEXT];

	add(to, arena, "two-active", at_once ? VERDICT_FAIL : VERDICT_WARN, at_once
	    ? arena_printf(arena, "%s and %s both say that they are the active server; only one may "
			   "be, or each disturbs the other's relay.", f->server.computer,
			   p->computer)
	    : arena_printf(arena, "%s said on %s that it is the active server, too.", p->computer,
			   time_format_date(p->collected_ms, date)),
	    at_once ? "Put one of them into staging mode, in the Entra Connect wizard."
		    : "If it stages now or is gone, run the script there again or leave it.");
}

/* What would keep a standby from taking over. */
static void look_standby(const struct facts *f, const struct server_facts *p,
			 struct server_causes *to, struct arena *arena)
{
	struct version_answer v = { .state = VERSION_SUPPORTED };

	if (p->version)
		connect_version_judge(p->version, f->now_ms, &v, arena);
	if (v.state == VERSION_TOO_OLD || v.state == VERSION_RECALLED)
		add(to, arena, "standby-version", VERDICT_WARN,
		    arena_printf(arena, "The staging server %s could not take over. %s", p->computer,
				 v.text),
		    "Install the newest version there, too.");
	if (p->service_state && !str_same_nocase(p->service_state, "Running"))
		add(to, arena, "standby-stopped", VERDICT_WARN,
		    arena_printf(arena, "The service ADSync of the staging server %s is not running "
				 "(%s).", p->computer, p->service_state), "Start-Service ADSync");
	if (p->writeback == SERVER_NO)
		add(to, arena, "standby-off", VERDICT_WARN,
		    arena_printf(arena, "Password writeback is not enabled on the staging server %s: "
				 "were it made active, nothing would be written back.", p->computer),
		    "Tick Password writeback in the Entra Connect wizard there, too.");
}

void servers_doctor(const struct facts *f, struct server_causes *ret, struct arena *arena)
{
	const struct server_facts *other;
	struct server_causes own;
	bool at_once = false;

	*ret = (struct server_causes){ 0 };
	other = other_active(f, &at_once);
	if (other && at_once)
		look_active(f, other, true, ret, arena);
	server_doctor(&f->server, f->now_ms, &own, arena);
	for (size_t i = 0; i < own.n; i++)
		add(ret, arena, own.v[i].id, own.v[i].verdict, own.v[i].what, own.v[i].remedy);
	if (other && !at_once)
		look_active(f, other, false, ret, arena);
	for (size_t i = 0; i < f->npeers; i++)
		if (f->server.staging == SERVER_NO && f->peers[i].staging == SERVER_YES &&
		    server_facts_stand(&f->peers[i], f->now_ms))
			look_standby(f, &f->peers[i], ret, arena);
}
