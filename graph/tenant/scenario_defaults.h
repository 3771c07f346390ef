#ifndef GRAPH_TENANT_SCENARIO_DEFAULTS_H
#define GRAPH_TENANT_SCENARIO_DEFAULTS_H

/* A new tenant's policies as text, ' for "; sources in scenario_defaults.c. */
extern const char default_methods_policy[];
extern const char default_authorization_policy[];
extern const char default_security_defaults[];
extern const char default_sspr[];
extern const char default_on_premises_sspr[];
extern const char default_synchronization_features[];
extern const char default_branding[];
extern const char default_scopes[];

#endif
