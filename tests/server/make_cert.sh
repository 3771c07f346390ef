#!/bin/sh
# make_cert.sh DIR [NAMES [past]] - makes a throw-away CA and a server
# certificate: DIR/ca.pem, DIR/cert.pem, DIR/key.pem (EC P-256, 7 days). NAMES
# is a subjectAltName; unless given, the loopback names and Microsoft's own,
# which connect_proxy leads here. CA_SUBJECT names the CA otherwise. With "past" it ended long ago.
set -eu
dir=${1:?usage: make_cert.sh DIR [NAMES [DAYS]]}
names=${2:-DNS:localhost,IP:127.0.0.1,IP:::1,DNS:graph.microsoft.com,DNS:login.microsoftonline.com}
mkdir -p "$dir"
umask 077
curve="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"

# shellcheck disable=SC2086 # $curve is a list of words
openssl req -x509 $curve -keyout "$dir/ca.key" -out "$dir/ca.pem" -days 7 \
	-subj "${CA_SUBJECT:-/CN=sspr-wizard test CA}" \
	-addext "keyUsage=critical,keyCertSign,cRLSign" 2>/dev/null
# shellcheck disable=SC2086
openssl req $curve -keyout "$dir/key.pem" -out "$dir/leaf.csr" -subj "/CN=localhost" 2>/dev/null
cat >"$dir/leaf.ext" <<END
subjectAltName=$names
extendedKeyUsage=serverAuth
basicConstraints=critical,CA:FALSE
END
if [ "${3:-}" = past ]; then
	# Only `ca` takes dates in every version; it wants a database.
	: >"$dir/index"
	cat >"$dir/ca.conf" <<END
[ca]
default_ca = test
[test]
database = $dir/index
new_certs_dir = $dir
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
END
	openssl ca -batch -notext -config "$dir/ca.conf" -cert "$dir/ca.pem" \
		-keyfile "$dir/ca.key" -in "$dir/leaf.csr" -out "$dir/cert.pem" \
		-extfile "$dir/leaf.ext" -startdate 20200101000000Z -enddate 20200201000000Z \
		2>/dev/null
else
	openssl x509 -req -in "$dir/leaf.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" \
		-CAcreateserial -out "$dir/cert.pem" -days 7 -extfile "$dir/leaf.ext" 2>/dev/null
fi
rm -f "$dir/leaf.csr" "$dir/leaf.ext" "$dir/ca.key" "$dir/ca.srl" "$dir/ca.conf" "$dir"/index*
