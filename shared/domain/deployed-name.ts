/** How a benchmark names what is deployed: `deployed:TARGET/NAME`, where NAME is a public name there or one of its models. */

const prefix = 'deployed:';

export interface DeployedName {
  readonly target: string;
  readonly model: string;
}

/** null: it names something else. */
export function parseDeployed(text: string): DeployedName | null {
  if (!text.startsWith(prefix)) return null;
  const [target = '', ...model] = text.slice(prefix.length).split('/');
  return { target, model: model.join('/') };
}

export const deployedText = ({ target, model }: DeployedName): string => `${prefix}${target}/${model}`;
