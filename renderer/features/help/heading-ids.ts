/** Gives the headings of a text their addresses. */
import { Anchors } from './anchors.ts';

/** What is needed here of a tree that Markdown becomes. */
interface TreeNode {
  readonly type: string;
  readonly tagName?: string;
  readonly value?: string;
  properties?: Record<string, unknown>;
  readonly children?: readonly TreeNode[];
}

export const headingIds = () => (tree: TreeNode) => {
  const anchors = new Anchors();
  const visit = (node: TreeNode): void => {
    if (/^h[1-6]$/.test(node.tagName ?? '')) node.properties = { ...node.properties, id: anchors.idOf(textOf(node)) };
    else node.children?.forEach(visit);
  };
  visit(tree);
};

const textOf = ({ value = '', children = [] }: TreeNode): string => value + children.map(textOf).join('');
