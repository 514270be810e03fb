/** JSON whose texts hold nothing that a terminal or an editor would obey: C1 controls and marks that turn text around are written as escapes. */
export const safeJson = (value: unknown): string => JSON.stringify(value).replace(obeyed, escaped);

const obeyed = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const escaped = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
