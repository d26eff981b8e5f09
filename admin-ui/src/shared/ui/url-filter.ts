import { useSearchParams } from "react-router";

/** A filter that lives in the address, so that it can be kept, shared and gone back from. */
export function useUrlFilter(name: string, fallback = ""): readonly [string, (value: string) => void] {
  const [params, setParams] = useSearchParams();
  const set = (value: string) =>
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        if (value === "" || value === fallback) next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  return [params.get(name) ?? fallback, set];
}
