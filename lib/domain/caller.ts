/** The authenticated caller, and the permissions that the token grants in each workspace. */
export type Caller = {
  subject: string;
  /** Permissions by workspace id. A map, so that an id such as `__proto__` has no entry. */
  grants: ReadonlyMap<string, ReadonlySet<string>>;
};
