import { defineEndpoint } from '../../lib/endpoint.ts';
import { WorkspacePatch, workspaces } from './workspace.ts';

/** Update Workspace: changes the given settings of a workspace. */
export const endpoint = defineEndpoint({
  id: 'update-workspace',
  summary: 'Update Workspace',
  description: 'Changes the given settings of a workspace and leaves all others as they are.',
  method: 'PATCH',
  path: '/v1/workspace/{workspaceId}',
  kind: workspaces,
  permission: 'workspace.update',
  body: WorkspacePatch,
  example: {
    ids: { workspaceId: '507f191e810c19729de860ea' },
    stored: {
      name: 'Harbour Clinic',
      slogan: 'Care close to home',
      email: 'office@harbour-clinic.example',
      sessionTemplates: { smsReminderMessage: 'We expect you on [SESSION_DATE] at [SESSION_TIME].' },
    },
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
