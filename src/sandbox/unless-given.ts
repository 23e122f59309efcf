/** What a sandbox takes that was given none. The project's own tests put a clock here that stands still. */
export const unlessGiven: { clock(): () => number } = { clock: () => Date.now };
