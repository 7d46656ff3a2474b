import * as v from 'valibot';
import { EmailAddress, fields, label, text } from '../../lib/domain/fields.ts';
import { recordKind } from '../../lib/domain/record-kind.ts';
import { orNull, Timestamp } from '../../lib/domain/replies.ts';

/** A message to patients; placeholders such as `[LINK]` are filled in by whoever sends it. */
const template = (message: string) => v.exactOptional(v.pipe(text(0, 2000), v.description(message)));

const LabTemplates = v.pipe(
  fields({ smsDefaultMessage: template('The SMS about results; `[LINK]` is stored as sent.') }),
  v.title('LabTemplates'),
  v.description('Messages about laboratory results.'),
);

const SessionTemplates = v.pipe(
  fields({
    smsReminderMessage: template('The SMS before a session; placeholders are stored as sent.'),
    whatsappReminderMessage: template('The WhatsApp message before a session; placeholders are stored as sent.'),
  }),
  v.title('SessionTemplates'),
  v.description('Messages about sessions. One that is not sent stays as it is.'),
);

/** What a caller may change of a workspace. The templates are merged, one by one. */
export const WorkspacePatch = v.pipe(
  fields({
    name: v.exactOptional(v.pipe(label(120), v.description('The name of the workspace.'))),
    slogan: v.exactOptional(v.pipe(label(160), v.description('A line below the name.'))),
    labTemplates: v.exactOptional(LabTemplates),
    sessionTemplates: v.exactOptional(SessionTemplates),
    email: v.exactOptional(
      v.pipe(
        EmailAddress,
        v.description('The address of the workspace. No two workspaces have the same, letter case aside.'),
      ),
    ),
  }),
  v.title('WorkspacePatch'),
  v.description('What to change of a workspace. What is not sent stays as it is.'),
);
/** A workspace in a response. */
const Workspace = v.pipe(
  v.object({
    id: v.pipe(v.string(), v.description('The id, as in the path.')),
    name: v.pipe(v.string(), v.description('The name of the workspace.')),
    slogan: v.pipe(orNull(v.string()), v.description('A line below the name; `null` if there is none.')),
    email: v.pipe(orNull(v.string()), v.description('The address of the workspace; `null` if there is none.')),
    updatedAt: v.pipe(
      orNull(Timestamp),
      v.description('When the workspace last changed, in UTC; `null` if not known.'),
    ),
  }),
  v.title('Workspace'),
  v.description('A workspace as it is stored now.'),
);

/** The workspaces of the platform. No two have the same e-mail address. */
export const workspaces = recordKind({
  name: 'workspace',
  sortKey: 'WORKSPACE',
  ids: { workspaceId: 'The workspace.' },
  record: Workspace,
  unique: { email: { within: 'platform', ignoresCase: true, claim: 'EMAIL', problem: 'email-taken' } },
});
