/* Step 4: password writeback (runbook step 4; facts graph.md 2.8, S10). Two
 * switches: one on the Entra Connect server, one in the tenant. */
#include "checks/servers.h"
#include "graph/base/str.h"
#include "steps/parts.h"

#define PLACE "Entra ID > Password reset > On-premises integration"
#define LINK ADMIN_CENTRE_IAM "PasswordResetMenuBlade/~/OnPremisesIntegration"

static bool by_cloud_sync(const struct facts *f)
{
	return !f->sync.nidentities && f->sync.njobs;
}

/* The likeliest cause by the server's document, as a note. */
static void note_cause(const struct facts *f, struct step_view *v)
{
	struct server_causes causes;

	if (!server_facts_stand(&f->server, f->now_ms))
		return;
	servers_doctor(f, &causes, &v->arena);
	if (causes.n)
		step_note(v, true, "Where it ran: %s. %s %s", f->server.where, causes.v[0].what,
			  causes.v[0].remedy);
}

static bool set_server(const struct facts *f, struct step_view *v)
{
	struct setting *s = step_setting(v, "writeback.server",
					 "Password writeback on the Connect server");
	enum confidence confidence = CONFIDENCE_NONE;
	const char *how = "", *value;
	int64_t time_ms = 0;
	bool on;

	value = writeback_server_judge(f, &confidence, &how, &time_ms, &v->arena);
	on = str_same(value, "on") && confidence != CONFIDENCE_CONTRADICTED;
	setting_fill(v, s, value, "on", on, confidence, how);
	return on;
}

static void plan_server(const struct facts *f, struct step_view *v)
{
	struct plan *p = &v->plan;
	size_t n;
	const char *names = sync_servers_text(f, &n, &p->arena);
	const char *server = n == 1 ? names : n ? arena_printf(&p->arena, "the active one of %s",
							       names)
			     : "the Entra Connect server";
	struct change *c = guided_add(v, f, MEANS_SERVER, "writeback.server",
				      arena_printf(&p->arena, "%s, Microsoft Entra Connect Sync",
						   server),
				      NULL, "Enable password writeback on %s", server);

	/* A name in the directory stays when its server is gone. */
	if (n > 1)
		plan_instruct(p, c, "Which of %s is the active server? On it, in PowerShell, "
			      "(Get-ADSyncScheduler).StagingModeEnabled is False and the service "
			      "ADSync runs. The others stage, or are gone.", names);
	plan_instruct(p, c, "Open Microsoft Entra Connect Sync (Azure AD Connect) on the server "
		      "and choose Configure > Customize synchronization options.");
	plan_instruct(p, c, "Sign in with an account that is not federated, and on the page "
		      "Optional features tick Password writeback. Finish the wizard.");
	plan_instruct(p, c, "Give the connector account Reset password, Write lockoutTime and "
		      "Write pwdLastSet on user objects, and Unexpire Password on the root of "
		      "each domain.");
	plan_instruct(p, c, "Set the minimum password age of the domain to 0 days, or people "
		      "cannot reset twice on a day.");
	plan_instruct(p, c, "Look for event 31005 of PasswordResetService in the Application "
		      "log: the server is connected. The scripts of `sspr-wizard server-script` "
		      "read all this there, and with --enable-writeback enable it.");
	c->detail = "Affects synced people: their resets reach the on-premises directory.";
	c->undo = "untick Password writeback in the same wizard";
	guided_attest(v, c, "writeback.server", "on");
}

static void plan_cloud_sync(const struct facts *f, struct step_view *v)
{
	struct plan *p = &v->plan;
	struct change *c = guided_add(v, f, MEANS_SERVER, "writeback.server",
				      "a server with the Cloud Sync provisioning agent", NULL,
				      "Enable password writeback for Cloud Sync");

	plan_instruct(p, c, "Import-Module 'C:\\Program Files\\Microsoft Azure AD Connect "
		      "Provisioning Agent\\Microsoft.CloudSync.Powershell.dll'");
	plan_instruct(p, c, "Set-AADCloudSyncPasswordWritebackConfiguration -Enable $true "
		      "-Credential (Get-Credential)");
	plan_instruct(p, c, "Set-AADCloudSyncPermissions -PermissionType PasswordWriteBack "
		      "-EACredential (Get-Credential)");
	plan_instruct(p, c, "Set the minimum password age of the domain to 0 days, or people "
		      "cannot reset twice on a day.");
	c->detail = "Affects synced people: their resets reach the on-premises directory.";
	c->undo = "the same command with -Enable $false";
	guided_attest(v, c, "writeback.server", "on");
}

static void plan_tenant(const struct facts *f, struct step_view *v)
{
	struct plan *p = &v->plan;
	struct change *c = guided_add(v, f, MEANS_GUIDED, "writeback.tenant", PLACE, LINK,
				      "Enable the tenant's switch for writeback");

	plan_instruct(p, c, "Enable password write back for synced users: tick it (older pages: "
		      "Write back passwords to your on-premises directory, Yes).");
	if (by_cloud_sync(f))
		plan_instruct(p, c, "Write back passwords with Microsoft Entra Connect cloud "
			      "sync: tick it.");
	plan_instruct(p, c, "Save. The role is Hybrid Identity Administrator or Global "
		      "Administrator; Microsoft's documents disagree.");
	c->detail = "Affects synced people: with the server's switch alone nothing is "
		    "written back.";
	guided_attest(v, c, "writeback.tenant", "on");
	portal_offer(v, f, NULL, c);
}

#define UNLOCK "Unlock an account without a reset"

/* A person whose password is right but whose account is locked need not make a new
 * one. The runbook names no value. */
static void judge_unlock(const struct facts *f, const struct wanted *w, struct step_view *v)
{
	const char *want = w->unlock == TRI_UNKNOWN ? NULL : w->unlock == TRI_YES ? "on" : "off";
	struct change *c;

	if (setting_if_wanted(v, f, "writeback.unlock", UNLOCK, want))
		return;
	c = portal_guided(v, f, "writeback.unlock", PLACE, LINK,
			  w->unlock == TRI_YES ? UNLOCK ": allow" : UNLOCK ": do not allow", want);
	plan_instruct(&v->plan, c, "Allow users to unlock accounts without resetting their "
		      "password?: %s", w->unlock == TRI_YES ? "Yes" : "No");
	plan_instruct(&v->plan, c, "Save.");
	c->detail = "Affects synced people: at the reset page they choose between unlocking and a "
		    "new password.";
	portal_offer(v, f, NULL, c);
}

static void judge(const struct facts *f, const struct wanted *w, struct step_view *v)
{
	struct setting *s;
	bool server, tenant;

	if (facts_hybrid(f) == TRI_NO) {
		step_decide(v, STEP_NOT_APPLICABLE, "this tenant was never synchronised with an "
			    "on-premises directory, so there is nothing to write back to");
		return;
	}
	server = set_server(f, v);
	s = step_setting(v, "writeback.tenant", "Writeback switch of the tenant");
	tenant = setting_from_evidence(v, f, s, "writeback.tenant", "on");
	if (!w->writeback) {
		step_decide(v, STEP_NOT_APPLICABLE, "writeback is not wanted in this profile");
		return;
	}
	note_cause(f, v);
	if (!server && by_cloud_sync(f))
		plan_cloud_sync(f, v);
	else if (!server)
		plan_server(f, v);
	if (!tenant)
		plan_tenant(f, v);
	judge_unlock(f, w, v);
	if (!facts_read(f, AREA_AUDIT) || !f->audit.last_written_back_ms)
		step_note(v, true, "No reset was seen that reached the on-premises directory. "
			  "Only a live test proves writeback: reset one pilot password at "
			  "https://aka.ms/sspr.");
	step_note(v, false, "Members of the protected groups of Active Directory cannot have "
		  "their password written back.");
}

const struct step_ops step_writeback = {
	.id = "writeback",
	.version = 1,
	.number = 4,
	.title = "Password writeback",
	.why = "A new password must also reach the on-premises directory, or synced people "
	       "cannot sign in there. Graph cannot tell whether it is on: the wizard looks for "
	       "traces.",
	.requires = (const char *const[]){ NULL },
	.areas = AREA_BIT(AREA_ORGANIZATION) | AREA_BIT(AREA_SYNC) | AREA_BIT(AREA_AUDIT),
	.evidence = AREA_BIT(AREA_SYNC) | AREA_BIT(AREA_AUDIT),
	.write_scopes = (const char *const[]){ NULL },
	.judge = judge,
};
