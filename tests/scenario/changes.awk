# What changed between two states of the sandbox, for a reader: "+" is new, "-" is gone, "~" differs.
# Reads two states, before and after, as cJSON prints them: a key a line, tabs in front. (One awk,
# since jq starts slowly and all scenarios end so.)

FNR == 1 { file++; section = "" }
!match($0, /^\t+"[a-z_]+":\t/) { next }
{
    depth = match($0, /[^\t]/) - 1
    value = substr($0, index($0, ":\t") + 2)
    sub(/,$/, "", value)
    key = $0
    sub(/^\t+"/, "", key)
    sub(/".*/, "", key)
}
depth == 1 { section = key; next }
section == "refs" && key == "name" { ref = named(value) }
section == "refs" && key == "sha" {
    if (!((file, ref) in sha)) {
        ref_count[file]++
        ref_names[file, ref_count[file]] = ref
    }
    sha[file, ref] = substr(value, 2, 12)
}
section == "dispatches" && key == "workflow" { workflow = value }
section == "dispatches" && key == "ref" {
    dispatch_count[file]++
    dispatched[file, dispatch_count[file]] = bare(workflow) " on " bare(value)
}
section == "issues" && depth == 3 {
    if (key == "number") {
        issue = value
        issues[file, ++issue_count[file]] = issue
    }
    field[file, "#" issue, key] = value
}
section == "issues" && depth > 3 {
    if (key == "id") {
        comment = value
        comments[file, ++comment_count[file]] = comment
        seen[file, "c" comment] = 1
        field[file, "c" comment, "issue"] = issue
    }
    field[file, "c" comment, key] = value
}
section != "releases" { next }
depth > 3 && key == "name" { assets[file, id]++; next }
depth > 3 { assets_text[file, id] = assets_text[file, id] $0; next }
key == "id" {
    id = value
    release_count[file]++
    ids[file, release_count[file]] = id
    seen[file, id] = 1
}
{ field[file, id, key] = value }

function named(json) {
    gsub(/"/, "", json)
    sub(/^refs\/heads\//, "branch ", json)
    sub(/^refs\/tags\//, "tag ", json)
    return json
}

function bare(json) { return substr(json, 2, length(json) - 2) }

function title(file, id,   kind) {
    kind = field[file, id, "draft"] == "true" ? "draft" : "release"
    return kind " " bare(field[file, id, "tag_name"])
}

function shown(file, id,   latest, text) {
    latest = field[file, id, "make_latest"]
    text = title(file, id) " titled " field[file, id, "name"]
    if (field[file, id, "prerelease"] == "true") text = text ", prerelease"
    text = text ", make_latest " (latest == "null" ? latest : bare(latest))
    if (field[file, id, "is_latest"] == "true") text = text ", the latest"
    if (assets[file, id]) text = text ", " assets[file, id] " assets"
    return text ", by " bare(field[file, id, "author"])
}

function differences(id,   keys, count, i, text) {
    count = split("tag_name name draft prerelease is_latest", keys, " ")
    for (i = 1; i <= count; i++)
        if (field[1, id, keys[i]] != field[2, id, keys[i]])
            text = text ", " keys[i] " " field[1, id, keys[i]] " -> " field[2, id, keys[i]]
    if (field[1, id, "body"] != field[2, id, "body"]) text = text ", text"
    if (assets_text[1, id] != assets_text[2, id]) text = text ", assets"
    return substr(text, 3)
}

# Which tag our comment tells of; of another's how it starts.
function comment_shown(file, id,   text) {
    text = bare(field[file, "c" id, "body"])
    if (!sub(/^<!-- cut-release:issue tag=/, "of ", text)) text = ": " text
    sub(/ recipe=.*/, "", text)
    return "comment on #" field[file, "c" id, "issue"] " " substr(text, 1, 40) ", by " \
        bare(field[file, "c" id, "user"])
}

function issue_differences(number,   text, before, after) {
    before = field[1, "#" number, "body"]
    after = field[2, "#" number, "body"]
    if (before != after) {
        text = ", text"
        if (gsub(/\[x\]/, "[ ]", before) != gsub(/\[x\]/, "[ ]", after) && before == after)
            text = ", boxes"
    }
    if (field[1, "#" number, "state"] != field[2, "#" number, "state"])
        text = text ", " bare(field[2, "#" number, "state"]) " as " \
            bare(field[2, "#" number, "state_reason"])
    return substr(text, 3)
}

END {
    for (i = 1; i <= ref_count[2]; i++)
        if (!((1, ref_names[2, i]) in sha))
            print "+ " ref_names[2, i] " at " sha[2, ref_names[2, i]]
    for (i = 1; i <= ref_count[1]; i++)
        if (!((2, ref_names[1, i]) in sha))
            print "- " ref_names[1, i] " at " sha[1, ref_names[1, i]]
        else if (sha[1, ref_names[1, i]] != sha[2, ref_names[1, i]])
            print "~ " ref_names[1, i] " from " sha[1, ref_names[1, i]] " to " sha[2, ref_names[1, i]]
    for (i = dispatch_count[1] + 1; i <= dispatch_count[2]; i++)
        print "+ run of " dispatched[2, i]
    for (i = 1; i <= release_count[2]; i++)
        if (!((1, ids[2, i]) in seen)) print "+ " shown(2, ids[2, i])
    for (i = 1; i <= release_count[1]; i++)
        if (!((2, ids[1, i]) in seen)) print "- " shown(1, ids[1, i])
    for (i = 1; i <= release_count[1]; i++)
        if ((2, ids[1, i]) in seen && differences(ids[1, i]) != "")
            print "~ " title(2, ids[1, i]) ": " differences(ids[1, i])
    for (i = 1; i <= comment_count[2]; i++)
        if (!((1, "c" comments[2, i]) in seen)) print "+ " comment_shown(2, comments[2, i])
    for (i = 1; i <= comment_count[1]; i++)
        if (!((2, "c" comments[1, i]) in seen))
            print "- " comment_shown(1, comments[1, i])
        else if (field[1, "c" comments[1, i], "body"] != field[2, "c" comments[1, i], "body"])
            print "~ " comment_shown(2, comments[1, i])
    for (i = 1; i <= issue_count[1]; i++)
        if (issue_differences(issues[1, i]) != "")
            print "~ issue #" issues[1, i] ": " issue_differences(issues[1, i])
}
