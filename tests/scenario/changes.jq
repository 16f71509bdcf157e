# What changed between two states of the sandbox, for a reader: "+" is new, "-" is gone, "~" differs.
def kind: if .draft then "draft" else "release" end;
def named: if startswith("refs/heads/") then "branch \(.[11:])"
    elif startswith("refs/tags/") then "tag \(.[10:])" else . end;
def refs: reduce .refs[] as $ref ({}; .[$ref.name] = $ref.sha);
def releases: reduce .releases[] as $release ({}; .["\($release.id)"] = $release);
def shown: "\(kind) \(.tag_name) titled \(.name | tojson)"
    + (if .prerelease then ", prerelease" else "" end)
    + ", make_latest \(.make_latest)"
    + (if .is_latest then ", the latest" else "" end)
    + (if .assets == [] then "" else ", \(.assets | length) assets" end)
    + ", by \(.author)";
def differences($old): . as $new
    | [("name", "draft", "prerelease", "is_latest", "tag_name")
       | select($old[.] != $new[.]) | "\(.) \($old[.] | tojson) -> \($new[.] | tojson)"]
      + (if $old.body == $new.body then [] else ["text"] end)
      + (if $old.assets == $new.assets then [] else ["assets"] end);
def lines($old; $new; show; compare):
    ($new | keys_unsorted[] | select($old[.] == null) | . as $key | $new[$key] | "+ \(show)"),
    ($old | keys_unsorted[] | select($new[.] == null) | . as $key | $old[$key] | "- \(show)"),
    ($new | keys_unsorted[] | select($old[.] != null and $old[.] != $new[.]) | compare);

($before[0] | refs) as $r0 | ($after[0] | refs) as $r1
| ($before[0] | releases) as $l0 | ($after[0] | releases) as $l1
| ($r1 | keys[] | select($r0[.] == null) | "+ \(named) at \($r1[.][:12])"),
  ($r0 | keys[] | select($r1[.] == null) | "- \(named) at \($r0[.][:12])"),
  ($r1 | keys[] | select($r0[.] != null and $r0[.] != $r1[.])
   | "~ \(named) from \($r0[.][:12]) to \($r1[.][:12])"),
  lines($l0; $l1; shown; . as $id | $l1[$id] | differences($l0[$id]) as $what
        | select($what != []) | "~ \(kind) \(.tag_name): \($what | join(", "))")
