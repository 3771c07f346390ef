#!/bin/sh
# make_cert.sh DIR - makes a throw-away CA and a server certificate for the
# loopback names: DIR/ca.pem, DIR/cert.pem, DIR/key.pem (EC P-256, 7 days).
set -eu
dir=${1:?usage: make_cert.sh DIR}
mkdir -p "$dir"
umask 077
curve="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"

# shellcheck disable=SC2086 # $curve is a list of words
openssl req -x509 $curve -keyout "$dir/ca.key" -out "$dir/ca.pem" -days 7 \
	-subj "/CN=sspr-wizard test CA" \
	-addext "keyUsage=critical,keyCertSign,cRLSign" 2>/dev/null
# shellcheck disable=SC2086
openssl req $curve -keyout "$dir/key.pem" -out "$dir/leaf.csr" -subj "/CN=localhost" 2>/dev/null
cat >"$dir/leaf.ext" <<END
subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1
extendedKeyUsage=serverAuth
basicConstraints=critical,CA:FALSE
END
openssl x509 -req -in "$dir/leaf.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -CAcreateserial \
	-out "$dir/cert.pem" -days 7 -extfile "$dir/leaf.ext" 2>/dev/null
rm -f "$dir/leaf.csr" "$dir/leaf.ext" "$dir/ca.key" "$dir/ca.srl"
