#ifndef CHECKS_GATES_H
#define CHECKS_GATES_H

#include <stdbool.h>

#include "checks/facts.h"

/* The gate (GATE_*, check.h) that a method name of the report opens; 0 when a
 * reset does not use it: passkeys, Windows Hello, security questions, ... */
unsigned method_gate(const char *name);
/* Whether the method resists phishing: passkeys, Windows Hello and their kin. */
bool method_is_strong(const char *name);
/* How many gates are in the mask: 0 to 3. */
unsigned gates_count(unsigned mask);
/* How many gates an administrator of this tenant needs: two, but one where there is
 * neither a domain of its own nor a synchronisation (facts graph.md 6.2). */
unsigned admin_gates_needed(const struct facts *f);
/* The person registered security questions, which end in March 2027. */
bool person_has_questions(const struct person *p);

#endif
