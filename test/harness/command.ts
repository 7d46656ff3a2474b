import { CommandError } from '../../infra/command-line.ts';

export { CommandError, messageOf, runCommand } from '../../infra/command-line.ts';

/**
 * Parses command-line options: what `parse`, a call of `parseArgs`, gives.
 *
 * @throws CommandError with exit code 2 in place of what `parseArgs` throws, cut to its first sentence
 */
export const parsed = <Options>(parse: () => Options): Options => {
  try {
    return parse();
  } catch (error) {
    const isMisuse = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
    if (!isMisuse) throw error;
    const [complaint = ''] = error.message.split(/\.\s/);
    throw new CommandError(`${complaint.replace(/\.$/, '')}; --help lists the options.`, 2);
  }
};

/** Foreign text as the end of a sentence: with one full stop. */
export const fullStop = (text: string): string => `${text.trim().replace(/\.+$/, '')}.`;
