/*
 * Loaded before the C library by a test: every name takes two minutes to be
 * looked up, as with a name server that never answers.
 */
#include <netdb.h>
#include <unistd.h>

__attribute__((visibility("default"))) int
getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
	    struct addrinfo **ret)
{
	(void)node;
	(void)service;
	(void)hints;
	*ret = NULL;
	sleep(120);
	return EAI_AGAIN;
}
