/* Reader of what whoever is signed in may do: their directory roles. The scopes
 * come with the token and are put in by the session. */
#include "checks/read_area.h"
#include "graph/base/str.h"

/* Facts graph.md 10.10; it follows groups that roles are assigned to. A role that
 * is only eligible does not show. */
#define ROLES_PATH "/v1.0/me/transitiveMemberOf/microsoft.graph.directoryRole" \
	"?$select=displayName,roleTemplateId"

enum read_rc read_permissions(struct facts *f, const struct wanted *w, struct io *io)
{
	struct arena *a = &f->area_arena[AREA_PERMISSIONS];
	const struct reply *r;

	(void)w;
	if (f->application) {
		source_set(f, AREA_PERMISSIONS, SOURCE_ABSENT, "an application is signed in: it "
			   "may do what an administrator granted it, and holds no role");
		return READ_DONE;
	}
	r = io_get(io, ROLES_PATH, 0);
	if (!r)
		return READ_AGAIN;
	if (!source_note(f, AREA_PERMISSIONS, ROLES_PATH, r)) {
		/* The Azure CLI may stand for an application. */
		if (r->status == 400)
			f->source[AREA_PERMISSIONS].state = SOURCE_ABSENT;
		return READ_DONE;
	}
	for (const struct json *j = json_first(json_get(r->json, "value")); j; j = json_next(j)) {
		ARENA_GROW(a, f->held.v, f->held.n, f->held.cap);
		f->held.v[f->held.n++] = (struct held_role){
			.name = text_of(a, j, "displayName"),
			.template_id = text_of(a, j, "roleTemplateId"),
		};
	}
	return READ_DONE;
}
