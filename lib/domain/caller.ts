/** Who calls, and what the token lets them do in which workspace. */
export type Caller = {
  subject: string;
  /** Workspace id to the permissions granted there. A map, so that an id such as `__proto__` finds nothing. */
  grants: ReadonlyMap<string, ReadonlySet<string>>;
};
