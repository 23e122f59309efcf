import { say } from '../../model/messages/message.ts';
import { MusterError } from '../../model/muster-error.ts';

/** A listing of the members of a place was not proven complete. */
export class MembersNotCompleteError extends MusterError {
  override readonly name = 'MembersNotCompleteError';

  constructor(place: string, readings: readonly string[]) {
    super(say('MEMBERS_NOT_COMPLETE', { place, tries: readings.length, readings: readings.join('; ') }));
  }
}
