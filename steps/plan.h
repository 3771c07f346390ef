#ifndef STEPS_PLAN_H
#define STEPS_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "graph/base/arena.h"
#include "graph/base/json.h"

/* DESIGN.md 2: how a change is carried out. */
enum means {
	MEANS_GRAPH,	/* official API: the engine sends it */
	MEANS_PORTAL,	/* the admin centre's own API, opt-in */
	MEANS_GUIDED,	/* a person does it, the wizard proves it */
	MEANS_SERVER,	/* on the Entra Connect server */
};
const char *means_name(enum means m);

/*
 * struct change - a write as data, with what takes it back. Texts and bodies
 * belong to the plan. The engine fills in three places in urls and bodies:
 * "{group}", the id of the SSPR group, which a change before this one may
 * create; "{appId}", the client id of the application that a change before this one
 * creates; "{graph}", the base URL of Microsoft Graph in this cloud; and, in undo_url
 * only, "{id}", what the change itself created, and "{member}", once for each person
 * that was added.
 */
struct change {
	const char *id;			/* stable: "group.create", "methods.sms" */
	const char *step;		/* id of its step */
	const char *title;		/* "SMS: enable for SSPR-Enabled-Users" */
	const char *detail;		/* who is affected; "" if nothing to say */
	enum means means;

	/* MEANS_GRAPH (and PORTAL): the request. */
	const char *method, *url;	/* url from "/v1.0" on */
	struct json *body;

	/* Its inverse; undo_method NULL: cannot be taken back. */
	const char *undo_method, *undo_url;
	struct json *undo_body;
	const char *undo;		/* in words, never NULL */

	/* Merge safety: read just before the write; every member of
	 * guard_expect must still have that value, else ERR_CONFLICT. */
	const char *guard_url;
	struct json *guard_expect;

	/* "group" when the answer's id becomes {group}, "application" when its appId
	 * becomes {appId}. */
	const char *yields;
	/* Ids of the people that a members change adds: undo takes out exactly
	 * those that were added. */
	const char *const *member_ids;
	size_t nmembers;

	/* MEANS_GUIDED and SERVER: what the person does. */
	const char *place;		/* "Entra ID > Password reset > Properties" */
	const char *link;		/* deep link, "" if none is proved */
	const char *const *instructions; /* exact values to set, one a line */
	size_t ninstructions;
	const char *attests;		/* setting an attestation is kept under */
	const char *attest_value;
};

/* Where people register their methods. */
#define MY_SECURITY_INFO "https://aka.ms/mysecurityinfo"

struct plan {
	struct arena arena;
	struct change *v;
	size_t n, cap;
};

void plan_init(struct plan *p);
void plan_release(struct plan *p);
/* Adds a change with empty texts; valid until the next plan_add*(). */
struct change *plan_add(struct plan *p, const char *step, const char *id, enum means m);
/* Adds a copy of everything that a change of another plan holds. */
struct change *plan_add_copy(struct plan *p, const struct change *c);
/* A line more of what the person does. */
void plan_instruct(struct plan *p, struct change *c, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* Whether a change's link is one of ours, good to open in a browser: an https page of
 * the admin centre of one of the clouds, or the page where people register. */
bool link_is_ours(const char *link);
/* Whether the engine sends it, instead of a person doing it. */
bool change_automatic(const struct change *c);
/* How many changes the engine can carry out itself (graph, portal). */
size_t plan_automatic(const struct plan *p);
size_t plan_guided(const struct plan *p);
/* Whether any of it goes by the admin centre's own API: the yes must be typed. */
bool plan_by_portal(const struct plan *p);
/* Whether two plans mean the same writes: for `apply` of a plan file. */
bool plan_equal(const struct plan *a, const struct plan *b);

#endif
