import * as z from 'zod';
import { addIssue, addressProblem, type ServiceSetting } from '../service-settings.ts';

const EXAMPLE = 'the base URL of a Pocket v3 server, such as http://127.0.0.1:8383/v3 of `npm run pocket`';

/** `POCKET_API_URL`: any server but Mozilla's own, which has closed. */
export const pocketApiUrl: ServiceSetting = {
  variable: 'POCKET_API_URL',
  meaning: 'base URL of a Pocket v3 server, up to and including /v3',
  schema: z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined) {
        return addIssue(context, `is not set: Pocket's own API closed on 2025-10-08; set ${EXAMPLE}`);
      }
      const problem = addressProblem(text);
      if (problem !== undefined) return addIssue(context, `${problem}; give ${EXAMPLE}`);
      const url = new URL(text);
      if (/(^|\.)getpocket\.com$/.test(url.hostname)) {
        return addIssue(context, `is Pocket's own API, which closed on 2025-10-08; give ${EXAMPLE}`);
      }
      return url.href.replace(/\/+$/, '');
    }),
};
