import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type * as piece from '../../../lib/table/sdk/send-update.ts';

export const updateSender: typeof piece.updateSender = (client) => (input) => client.send(new UpdateCommand(input));
