/** The parts of the document that no keyword of OpenAPI or JSON Schema can express. */
export const introduction = `
Changes some fields of a record and leaves the rest unchanged.

**Patches.** Send only the fields to change. Objects are merged; lists are replaced as a whole. An unknown field is refused
by name, so a misspelt one is never silently ignored.

**Versions.** Every record is returned with an \`ETag\`. Send it back in \`If-Match\` to avoid overwriting a change that
somebody else made in between: the response is then 412.

**Retries.** A request whose response was lost can be retried. If the record already has the change, the response is 200 and
nothing is written, even if \`If-Match\` names the previous version. With an \`If-Match\` that names one version, no change is
ever applied twice. Otherwise a retry may overwrite a change that another caller made in between.

**Errors.** Every error is \`application/problem+json\` (RFC 9457). The first check that fails determines the response. The
order is 401, 403, 404 for an invalid id, 415, 413, 400, 422; then, on the stored record, 404, 412, 409. The gateway in front
of the service has responses of its own, with \`{"message": "…"}\`: 404 for a path that is not in this document, 413 for a body
over 10 MB, and 429 and 503 under too much load.
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
