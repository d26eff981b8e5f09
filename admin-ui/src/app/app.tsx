import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useEffect } from "react";
import { RouterProvider } from "react-router/dom";
import { asFault } from "../shared/api/fault.ts";
import { setSignedOutHandler } from "../shared/api/request.ts";
import { SESSION_KEY } from "../shared/api/session.ts";
import { LiveClient } from "../shared/live/live-client.ts";
import { LiveContext } from "../shared/live/live-context.tsx";
import { ThemeProvider } from "../shared/theme/theme-context.tsx";
import { router } from "./routes.tsx";

const cache = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: true,
      retry: (count, error) => {
        const fault = asFault(error);
        return count < 2 && (fault.kind === "unreachable" || fault.kind === "timeout" || fault.status >= 500);
      },
    },
  },
});
const live = new LiveClient(cache);

export function App() {
  useEffect(() => {
    setSignedOutHandler(() => {
      live.close();
      void cache.invalidateQueries({ queryKey: SESSION_KEY });
    });
  }, []);
  return (
    <QueryClientProvider client={cache}>
      <LiveContext value={live}>
        <ThemeProvider>
          <RouterProvider router={router} />
        </ThemeProvider>
      </LiveContext>
    </QueryClientProvider>
  );
}
