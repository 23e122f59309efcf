import type { Call } from '../call.ts';
import { forbidden, invalidUrl, noUser, Refusal } from '../errors.ts';
import { imageSize } from '../pictures/image-size.ts';
import { readForm } from '../pictures/multipart.ts';
import { type Colour, encodePng } from '../pictures/png.ts';
import { ok, picture, type Reply } from '../reply.ts';
import { del, get, post, type Route, userPath } from '../route.ts';
import type { UserRow } from '../rows.ts';

/**
 * Profile pictures (API §11.6). The real server crops an upload to 128×128 and writes a PNG, and generates one with a
 * letter; here each is a PNG of that size in one colour, which hangs on the bytes of the upload or on the id.
 */
export const pictureRoutes: readonly Route[] = [
  get(`${userPath}/image/default`, defaultPicture),
  get(`${userPath}/image`, getPicture),
  post(`${userPath}/image`, setPicture, { takesFile: true }),
  del(`${userPath}/image`, resetPicture),
];

const maxPixels = 33_177_600;
const dayCache = { 'Cache-Control': 'max-age=86400, private' };

function visibleUser(call: Call): UserRow {
  const user = call.pathUser();
  if (user.id !== call.callerId && !call.seesEverybody) throw forbidden();
  return user;
}

function defaultPicture(call: Call): Reply {
  return picture(generated(visibleUser(call)), dayCache);
}

/** A picture that had to be made first is cached shortly and has no tag. */
function getPicture(call: Call): Reply {
  const user = visibleUser(call);
  const stored = call.world.store.pictures.get(user.id);
  if (stored === undefined) {
    const made = generated(user);
    call.world.store.pictures.set(user.id, made);
    return picture(made, { 'Cache-Control': 'max-age=300, private' });
  }
  return call.withEtag(String(user.last_picture_update), (headers) => picture(stored, { ...dayCache, ...headers }));
}

const generated = (user: UserRow): Buffer => plain(Buffer.from(user.id));

/** One colour for the same bytes. */
function plain(bytes: Buffer): Buffer {
  let mix = 0;
  for (const byte of bytes) mix = (mix * 31 + byte) & 0xffffff;
  const colour: Colour = [(mix >> 16) & 0xff, (mix >> 8) & 0xff, mix & 0xff];
  return encodePng(128, 128, () => colour);
}

function setPicture(call: Call): Reply {
  const { world } = call;
  const id = call.pathId();
  if (!call.mayEditUserOrBot(id)) throw forbidden();
  if (world.config['FileSettings.DriverName'] === '') {
    throw new Refusal('api.user.upload_profile_user.storage.app_error');
  }
  if (call.isBodyTooLarge) throw new Refusal('api.user.upload_profile_user.too_large.app_error');
  const form = readForm(call.header('Content-Type'), call.bytes);
  if (form === undefined) throw new Refusal('api.user.upload_profile_user.parse.app_error');
  const part = form.find(({ name }) => name === 'image');
  if (part === undefined) throw new Refusal('api.user.upload_profile_user.no_file.app_error');
  const user = world.user(id);
  if (user === undefined) throw invalidUrl('user_id');
  if (user.auth_service === 'ldap' && world.config['LdapSettings.PictureAttribute'] !== '') {
    throw new Refusal('api.user.upload_profile_user.login_provider_attribute_set.app_error');
  }
  storePicture(call, user, part.content);
  return ok;
}

function storePicture(call: Call, user: UserRow, bytes: Buffer): void {
  const { store } = call.world;
  const size = imageSize(bytes);
  if (size === undefined || size.width * size.height > maxPixels) {
    throw new Refusal('api.user.upload_profile_user.check_image_limits.app_error');
  }
  const made = plain(bytes);
  if (store.pictures.get(user.id)?.equals(made) === true) return;
  store.pictures.set(user.id, made);
  const now = call.world.now();
  store.people.put({ ...user, last_picture_update: now, update_at: now });
}

/** The time of the picture is negative from then on. */
function resetPicture(call: Call): Reply {
  const { world } = call;
  const id = call.pathId();
  if (!call.mayEditUserOrBot(id)) throw forbidden();
  const user = world.user(id);
  if (user === undefined) throw noUser();
  world.store.pictures.set(id, generated(user));
  world.store.people.put({ ...user, last_picture_update: -world.now(), update_at: world.now() });
  return ok;
}
