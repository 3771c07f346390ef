/* Synchronisation: who does it, when it last ran, what it could not do
 * (facts graph.md 2, on-premises.md 2.1 and 3.6). */
#include "checks/judge.h"

#include "checks/connect_version.h"
#include "graph/base/clock.h"

#define HOUR_MS (60 * 60 * 1000LL)
/* Since this day Connect Sync below 2.5.79.0 does not synchronise any more
 * (facts on-premises.md 0.3): 30 Sep 2026. */
#define OLD_CONNECT_ENDS_MS (20726LL * 24 * HOUR_MS)
#define LINK_SYNC_TROUBLE "https://learn.microsoft.com/entra/identity/hybrid/connect/" \
	"tshoot-connect-sync-errors"

static void identity_evidence(const struct facts *f, struct findings *out,
			      struct finding *one)
{
	for (size_t i = 0; i < f->sync.nidentities; i++) {
		const struct sync_identity *id = &f->sync.identities[i];

		finding_evidence(out, one, id->application ? "GET /v1.0/servicePrincipals"
							   : "GET /v1.0/directoryRoles",
				 f->source[AREA_SYNC].observed_ms, "%s%s%s%s%s", id->name,
				 id->application ? " (application)" : " (account)",
				 id->server ? ", server " : "", id->server ? id->server : "",
				 id->writeback_roles ? ", has the roles of writeback" : "");
	}
	for (size_t i = 0; i < f->sync.njobs; i++)
		area_evidence(f, out, one, AREA_SYNC, "Cloud Sync job %s: %s",
			      f->sync.jobs[i].template_id ? f->sync.jobs[i].template_id : "?",
			      f->sync.jobs[i].status ? f->sync.jobs[i].status : "?");
}

const char *sync_servers_text(const struct facts *f, size_t *ret_n, struct arena *arena)
{
	const struct sync_facts *s = &f->sync;
	struct names names = { .n = 0 };

	for (size_t i = 0; i < s->nidentities; i++) {
		const char *server = s->identities[i].server;
		bool seen = false;

		for (size_t k = 0; k < i; k++)
			seen = seen || str_same_nocase(s->identities[k].server, server);
		if (server && !seen)
			names_add(&names, server);
	}
	*ret_n = names.n;
	return names_text(&names, arena);
}

static void connect_in_use(const struct facts *f, struct findings *out, struct finding *one)
{
	size_t n;
	const char *servers = sync_servers_text(f, &n, &out->arena);
	bool recent = f->organization.last_sync_ms > OLD_CONNECT_ENDS_MS;

	if (n > 1)
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_LIKELY,
			    "%zu servers have an identity to synchronise with, %s: a staging "
			    "server must have the same writeback setting, an old one must go.",
			    n, servers);
	else if (n)
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "Entra Connect Sync is in use on %s; its version is %s.", servers,
			    recent ? "likely supported, because older ones no longer "
				     "synchronise" : "not known");
	else if (f->sync.njobs)
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "Entra Cloud Sync is in use.");
	else if (f->sync.nidentities)
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_LIKELY,
			    "Synchronisation is in use; its account does not name a server.");
	else
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_LIKELY,
			    "The tenant is synchronised, but no synchronisation account, "
			    "application or job was found.");
	if (one->verdict != VERDICT_PASS || (n && !recent))
		finding_remedy(out, one, "Run the script of `sspr-wizard server-script` on %s and "
			       "`sspr-wizard import` its result: it tells version, settings and "
			       "whether the server is active or stages.",
			       n ? servers : "the Connect server");
}

/* The version, where a server's document tells it. */
static void judge_version(const struct facts *f, struct findings *out, struct finding *one)
{
	const struct server_facts *s = &f->server;
	struct version_answer v;

	if (!server_facts_stand(s, f->now_ms) || !s->version)
		return;
	connect_version_judge(s->version, f->now_ms, &v, &out->arena);
	finding_evidence(out, one, s->where, s->collected_ms, "Entra Connect %s%s", s->version,
			 s->staging == SERVER_YES ? ", in staging mode" : "");
	if (v.table_old)
		finding_evidence(out, one, s->where, s->collected_ms, "the table of versions is "
				 "of %s, more than 90 days old", CONNECT_AS_OF);
	if (v.state == VERSION_UNREADABLE)
		return;
	if (v.state == VERSION_TOO_OLD || v.state == VERSION_RECALLED)
		finding_set(out, one, VERDICT_FAIL, CONFIDENCE_PROVED, "On %s: %s", s->where,
			    v.text);
	else if (v.state == VERSION_UNSUPPORTED || v.state == VERSION_ENDING)
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED, "On %s: %s", s->where,
			    v.text);
	else if (one->verdict == VERDICT_PASS)
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "Entra Connect Sync is in use on %s. %s", s->where, v.text);
	if (v.state < VERSION_SUPPORTED)
		finding_remedy(out, one, "Install the newest version, from the Entra admin "
			       "centre.");
	else if (one->verdict == VERDICT_PASS)
		one->remedy = "";
}

void judge_connect(const struct facts *f, const struct wanted *w, struct findings *out)
{
	struct finding *one = findings_add(out, "prereq.connect", "sync", "Entra Connect");

	(void)w;
	one->link = LINK_CONNECT;
	if (!need_hybrid(f, out, one)) {
		if (one->verdict == VERDICT_NOT_APPLICABLE && facts_read(f, AREA_SYNC) &&
		    (f->sync.nidentities || f->sync.njobs)) {
			identity_evidence(f, out, one);
			finding_set(out, one, VERDICT_WARN, CONFIDENCE_CONTRADICTED,
				    "Synchronisation accounts exist, but the tenant says that "
				    "it was never synchronised.");
		}
		return;
	}
	area_evidence(f, out, one, AREA_ORGANIZATION, "onPremisesSyncEnabled: %s",
		      f->organization.sync_enabled == TRI_YES ? "true" : "false");
	if (facts_read(f, AREA_SYNC))
		identity_evidence(f, out, one);
	if (f->organization.sync_enabled != TRI_YES) {
		finding_set(out, one, VERDICT_FAIL, CONFIDENCE_PROVED,
			    "Synchronisation was on once and is now turned off.");
		finding_remedy(out, one, "Turn it on again, or treat the tenant as cloud-only.");
	} else if (!facts_read(f, AREA_SYNC)) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_LIKELY,
			    "Synchronisation is in use; which server does it cannot be told: "
			    "%s.", facts_why_unknown(f, AREA_SYNC, &out->arena));
	} else {
		connect_in_use(f, out, one);
		judge_version(f, out, one);
	}
}

/* Verdict on the age of the last synchronisation, by the wanted hours. */
static enum verdict age_verdict(const struct facts *f, const struct wanted *w)
{
	int64_t age = f->now_ms - f->organization.last_sync_ms;

	if (!f->organization.last_sync_ms || age > w->sync_fail_hours * HOUR_MS)
		return VERDICT_FAIL;
	return age > w->sync_warn_hours * HOUR_MS ? VERDICT_WARN : VERDICT_PASS;
}

static const char *age_text(const struct facts *f, struct arena *arena)
{
	char span[TIME_TEXT];

	if (!f->organization.last_sync_ms)
		return "never";
	return arena_printf(arena, "%s ago",
			    time_span(f->now_ms - f->organization.last_sync_ms, span));
}

static void judge_stale(const struct facts *f, const struct wanted *w, struct findings *out)
{
	struct finding *one = findings_add(out, "health.sync-stale", "sync",
					   "Last synchronisation");
	char when[TIME_TEXT];

	one->link = LINK_CONNECT;
	if (!need_hybrid(f, out, one))
		return;
	area_evidence(f, out, one, AREA_ORGANIZATION, "onPremisesLastSyncDateTime: %s",
		      f->organization.last_sync_ms
		      ? time_format(f->organization.last_sync_ms, when) : "none");
	finding_set(out, one, age_verdict(f, w), CONFIDENCE_PROVED,
		    "The directory last synchronised %s (warns after %d h, fails after %d h).",
		    age_text(f, &out->arena), w->sync_warn_hours, w->sync_fail_hours);
	if (one->verdict != VERDICT_PASS)
		finding_remedy(out, one, "On the Connect server: is the service ADSync running, "
			       "is the scheduler on, what does the Application log say?");
}

static void judge_errors(const struct facts *f, struct findings *out)
{
	struct finding *one = findings_add(out, "health.sync-errors", "sync",
					   "Synchronisation errors");
	const struct sync_errors *e = &f->sync_errors;

	one->link = LINK_SYNC_TROUBLE;
	if (!need_hybrid(f, out, one) || !need_area(f, out, one, AREA_SYNC_ERRORS))
		return;
	for (size_t i = 0; i < e->n && i < 10; i++)
		area_evidence(f, out, one, AREA_SYNC_ERRORS, "%s: %s on %s (%s)", e->v[i].name,
			      e->v[i].category ? e->v[i].category : "error",
			      e->v[i].property ? e->v[i].property : "a property",
			      e->v[i].value ? e->v[i].value : "no value");
	if (!e->total) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "No object has a provisioning error.");
		return;
	}
	finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED,
		    "%zu object%s a provisioning error: a conflicting value keeps changes "
		    "from arriving.", e->total, e->total == 1 ? " has" : "s have");
	finding_remedy(out, one, "Make the value unique in Active Directory, then synchronise.");
}

static void judge_quarantine(const struct facts *f, struct findings *out)
{
	struct finding *one = findings_add(out, "health.quarantine", "sync",
					   "Cloud Sync quarantine");
	size_t quarantined = 0, paused = 0;

	one->link = LINK_CONNECT;
	if (!need_hybrid(f, out, one) || !need_area(f, out, one, AREA_SYNC))
		return;
	for (size_t i = 0; i < f->sync.njobs; i++) {
		const struct sync_job *j = &f->sync.jobs[i];

		quarantined += str_same_nocase(j->status, "Quarantine");
		paused += str_same_nocase(j->status, "Paused");
		area_evidence(f, out, one, AREA_SYNC, "%s: %s%s%s",
			      j->template_id ? j->template_id : "job",
			      j->status ? j->status : "no status",
			      j->quarantine_reason ? ", " : "",
			      j->quarantine_reason ? j->quarantine_reason : "");
	}
	if (quarantined)
		finding_set(out, one, VERDICT_FAIL, CONFIDENCE_PROVED,
			    "%zu Cloud Sync job%s in quarantine.", quarantined,
			    quarantined == 1 ? " is" : "s are");
	else if (paused)
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED,
			    "%zu Cloud Sync job%s paused.", paused, paused == 1 ? " is" : "s are");
	else if (!f->sync.njobs && !f->sync.jobs_read)
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell: the Cloud Sync jobs could not be read%s%s.",
			    f->source[AREA_SYNC].err.msg[0] ? ": " : "",
			    f->source[AREA_SYNC].err.msg);
	else if (!f->sync.njobs)
		finding_set(out, one, VERDICT_NOT_APPLICABLE, CONFIDENCE_PROVED,
			    "Does not apply: Cloud Sync is not used.");
	else
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "No Cloud Sync job is in quarantine.");
	if (quarantined || paused)
		finding_remedy(out, one, "Open the job in the admin centre, repair the reason "
			       "and restart it.");
}

/* The runbook's check: the worst of the three. */
void judge_sync_health(const struct facts *f, const struct wanted *w, struct findings *out)
{
	size_t at = out->n;
	struct finding *one = findings_add(out, "prereq.sync-health", "sync",
					   "Synchronisation health");
	/* From what each of the three is judged, in their order. */
	static const enum area areas[] = { AREA_ORGANIZATION, AREA_SYNC_ERRORS, AREA_SYNC };
	enum verdict worst;
	bool whole = true;

	one->link = LINK_CONNECT;
	if (!need_hybrid(f, out, one)) {
		judge_stale(f, w, out);
		judge_errors(f, out);
		judge_quarantine(f, out);
		return;
	}
	judge_stale(f, w, out);
	judge_errors(f, out);
	judge_quarantine(f, out);
	one = &out->v[at];
	worst = VERDICT_PASS;
	for (size_t i = at + 1; i < out->n; i++) {
		const struct finding *part = &out->v[i];

		if (part->verdict >= VERDICT_UNKNOWN && part->verdict > worst)
			worst = part->verdict;
		whole = whole && part->verdict != VERDICT_UNKNOWN;
		area_evidence(f, out, one, areas[i - at - 1], "%s: %s", part->title,
			      part->summary);
	}
	if (worst == VERDICT_PASS)
		finding_set(out, one, worst, CONFIDENCE_PROVED,
			    "Synchronised %s, without errors.", age_text(f, &out->arena));
	else
		finding_set(out, one, worst,
			    worst == VERDICT_UNKNOWN ? CONFIDENCE_NONE : CONFIDENCE_PROVED,
			    "Synchronised %s%s.", age_text(f, &out->arena),
			    whole ? "; not all is well, see the evidence"
				  : "; not everything could be read, see the evidence");
	if (worst > VERDICT_PASS)
		finding_remedy(out, one, "See the findings on the last synchronisation, its "
			       "errors and the quarantine.");
}
