import type { ComponentType } from "react";
import { createBrowserRouter, Navigate } from "react-router";
import { Gate } from "./gate.tsx";
import { PageFailed } from "./page-failed.tsx";

/** Each page is its own file, loaded when somebody goes there. */
const page = (load: () => Promise<ComponentType>) => async () => ({ Component: await load() });

export const router = createBrowserRouter([
  {
    path: "/",
    Component: Gate,
    ErrorBoundary: PageFailed,
    HydrateFallback: () => null,
    children: [
      {
        ErrorBoundary: PageFailed,
        children: [
          {
            index: true,
            lazy: page(async () => (await import("../features/overview/overview-page.tsx")).OverviewPage),
          },
          {
            path: "conversations",
            lazy: page(
              async () => (await import("../features/conversations/conversations-page.tsx")).ConversationsPage,
            ),
          },
          {
            path: "conversations/:id",
            lazy: page(async () => (await import("../features/conversation/conversation-page.tsx")).ConversationPage),
          },
          { path: "*", element: <Navigate to="/" replace /> },
        ],
      },
    ],
  },
]);
