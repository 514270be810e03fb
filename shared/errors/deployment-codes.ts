/** Failures of targets and deployments. */
import type { ErrorRow } from './error-row.ts';

export const deploymentCodes = {
  REMOTE_UNREACHABLE: { exit: 'remote', http: 502, retry: 'now', message: '{server} does not answer: {problem}', remedy: 'See whether the server runs and this machine reaches it; `lathe target check` tells.' },
  REMOTE_DENIED: { exit: 'remote', http: 502, retry: 'change', message: '{server} refuses this key: {problem}', remedy: 'Set the secret of the target anew with `lathe secret set`; it must be an admin key.' },
  REMOTE_FAILED: { exit: 'remote', http: 502, retry: 'now', message: '{server} answered {call} with a failure: {problem}', remedy: "Look into that server's log under the deployment's id, then try again." },
  REMOTE_ANSWER_INVALID: { exit: 'remote', http: 502, retry: 'change', message: '{server} answered {call} with what is not understood: {problem}', remedy: 'See whether the address leads to the server that is meant, and which version it is.' },
  BASE_MISSING: { exit: 'remote', http: 409, retry: 'change', message: '{server} does not have the base model {base}: {problem}', remedy: 'Install that base model there, or name its configuration with --base-config.' },
  ARTIFACT_NOT_FETCHED: { exit: 'remote', http: 502, retry: 'change', message: '{server} did not take the adapter: {problem}', remedy: 'See that the server reaches this machine at the address that `lathe target check` shows, and has room on its disk.' },
  MODEL_NOT_LOADED: { exit: 'remote', http: 502, retry: 'change', message: '{server} does not load {model}: {problem}', remedy: "See that server's memory and log." },
  ALIAS_MOVED: { exit: 'remote', http: 409, retry: 'change', message: 'Somebody else moved {alias} on {server}: it leads to {found}, not to {expected}', remedy: 'What others changed is left as it is; agree with them, then deploy anew.' },
  DEPLOY_TARGET_UNKNOWN: { exit: 'usage', http: 404, retry: 'change', message: 'There is no target {target}', remedy: '`lathe target list` shows what there is, `lathe target add` makes one.' },
  DEPLOY_TARGET_UNCLEAR: { exit: 'usage', http: 409, retry: 'change', message: 'Which target is meant is not clear: {problem}', remedy: 'Name one with --target; `lathe target list` shows what there is.' },
  DEPLOY_TARGET_BUSY: { exit: 'usage', http: 409, retry: 'change', message: '{deployment} is going on at the target {target}', remedy: 'Wait for it, or end it: `lathe deployment rollback {deployment}`.' },
  DEPLOYMENT_UNKNOWN: { exit: 'usage', http: 404, retry: 'change', message: 'There is no deployment {deployment}', remedy: '`lathe deployment list` shows what there is.' },
  DEPLOYMENT_BUSY: { exit: 'usage', http: 409, retry: 'change', message: '{deployment} is going on for {alias} at {target}', remedy: 'Wait for it, or end it: `lathe deployment rollback {deployment}`.' },
  DEPLOYMENT_STATE: { exit: 'usage', http: 409, retry: 'change', message: '{deployment} is {state}, so it cannot {change}', remedy: '`lathe deployment status {deployment}` shows how it stands.' },
  DEPLOYMENT_REFUSED: { exit: 'gate', http: 409, retry: 'change', message: '{version} is not deployed to {target}: {problem}', remedy: '`lathe deploy --plan` shows all that stands in the way.' },
  VERSION_NOT_APPROVED: { exit: 'gate', http: 409, retry: 'change', message: '{version} is {state}, and {target} takes approved versions alone', remedy: 'Approve it: `lathe registry propose {version}`, then `lathe registry approve {version} --reason TEXT`.' },
  STRATEGY_CANNOT: { exit: 'usage', http: 409, retry: 'change', message: '{strategy} cannot be done at {target}: {problem}', remedy: 'Change the strategy or its settings; `lathe deploy --plan` shows what would be done.' },
  VALIDATION_FAILED: { exit: 'gate', http: 409, retry: 'change', message: '{version} failed its validation on {server}: {problem}', remedy: '`lathe deployment status` shows what was asked and answered.' },
  VALIDATION_TIMEOUT: { exit: 'gate', http: 504, retry: 'change', message: '{version} was not validated on {server} within {limit}', remedy: 'Allow more time with validation_timeout, or see why that server is slow.' },
  HEALTH_FAILED: { exit: 'gate', http: 409, retry: 'change', message: '{version} does not do well at {target}: {problem}', remedy: '`lathe deployment status` shows the requests that were made to look.' },
  DEPLOYMENT_OVERDUE: { exit: 'remote', http: 504, retry: 'change', message: '{deployment} stood still for {minutes} minutes ({why}), longer than its rollback_timeout', remedy: 'Deploy anew; a longer rollback_timeout lets it go on after longer breaks.' },
  ROLLBACK_ASKED: { exit: 'gate', http: 409, retry: 'change', message: '{deployment} was taken back: {reason}', remedy: '`lathe deployment status {deployment}` shows what was done.' },
  ROLLBACK_INCOMPLETE: { exit: 'remote', http: 502, retry: 'now', message: '{deployment} could not be taken back wholly: {problem}', remedy: 'When the servers answer again: `lathe deployment rollback {deployment}`.' },
} as const satisfies Record<string, ErrorRow>;
