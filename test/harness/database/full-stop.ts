/** Text from another program, ending in exactly one full stop. */
export const fullStop = (text: string): string => `${text.trim().replace(/\.+$/, '')}.`;
