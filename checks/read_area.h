#ifndef CHECKS_READ_AREA_H
#define CHECKS_READ_AREA_H

#include "checks/facts.h"
#include "checks/read.h"
#include "checks/wanted.h"
#include "graph/base/json.h"
#include "graph/io.h"

/*
 * Inside the readers: one function an area, called again and again until it
 * answers READ_DONE; then f->source[area].state is no longer UNREAD. Text goes
 * to the arena of the area. Accumulators are zero when an area starts anew
 * (facts_forget()).
 */
enum read_rc read_organization(struct facts *f, const struct wanted *w, struct io *io);
enum read_rc read_licences(struct facts *f, const struct wanted *w, struct io *io);
enum read_rc read_group(struct facts *f, const struct wanted *w, struct io *io);
enum read_rc read_members(struct facts *f, const struct wanted *w, struct io *io);
enum read_rc read_people(struct facts *f, const struct wanted *w, struct io *io);
enum read_rc read_methods(struct facts *f, const struct wanted *w, struct io *io);
enum read_rc read_authorization(struct facts *f, const struct wanted *w, struct io *io);
enum read_rc read_registration(struct facts *f, const struct wanted *w, struct io *io);
enum read_rc read_sync(struct facts *f, const struct wanted *w, struct io *io);
enum read_rc read_sync_errors(struct facts *f, const struct wanted *w, struct io *io);
enum read_rc read_audit(struct facts *f, const struct wanted *w, struct io *io);
enum read_rc read_admins(struct facts *f, const struct wanted *w, struct io *io);
enum read_rc read_access(struct facts *f, const struct wanted *w, struct io *io);
enum read_rc read_branding(struct facts *f, const struct wanted *w, struct io *io);
enum read_rc read_score(struct facts *f, const struct wanted *w, struct io *io);
enum read_rc read_ports(struct facts *f, const struct wanted *w, struct io *io);
enum read_rc read_permissions(struct facts *f, const struct wanted *w, struct io *io);
enum read_rc read_application(struct facts *f, const struct wanted *w, struct io *io);
enum read_rc read_portal(struct facts *f, const struct wanted *w, struct io *io);
enum read_rc read_passwords(struct facts *f, const struct wanted *w, struct io *io);
enum read_rc read_domains(struct facts *f, const struct wanted *w, struct io *io);
enum read_rc read_roles(struct facts *f, const struct wanted *w, struct io *io);
enum read_rc read_beta(struct facts *f, const struct wanted *w, struct io *io);
enum read_rc read_recommendation(struct facts *f, const struct wanted *w, struct io *io);
enum read_rc read_resets(struct facts *f, const struct wanted *w, struct io *io);

/* Notes how a request of an area ended: READ, or why not. True when read. */
bool source_note(struct facts *f, enum area a, const char *path, const struct reply *r);
/* The same for an area that needs no request, with the reason. */
void source_set(struct facts *f, enum area a, enum source_state state, const char *fmt, ...)
	PRINTF_LIKE(4, 5);
/* Whether a reply was answered well and has JSON. */
bool reply_well(const struct reply *r);

/* The machine in "Sync_SERVER_0123abcd@..." and
 * "ConnectSyncProvisioning_SERVER_0123abcd", whatever SERVER has in it; NULL when
 * the name has another form. */
const char *sync_server_of(struct arena *a, const char *name);
/* Values of answers, copied. */
const char *text_of(struct arena *a, const struct json *obj, const char *key);
int64_t time_of(const struct json *obj, const char *key);	/* 0 = none */
enum tri tri_of(const struct json *obj, const char *key);	/* null = unknown */
/* A user of Graph; properties that were not given stay unknown. */
void person_from_user(struct person *p, struct arena *a, const struct json *user);
#define PERSON_SELECT "id,displayName,userPrincipalName,mail,accountEnabled,userType,"	\
	"onPremisesSyncEnabled,assignedPlans,onPremisesProvisioningErrors"

/* The plans that give the right to reset (facts graph.md 1.2). */
#define PLAN_P1 "41781fb2-bc02-4b7c-bd55-b576c07bb09d"
#define PLAN_P2 "eec0eb4f-6444-4f95-aba0-50c24d67f998"
#define PLAN_SMB "de377cbc-0019-4ec2-b77c-3f223947e102"
#define PLAN_BASIC "c4da7f8a-5ee2-4c99-a7e1-87d2df57f6fe"

#endif
