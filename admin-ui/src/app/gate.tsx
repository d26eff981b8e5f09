import { lazy, Suspense, use, useEffect } from "react";
import { useSession } from "../shared/api/session.ts";
import { storedLanguage, switchLanguage } from "../shared/i18n/i18n.ts";
import { LiveContext } from "../shared/live/live-context.tsx";
import { FaultNotice } from "../shared/ui/fault-notice.tsx";
import { Loading } from "../shared/ui/parts.tsx";
import { Shell } from "./shell.tsx";

const SignInPage = lazy(async () => ({ default: (await import("../features/session/sign-in-page.tsx")).SignInPage }));
const SetupPage = lazy(async () => ({ default: (await import("../features/session/setup-page.tsx")).SetupPage }));

/** Set-up, sign-in, or the console. */
export function Gate() {
  const session = useSession();
  const live = use(LiveContext);
  const user = session.data?.user;
  const siteLanguage = session.data?.siteLanguage;

  useEffect(() => {
    if (siteLanguage !== undefined && storedLanguage() === null) void switchLanguage(siteLanguage);
  }, [siteLanguage]);
  const userId = user?.id;
  useEffect(() => {
    if (userId === undefined) return;
    live?.open();
    return () => live?.close();
  }, [userId, live]);

  if (session.data === undefined)
    return session.error ? (
      <main className="door">
        <FaultNotice error={session.error} onRetry={() => void session.refetch()} />
      </main>
    ) : (
      <Loading />
    );
  if (user !== undefined) return <Shell user={user} siteName={session.data.siteName} />;
  return (
    <Suspense fallback={<Loading />}>
      {session.data.needsSetup ? (
        <SetupPage siteName={session.data.siteName} />
      ) : (
        <SignInPage siteName={session.data.siteName} />
      )}
    </Suspense>
  );
}
