# Whether the step named by `step` has a change, in a plan printed by --format
# json (indented: one member a line). Exit 0 when it has.
/^      "id":/ { gsub(/[",]/, "", $2); here = ($2 == step) }
/^          "id":/ && here { found = 1 }
END { exit !found }
