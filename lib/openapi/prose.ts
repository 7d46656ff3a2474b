/** The parts of the document that no keyword of OpenAPI or JSON Schema can express. */
export const introduction = `
Changes parts of a record and leaves the rest as it is.

**Patches.** Send the fields to change, and no others. Objects are merged, lists are replaced. An unknown field is refused by
name, so a misspelled one is never ignored.

**Versions.** Every response with a record has an \`ETag\`. Send it back in \`If-Match\`, and a change that another caller made
in between is not overwritten: the response is 412.

**Retries.** A request whose response was lost can be sent again. If its change is already stored, the response is 200 and
nothing is written, even if \`If-Match\` names the version from before. With an \`If-Match\` that names one version, nothing is
applied twice. Without it, with \`*\` or with a list, a retry can overwrite a change that another caller made in between.

**Errors.** Every error is \`application/problem+json\` (RFC 9457). Checks run in this order, and the first one that fails
decides the response: 401, 403, 404 for an impossible id, 415, 413, 400, 422; then, on the stored record, 404, 412, 409.
The gateway in front of the service sends some responses itself, with \`{"message": "…"}\`: 404 for a path that is not in this
document, 413 for a body over 10 MB, 429 and 503 under too much load.
`.trim();

export const tokenRules = `
A JSON Web Token in \`Authorization: Bearer <token>\`. It must grant the permission of the operation in the workspace of the
path, in one of two forms: \`{"workspaces": {"<workspaceId>": ["<permission>"]}}\`, or
\`{"workspaceId": "<workspaceId>", "permissions": ["<permission>"]}\`.
`.trim();

/** @param maxBytes the maximum size of a body, in bytes */
export const patchRules = (maxBytes: number): string =>
  `
One JSON object in UTF-8, of at most ${maxBytes.toLocaleString('en')} bytes, with at least one field; an object without fields
does not count as one (400). In addition to the schema (422): strings must be well-formed Unicode, without lone surrogates;
members must not be repeated; numbers must be exact as a double, and not -0; and the whole record must fit into 400 KB.
Lengths are counted in code points. Values are stored exactly as sent.
`.trim();
