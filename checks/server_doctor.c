#include "checks/server_doctor.h"

#include <string.h>

#include "checks/connect_version.h"
#include "checks/server_events.h"
#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

#define MINUTE_MS (60 * 1000LL)
#define SKEW_LIMIT_S 300	/* Kerberos' limit: facts on-premises.md 1.3 */
#define HEARTBEAT_WARN_MS (15 * MINUTE_MS)
#define HEARTBEAT_FAIL_MS (60 * MINUTE_MS)
#define DOTNET_472 461808
#define RESTART "Restart-Service ADSync"
#define AGAIN "Disable password writeback in the Entra Connect wizard and enable it again."

/* What every look needs. */
struct look {
	const struct server_facts *s;
	int64_t now_ms, clock_ms;	/* clock: the server's own, as it collected */
	struct server_causes *causes;
	struct arena *arena;
};

static void add(struct look *l, const char *id, enum verdict verdict, const char *what,
		const char *remedy)
{
	struct server_causes *c = l->causes;

	ARENA_GROW(l->arena, c->v, c->n, c->cap);
	c->v[c->n++] = (struct server_cause){ id, verdict, what, remedy };
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Whether an event came after everything that would have healed it. */
static bool still(const struct look *l, int id, int64_t healed_ms)
{
	int64_t last = server_event_last(l->s, id);

	return last && last > healed_ms;
}

static int64_t enabled_ms(const struct look *l)
{
	return server_event_last(l->s, 31005);
}

static int64_t heartbeat_ms(const struct look *l)
{
	return server_event_last(l->s, 31019);
}

static int64_t written_ms(const struct look *l)
{
	return later(server_event_last(l->s, 31002), later(server_event_last(l->s, 31007),
							   server_event_last(l->s, 31010)));
}

/* Whether some message of an event holds this text. */
static bool says(const struct look *l, const char *source, int id, const char *text)
{
	const struct server_event_count *e = server_events_of(l->s, source, id);

	return e && e->message && str_find_nocase(e->message, text);
}

static void look_service(struct look *l)
{
	const struct server_facts *s = l->s;

	if (!s->version && !s->service_state && !s->connector)
		add(l, "no-connect", VERDICT_FAIL,
		    "Neither the service ADSync nor Entra Connect was found on this machine.",
		    "Run the script in an elevated window on the server that synchronises.");
	else if (s->service_state && !str_same_nocase(s->service_state, "Running"))
		add(l, "service-stopped", VERDICT_FAIL,
		    arena_printf(l->arena, "The service ADSync is not running (%s).",
				 s->service_state), "Start-Service ADSync");
}

static void look_version(struct look *l)
{
	struct version_answer v;

	if (!l->s->version)
		return;
	connect_version_judge(l->s->version, l->now_ms, &v, l->arena);
	if (v.state == VERSION_TOO_OLD || v.state == VERSION_RECALLED)
		add(l, v.state == VERSION_RECALLED ? "version-recalled" : "version-too-old",
		    VERDICT_FAIL, v.text, "Install the newest version, from the Entra admin "
		    "centre.");
}

static void look_staging(struct look *l)
{
	if (l->s->staging == SERVER_YES)
		add(l, "staging", VERDICT_FAIL,
		    "This server is in staging mode, in which nothing is written back.",
		    "Run the script on the active server; only if there is none, take this "
		    "one out of staging in the Entra Connect wizard.");
}

static void look_enabled(struct look *l)
{
	bool off = l->s->writeback == SERVER_NO;

	if (l->s->writeback == SERVER_UNKNOWN)
		off = still(l, 31013, enabled_ms(l));
	if (still(l, 32009, enabled_ms(l)))
		add(l, "onboarding-sign-in", VERDICT_FAIL,
		    "Writeback could not be enabled: the administrator's sign-in failed, by a "
		    "wrong password or because the account is federated.",
		    "Enable it with an administrator of the cloud who is not federated.");
	if (off)
		add(l, "writeback-off", VERDICT_FAIL,
		    "Password writeback is not enabled on this server.",
		    "sspr-wizard server-script --enable-writeback, or the page Optional features "
		    "of the Entra Connect wizard.");
}

static void look_clock(struct look *l)
{
	int64_t skew = l->s->skew_seconds;
	char span[TIME_TEXT];

	if (l->s->skew_known && (skew > SKEW_LIMIT_S || skew < -SKEW_LIMIT_S))
		add(l, "clock", VERDICT_FAIL,
		    arena_printf(l->arena, "The server's clock is %s %s, which the cloud and "
				 "Kerberos refuse.", time_span(skew * 1000, span),
				 skew > 0 ? "ahead" : "behind"),
		    "w32tm /resync, then " RESTART);
}

static void look_tls(struct look *l)
{
	if (l->s->tls12_off == SERVER_YES)
		add(l, "tls12-off", VERDICT_FAIL,
		    "TLS 1.2 is turned off on the server, and the cloud takes nothing older.",
		    "Set Enabled to 1 and DisabledByDefault to 0 under SCHANNEL, Protocols, "
		    "TLS 1.2, Client, and restart the server.");
}

static bool inspected(const struct server_probe *p)
{
	return p->answered && p->issuer && !server_issuer_known(p->issuer);
}

static void look_inspection(struct look *l)
{
	const struct server_facts *s = l->s;
	bool refused = still(l, 31034, heartbeat_ms(l)) &&
		       says(l, SOURCE_PASSWORD_RESET, 31034, "remote certificate is invalid");

	for (size_t i = 0; i < s->nprobes; i++) {
		if (!inspected(&s->probes[i]))
			continue;
		add(l, "inspection", refused ? VERDICT_FAIL : VERDICT_WARN,
		    arena_printf(l->arena, "%s shows a certificate of %s: TLS is likely inspected, "
				 "which Entra Connect does not support.", s->probes[i].host,
				 s->probes[i].issuer),
		    "Exempt the addresses of writeback from inspection.");
		return;
	}
	if (refused)
		add(l, "certificate", VERDICT_FAIL,
		    "The server does not trust the relay's certificate.",
		    "Install the root certificates of Microsoft and DigiCert, and exempt the "
		    "relay from TLS inspection.");
}

static const struct server_probe *closed_endpoint(const struct server_facts *s, bool relay)
{
	for (size_t i = 0; i < s->nprobes; i++) {
		const struct server_probe *p = &s->probes[i];

		if (!p->controller && p->relay == relay && p->port == 443 && !p->answered)
			return p;
	}
	return NULL;
}

static const char *proxy_text(const struct look *l)
{
	return l->s->proxy ? arena_printf(l->arena, " (proxy %s)", l->s->proxy) : "";
}

static void look_reset_service(struct look *l)
{
	const struct server_probe *p = closed_endpoint(l->s, false);

	if (p)
		add(l, "endpoint-closed", VERDICT_FAIL,
		    arena_printf(l->arena, "%s (%s) does not answer the server on port 443%s.",
				 p->host, p->purpose ? p->purpose : "endpoint", proxy_text(l)),
		    "Allow it outbound from this server.");
	else if (still(l, 32001, later(heartbeat_ms(l), enabled_ms(l))) ||
		 still(l, 32011, enabled_ms(l)))
		add(l, "reset-service", VERDICT_FAIL,
		    "The server could not reach the password reset service of the cloud.",
		    server_event_find(SOURCE_PASSWORD_RESET, 32001)->remedy);
}

static void look_relay(struct look *l)
{
	const struct server_facts *s = l->s;
	const struct server_probe *p = closed_endpoint(s, true);

	if (p) {
		add(l, "relay-closed", VERDICT_FAIL,
		    arena_printf(l->arena, "The relay %s does not answer the server on port "
				 "443%s.", p->host, proxy_text(l)),
		    "Allow port 443 outbound to *.servicebus.windows.net (in another cloud: its "
		    "own name).");
		return;
	}
	for (size_t i = 0; i < s->nprobes; i++) {
		p = &s->probes[i];
		if (!p->relay || !p->status || p->status == 401)
			continue;
		add(l, "relay-answer", VERDICT_FAIL,
		    arena_printf(l->arena, "Something between the server and the relay %s answers "
				 "for it: HTTP %d instead of 401.", p->host, p->status),
		    p->status == 407 ? "Let the service's account through the proxy."
				     : "Allow the relay's address in the proxy or the firewall.");
		return;
	}
	if (still(l, 32002, heartbeat_ms(l)))
		add(l, "relay-token", VERDICT_FAIL,
		    "The relay gave the server no security token.",
		    server_event_find(SOURCE_PASSWORD_RESET, 32002)->remedy);
}

/* Symptoms of the above, and causes when nothing above was found. */
static void look_heartbeat(struct look *l)
{
	const struct server_facts *s = l->s;
	int64_t age = l->clock_ms - heartbeat_ms(l);
	char span[TIME_TEXT];

	if (still(l, 31016, server_event_last(s, 31015)))
		add(l, "writeback-stopped", VERDICT_FAIL,
		    "The writeback service stopped and did not start again.", RESTART);
	if (still(l, 31044, heartbeat_ms(l)))
		add(l, "no-host", VERDICT_FAIL,
		    "No host for the relay's endpoints runs on the server.",
		    server_event_find(SOURCE_PASSWORD_RESET, 31044)->remedy);
	else if (still(l, 31034, heartbeat_ms(l)))
		add(l, "listener", VERDICT_FAIL,
		    "The server cannot listen at the relay.",
		    server_event_find(SOURCE_PASSWORD_RESET, 31034)->remedy);
	else if (s->events_read && s->writeback == SERVER_YES && s->staging != SERVER_YES &&
		 age > HEARTBEAT_WARN_MS)
		add(l, "heartbeat", age > HEARTBEAT_FAIL_MS ? VERDICT_FAIL : VERDICT_WARN,
		    heartbeat_ms(l)
		    ? arena_printf(l->arena, "The relay's last heartbeat is %s old; one comes "
				   "about every five minutes.", time_span(age, span))
		    : "No heartbeat of the relay is in the log; one comes about every five "
		      "minutes.", RESTART);
}

static void look_keys(struct look *l)
{
	static const int ids[] = { 32004, 32010, 32005, 32007, 32008, 32000 };

	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		if (!still(l, ids[i], later(enabled_ms(l), written_ms(l))))
			continue;
		add(l, ids[i] == 32004 || ids[i] == 32010 ? "keys" : "configuration",
		    VERDICT_FAIL, server_event_find(SOURCE_PASSWORD_RESET, ids[i])->meaning, AGAIN);
		return;
	}
	if (still(l, 32003, written_ms(l)))
		add(l, "input", VERDICT_WARN,
		    server_event_find(SOURCE_PASSWORD_RESET, 32003)->meaning,
		    server_event_find(SOURCE_PASSWORD_RESET, 32003)->remedy);
}

/* Ports that writeback needs (facts on-premises.md 1.2). */
static bool needed_port(int port)
{
	return port == 53 || port == 88 || port == 135 || port == 389 || port == 445;
}

static void look_controllers(struct look *l)
{
	const struct server_facts *s = l->s;

	for (size_t i = 0; i < s->nprobes; i++) {
		const struct server_probe *p = &s->probes[i];

		if (!p->controller || p->answered || !needed_port(p->port))
			continue;
		add(l, "controller-port", VERDICT_FAIL,
		    arena_printf(l->arena, "The domain controller %s does not answer the server on "
				 "port %d.", p->host, p->port),
		    "Open 53, 88, 135, 389 and 445 from this server to the domain controllers.");
		return;
	}
}

static const char *missing_rights(const struct look *l, const struct descriptor_answer *a,
				  bool root)
{
	struct str text = { 0 };
	const char *copied;

	for (enum writeback_right r = 0; r < WRITEBACK_RIGHTS; r++) {
		/* By default everybody may change the password with the old one,
		 * and that grant lies on the people, not on the root. */
		if (a->right[r].held || (root && r == WRITEBACK_CHANGE && !a->right[r].denied) ||
		    (!root && r == WRITEBACK_UNEXPIRE))
			continue;
		str_addf(&text, "%s%s%s", text.len ? ", " : "", writeback_right_name(r),
			 a->right[r].denied ? " (denied)" : "");
	}
	copied = text.len ? arena_strdup(l->arena, str_text(&text)) : NULL;
	str_release(&text);
	return copied;
}

static const char *grant_command(const struct look *l)
{
	const char *name = l->s->naccounts ? l->s->accounts[0].name : NULL;
	const char *slash = name ? strchr(name, '\\') : NULL;

	if (!slash)
		return "Set-ADSyncPasswordWritebackPermissions for the connector account, as a "
		       "domain administrator";
	return arena_printf(l->arena, "Set-ADSyncPasswordWritebackPermissions "
			    "-ADConnectorAccountName '%s' -ADConnectorAccountDomain '%.*s'",
			    slash + 1, (int)(slash - name), name);
}

static void look_rights(struct look *l)
{
	const struct server_facts *s = l->s;

	for (size_t i = 0; i < s->ndomains; i++) {
		const struct server_domain *d = &s->domains[i];
		const char *missing = d->rights_known ? missing_rights(l, &d->rights, true) : NULL;

		if (!missing)
			continue;
		add(l, "rights", VERDICT_FAIL,
		    arena_printf(l->arena, "In %s the connector account lacks: %s.",
				 d->name ? d->name : "a domain", missing), grant_command(l));
		return;
	}
}

static void look_sam(struct look *l)
{
	if (says(l, SOURCE_ADSYNC, 6329, "ERROR_ACCESS_DENIED") ||
	    (l->s->restrict_sam && still(l, 33004, written_ms(l))))
		add(l, "restrict-sam", VERDICT_FAIL,
		    l->s->restrict_sam
		    ? "RestrictRemoteSam is set on this server and keeps the connector account "
		      "from asking for people."
		    : "The connector account may not ask a domain controller for people; "
		      "RestrictRemoteSam there does this.",
		    "Give the connector account Remote Access in that policy, or delete the "
		    "value RestrictRemoteSam.");
}

static const char *pilot_label(const struct server_pilot *p)
{
	return p->asked ? p->asked : p->dn ? p->dn : "a person";
}

static void look_pilots(struct look *l)
{
	const struct server_facts *s = l->s;
	const char *missing;

	for (size_t i = 0; i < s->npilots; i++) {
		const struct server_pilot *p = &s->pilots[i];

		if (!p->found) {
			add(l, "pilot-missing", VERDICT_WARN,
			    arena_printf(l->arena, "%s was not found in Active Directory by that "
					 "user principal name.", pilot_label(p)),
			    "Give the name that the person has there.");
			continue;
		}
		if (p->reserved_name)
			add(l, "reserved-name", VERDICT_FAIL,
			    arena_printf(l->arena, "The organizational unit of %s has a reserved "
					 "character in its name.", pilot_label(p)),
			    "Rename it without , + \" \\ < > ; = / and #.");
		missing = p->rights_known ? missing_rights(l, &p->rights, false) : NULL;
		if (p->protected_person)
			add(l, "pilot-protected", VERDICT_WARN,
			    arena_printf(l->arena, "%s is protected (adminCount is 1), and writeback "
					 "never resets such people.", pilot_label(p)),
			    "Leave the person out, or clear adminCount if it is a leftover.");
		else if (missing)
			add(l, p->rights.blocks_inheritance ? "pilot-inheritance" : "pilot-rights",
			    VERDICT_WARN,
			    arena_printf(l->arena, "On %s the connector account lacks: %s%s.",
					 pilot_label(p), missing, p->rights.blocks_inheritance
					 ? "; inheritance is blocked there" : ""),
			    "Enable inheritance on the person and on the organizational units "
			    "above.");
	}
}

static void look_policy(struct look *l)
{
	const struct server_facts *s = l->s;

	if (s->policy_control == SERVER_NO ||
	    says(l, SOURCE_ADSYNC, 6329, "LDAP password policy control"))
		add(l, "policy-control", VERDICT_FAIL,
		    "The domain controller does not offer the control for password policy.",
		    "Let Entra Connect use domain controllers of Windows Server 2016 or later.");
	for (size_t i = 0; i < s->ndomains; i++) {
		const struct server_domain *d = &s->domains[i];

		if (!d->min_age_known || d->min_age_100ns >= 0)
			continue;
		add(l, "minimum-age", VERDICT_WARN,
		    arena_printf(l->arena, "In %s a password must be %.1f days old before it may "
				 "be changed again, so a second reset on one day fails.",
				 d->name ? d->name : "a domain",
				 -d->min_age_100ns / (10000000.0 * 86400)),
		    arena_printf(l->arena, "Set-ADDefaultDomainPasswordPolicy -Identity '%s' "
				 "-MinPasswordAge 0, or the default domain policy.",
				 d->name ? d->name : "DOMAIN"));
		return;
	}
}

/* Attempts that failed for a reason of their own, and none went well since. */
static void look_attempts(struct look *l)
{
	static const int ids[] = { 33004, 33008, 33001, 33003, 33002, 33009, 33006, 33005, 33007 };

	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		const struct server_event *e = server_event_find(SOURCE_PASSWORD_RESET, ids[i]);

		if (still(l, ids[i], written_ms(l)))
			add(l, arena_printf(l->arena, "event-%d", ids[i]), VERDICT_WARN, e->meaning,
			    e->remedy);
	}
}

static void look_upkeep(struct look *l)
{
	const struct server_facts *s = l->s;
	struct version_answer v;

	if (s->sync_enabled == SERVER_NO || s->suspended == SERVER_YES)
		add(l, "scheduler", VERDICT_WARN,
		    "The scheduler is off: nothing synchronises, and certificates are not renewed.",
		    "Set-ADSyncScheduler -SyncCycleEnabled $true");
	if (s->maintenance == SERVER_NO)
		add(l, "maintenance", VERDICT_WARN,
		    "The maintenance task is off, which renews the keys of password reset; "
		    "writeback ends when they expire.",
		    "Set-ADSyncScheduler -MaintenanceEnabled $true");
	if (server_events_of(s, SOURCE_ADSYNC, 1012))
		add(l, "certificate-expired", VERDICT_FAIL,
		    server_event_find(SOURCE_ADSYNC, 1012)->meaning,
		    server_event_find(SOURCE_ADSYNC, 1012)->remedy);
	if (s->weak_dotnet == SERVER_YES || (s->dotnet_release && s->dotnet_release < DOTNET_472))
		add(l, "dotnet", VERDICT_WARN,
		    s->weak_dotnet == SERVER_YES
		    ? ".NET is set to weak cryptography on this server."
		    : "The .NET Framework is older than 4.7.2.",
		    s->weak_dotnet == SERVER_YES
		    ? "Set SchUseStrongCrypto and SystemDefaultTlsVersions to 1."
		    : "Install .NET Framework 4.8.");
	if (!s->version)
		return;
	connect_version_judge(s->version, l->now_ms, &v, l->arena);
	if (v.state == VERSION_UNSUPPORTED || v.state == VERSION_ENDING)
		add(l, "version-unsupported", VERDICT_WARN, v.text,
		    "Install the newest version, from the Entra admin centre.");
}

void server_doctor(const struct server_facts *s, int64_t now_ms, struct server_causes *ret,
		   struct arena *arena)
{
	/* In the order of likelihood, given that each was found. */
	static void (*const looks[])(struct look *l) = {
		look_service, look_version, look_staging, look_enabled, look_clock, look_tls,
		look_inspection, look_reset_service, look_relay, look_heartbeat, look_keys,
		look_controllers, look_rights, look_sam, look_policy, look_pilots, look_attempts,
		look_upkeep,
	};
	struct server_causes found = { 0 };
	struct look l = {
		.s = s, .now_ms = now_ms, .causes = &found, .arena = arena,
		.clock_ms = s->collected_ms + (s->skew_known ? s->skew_seconds * 1000 : 0),
	};

	for (size_t i = 0; i < COUNT_OF(looks); i++)
		looks[i](&l);
	/* What stops everything first, each kind in the order found. */
	*ret = (struct server_causes){ 0 };
	for (int fails = 1; fails >= 0; fails--) {
		for (size_t i = 0; i < found.n; i++) {
			if ((found.v[i].verdict == VERDICT_FAIL) != fails)
				continue;
			ARENA_GROW(arena, ret->v, ret->n, ret->cap);
			ret->v[ret->n++] = found.v[i];
		}
	}
}

const char *server_proof(const struct server_facts *s, struct arena *arena)
{
	struct look l = { .s = s };
	char when[TIME_TEXT];

	if (written_ms(&l))
		return arena_printf(arena, "a password was written back on %s",
				    time_format(written_ms(&l), when));
	if (heartbeat_ms(&l))
		return arena_printf(arena, "the relay answered on %s",
				    time_format(heartbeat_ms(&l), when));
	return NULL;
}
