"""People, connector accounts and delegations of the test domain.

usage: populate.py HOST ADMIN_PASSWORD CONNECTOR_PASSWORD USER_PASSWORD
The rights are those of Microsoft Learn, "Enable Microsoft Entra self-service
password reset writeback"; samba has no process that protects the members of
administrative groups, so that is done by hand.
"""
import sys

import ldb
from samba.credentials import Credentials
from samba.dcerpc import security
from samba.ndr import ndr_pack, ndr_unpack
from samba.param import LoadParm
from samba.samdb import SamDB

host, admin_password, connector_password, user_password = sys.argv[1:]
lp = LoadParm()
lp.load_default()
who = Credentials()
who.guess(lp)
who.set_username("administrator")
who.set_password(admin_password)
db = SamDB(url="ldap://" + host, credentials=who, lp=lp)
base = db.domain_dn()
domain = security.dom_sid(db.get_domain_sid())

USER = "bf967aba-0de6-11d0-a285-00aa003049e2"
COMPUTER = "bf967a86-0de6-11d0-a285-00aa003049e2"
RESET = "00299570-246d-11d0-a768-00aa006e0529"
CHANGE = "ab721a53-1e2f-11d0-9819-00aa0040529b"
LOCKOUT = "28630ebf-41d5-11d1-a9c1-0000f80367c1"
PWD_LAST_SET = "bf967a0a-0de6-11d0-a285-00aa003049e2"
RESTRICTIONS = "4c164200-20c0-11d0-a768-00aa006e0529"  # holds pwdLastSet
UNEXPIRE = "ccc2dc7d-a6ad-4a7a-8846-c04e3cc53501"
DACL = ["sd_flags:1:%d" % security.SECINFO_DACL]


def sid_of(name):
    found = db.search(base, expression="(sAMAccountName=%s)" % name, attrs=["objectSid"])
    return ndr_unpack(security.dom_sid, found[0]["objectSid"][0])


def write(dn, descriptor):
    message = ldb.Message(ldb.Dn(db, dn))
    message["sd"] = ldb.MessageElement(ndr_pack(descriptor), ldb.FLAG_MOD_REPLACE,
                                       "nTSecurityDescriptor")
    db.modify(message, controls=DACL)


def grant(dn, sddl):
    found = db.search(dn, scope=ldb.SCOPE_BASE, attrs=["nTSecurityDescriptor"], controls=DACL)
    descriptor = ndr_unpack(security.descriptor, found[0]["nTSecurityDescriptor"][0])
    for entry in security.descriptor.from_sddl("D:" + sddl, domain).dacl.aces:
        # An entry that denies comes before those that allow, as Windows orders them.
        denies = entry.type in (security.SEC_ACE_TYPE_ACCESS_DENIED,
                                security.SEC_ACE_TYPE_ACCESS_DENIED_OBJECT)
        descriptor.dacl_add(entry, 0) if denies else descriptor.dacl_add(entry)
    write(dn, descriptor)


for unit in ("Sync", "Blocked", "Denied"):
    db.create_ou("OU=%s,%s" % (unit, base))
for account in ("good", "none", "wrong", "half", "group"):
    db.newuser("MSOL_" + account, connector_password)
db.newgroup("Writers")
db.add_remove_group_members("Writers", ["MSOL_group"], add_members_operation=True)
for name, unit in (("alice", "Sync"), ("bob", "Sync"), ("carol", "Blocked"), ("dave", "Denied")):
    db.newuser(name, user_password, userou="OU=" + unit)

everything = "RPWPCRCCDCLCLORCWOWDSDDTSW"
closed = "D:P(A;%s;%s;;;DA)(A;%s;%s;;;SY)(A;%s;RPLCLORC;;;AU)"
write("OU=Blocked," + base, security.descriptor.from_sddl(
    closed % ("CI", everything, "CI", everything, "CI"), domain))
bob = "CN=bob,OU=Sync," + base
message = ldb.Message(ldb.Dn(db, bob))
message["a"] = ldb.MessageElement("1", ldb.FLAG_MOD_REPLACE, "adminCount")
db.modify(message)
write(bob, security.descriptor.from_sddl(
    closed % ("", everything, "", everything, "") + "(OA;;CR;%s;;WD)" % CHANGE, domain))


def object_entry(kind, rights, right, inherited, sid, flags="CIIO"):
    return "(%s;%s;%s;%s;%s;%s)" % (kind, flags, rights, right, inherited, sid)


good, wrong, half, group = (sid_of(n) for n in ("MSOL_good", "MSOL_wrong", "MSOL_half", "Writers"))
grant(base, object_entry("OA", "CR", RESET, USER, good) +
      object_entry("OA", "CR", CHANGE, USER, good) +
      object_entry("OA", "WP", LOCKOUT, USER, good) +
      object_entry("OA", "WP", PWD_LAST_SET, USER, good) +
      object_entry("OA", "CR", UNEXPIRE, "", good, "CI"))
# For computers, not for people; and a right to change in place of one to reset.
grant(base, object_entry("OA", "CR", RESET, COMPUTER, wrong) +
      object_entry("OA", "CR", CHANGE, USER, wrong) +
      object_entry("OA", "WP", LOCKOUT, COMPUTER, wrong) +
      object_entry("OA", "WP", PWD_LAST_SET, USER, wrong))
grant(base, object_entry("OA", "CR", RESET, USER, half))
# By a group, and pwdLastSet by its property set.
grant(base, object_entry("OA", "CR", RESET, USER, group) +
      object_entry("OA", "WP", LOCKOUT, USER, group) +
      object_entry("OA", "WP", RESTRICTIONS, USER, group))
grant("OU=Denied," + base, object_entry("OD", "CR", RESET, USER, good))
