/** Markdown as text to read. It reaches nothing: links outside become text, pictures their description, raw HTML is left out. */
import Markdown, { type Components, type Options } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import styles from './markdown.module.css';

/** The view has a heading of its own, so those of the text come below it. */
const components: Components = {
  h1: ({ children }) => <h2>{children}</h2>,
  h2: ({ children }) => <h3>{children}</h3>,
  h3: ({ children }) => <h4>{children}</h4>,
  a: ({ children, href }) => (
    <span>
      {children}
      {href !== undefined && children !== href && <span className="muted"> ({href})</span>}
    </span>
  ),
  img: ({ alt }) => <span className="muted">{alt}</span>,
  table: ({ children }) => (
    <div className={styles['scroll']}>
      <table>{children}</table>
    </div>
  ),
};

interface MarkdownTextProps {
  readonly children: string;
  /** Drawn in another way than above. */
  readonly parts?: Components;
  readonly rehypePlugins?: Options['rehypePlugins'];
}

export const MarkdownText = ({ children, parts = {}, rehypePlugins = [] }: MarkdownTextProps) => (
  <div className={styles['text']}>
    <Markdown skipHtml remarkPlugins={[remarkGfm]} rehypePlugins={rehypePlugins} components={{ ...components, ...parts }}>
      {children}
    </Markdown>
  </div>
);
