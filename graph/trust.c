#include "graph/trust.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/file.h"
#include "graph/base/mem.h"

#define CA_FILE_MAX (4u << 20)

/* How many certificates it holds; -1 when one of them does not read, which makes
 * the whole of no use to those who connect. */
static int count_certificates(const struct str *pem)
{
	BIO *bio = BIO_new_mem_buf(pem->buf, (int)pem->len);
	STACK_OF(X509_INFO) *all = PEM_X509_INFO_read_bio(bio, NULL, NULL, NULL);
	int n = all ? 0 : -1;

	for (int i = 0; i < sk_X509_INFO_num(all); i++)
		n += sk_X509_INFO_value(all, i)->x509 != NULL;
	sk_X509_INFO_pop_free(all, X509_INFO_free);
	BIO_free(bio);
	ERR_clear_error();
	return n;
}

static int add_certificates(struct str *to, const char *path, struct err *err)
{
	CLEANUP(str_release) struct str text = { 0 };
	int n;

	if (file_read(path, CA_FILE_MAX, &text, err) < 0)
		return err_wrap(err, "the file of trusted authorities");
	n = text.len ? count_certificates(&text) : 0;
	if (n < 0) {
		err_set(err, ERR_INVALID, 0, "%s: a certificate in it does not read", path);
		return err_todo(err, "Fetch the file again; openssl x509 -in FILE -noout shows its "
				     "first certificate.");
	}
	if (n == 0) {
		err_set(err, ERR_INVALID, 0, "%s holds no certificate", path);
		return err_todo(err, "Name a PEM file: it has a line -----BEGIN CERTIFICATE-----.");
	}
	str_addf(to, "%s\n", str_text(&text));
	return 0;
}

int trust_load(struct str *to, const char *ca_file, const char *built_in, struct err *err)
{
	const char *bundle = getenv("CURL_CA_BUNDLE");
	struct err ignored = ERR_INIT;

	if (!bundle || !*bundle)
		bundle = getenv("SSL_CERT_FILE");
	if (bundle && *bundle) {
		if (add_certificates(to, bundle, err) < 0)
			return -1;
	} else if (ca_file && built_in) {
		/* Without it the directory of CAs that libcurl knows still counts. */
		add_certificates(to, built_in, &ignored);
	}
	return ca_file ? add_certificates(to, ca_file, err) : 0;
}
