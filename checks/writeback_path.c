/* The way of a new password, part by part (Microsoft Learn: "How does self-service
 * password reset writeback work", and the parts' own pages). A written-back reset
 * proves every part at the time it came through; what was seen later of one part
 * speaks louder. */
#include "checks/writeback_path.h"

#include <string.h>

#include "checks/endpoints.h"
#include "checks/judge.h"
#include "checks/reasons.h"
#include "checks/servers.h"
#include "checks/server_events.h"
#include "graph/base/clock.h"
#include "graph/base/mem.h"

#define HOUR_MS (60 * 60 * 1000LL)
#define HEARTBEAT_MS (15 * 60 * 1000LL)
#define AUDIT "GET /v1.0/auditLogs/directoryAudits"
#define ASK_SERVER "Run the script of `sspr-wizard server-script` on the Connect server, and " \
	"`sspr-wizard import` its result."
#define LIVE_TEST "Let one synced person of the group reset at https://aka.ms/sspr: only a reset " \
	"that comes through proves it."

/* What every part needs. */
struct look {
	const struct facts *f;
	const struct wanted *w;
	const struct server_facts *server;	/* NULL: no document that still counts */
	struct server_causes causes;
	struct findings *out;
	struct finding *one;			/* the part being judged */
	int64_t proof_ms;			/* a reset came all the way; 0 = none seen */
	const char *proof_source;
	int64_t failed_ms;			/* one did not, later; 0 = none */
};

static const struct {
	const char *id, *name, *title;
} parts[PATH_PARTS] = {
	[PATH_PEOPLE] = { "path.people", "People", "People of the group" },
	[PATH_RESET] = { "path.reset", "Reset", "People to Entra ID: the reset" },
	[PATH_ENTRA] = { "path.entra", "Entra ID", "Entra ID: the tenant's switch" },
	[PATH_ENTRA_RELAY] = { "path.entra-relay", "Hand over", "Entra ID to the relay" },
	[PATH_RELAY] = { "path.relay", "Relay", "Relay: Azure Service Bus" },
	[PATH_RELAY_SERVER] = { "path.relay-server", "Listening", "Relay to the server" },
	[PATH_SERVER] = { "path.server", "Server", "Server: Entra Connect" },
	[PATH_SERVER_DIRECTORY] = { "path.server-directory", "Writing",
				    "Server to the domain controllers" },
	[PATH_DIRECTORY] = { "path.directory", "Directory", "Directory: the domain's rules" },
};

const char *path_part_name(enum path_part p)
{
	return parts[p].name;
}

/* Causes of the server's document (server_doctor.c) by the part they break; what
 * is not here is the server's own. */
static const struct {
	const char *id;
	enum path_part part;
} cause_parts[] = {
	{ "pilot-missing", PATH_PEOPLE }, { "reserved-name", PATH_PEOPLE },
	{ "pilot-protected", PATH_PEOPLE }, { "pilot-inheritance", PATH_PEOPLE },
	{ "pilot-rights", PATH_PEOPLE }, { "event-33002", PATH_PEOPLE },
	{ "event-33003", PATH_PEOPLE }, { "event-33005", PATH_PEOPLE },
	{ "event-33006", PATH_PEOPLE }, { "event-33007", PATH_PEOPLE },
	{ "event-33001", PATH_PEOPLE },
	{ "relay-answer", PATH_RELAY_SERVER }, { "relay-closed", PATH_RELAY_SERVER },
	{ "relay-token", PATH_RELAY_SERVER }, { "inspection", PATH_RELAY_SERVER },
	{ "certificate", PATH_RELAY_SERVER }, { "endpoint-closed", PATH_RELAY_SERVER },
	{ "reset-service", PATH_RELAY_SERVER }, { "no-host", PATH_RELAY_SERVER },
	{ "listener", PATH_RELAY_SERVER }, { "heartbeat", PATH_RELAY_SERVER },
	{ "controller-port", PATH_SERVER_DIRECTORY }, { "rights", PATH_SERVER_DIRECTORY },
	{ "restrict-sam", PATH_SERVER_DIRECTORY }, { "event-33004", PATH_SERVER_DIRECTORY },
	{ "event-33009", PATH_SERVER_DIRECTORY },
	{ "policy-control", PATH_DIRECTORY }, { "minimum-age", PATH_DIRECTORY },
	{ "event-33008", PATH_DIRECTORY },
};

static enum path_part part_of_cause(const char *id)
{
	for (size_t i = 0; i < COUNT_OF(cause_parts); i++)
		if (str_same(cause_parts[i].id, id))
			return cause_parts[i].part;
	return PATH_SERVER;
}

#define SEEN(l, source, ms, ...) \
	finding_evidence((l)->out, (l)->one, (source), (ms), __VA_ARGS__)
#define SAY(l, verdict, confidence, ...) \
	finding_set((l)->out, (l)->one, (verdict), (confidence), __VA_ARGS__)
#define TO_DO(l, ...) finding_remedy((l)->out, (l)->one, __VA_ARGS__)

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* A sentence of setting_judge() without its opening words: the heading has them. */
static const char *plain(const char *how)
{
	return str_starts(how, "How we know: ") ? how + strlen("How we know: ") : how;
}

/* When a reset came all the way, by the audit log or the server's own. */
static void find_proof(struct look *l)
{
	const struct audit *a = &l->f->audit;
	bool read = facts_read(l->f, AREA_AUDIT);
	int64_t server_ms = 0, cloud_ms = read ? a->last_written_back_ms : 0;

	if (l->server)
		server_ms = later(server_event_last(l->server, 31002),
				  later(server_event_last(l->server, 31007),
					server_event_last(l->server, 31010)));
	l->proof_ms = later(cloud_ms, server_ms);
	l->proof_source = cloud_ms >= server_ms ? AUDIT : l->server->where;
	if (read && a->last_writeback_failure_ms > l->proof_ms)
		l->failed_ms = a->last_writeback_failure_ms;
}

/* A cause that stops everything, of a document older than a reset that came
 * through, is none any more. */
static bool refuted(const struct look *l, const struct server_cause *c)
{
	return c->verdict == VERDICT_FAIL && l->proof_ms > l->server->collected_ms;
}

/* The likeliest cause of this part that the server's document names; more of them
 * are evidence. */
static bool settle_by_cause(struct look *l, enum path_part part)
{
	const struct server_cause *first = NULL;

	for (size_t i = 0; i < l->causes.n; i++) {
		const struct server_cause *c = &l->causes.v[i];

		if (part_of_cause(c->id) != part || refuted(l, c))
			continue;
		first = first ? first : c;
		SEEN(l, l->server->where, l->server->collected_ms, "%s", c->what);
	}
	if (!first)
		return false;
	SAY(l, first->verdict, CONFIDENCE_PROVED, "%s", first->what);
	TO_DO(l, "%s", first->remedy);
	return true;
}

/* A reset that came through, and nothing later that did not. */
static bool settle_by_proof(struct look *l)
{
	char date[TIME_TEXT];

	if (!l->proof_ms)
		return false;
	SEEN(l, l->proof_source, l->proof_ms, "a reset was written back");
	if (l->failed_ms)
		return false;
	SAY(l, VERDICT_PASS, CONFIDENCE_PROVED, "A reset came through here on %s.",
	    time_format_date(l->proof_ms, date));
	return true;
}

/* The newest reset did not come through, for a reason that blames this part: a
 * part of the service's text. */
static bool settle_by_failure(struct look *l, const char *const *reasons, enum verdict v)
{
	const char *text = l->f->audit.last_writeback_failure;
	const struct reason *why = reason_find(text);

	if (!l->failed_ms || !why)
		return false;
	for (; *reasons; reasons++) {
		if (!str_find_nocase(text, *reasons))
			continue;
		SEEN(l, AUDIT, l->failed_ms, "%s", text);
		SAY(l, v, CONFIDENCE_PROVED, "The last reset failed: %s", why->plain);
		TO_DO(l, "%s", why->remedy);
		return true;
	}
	return false;
}

/* What ran here proves nothing of the server: it is shown, never judged. */
static void show_probes_from_here(struct look *l, bool relay)
{
	const struct ports *ports = &l->f->ports;

	for (size_t i = 0; i < ports->n; i++) {
		const struct port_probe *p = &ports->v[i];

		if (!str_same(p->purpose, relay ? PURPOSE_RELAY : PURPOSE_CONTROLLER))
			continue;
		if (!p->pending && str_same(p->where, "here"))
			SEEN(l, "probe from here", p->time_ms, "here, not on the server: %s:%d %s",
			     p->host, p->port, port_answer_text(p, &l->out->arena));
	}
}

static void look_people(struct look *l)
{
	const struct people *p = &l->f->members.people;
	size_t synced = 0, errors = 0;
	bool caused;

	caused = settle_by_cause(l, PATH_PEOPLE);
	if (!facts_read(l->f, AREA_MEMBERS)) {
		if (!caused)
			SAY(l, VERDICT_UNKNOWN, CONFIDENCE_NONE, "Cannot tell who is in the group: %s.",
			    facts_why_unknown(l->f, AREA_MEMBERS, &l->out->arena));
		return;
	}
	for (size_t i = 0; i < p->n; i++) {
		synced += p->v[i].synced == TRI_YES;
		errors += p->v[i].synced == TRI_YES && p->v[i].sync_error;
	}
	area_evidence(l->f, l->out, l->one, AREA_MEMBERS, "%s in the group, %zu of them synced",
		      count_people(p->n, &l->out->arena), synced);
	if (caused)
		return;
	if (!p->n) {
		SAY(l, VERDICT_UNKNOWN, CONFIDENCE_PROVED, "Nobody is in the group yet.");
		TO_DO(l, "Step 1 names the people.");
	} else if (errors) {
		SAY(l, VERDICT_WARN, CONFIDENCE_PROVED, "%s of the group %s a synchronisation error.",
		    count_people(errors, &l->out->arena), errors == 1 ? "has" : "have");
		TO_DO(l, "See the finding on synchronisation errors.");
	} else if (!synced) {
		SAY(l, VERDICT_NOT_APPLICABLE, CONFIDENCE_PROVED, "Nobody in the group is synced, so "
		    "no reset of theirs has to be written back.");
	} else {
		SAY(l, VERDICT_PASS, CONFIDENCE_PROVED, "%zu of %s in the group %s synced: their "
		    "passwords live on-premises.", synced, count_people(p->n, &l->out->arena),
		    synced == 1 ? "is" : "are");
	}
}

static int64_t last_reset_ms(const struct audit *a)
{
	int64_t ms = 0;

	for (size_t i = 0; i < a->n; i++)
		if (a->v[i].kind == EVENT_RESET && str_same_nocase(a->v[i].result, "success"))
			ms = later(ms, a->v[i].time_ms);
	return ms;
}

static void look_reset(struct look *l)
{
	const struct audit *a = &l->f->audit;
	enum confidence confidence = CONFIDENCE_NONE;
	const char *how = "";
	enum scope scope = scope_judge(l->f, l->w, &confidence, &how, &l->out->arena);

	if (*how)
		SEEN(l, setting_request(l->f, "scope", confidence), 0, "%s", plain(how));
	if (facts_read(l->f, AREA_AUDIT) && a->resets)
		SEEN(l, AUDIT, last_reset_ms(a), "%s, the last one then",
		     count_text(a->resets, "reset", &l->out->arena));
	if (scope == SCOPE_NONE) {
		SAY(l, VERDICT_WARN, confidence, "Password reset is enabled for nobody yet.");
		TO_DO(l, "Step 2 enables it for the group. Before the rest of this way works, synced "
		      "people would be sent to the help desk.");
	} else if (facts_read(l->f, AREA_AUDIT) && a->resets) {
		SAY(l, VERDICT_PASS, CONFIDENCE_PROVED, "People reset: %s in the last 30 days.",
		    count_text(a->resets, "time", &l->out->arena));
	} else if (scope != SCOPE_UNKNOWN) {
		SAY(l, VERDICT_PASS, confidence, "Password reset is enabled (%s); nobody has used it "
		    "in the last 30 days.", scope_name(scope));
	} else {
		SAY(l, VERDICT_UNKNOWN, CONFIDENCE_NONE, "Nothing tells whether the group may reset.");
		TO_DO(l, "Step 2 enables it.");
	}
}

static void look_entra(struct look *l)
{
	enum confidence confidence = CONFIDENCE_NONE;
	const char *how = "", *value;
	int64_t time_ms = 0;

	value = setting_judge(l->f, "writeback.tenant", &confidence, &how, &time_ms,
			      &l->out->arena);
	SEEN(l, setting_request(l->f, "writeback.tenant", confidence), time_ms, "%s", plain(how));
	if (confidence == CONFIDENCE_CONTRADICTED)
		SAY(l, VERDICT_WARN, confidence, "%s", how);
	else if (!value)
		SAY(l, VERDICT_UNKNOWN, CONFIDENCE_NONE, "Nothing tells whether the tenant's switch "
		    "for writeback is on.");
	else if (str_same(value, "on"))
		SAY(l, VERDICT_PASS, confidence, "The tenant's switch for writeback is on.");
	else
		SAY(l, VERDICT_FAIL, confidence, "The tenant's switch for writeback is off.");
	if (l->one->verdict != VERDICT_PASS)
		TO_DO(l, "Entra ID > Password reset > On-premises integration: tick the write back "
		      "of passwords.");
}

static void look_entra_relay(struct look *l)
{
	if (settle_by_proof(l))
		return;
	SAY(l, VERDICT_UNKNOWN, CONFIDENCE_NONE, "This leg is Microsoft's own; only a reset that "
	    "comes through tells of it.");
	TO_DO(l, LIVE_TEST);
}

static void look_relay(struct look *l)
{
	const struct server_probe *good = NULL;

	show_probes_from_here(l, true);
	for (size_t i = 0; l->server && i < l->server->nprobes; i++) {
		const struct server_probe *p = &l->server->probes[i];

		if (!p->relay)
			continue;
		SEEN(l, l->server->where, l->server->collected_ms, "%s %s", p->host, !p->answered
		     ? "does not answer there" : p->status == 401
		     ? "answers there as a relay does (401)" : "answers there");
		if (p->answered && p->status == 401 && (!good || p->own))
			good = p;
	}
	if (settle_by_proof(l))
		return;
	if (good) {
		SAY(l, VERDICT_PASS, CONFIDENCE_PROVED, "The relay %s answers the server.", good->host);
		return;
	}
	SAY(l, VERDICT_UNKNOWN, CONFIDENCE_NONE, "Nothing tells whether the relay answers the "
	    "server.");
	TO_DO(l, ASK_SERVER);
}

static void look_relay_server(struct look *l)
{
	static const char *const reasons[] = { "could not reach your on-premises", NULL };
	int64_t beat_ms = l->server ? server_event_last(l->server, 31019) : 0;

	if (beat_ms)
		SEEN(l, l->server->where, beat_ms, "the relay's heartbeat (event 31019)");
	if (settle_by_cause(l, PATH_RELAY_SERVER) ||
	    settle_by_failure(l, reasons, VERDICT_FAIL) || settle_by_proof(l))
		return;
	if (beat_ms && l->server->collected_ms - beat_ms < HEARTBEAT_MS) {
		SAY(l, VERDICT_PASS, CONFIDENCE_PROVED, "The server listens at the relay: its "
		    "heartbeat is in the log.");
		return;
	}
	SAY(l, VERDICT_UNKNOWN, CONFIDENCE_NONE, "Nothing tells whether the server listens at the "
	    "relay.");
	TO_DO(l, ASK_SERVER);
}

/* Its name, as far as one is known. */
static void name_server(struct look *l, size_t *ret_n)
{
	const struct facts *f = l->f;
	const char *names = sync_servers_text(f, ret_n, &l->out->arena);

	if (facts_read(f, AREA_SYNC) && !f->sync.nidentities && f->sync.njobs)
		l->one->title = "Server: Cloud Sync agent";
	else if (l->server)
		l->one->title = arena_printf(&l->out->arena, "Server: %s", l->server->computer);
	else if (*ret_n)
		l->one->title = arena_printf(&l->out->arena, "Server: %s", names);
	if (*ret_n)
		area_evidence(f, l->out, l->one, AREA_SYNC, "%s to synchronise with: %s",
			      *ret_n == 1 ? "a machine that has an identity"
			      : "machines that have an identity", names);
	if (facts_read(f, AREA_ORGANIZATION) && f->organization.last_sync_ms)
		SEEN(l, f->source[AREA_ORGANIZATION].request, f->organization.last_sync_ms,
		     "the directory synchronised");
}

/* Without its document: the traces in the cloud. */
static void look_server_from_cloud(struct look *l, size_t nservers)
{
	const struct facts *f = l->f;
	enum confidence confidence = CONFIDENCE_NONE;
	const char *how = "", *value;
	int64_t time_ms = 0, age = f->now_ms - f->organization.last_sync_ms;

	value = writeback_server_judge(f, &confidence, &how, &time_ms, &l->out->arena);
	if (*how)
		SEEN(l, setting_request(f, "writeback.server", confidence), time_ms, "%s", plain(how));
	TO_DO(l, ASK_SERVER);
	if (str_same(value, "off")) {
		SAY(l, VERDICT_FAIL, confidence, "Writeback is off on the server.");
		TO_DO(l, "Step 4 leads through it: enable writeback on the server.");
	} else if (facts_read(f, AREA_ORGANIZATION) && age > l->w->sync_fail_hours * HOUR_MS) {
		SAY(l, VERDICT_WARN, CONFIDENCE_LIKELY, "The server has not synchronised for long: it "
		    "may be down.");
		TO_DO(l, "On the server: does the service ADSync run, is the scheduler on?");
	} else if (!settle_by_proof(l) && str_same(value, "on") &&
		   confidence != CONFIDENCE_CONTRADICTED) {
		SAY(l, VERDICT_PASS, confidence, "Writeback is on on the server.");
	} else if (l->one->verdict != VERDICT_PASS && nservers > 1) {
		SAY(l, VERDICT_UNKNOWN, CONFIDENCE_NONE, "%zu servers have an identity; nothing here "
		    "tells which is active and whether writeback is on there.", nservers);
	} else if (l->one->verdict != VERDICT_PASS) {
		SAY(l, VERDICT_UNKNOWN, CONFIDENCE_NONE, "Nothing tells whether writeback is on on the "
		    "server.");
	}
}

static void look_server(struct look *l)
{
	const struct server_facts *s = l->server;
	size_t nservers = 0;

	name_server(l, &nservers);
	if (!s || l->proof_ms > s->collected_ms || s->writeback == SERVER_UNKNOWN) {
		if (!settle_by_cause(l, PATH_SERVER))
			look_server_from_cloud(l, nservers);
		return;
	}
	SEEN(l, s->where, s->collected_ms, "writeback enabled: %s; service ADSync: %s; version %s",
	     s->writeback == SERVER_YES ? "yes" : "no",
	     s->service_state ? s->service_state : "not known", s->version ? s->version : "not known");
	if (!settle_by_cause(l, PATH_SERVER))
		SAY(l, VERDICT_PASS, CONFIDENCE_PROVED, "Entra Connect runs, and writeback is on "
		    "there.");
}

/* The controllers' ports as the server sees them: how many, and all open? */
static size_t controllers_open(const struct server_facts *s, bool *ret_all)
{
	size_t n = 0;

	*ret_all = true;
	for (size_t i = 0; i < s->nprobes; i++) {
		if (!s->probes[i].controller)
			continue;
		n++;
		*ret_all = *ret_all && s->probes[i].answered;
	}
	return n;
}

static void look_server_directory(struct look *l)
{
	static const char *const reasons[] = { "problem while resetting the user's on-premises",
					       "OnPremisesAdminActionRequired", NULL };
	const struct server_facts *s = l->server;
	bool all = false, rights = s && s->ndomains;
	size_t n = s ? controllers_open(s, &all) : 0;

	for (size_t i = 0; s && i < s->ndomains; i++)
		rights = rights && s->domains[i].rights_known;
	show_probes_from_here(l, false);
	if (n)
		SEEN(l, s->where, s->collected_ms, "%zu ports of domain controllers tested there, %s",
		     n, all ? "all answer" : "not all answer");
	if (rights)
		SEEN(l, s->where, s->collected_ms, "the connector account's rights were read there");
	if (settle_by_cause(l, PATH_SERVER_DIRECTORY) ||
	    settle_by_failure(l, reasons, VERDICT_WARN) || settle_by_proof(l))
		return;
	if (n && rights) {
		SAY(l, VERDICT_PASS, CONFIDENCE_PROVED, "The domain controllers answer the server, and "
		    "its account holds the rights.");
		return;
	}
	SAY(l, VERDICT_UNKNOWN, CONFIDENCE_NONE, "Nothing tells whether the server reaches the "
	    "domain controllers and holds the rights there.");
	TO_DO(l, ASK_SERVER);
}

static void look_directory(struct look *l)
{
	static const char *const reasons[] = { "OnPremisesPolicyViolation", NULL };
	const struct server_facts *s = l->server;
	size_t known = 0;

	for (size_t i = 0; s && i < s->ndomains; i++) {
		const struct server_domain *d = &s->domains[i];

		if (!d->min_age_known)
			continue;
		known++;
		SEEN(l, s->where, s->collected_ms, "%s: minimum password age %s",
		     d->name ? d->name : "a domain", d->min_age_100ns < 0 ? "above 0" : "0");
	}
	if (settle_by_cause(l, PATH_DIRECTORY) || settle_by_failure(l, reasons, VERDICT_WARN) ||
	    settle_by_proof(l))
		return;
	if (known) {
		SAY(l, VERDICT_PASS, CONFIDENCE_PROVED, "No rule of the domain stands in the way.");
		return;
	}
	SAY(l, VERDICT_UNKNOWN, CONFIDENCE_NONE, "Nothing tells of the domain's rules for "
	    "passwords.");
	TO_DO(l, ASK_SERVER);
}

bool writeback_path_judge(const struct facts *f, const struct wanted *w, struct findings *out)
{
	static void (*const looks[PATH_PARTS])(struct look *l) = {
		[PATH_PEOPLE] = look_people, [PATH_RESET] = look_reset, [PATH_ENTRA] = look_entra,
		[PATH_ENTRA_RELAY] = look_entra_relay, [PATH_RELAY] = look_relay,
		[PATH_RELAY_SERVER] = look_relay_server, [PATH_SERVER] = look_server,
		[PATH_SERVER_DIRECTORY] = look_server_directory, [PATH_DIRECTORY] = look_directory,
	};
	struct look l = { .f = f, .w = w, .out = out };

	if (facts_hybrid(f) == TRI_NO || !w->writeback)
		return false;
	if (server_facts_stand(&f->server, f->now_ms)) {
		l.server = &f->server;
		servers_doctor(f, &l.causes, &out->arena);
	}
	find_proof(&l);
	for (int p = 0; p < PATH_PARTS; p++) {
		l.one = findings_add(out, parts[p].id, "writeback", parts[p].title);
		looks[p](&l);
		if (l.one->verdict <= VERDICT_NOT_APPLICABLE)
			l.one->remedy = "";
	}
	return true;
}

const struct finding *writeback_path_next(const struct findings *path)
{
	static const enum verdict order[] = { VERDICT_FAIL, VERDICT_WARN, VERDICT_UNKNOWN };

	if (path->n != PATH_PARTS)
		return NULL;
	for (size_t k = 0; k < COUNT_OF(order); k++) {
		/* The server's document answers most of what is not known. */
		if (order[k] == VERDICT_UNKNOWN && path->v[PATH_SERVER].verdict == order[k])
			return &path->v[PATH_SERVER];
		for (int p = 0; p < PATH_PARTS; p++)
			if (p != PATH_RESET && path->v[p].verdict == order[k])
				return &path->v[p];
	}
	return path->v[PATH_RESET].verdict >= VERDICT_UNKNOWN ? &path->v[PATH_RESET] : NULL;
}
