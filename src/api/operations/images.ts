import { BadArgument } from '../arguments.ts';
import { decodeOk } from '../decode.ts';
import { decodePicture } from '../decode-others.ts';
import type { Read, Write } from '../operation.ts';
import { FilePart } from '../request-body.ts';
import type { Picture } from '../wire.ts';
import { anySession, selfOrEditOrBot } from './permissions.ts';

export interface ImageOperations {
  /** Reads the picture of an account; one is generated where none was set. */
  readonly get: Read<[userId: string], Picture>;
  /** Reads the generated picture. */
  readonly getDefault: Read<[userId: string], Picture>;
  /** Sets the picture: PNG, JPEG, GIF, BMP or WebP, cropped to 128 by 128. */
  readonly set: Write<[userId: string, image: Uint8Array], void>;
  /** Goes back to the generated picture. */
  readonly reset: Write<[userId: string], void>;
}

export const imageOperations: ImageOperations = {
  get: {
    access: 'read',
    method: 'GET',
    path: '/users/{user_id}/image',
    reference: 'users-user-id-image-get',
    permission: anySession,
    answers: 'bytes',
    decode: decodePicture,
  },
  getDefault: {
    access: 'read',
    method: 'GET',
    path: '/users/{user_id}/image/default',
    reference: 'users-user-id-image-default-get',
    permission: anySession,
    answers: 'bytes',
    decode: decodePicture,
  },
  set: {
    access: 'write',
    repeat: 'safe',
    method: 'POST',
    path: '/users/{user_id}/image',
    reference: 'users-user-id-image-post',
    permission: selfOrEditOrBot,
    body(image) {
      if (image instanceof Uint8Array && image.length > 0) return new FilePart('image', image);
      throw new BadArgument({ is: 'no-picture' });
    },
    decode: decodeOk,
  },
  reset: {
    access: 'write',
    repeat: 'safe',
    method: 'DELETE',
    path: '/users/{user_id}/image',
    reference: 'users-user-id-image-delete',
    permission: selfOrEditOrBot,
    decode: decodeOk,
  },
};
