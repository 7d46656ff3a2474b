import { CommandError } from '../../../infra/command-line.ts';

/**
 * Parses command-line options with `parse`, which calls `parseArgs`.
 *
 * @throws CommandError with exit code 2 and the first sentence of the message if `parseArgs` rejects the options
 */
export const parseOptions = <Options>(parse: () => Options): Options => {
  try {
    return parse();
  } catch (error) {
    const isMisuse = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
    if (!isMisuse) throw error;
    const [complaint = ''] = error.message.split(/\.\s/);
    throw new CommandError(`${complaint.replace(/\.$/, '')}; --help lists the options.`, 2);
  }
};
