/** A PNG of one red pixel. */
export const onePixel: Buffer = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC',
  'base64',
);

/** A form with one file. */
export function encodeForm(field: string, file: Buffer): { readonly body: Buffer; readonly contentType: string } {
  const boundary = 'contract-boundary';
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="picture.png"\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), file, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return { body, contentType: `multipart/form-data; boundary=${boundary}` };
}
