import * as v from 'valibot';
import { EmailAddress, fields, Id, label, text } from '../../lib/domain/fields.ts';
import type { Change, Changed, Records } from '../../lib/domain/records.ts';
import { orNull, Timestamp } from '../../lib/domain/replies.ts';

export const WorkspaceIds = v.object({ workspaceId: Id });
export type WorkspaceIds = v.InferOutput<typeof WorkspaceIds>;

/** A message to patients; placeholders such as `[LINK]` are filled in by whoever sends it. */
const Template = text(0, 2000);

/** What a caller may change of a workspace. The templates are merged, one by one. */
export const WorkspacePatch = fields({
  name: v.exactOptional(label(120)),
  slogan: v.exactOptional(label(160)),
  labTemplates: v.exactOptional(fields({ smsDefaultMessage: v.exactOptional(Template) })),
  sessionTemplates: v.exactOptional(
    fields({
      smsReminderMessage: v.exactOptional(Template),
      whatsappReminderMessage: v.exactOptional(Template),
    }),
  ),
  email: v.exactOptional(EmailAddress),
});
export type WorkspacePatch = v.InferOutput<typeof WorkspacePatch>;

/** A workspace as it is answered. */
export const Workspace = v.object({
  id: v.string(),
  name: v.string(),
  slogan: orNull(v.string()),
  email: orNull(v.string()),
  updatedAt: orNull(Timestamp),
});

/**
 * Changes the given fields of a workspace and no others. No two workspaces have the same e-mail address.
 *
 * @throws Problem `not-found`, `stale-version`, `email-taken`, `record-too-large` or `unavailable`
 */
export const updateWorkspace = async (
  records: Records,
  { ids, patch, expected }: Change<WorkspaceIds, WorkspacePatch>,
): Promise<Changed> => {
  const { version, fields } = await records.update({ key: ids, patch, expected, unique: 'email' });
  const updatedAt = fields.updatedAt ?? fields.createdAt;
  return { version, reply: { workspace: { ...fields, id: ids.workspaceId, updatedAt } } };
};
