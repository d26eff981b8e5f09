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
          {
            path: "customers",
            lazy: page(async () => (await import("../features/customers/customers-page.tsx")).CustomersPage),
          },
          {
            path: "customers/:id",
            lazy: page(async () => (await import("../features/customers/customer-page.tsx")).CustomerPage),
          },
          {
            path: "callbacks",
            lazy: page(async () => (await import("../features/callbacks/callbacks-page.tsx")).CallbacksPage),
          },
          {
            path: "knowledge",
            lazy: page(async () => (await import("../features/knowledge/knowledge-page.tsx")).KnowledgePage),
          },
          {
            path: "emotion-policy",
            lazy: page(
              async () => (await import("../features/emotion-policy/emotion-policy-page.tsx")).EmotionPolicyPage,
            ),
          },
          {
            path: "telephony/trunks/:id/:view?",
            lazy: page(async () => (await import("../features/telephony/trunk/trunk-page.tsx")).TrunkPage),
          },
          {
            path: "calls",
            lazy: page(async () => (await import("../features/calls/calls-page.tsx")).CallsPage),
          },
          {
            path: "calls/:id",
            lazy: page(async () => (await import("../features/calls/call-page.tsx")).CallPage),
          },
          {
            path: "telephony/:tab?",
            lazy: page(async () => (await import("../features/telephony/telephony-page.tsx")).TelephonyPage),
          },
          { path: "models", lazy: page(async () => (await import("../features/models/models-page.tsx")).ModelsPage) },
          { path: "system", lazy: page(async () => (await import("../features/system/system-page.tsx")).SystemPage) },
          { path: "audit", lazy: page(async () => (await import("../features/audit/audit-page.tsx")).AuditPage) },
          { path: "about", lazy: page(async () => (await import("../features/about/about-page.tsx")).AboutPage) },
          { path: "*", element: <Navigate to="/" replace /> },
        ],
      },
    ],
  },
]);
