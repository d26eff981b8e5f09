import type { ReactNode } from "react";
import { FaultNotice } from "./fault-notice.tsx";
import { Loading } from "./parts.tsx";

interface Loadable<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
}

/** Draws what was loaded; keeps drawing it when a later refresh fails, and says so. */
export function Loaded<T>(props: { readonly of: Loadable<T>; readonly children: (data: T) => ReactNode }) {
  const { data, error, refetch } = props.of;
  if (data === undefined) return error ? <FaultNotice error={error} onRetry={() => void refetch()} /> : <Loading />;
  return (
    <>
      {error ? <FaultNotice error={error} onRetry={() => void refetch()} /> : null}
      {props.children(data)}
    </>
  );
}
