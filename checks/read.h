#ifndef CHECKS_READ_H
#define CHECKS_READ_H

#include "checks/facts.h"
#include "checks/wanted.h"
#include "graph/io.h"

enum read_rc { READ_AGAIN, READ_DONE };

/*
 * Reads the areas of the mask into *f, as straight-line replayed code: call
 * again after each reply (io_on_reply) until READ_DONE. Areas that are read
 * already are left alone; areas another one needs (members need the group)
 * are read first. A failed read never fails the whole: its source says why.
 * f must stay where it is while reads are in flight.
 */
enum read_rc facts_read_areas(struct facts *f, unsigned areas, const struct wanted *w,
			      struct io *io);

/* Puts together what several areas tell: report rows onto people, Conditional
 * Access onto the group. Called after every area that was read. */
void facts_attach(struct facts *f);
/* Says of the ports that nobody probed them. */
void ports_not_probed(struct facts *f);
/* The areas of the mask and those they need. */
unsigned areas_with_needs(unsigned areas);
/* The delegated scopes that reading these areas needs: NULL-terminated. */
const char *const *area_scopes(enum area a);

#endif
