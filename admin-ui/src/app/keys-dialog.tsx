import { useText } from "../shared/i18n/use-text.ts";
import { Dialog } from "../shared/ui/dialog.tsx";
import { Key } from "../shared/ui/parts.tsx";
import type { Page } from "./pages.ts";

export function KeysDialog(props: { readonly pages: readonly Page[]; readonly onClose: () => void }) {
  const { t } = useText();
  return (
    <Dialog label={t("shell.keys.title")} onClose={props.onClose}>
      <dl className="keys">
        <div>
          <dt>
            <Key>?</Key>
          </dt>
          <dd>{t("shell.keys.show")}</dd>
        </div>
        <div>
          <dt>
            <Key>/</Key> <Key>Ctrl K</Key>
          </dt>
          <dd>{t("shell.keys.search")}</dd>
        </div>
        <div>
          <dt>
            <Key>↑</Key> <Key>↓</Key>
          </dt>
          <dd>{t("shell.keys.rows")}</dd>
        </div>
        <div>
          <dt>
            <Key>Enter</Key>
          </dt>
          <dd>{t("shell.keys.open")}</dd>
        </div>
        <div>
          <dt>
            <Key>Esc</Key>
          </dt>
          <dd>{t("shell.keys.close")}</dd>
        </div>
        {props.pages.map((page) => (
          <div key={page.id}>
            <dt>
              <Key>g</Key> <Key>{page.key}</Key>
            </dt>
            <dd>{t("shell.keys.go", { page: t(`shell.page.${page.id}`) })}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
