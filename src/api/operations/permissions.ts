// Who may call an operation, in words that several rows share.

export const anySession = 'any session';
export const nobodySpecial = 'none: no session is needed';
export const systemAdmin = 'manage_system';
export const selfOrEdit = 'oneself, or edit_other_users (manage_system if the target is a system admin)';
export const selfOrEditOrBot = `${selfOrEdit}; for a bot manage_bots or manage_others_bots`;
export const writeUserManagement =
  'sysconsole_write_user_management_users (manage_system if the target is a system admin)';
export const readUserManagement = 'sysconsole_read_user_management_users';
