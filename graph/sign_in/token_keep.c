/* A person who is signed in asks to be remembered or forgotten: the keyring does it. */
#include "graph/sign_in/token_cache.h"

void token_cache_keep(struct token_source *s, bool keep)
{
	struct token_cache *c = (struct token_cache *)s;

	if (c->keyring.loop)
		keyring_keep(&c->keyring, keep, &c->refresh);
}

enum token_kept token_cache_kept(const struct token_source *s)
{
	return keyring_state(&((const struct token_cache *)s)->keyring);
}
