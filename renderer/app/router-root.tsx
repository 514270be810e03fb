/** Lets the links of the component library go through the router. */
import { RouterProvider as AriaRouter } from 'react-aria-components';
import { Outlet, useHref, useNavigate } from 'react-router';

export function RouterRoot() {
  const navigate = useNavigate();
  return (
    <AriaRouter navigate={(path) => void navigate(path)} useHref={useHref}>
      <Outlet />
    </AriaRouter>
  );
}
