/** Buttons and links that look like buttons. */
import type { ReactNode } from 'react';
import { Button as AriaButton, Link as AriaLink, type ButtonProps as AriaButtonProps } from 'react-aria-components';
import styles from './button.module.css';

/** `primary`: the one thing to do here; `danger`: something is lost by it; `quiet`: among many. */
export type Look = 'primary' | 'plain' | 'danger' | 'quiet';

interface Appearance {
  readonly look?: Look;
  readonly small?: boolean;
  readonly children: ReactNode;
}

const classOf = ({ look = 'plain', small = false }: Appearance): string => [styles['button'], styles[look], small ? styles['small'] : ''].join(' ');

export const Button = ({ look, small, children, ...props }: Appearance & Omit<AriaButtonProps, 'children' | 'className' | 'style'>) => (
  <AriaButton {...props} className={classOf({ ...(look && { look }), ...(small && { small }), children })}>
    {children}
  </AriaButton>
);

/** Its children are an icon; `label` is its name for those who cannot see it, and its tip. */
export const IconButton = ({
  label,
  children,
  ...props
}: Appearance & { readonly label: string } & Omit<AriaButtonProps, 'children' | 'className' | 'style'>) => (
  <AriaButton {...props} aria-label={label} className={[styles['button'], styles['quiet'], styles['icon']].join(' ')}>
    {children}
  </AriaButton>
);

/** `label`: its name, where what it shows does not say it all. */
export const LinkButton = ({ to, label, ...appearance }: Appearance & { readonly to: string; readonly label?: string }) => (
  <AriaLink href={to} className={classOf(appearance)} {...(label !== undefined && { 'aria-label': label })}>
    {appearance.children}
  </AriaLink>
);
