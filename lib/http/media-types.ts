/** The media types of a patch: the one that the published page names, and the exact one (RFC 7396). */
export const patchMediaTypes = ['application/json', 'application/merge-patch+json'];
