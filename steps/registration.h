#ifndef STEPS_REGISTRATION_H
#define STEPS_REGISTRATION_H

#include "checks/facts.h"
#include "graph/base/json.h"

/*
 * The wizard's own app registration (step_application.c), as the front ends show it.
 * It is made by a session that is opened with session_options.registering.
 */

/* What such a session reads. */
#define REGISTRATION_AREAS (AREA_BIT(AREA_ORGANIZATION) | AREA_BIT(AREA_APPLICATION))

/* The body of "POST /v1.0/applications", which is the manifest, too: with the
 * permissions' ids as this tenant's Microsoft Graph tells them. The caller frees. */
struct json *application_body(const struct facts *f);
/* The id of a delegated permission of Graph's in this tenant, or NULL. */
const char *application_scope_id(const struct facts *f, const char *name);

#endif
