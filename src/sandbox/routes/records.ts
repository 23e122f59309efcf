import type { Call } from '../call.ts';
import { forbidden, invalidBody, Refusal } from '../errors.ts';
import { pageOf, readPage } from '../paging.ts';
import { json, ok, type Reply } from '../reply.ts';
import { get, post, type Route, userPath } from '../route.ts';

/** What is noted about people: audits, and which terms they accepted (API §11.5). */
export const recordRoutes: readonly Route[] = [
  get(`${userPath}/audits`, audits),
  get(`${userPath}/terms_of_service`, getTerms),
  post(`${userPath}/terms_of_service`, saveTerms),
];

/** Newest first; none are `null`, not an empty list. Only logins are noted here. */
function audits(call: Call): Reply {
  const id = call.pathId();
  if (!call.mayEdit(id)) throw forbidden();
  const mine = call.world.store.audits.filter((audit) => audit.user_id === id).toReversed();
  const page = pageOf(mine, readPage(call.query), new Refusal('app.audit.get.finding.app_error'));
  return json(page.length === 0 ? null : page);
}

/** About the caller, whatever the path says. */
function getTerms(call: Call): Reply {
  const terms = call.world.store.acceptedTerms.get(call.callerId);
  if (terms === undefined) throw new Refusal('app.user_terms_of_service.get_by_user.no_rows.app_error');
  return json(terms);
}

function saveTerms(call: Call): Reply {
  const { acceptedTerms, terms } = call.world.store;
  const { termsOfServiceId: id, accepted } = call.values;
  if (typeof id !== 'string') throw invalidBody('termsOfServiceId');
  if (typeof accepted !== 'boolean') throw invalidBody('accepted');
  if (!terms.has(id)) throw new Refusal('app.terms_of_service.get.no_rows.app_error');
  if (accepted) {
    acceptedTerms.set(call.callerId, { user_id: call.callerId, terms_of_service_id: id, create_at: call.world.now() });
  } else acceptedTerms.delete(call.callerId);
  return ok;
}
