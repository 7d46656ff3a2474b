/** What the document says in words, because no keyword of OpenAPI or JSON Schema does. */
export const introduction = `
Changes parts of a record and leaves the rest alone.

**Patches.** Send the fields that are to change, and no others. An object is merged, a list is replaced whole. A field that
is not known is refused by name, so a misspelt one is never lost in silence.

**Versions.** Every record that is answered comes with an \`ETag\`. Send it back in \`If-Match\`, and a change that somebody
else made in between is not overwritten: the answer is 412.

**Repeating.** A request whose answer was lost can be sent again. If its change is in the record already, the answer is 200
and nothing is written, even if \`If-Match\` names the version from before. With \`If-Match\` nothing is ever applied twice.
Without it, a repeat may put its values over a change that another caller made in between.

**Errors.** Every error is \`application/problem+json\` (RFC 9457). The checks are made in this order, and the first that
fails is the answer: 401, 403, 404 for an impossible id, 415, 413, 400, 422; then, on the stored record, 404, 412, 409.
The gateway in front of the service may answer by itself, with \`{"message": "…"}\`: 404 for a path that is not in this
document, 413 for a body over 10 MB, 429 and 503 under too much load.
`.trim();

export const tokenRules = `
A JSON Web Token in \`Authorization: Bearer <token>\`. It must grant the permission of the operation in the workspace of the
path, in one of two forms: \`{"workspaces": {"<workspaceId>": ["<permission>"]}}\`, or
\`{"workspaceId": "<workspaceId>", "permissions": ["<permission>"]}\`.
`.trim();

/** @param largest the largest body, in bytes */
export const patchRules = (largest: number): string =>
  `
One JSON object in UTF-8, of at most ${largest.toLocaleString('en')} bytes, with at least one field in it; an object without a
field counts for nothing (400). Beyond what the schema says (422): a text must be well-formed Unicode, without lone
surrogates; no member may be given twice; a number must be one that a double keeps exactly, and not -0; and the whole record
must fit into 400 KB. A length is counted in code points. What is stored is what was sent, unchanged.
`.trim();
