import { commonProblems, defineEndpoint } from '../../lib/endpoint.ts';
import type { Storage } from '../../lib/storage.ts';
import { WorkspaceIds, WorkspacePatch, WorkspaceReply } from './workspace.ts';

/** Update Workspace: changes the given settings of a workspace. */
export const endpoint = defineEndpoint({
  id: 'update-workspace',
  summary: 'Update Workspace',
  description: 'Changes the given settings of a workspace and leaves all others as they are.',
  method: 'PATCH',
  path: '/v1/workspace/{workspaceId}',
  ids: WorkspaceIds,
  permission: 'workspace.update',
  body: WorkspacePatch,
  reply: WorkspaceReply,
  problems: [...commonProblems, 'email-taken'],
  example: {
    ids: { workspaceId: '507f191e810c19729de860ea' },
    body: {
      name: 'Updated Workspace Name',
      slogan: 'Updated slogan',
      email: 'newemail@example.com',
      labTemplates: { smsDefaultMessage: 'Your results are ready. Please visit [LINK] to view them.' },
      sessionTemplates: {
        smsReminderMessage: 'Reminder: [SESSION_NAME] on [SESSION_DATE] at [SESSION_TIME].',
        whatsappReminderMessage: 'Reminder: [SESSION_NAME] on [SESSION_DATE] at [SESSION_TIME].',
      },
    },
    mistakes: { name: '', email: 'newemail@example', labTemplates: { smsMessage: 'Your results are ready.' } },
    reply: {
      workspace: {
        id: '507f191e810c19729de860ea',
        name: 'Updated Workspace Name',
        slogan: 'Updated slogan',
        email: 'newemail@example.com',
        updatedAt: '2024-01-15T11:00:00.000Z',
      },
    },
  },
});

/** What its function may do to the table, and nothing else. */
export const storage = {
  tableActions: ['UpdateItem', 'PutItem', 'DeleteItem'],
  tablePartitions: ['workspace', 'email'],
} satisfies Storage;
