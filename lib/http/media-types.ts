/** The media types of a patch: the one that the published page names, and the exact one (RFC 7396). */
export const patchMediaTypes = ['application/json', 'application/merge-patch+json'];

/** Up to the parameters, which are ignored. Only a space or a tab may surround it (RFC 9110 §5.6.3). */
const typeAndSubtype = /^[ \t]*([^\s;]+)[ \t]*(?:;|$)/;

/** Whether a `Content-Type` names a media type of a patch. */
export const isPatchMediaType = (contentType: string): boolean => {
  const [, mediaType = ''] = typeAndSubtype.exec(contentType) ?? [];
  return patchMediaTypes.includes(mediaType.toLowerCase());
};

/** Whether a `Content-Encoding` names no coding but `identity` (RFC 9110 §8.4). */
export const isIdentity = (contentEncoding: string): boolean =>
  /^(?:[ \t,]|identity(?=[ \t,]|$))*$/i.test(contentEncoding);
